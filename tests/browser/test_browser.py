"""The pages in a real browser: paste, six questions, filters, what if, print, no scripts, keyboard alone, axe."""

import json
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

NOTE = """Pathology report 2025-06-03
Gastric adenocarcinoma, biopsy of the primary. Stage IV, liver metastases.
HER2 IHC: 2+. ECOG 1. 62 year old woman.
Treatment: FOLFOX from 2025-07 to 2026-01, stopped for progression.
"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": WCAG}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


def paste(page, address):
    page.goto(address)
    page.fill("#text", NOTE)
    page.click("text=Read it")
    page.wait_for_selector("text=We read: stomach cancer, HER2 score 2+")


def confirmed(page, address):
    paste(page, address)
    page.locator("button", has_text="This is right").first.click()
    page.wait_for_selector("h2#trials")


def faults(page):
    """Return what axe finds, each with its place."""
    found = axe.Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], node["html"][:120]) for one in found for node in one["nodes"]]


def test_paste_confirm_result_trial_and_back(page, address):
    confirmed(page, address)
    assert page.locator("article.trial").count() > 3
    page.locator("button", has_text="Show every criterion").first.click()
    page.wait_for_selector("caption")
    assert page.locator("tbody tr").count() > 5
    page.click("text=Back to the result")
    page.wait_for_selector("h2#trials")
    assert page.url.startswith(address)
    assert "record" not in page.url


def test_another_letter_is_added_on_the_confirmation_page(page, address):
    paste(page, address)
    page.click("text=Add another report or letter of the same person")
    page.get_by_label("Paste it here").fill("Clinic letter 2026-02-10. ECOG 2. LVEF 58% on 2026-02-03.")
    assert faults(page) == []
    page.locator("button", has_text="Add it").click()
    page.wait_for_selector("text=is the earlier")
    assert page.locator("input[name='v/performance/ecog']").input_value() == "2"
    assert faults(page) == []


def test_a_value_is_corrected_before_it_is_used(page, address):
    paste(page, address)
    page.get_by_label("Sample 1: IHC score", exact=True).fill("3+")
    page.check("input[value=clinical]")
    page.locator("button", has_text="This is right").first.click()
    page.wait_for_selector("h2#trials")
    assert "positive" in page.locator(".card .value").first.inner_text().lower()


def test_six_questions(page, address):
    page.goto(address)
    page.fill("#q_cancer", "breast cancer")
    page.fill("#q_her2", "IHC 3+")
    page.click("text=Go on")
    page.wait_for_selector("text=We read: breast cancer, HER2 score 3+")


def test_filters(page, address):
    confirmed(page, address)
    before = page.locator("article.trial").count()
    page.select_option("#f_phase", "PHASE3")
    page.wait_for_function(f"document.querySelectorAll('article.trial').length < {before}")
    page.fill("#f_text", "nothing is called like this")
    page.press("#f_text", "Enter")
    page.wait_for_selector("text=Why trials do not fit")


def test_what_if(page, address):
    confirmed(page, address)
    page.select_option("#w_choice", "ish=positive")
    page.click("button:has-text('See which trials')")
    page.wait_for_selector("h1#changed")
    assert faults(page) == []
    page.fill("#w_treatment", "moonshine")
    page.select_option("#w_choice", "")
    page.click("button:has-text('See which trials')")
    page.wait_for_selector("text=No medicine called “moonshine” is known here.")
    page.click("text=Back to the result")
    page.wait_for_selector("h2#trials")


def test_a_download(page, address):
    confirmed(page, address)
    page.select_option("#as", "patient")
    with page.expect_download() as started:
        page.click("button:has-text('Download')")
    record = json.loads(Path(started.value.path()).read_text())
    assert record["specimens"][0]["ihc"]["score"] == ["2+"]


def test_a_report_that_prints(page, address):
    confirmed(page, address)
    page.click("button:has-text('Printable report')")
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1
    assert len(page.pdf(format="A4")) > 10_000


def test_the_result_prints_without_its_controls(page, address):
    confirmed(page, address)
    page.emulate_media(media="print")
    assert not page.locator("button:not(.term):visible").count()
    assert page.locator("article.trial").first.is_visible()


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_everything_works_without_scripts(page, address):
    confirmed(page, address)
    page.fill("#f_text", "zanidatamab")
    page.click("text=Apply")
    page.wait_for_selector("h2#trials")
    assert page.locator("article.trial").count() >= 1
    page.select_option("#w_choice", "ish=positive")
    page.click("button:has-text('See which trials')")
    page.wait_for_selector("h1#changed")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_the_form_works_without_scripts(page, address):
    page.goto(address)
    page.select_option("#tumour", "colorectal")
    page.click("text=Open the form")
    page.wait_for_selector("text=KRAS")
    assert page.get_by_label("Oestrogen receptor (ER)").count() == 0
    page.locator("summary", has_text="Sample 2").click()
    page.locator("[name='a.sample.1.ihc']").select_option("3+")
    page.locator("[name='a.sample.0.ratio']").fill("two")
    page.click("text=Go on")
    page.wait_for_selector("text=Nothing is lost")
    assert page.locator("[name='a.sample.1.ihc']").input_value() == "3+"
    assert page.locator("[id='e-a.sample.0.ratio']").is_visible()
    page.locator("[name='a.sample.0.ratio']").fill("2,4")
    page.click("text=Go on")
    page.wait_for_selector("text=HER2 score 3+")
    page.locator("button", has_text="This is right").first.click()
    page.wait_for_selector("h2#trials")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_words_are_explained_by_keyboard_and_tap_without_scripts(page, address):
    confirmed(page, address)
    word = page.locator("section:first-of-type button.term").first
    name = word.get_attribute("popovertarget")
    meaning = page.locator(f"[id='{name}']")
    assert word.get_attribute("title")
    assert not meaning.is_visible()
    word.focus()
    page.keyboard.press("Enter")
    assert meaning.is_visible()
    page.keyboard.press("Escape")
    assert not meaning.is_visible()
    word.click()
    assert meaning.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".meaning:visible").count() == page.locator(".meaning").count()


def test_the_form_by_keyboard_alone(page, address):
    page.goto(address)
    page.locator("#tumour").focus()
    page.keyboard.type("Gastric cancer")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Gastric cancer: what is known")
    tab_to(page, "a.sample.0.ihc")
    page.keyboard.type("2+")
    tab_to(page, "a.sample.0.ratio")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Nothing is lost")
    assert faults(page) == []
    tab_to(page, "a.sample.0.ratio")
    page.keyboard.press("Control+A")
    page.keyboard.type("2.4")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=We read: stomach cancer, HER2 score 2+")
    assert faults(page) == []


def tab_to(page, name):
    """Press Tab until the field has the focus."""
    for _ in range(80):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached")


def test_the_keyboard_is_enough(page, address):
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.insert_text(NOTE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "file"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=We read: stomach cancer")
    for _ in range(40):
        page.keyboard.press("Tab")
        if "This is right" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("h2#trials")


def test_axe_finds_nothing_on_the_way_of_a_patient(page, address):
    page.goto(address)
    assert faults(page) == []
    paste(page, address)
    assert faults(page) == []
    page.locator("button", has_text="This is right").first.click()
    page.wait_for_selector("h2#trials")
    assert faults(page) == []
    page.locator("button", has_text="Show every criterion").first.click()
    page.wait_for_selector("caption")
    assert faults(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/explore",
        "/explore/trials?tumour=gastric",
        "/explore/drugs/trastuzumab_deruxtecan",
        "/explore/studies?tumour=colorectal",
        "/explore/rules/colorectal_heracles_2015",
        "/explore/conflicts?tumour=lung",
        "/glossary",
        "/about",
        "/check",
        "/nowhere",
    ],
)
def test_axe_finds_nothing_on_the_other_pages(page, address, path):
    page.goto(address + path)
    assert faults(page) == []


@pytest.mark.parametrize("page", [{**PHONE, "java_script_enabled": False}], indirect=True)
def test_a_team_filters_turns_and_rules_on_a_phone_without_scripts(page, address):
    page.goto(f"{address}/team")
    page.select_option("#group", "may_fit")
    page.click("text=Apply")
    page.wait_for_url("**/team?*group=may_fit*")
    every = page.locator("table.stack tbody tr").count()
    page.select_option("#trial", index=1)
    page.click("text=Apply")
    page.wait_for_url("**/team?trial=NCT*")
    assert 0 < page.locator("table.stack tbody tr").count() < every
    filtered = page.url
    page.locator("button", has_text="Show").first.click()
    page.wait_for_selector("h2#rule")
    page.select_option("#criterion", index=1)
    page.select_option("#ruling", "met")
    page.fill("#person", "Dr A")
    page.fill("#reason", "seen on the film")
    page.click("text=Write the ruling")
    page.wait_for_selector("text=It counts from the next run on")
    page.click("text=Back to the worklist")
    assert page.url.split("#")[0].removesuffix("&page=1").split("?")[1] in filtered
    page.goto(f"{address}/team/rulings")
    assert page.locator("table.stack tbody tr").count() == 1


def test_axe_finds_nothing_on_the_pages_of_a_team(page, address):
    for path in ("/team", "/team/rulings", "/team/cases"):
        page.goto(address + path)
        assert faults(page) == [], path
    page.goto(f"{address}/team")
    page.locator("button", has_text="Show").first.click()
    page.wait_for_selector("h2#rule")
    assert faults(page) == []


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_contrast_in_the_dark(page, address):
    confirmed(page, address)
    assert [one for one in faults(page) if one[0].startswith("color-contrast")] == []


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_nothing_is_wider_than_a_phone(page, address):
    paste(page, address)
    for step in ("This is right", "Show every criterion"):
        assert page.evaluate(f"document.documentElement.scrollWidth <= {PHONE['viewport']['width']}"), step
        page.locator("button", has_text=step).first.click()
        page.wait_for_load_state()
    for path in ("/explore/trials", "/explore/studies?tumour=colorectal", "/explore/rules/gastric_cap_ascp_asco_2016"):
        assert page.evaluate(f"document.documentElement.scrollWidth <= {PHONE['viewport']['width']}")
        page.goto(address + path)
    assert page.evaluate(f"document.documentElement.scrollWidth <= {PHONE['viewport']['width']}")
