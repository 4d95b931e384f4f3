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


def test_one_trial_in_full(client, carried, result):
    nct = re.search(r'name="nct" value="(NCT\d{8})"', result)[1]
    answer = client.post("/trial", data={**carried, "nct": nct})
    assert answer.status_code == 200
    assert re.search(r"\d+ criteria: what does not fit first", answer.text)
    assert client.post("/trial", data={**carried, "nct": "NCT00000000"}).status_code == 404


def test_what_if(client, carried):
    answer = client.post("/what-if", data={**carried, "what_if": "ish=positive"})
    assert answer.status_code == 200
    assert "What if: " in answer.text
    wrong = client.post("/what-if", data={**carried, "what_if": "the moon is full"})
    assert wrong.status_code == 400
    assert 'role="alert"' in wrong.text


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
