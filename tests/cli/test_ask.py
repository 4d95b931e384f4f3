"""`her2nav ask` as a person calls it."""

import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import date

import jsonschema
import pytest

from cli.page_faults import page_faults
from her2nav.app.ask import answer
from her2nav.app.ask_recognise import recognise
from her2nav.app.ask_result import Asked
from her2nav.app.derived import Derived
from her2nav.app.schemas import json_schema
from her2nav.app.session import Session
from her2nav.cli import main
from her2nav.intake.patient_file import read_patient
from her2nav.knowledge.load import load_knowledge
from her2nav.knowledge.questions import question_book
from her2nav.report.pages import names
from her2nav.report.reading_grade import TARGET, grade
from her2nav.report.sections import told_of
from her2nav.report.telling import shown

DAY = date(2026, 11, 20)
KNOWLEDGE = load_knowledge()
BOOK = question_book(KNOWLEDGE)
TRIAL = "NCT04585958"


def run(*arguments):
    """Call the command in this process; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", "ask", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main.run()
    return left.value.code or 0, " ".join(out.getvalue().split()), err.getvalue()


@pytest.fixture(scope="module")
def people(root):
    """Every example patient with every answer, worked out once."""
    session = Session(today=lambda: DAY)
    return {
        path.stem: Derived(session, read_patient(path, KNOWLEDGE, DAY, DAY))
        for path in sorted((root / "examples").glob("*.yaml"))
        if path.stem != "sparse"
    }


def asked(derived, question):
    return Asked(
        derived,
        question,
        "trastuzumab_deruxtecan" if question.slot == "drug" else None,
        TRIAL if question.slot == "trial" else None,
        "2+" if question.slot == "score" else None,
    )


# --- recognition ---------------------------------------------------------------------------------------------


def named(text):
    return text.replace("{drug}", "Enhertu").replace("{trial}", TRIAL).replace("{score}", "2+")


@pytest.mark.parametrize("question", BOOK.questions.values(), ids=list(BOOK.questions))
def test_a_question_is_recognised_by_its_name_and_by_every_phrasing(question):
    assert recognise(question.id, KNOWLEDGE).question is question
    for text in (question.plain, question.clinical, *question.phrasings):
        found = recognise(named(text), KNOWLEDGE)
        assert found.question is question, (text, found.question and found.question.id)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("What does 2+ mean?", "score_meaning"),
        ("can my HER2 status change", "status_change"),
        ("why was I not matched to nct04585958", "why_not_trial"),
        ("How does T-DXd work?", "what_is_drug"),
        ("could I get Enhertu", "drug_for_me"),
        ("how long until I get my results", "how_long"),
        ("is my tumor her2 positive", "my_result"),
        ("will my children inherit this", "inherited"),
        ("I've had Herceptin, can I still join a trial", "prior_trastuzumab"),
        ("i have a new cough", "new_symptoms"),
        ("my chest hurts, what is this", "new_symptoms"),
        ("should I be retested after progression", "retest"),
        ("is it inhereted", "inherited"),
        ("what are the side efects of Enhertu", "side_effects"),
    ],
)
def test_questions_in_other_words(written, expected):
    found = recognise(written, KNOWLEDGE)
    assert found.question is not None
    assert found.question.id == expected


@pytest.mark.parametrize(
    "written",
    ["what is the weather today", "how much does it cost", "does my dog have HER2", "book an appointment", "?", "and"],
)
def test_what_cannot_be_answered_is_not_answered(written):
    assert recognise(written, KNOWLEDGE).question is None


def test_what_a_question_names():
    found = recognise(f"am I eligible for {TRIAL}", KNOWLEDGE)
    assert (found.question.id, found.trial, found.drug) == ("why_not_trial", TRIAL, None)
    assert recognise("what is Herceptin", KNOWLEDGE).drug == "trastuzumab"
    assert recognise("what does IHC 0 mean", KNOWLEDGE).score == "0"
    assert recognise("what does 1 + mean", KNOWLEDGE).score == "1+"


# --- answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", BOOK.questions.values(), ids=list(BOOK.questions))
def test_every_question_has_an_answer_for_every_patient_in_both_registers(people, question):
    words = re.compile(r"\b(?:" + "|".join(map(re.escape, KNOWLEDGE.words.banned_plain)) + r")\b", re.IGNORECASE)
    for name, derived in people.items():
        found = answer(derived, asked(derived, question))
        for register in ("clinical", "plain"):
            told = shown(found.told, register, numbers=True)
            assert told, (name, register)
            assert all("{" not in one.text(register) for one in told)
        plain = [one.plain for one in _all(found.told) if one.plain]
        said = [text for text in plain if not any(title in text for title in _titles(derived))]
        assert not [text for text in said if words.search(text)], name


def test_plain_answers_stay_under_the_reading_grade(people):
    known = names(KNOWLEDGE)
    for question in BOOK.questions.values():
        for name, derived in people.items():
            found = answer(derived, asked(derived, question))
            texts = [one.plain for one in _all(found.told) if len(one.plain.split()) > 3]
            assert grade([found.plain, *texts], (*known, *_titles(derived))) <= TARGET, (question.id, name)


def _all(told):
    for one in told:
        yield one
        yield from _all(one.items)


def _titles(derived):
    return [match.trial.record.title for match in derived.matched.matches]


def test_every_statement_about_facts_has_a_source(people):
    for question in BOOK.questions.values():
        for line in question.lines:
            assert line.part or line.figure or line.cite, question.id
    found = answer(people["gej-equivocal"], asked(people["gej-equivocal"], BOOK.questions["score_meaning"]))
    assert {place.source for one in found.told for place in one.places} >= {"seed_000", "seed_003"}
    assert any(item.path == "/specimens/0" for one in found.told for item in one.record)


def test_the_answer_is_that_of_the_other_commands(people):
    derived = people["gej-equivocal"]
    assert derived.case.her2.overall.status.value == "equivocal"
    status = answer(derived, asked(derived, BOOK.questions["my_result"])).told
    assert "HER2 equivocal" in status[0].clinical
    assert "HER2 ISH on the same tissue" in " ".join(one.clinical for one in status)
    match = derived.matched.find(TRIAL)
    why = answer(derived, asked(derived, BOOK.questions["why_not_trial"])).told
    assert match.trial.record.title in why[0].clinical
    opened = {item.criterion.text for item in match.with_truth("unknown")}
    listed = next(one for one in why if one.clinical.startswith("Open"))
    assert {item.clinical.split(":")[0] for item in listed.items if item.clinical} <= {t.split(":")[0] for t in opened}


def test_numbers_of_studies_only_where_they_are_asked_for(root):
    path = root / "examples/gastric-positive.yaml"
    plain = run(path, "positive_meaning", "--plain", "--as-of", DAY)[1]
    assert "15" not in plain.partition("Where this comes from")[0].replace("2015", "")
    assert "--numbers" in plain
    assert "About 15 to 22 in 100 stomach cancers" in run(path, "positive_meaning", "--plain", "--numbers")[1]
    assert "15 to 22 %" in run(path, "positive_meaning")[1]


def test_lung_warning_comes_with_the_drug(root):
    out = run(root / "examples/colorectal-positive.yaml", "what is Enhertu", "--plain", "--as-of", DAY)[1]
    assert "New cough, breathlessness or fever: call your cancer team now, day or night" in out


@pytest.mark.parametrize(
    "question", ["my_result", "what is Enhertu", f"why was I not matched to {TRIAL}", "monitoring"]
)
def test_json_fits_its_schema(root, question):
    schema = json_schema("ask")
    jsonschema.Draft202012Validator.check_schema(schema)
    code, out, err = run(root / "examples/colorectal-positive.yaml", question, "--format", "json", "--as-of", DAY)
    assert code == 0, err
    told = json.loads(out)
    jsonschema.validate(told, schema)
    assert told["statements"]
    assert set(told["versions"]) == {"her2nav", "knowledge", "reader", "snapshot"}


# --- errors and lists ----------------------------------------------------------------------------------------


def test_the_list_names_every_question(root):
    code, out, _ = run("--list", "--plain")
    assert code == 0
    assert all(name in out for name in BOOK.questions)
    listed = json.loads(run("--list", "--format", "json")[1])
    jsonschema.validate(listed, json_schema("ask-list"))
    assert [one["question"] for group in listed["groups"] for one in group["questions"]] == list(BOOK.questions)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["does my dog have HER2"], "not among the questions that can be answered here"),
        (["why was I not matched"], "names no trial"),
        (["why_not_trial", "NCT99999999"], "is not"),
        (["what_is_drug"], "names no drug"),
        (["what is trastuzmab"], "did you mean trastuzumab?"),
        ([], "name a patient and a question"),
        (["my_result", "--take-along"], "name a patient and a question"),
    ],
)
def test_what_cannot_be_done_is_one_line(root, arguments, says):
    code, out, err = run(root / "examples/colorectal-positive.yaml", *arguments)
    assert code == 2
    assert says in err
    assert err.count("\n") == 1
    assert "Traceback" not in out + err


def test_a_question_that_is_not_known_gets_one_sentence_and_the_three_nearest(root):
    _, out, err = run(root / "examples/gej-equivocal.yaml", "how much does it cost")
    assert sum(name in out.split() for name in BOOK.questions) == 3
    assert "The nearest questions" in out
    assert "her2nav ask --list" in err
    _, out, _ = run(root / "examples/gej-equivocal.yaml", "can I eat grapefruit", "--plain")
    assert "your team may" in out
    assert sum(name in out.split() for name in BOOK.questions) == 3


# --- questions to take along -----------------------------------------------------------------------------------


def test_questions_to_take_along_come_from_what_is_open(root, tmp_path):
    path = root / "examples/gej-equivocal.yaml"
    code, out, err = run(path, "--take-along", "--plain", "--as-of", DAY)
    assert (code, err) == (0, "")
    assert "Was this test done: HER2 gene test (ISH) on the same sample?" in out
    assert "Do we know this about me" in out
    assert "Is the study still taking people, and where?" in out
    file = tmp_path / "questions.html"
    code, out, _ = run(path, "--take-along", "--plain", "--html", file, "--paper", "letter", "--as-of", DAY)
    page = file.read_text(encoding="utf-8")
    assert (code, page_faults(page)) == (0, [])
    assert "size: letter" in page
    assert "What was said" in page


def test_an_answer_as_a_page(root, tmp_path):
    file = tmp_path / "answer.html"
    run(root / "examples/gej-equivocal.yaml", "what does 2+ mean", "-o", file, "--as-of", DAY)
    page = file.read_text(encoding="utf-8")
    assert page_faults(page) == []
    assert 'href="#source-1"' in page


def test_told_of_finds_statements_at_every_depth(people):
    from her2nav.app.take_along import take_along

    sections = take_along(people["gej-equivocal"])
    assert len(list(told_of(sections))) > sum(len(one.told) for one in sections)


# --- what is said where ----------------------------------------------------------------------------------------------


def test_first_line_leaves_out_what_comes_later(root, tmp_path):
    file = tmp_path / "pretreated.yaml"
    file.write_text(
        "demographics: {age: 55, sex: female, location: {country: US}}\n"
        "cancer: {tumour_type: breast, stage: IV, setting: metastatic}\n"
        "specimens: [{kind: biopsy, collected: 2026-01-01, ihc: {score: 3+, scoring: breast}}]\n"
        "therapies:\n"
        "  - {drugs: [trastuzumab, pertuzumab], setting: metastatic, start: 2023-01-01, end: 2024-01-01,\n"
        "     reason_stopped: progression}\n"
        "complete: {therapies: true}\n",
        encoding="utf-8",
    )
    _, out, _ = run(file, "first_line", "--as-of", DAY)
    assert "section 1, BR-D1" not in out
    assert "tucatinib, trastuzumab and capecitabine" not in out
    assert "First-line entries that do not fit on this record" in " ".join(out.split())
    _, out, _ = run(file, "treatment_options", "--as-of", DAY)
    assert "section 1, BR-D1" in " ".join(out.split())


def test_a_wait_of_decades_is_not_named(root, tmp_path):
    file = tmp_path / "young.yaml"
    file.write_text(
        "demographics: {birth_date: 2012-08-17, sex: female}\n"
        "cancer: {tumour_type: breast, setting: metastatic}\n"
        "specimens: [{kind: biopsy, collected: 2026-01-01, ihc: {score: 3+, scoring: breast}}]\n",
        encoding="utf-8",
    )
    for register in ((), ("--plain",)):
        _, out, _ = run(file, "wait_for_trial", *register, "--as-of", DAY)
        assert not re.search(r"\b20(?:2[89]|[3-9]\d)\b", out)


def test_brain_remarks_stand_with_their_sources(root, tmp_path):
    file = tmp_path / "brain.yaml"
    file.write_text(
        "cancer: {tumour_type: breast, setting: metastatic, metastatic_sites: [brain],\n"
        "  cns: {status: active_or_progressing, lesions: 3, largest_mm: 14, mass_effect: false}}\n"
        "performance: {ecog: 1}\n",
        encoding="utf-8",
    )
    told = json.loads(run(file, "brain_trials", "--format", "json", "--as-of", DAY)[1])
    lines = [one for one in told["statements"] if "Stereotactic" in one["clinical"] or "for a board" in one["clinical"]]
    assert len(lines) == 2
    assert all(one["sources"] for one in lines)


def test_no_question_ends_twice(root):
    for path in sorted((root / "examples").glob("*.yaml")):
        _, out, _ = run(path, "--take-along", "--as-of", DAY)
        assert "??" not in out, path.name
