"""The pages as a browser without scripts sees them: paste, confirm, result, one trial, what if, downloads, explore."""

import html
import json
import re

import pytest

NOTE = """Pathology report 2025-06-03
Gastric adenocarcinoma, biopsy of the primary. Stage IV, liver metastases.
HER2 IHC: 2+. ECOG 1. 62 year old woman.
Treatment: FOLFOX from 2025-07 to 2026-01, stopped for progression.
<script>alert("x")</script>
"""


def field(text, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', text)[1])


def values(text):
    found = re.findall(r'name="(v/[^"]+)" value="([^"]*)"', text)
    return {html.unescape(name): html.unescape(value) for name, value in found}


@pytest.fixture(scope="module")
def read(client):
    start = client.get("/").text
    return client.post("/read", data={"csrf": field(start, "csrf"), "text": NOTE})


@pytest.fixture(scope="module")
def carried(client, read):
    """What the forms of a confirmed patient carry."""
    return {"csrf": field(read.text, "csrf"), "record": field(read.text, "record"), "register": "plain"}


@pytest.fixture(scope="module")
def result(client, read, carried):
    answer = client.post("/confirm", data={**carried, **values(read.text)})
    assert answer.status_code == 200
    return answer.text


def test_the_start_page_is_small_and_complete(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert len(answer.content) + len(client.get("/static/style.css").content) < 100_000
    assert 'lang="en"' in answer.text
    assert answer.text.count("<h1") == 1


def test_what_was_read_is_shown_for_confirmation(read):
    assert read.status_code == 200
    assert "We read: stomach cancer, HER2 score 2+" in html.unescape(read.text)
    assert "<mark id=" in read.text
    assert values(read.text)["v/specimens/0/ihc/score"] == "2+"


LETTER = """Clinic letter 2026-02-10
ECOG 2. FISH on the biopsy of 2025-06-03 (primary): HER2 amplified, ratio 3.1. LVEF 58% on 2026-02-03.
"""


def test_another_report_is_added_to_what_was_entered(client, read, carried):
    changed = {**values(read.text), "v/specimens/0/ihc/score": "3+"}
    answer = client.post("/add", data={**carried, **changed, "another": LETTER})
    assert answer.status_code == 200
    now = values(answer.text)
    assert now["v/specimens/0/ihc/score"] == "3+"
    assert now["v/performance/ecog"] == "2"
    assert now["v/cardiac/lvef/0/percent"] == "58"
    assert now["v/as_of"] == "2026-02-10"
    text = html.unescape(answer.text)
    assert "the later counts" in text
    assert "1 (what you entered before) is the earlier" in text
    assert '<mark id="at-' in answer.text


def test_another_report_may_be_a_file_and_an_empty_one_is_refused(client, read, carried):
    files = {"another_file": ("letter.txt", LETTER.encode())}
    answer = client.post("/add", data={**carried, **values(read.text)}, files=files)
    assert values(answer.text)["v/performance/ecog"] == "2"
    empty = client.post("/add", data={**carried, **values(read.text), "another": " "})
    assert "nothing was pasted and no file was chosen" in empty.text
    assert values(empty.text)["v/performance/ecog"] == "1"


def test_a_report_of_another_person_is_refused(client, read, carried):
    answer = client.post(
        "/add", data={**carried, **values(read.text), "another": "Clinic letter 2026-02-10\n58 year old man, ECOG 2."}
    )
    assert "sex differs between what you entered before and the document" in html.unescape(answer.text)
    assert values(answer.text)["v/performance/ecog"] == "1"


def test_hostile_text_is_only_text(read, result):
    for text in (read.text, result):
        assert "<script>alert" not in text


def test_the_result(result):
    assert "What to find out next" in result
    assert "Studies that may fit" in result
    assert "call your cancer team now" in result or "do not delay needed treatment" in result
    assert "ineligible" not in result.lower()


def test_no_page_names_the_patient_in_an_address(read, result):
    for text in (read.text, result):
        for address in re.findall(r'(?:href|action|formaction|src)="([^"]*)"', text):
            assert "?" not in address
            assert "gastric" not in address.lower()


def test_a_correction_counts(client, read, carried):
    given = {**carried, **values(read.text)}
    positive = client.post("/confirm", data={**given, "v/specimens/0/ihc/score": "3+", "register": "clinical"})
    assert "HER2-positive" in positive.text or "HER2 positive" in positive.text
    gone = client.post("/confirm", data={**given, "v/specimens/0/ihc/score": ""})
    assert "not known" in gone.text.lower()
    more = client.post("/confirm", data={**given, "more": "performance.ecog = 2"})
    assert json.loads(field(more.text, "record"))["performance"]["ecog"] in (2, "2")


def test_a_wrong_correction_is_shown_again_and_nothing_is_lost(client, read, carried):
    given = {**carried, **values(read.text), "v/specimens/0/ihc/score": "9+"}
    answer = client.post("/confirm", data=given)
    assert "Is that right?" in html.unescape(answer.text)
    assert 'role="alert"' in answer.text
    assert field(answer.text, "record") == carried["record"] or json.loads(field(answer.text, "record"))["specimens"]


def test_filters_hide_and_change_no_answer(client, carried):
    everything = client.post("/result", data={**carried, "f_recruiting": "all"}).text
    fewer = client.post("/result", data={**carried, "f_text": "zanidatamab"}).text
    none = client.post("/result", data={**carried, "f_text": "nothingiscalledthis"}).text
    count = [int(re.search(r"(\d+) of \d+ trials fit or may fit", text)[1]) for text in (everything, fewer, none)]
    assert count[0] > count[1] > count[2] == 0
    assert "Why trials do not fit" in none
    assert "Nearest misses" in none


def test_those_that_recruit_are_fewer_than_those_not_known_to_be_closed(client, carried):
    found = {
        one: re.search(r"(\d+) of \d+ trials fit", client.post("/result", data={**carried, "f_recruiting": one}).text)
        for one in ("now", "open", "all", "whatever")
    }
    counts = {name: int(one[1]) for name, one in found.items()}
    assert counts["now"] < counts["open"] <= counts["all"]
    assert counts["whatever"] == counts["open"]


def test_one_trial_in_full(client, carried, result):
    nct = re.search(r'name="nct" value="(NCT\d{8})"', result)[1]
    answer = client.post("/trial", data={**carried, "nct": nct})
    assert answer.status_code == 200
    assert re.search(r"\d+ criteria: what does not fit first", answer.text)
    assert client.post("/trial", data={**carried, "nct": "NCT00000000"}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"w_choice": "ish=positive"}, "What if: The gene test (ISH) is positive"),
        ({"w_treatment": "trastuzumab deruxtecan", "w_start": "2026-12-01"}, "What if: "),
        ({"w_words": "ecog = 3"}, "What if: "),
    ],
)
def test_what_if(client, carried, asked, says):
    answer = client.post("/what-if", data={**carried, "f_text": "zanidatamab", **asked})
    assert answer.status_code == 200
    assert says in html.unescape(answer.text)
    assert "Back to the result" in answer.text
    assert field(answer.text, "f_text") == "zanidatamab", "the filters are kept on the way back"
    assert field(answer.text, "record") == carried["record"], "the record is not changed"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, "Nothing is chosen yet."),
        ({"w_choice": "ish=positive", "w_words": "ecog = 1"}, "one thing at a time"),
        ({"w_words": "the moon is full"}, "was not understood"),
        ({"w_words": "moon = full"}, "There is no fact called “moon”"),
        ({"w_treatment": "moonshine"}, "No medicine called “moonshine” is known here."),
        ({"w_treatment": "trastuzumab", "w_start": "2020-01-01"}, "The first day does not work"),
    ],
)
def test_a_what_if_that_does_not_work_says_so_in_plain_words(client, carried, asked, says):
    answer = client.post("/what-if", data={**carried, **asked})
    assert answer.status_code == 400
    alert = html.unescape(re.search(r'role="alert">([^<]*)<', answer.text)[1])
    assert says in alert
    assert "--what-if" not in alert
    assert "Back to the result" in answer.text


def test_values_can_be_changed_after_the_result(client, carried):
    answer = client.post("/values", data=carried)
    assert answer.status_code == 200
    assert values(answer.text)["v/specimens/0/ihc/score"] == "2+"


def test_later_facts_count_where_the_day_is_made_today(client, read, carried):
    assert "it also tells of later things" in read.text
    given = {**carried, **values(read.text)}
    assert json.loads(field(client.post("/confirm", data=given).text, "record"))["as_of"] == "2025-06-03"
    today = client.post("/confirm", data={**given, "today": "1"}).text
    assert json.loads(field(today, "record"))["as_of"] == "2026-11-21"


def test_what_comes_first(result):
    order = [result.index(f'id="{name}"') for name in ("status", "next", "options", "trials", "what-if", "take")]
    assert order == sorted(order)
    assert result.index('id="f_phase"') > result.index('id="trials"')


def test_words_are_explained_once_in_a_section_and_never_in_an_address_or_a_quotation(result):
    main = result[result.index("<main") : result.index('class="meanings"')]
    for section in re.split(r"<section", main)[1:]:
        named = re.findall(r'class="term" popovertarget="(w-[a-z0-9-]+)"', section)
        assert len(named) == len(set(named))
    used = set(re.findall(r'popovertarget="(w-[a-z0-9-]+)"', result))
    assert used == set(re.findall(r'<div popover id="(w-[a-z0-9-]+)"', result))
    assert "w-her2" in used
    for attribute in re.findall(r'(?:value|href|aria-label|id)="([^"]*)"', result):
        assert "popovertarget" not in html.unescape(attribute)
    for link in re.findall(r"<(?:a|h[1-6]|option|label)\b[^>]*>(.*?)</(?:a|h[1-6]|option|label)>", result):
        assert 'class="term"' not in link


@pytest.mark.parametrize(
    ("kind", "media"),
    [
        ("json", "application/json"),
        ("csv", "text/csv"),
        ("fhir", "application/fhir+json"),
        ("careplan", "application/fhir+json"),
        ("patient", "application/json"),
    ],
)
def test_downloads(client, carried, kind, media):
    answer = client.post("/download", data={**carried, "as": kind})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    assert "attachment" in answer.headers["content-disposition"]


def test_the_calendar(client, carried):
    answer = client.post(
        "/download", data={**carried, "as": "ics", "drug": "trastuzumab deruxtecan", "start": "2026-12-01"}
    )
    assert "BEGIN:VEVENT" in answer.text
    assert client.post("/download", data={**carried, "as": "ics"}).status_code == 400


def test_the_record_comes_back_as_it_went(client, carried):
    answer = client.post("/download", data={**carried, "as": "patient"})
    assert json.loads(answer.text) == json.loads(carried["record"])


def test_pages_to_print(client, carried):
    for path in ("/report", "/take-along"):
        answer = client.post(path, data=carried)
        assert answer.status_code == 200
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "<script" not in answer.text


def test_a_form_of_another_server_is_refused(client, carried):
    assert client.post("/result", data={**carried, "csrf": "1.2.3"}).status_code == 400
    assert client.post("/result", data={"record": carried["record"]}).status_code == 400
    assert client.post("/result", data={"csrf": carried["csrf"]}).status_code == 400


def test_six_questions(client):
    token = field(client.get("/").text, "csrf")
    answers = {"q_cancer": "breast cancer", "q_her2": "IHC 3+", "q_person": "58 year old woman"}
    answer = client.post("/questions", data={"csrf": token, **answers})
    assert "We read: breast cancer, HER2 score 3+" in html.unescape(answer.text)
    assert client.post("/questions", data={"csrf": token}).status_code == 400


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\0\0", b"%PDF-1.4 broken", b"PK\x03\x04broken", b"....", b'{"resourceType": "Bundle"}']
)
def test_bad_uploads_are_one_line(client, content):
    token = field(client.get("/").text, "csrf")
    answer = client.post("/read", data={"csrf": token, "text": ""}, files={"file": ("../../etc/x.pdf", content)})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/explore",
        "/explore/search?q=zanidatamab",
        "/explore/trials?tumour=gastric&her2=positive",
        "/explore/trials/NCT06439693",
        "/explore/drugs",
        "/explore/drugs/trastuzumab_deruxtecan",
        "/explore/studies?tumour=colorectal",
        "/explore/rules",
        "/explore/conflicts?tumour=lung",
        "/explore/variants?text=S310F",
        "/glossary",
        "/about",
        "/check",
    ],
)
def test_pages_without_a_patient(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    for address in re.findall(r'(?:href|src)="([^"]+)"', answer.text):
        assert not address.startswith("http") or "clinicaltrials.gov" in address


def test_every_link_of_the_explore_pages_leads_somewhere(client):
    seen, waiting = set(), ["/explore", "/explore/trials", "/explore/rules"]
    while waiting and len(seen) < 60:
        path = waiting.pop()
        if path in seen or "openapi" in path:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        waiting += [html.unescape(one) for one in re.findall(r'href="(/[^"#]*)"', answer.text)]
    assert len(seen) > 20


def test_a_plot_of_nothing_is_a_page_that_says_so(client):
    answer = client.get("/explore/forest.svg?tumour=melanoma")
    assert answer.status_code == 404
    assert "Nothing can be drawn" in answer.text
    assert "/explore/studies?tumour=melanoma" in answer.text
    assert "forest.svg" not in client.get("/explore/studies?tumour=melanoma").text
    assert client.get("/explore/forest.svg?tumour=colorectal").headers["content-type"] == "image/svg+xml"


def test_long_lists_are_paged(client):
    first = client.get("/explore/studies?tumour=nsclc").text
    last = client.get("/explore/studies?tumour=nsclc&page=99").text
    assert "Page 1 of" in first
    assert "Next page" in first
    assert "Next page" not in last
    assert "Page 1 of" in client.get("/explore/conflicts").text


@pytest.mark.parametrize(
    "path", ["/nowhere", "/explore/trials/NCT00000000", "/explore/drugs/x", "/static/../server.py"]
)
def test_what_does_not_exist_says_so(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "To the start page" in answer.text


def test_check_a_result(client):
    token = field(client.get("/check").text, "csrf")
    given = {"tumour": "breast", "ihc.score": "2+", "ish.her2_cep17_ratio": "2.4", "ish.her2_copy_number": "5.1"}
    answer = client.post("/check", data={"csrf": token, **given})
    assert answer.status_code == 200
    assert "HER2-positive" in answer.text or "HER2 positive" in answer.text
    assert client.post("/check", data={"csrf": token, "tumour": "breast", "ihc.score": "9"}).status_code == 400


def test_how_far_it_has_spread_is_asked_where_it_was_not_read(client):
    token = field(client.get("/").text, "csrf")
    note = "Breast cancer, core biopsy. HER2 IHC 3+. ER 0%. cT4b cN2 M0. 46 year old woman."
    text = client.post("/read", data={"csrf": token, "text": note}).text
    assert "The report says M0" in text
    assert values(text)["v/cancer/metastatic_sites"] == "none"
    assert "Cancer tnm" not in text
    carried = {"csrf": token, "record": field(text, "record"), "register": "clinical", **values(text)}
    early = client.post("/confirm", data={**carried, "spread": "early"}).text
    assert json.loads(field(early, "record"))["cancer"]["setting"] == "early"
    unknown = client.post("/confirm", data={**carried, "spread": ""}).text
    assert "setting" not in json.loads(field(unknown, "record"))["cancer"]
    again = client.post("/values", data={**carried, "record": field(early, "record")}).text
    assert 'name="spread"' not in again
    assert 'role="alert"' in client.post("/confirm", data={**carried, "spread": "nowhere"}).text


def test_a_report_that_names_no_cancer_is_asked_for_it_and_nothing_is_lost(client):
    token = field(client.get("/").text, "csrf")
    text = client.post("/read", data={"csrf": token, "text": "Core biopsy. HER2 IHC 3+. 46 year old woman."}).text
    assert '<select id="tumour"' in text
    carried = {"csrf": token, "record": field(text, "record"), "register": "plain", **values(text)}
    again = client.post("/confirm", data=carried).text
    assert "Choose which cancer it is" in re.search(r'role="alert">([^<]*)<', again)[1]
    assert values(again)["v/specimens/0/ihc/score"] == "3+"
    assert 'id="trials"' in client.post("/confirm", data={**carried, "tumour": "breast"}).text
