"""The questions that can be asked and what their answers are made of; which facts are shown where sources disagree."""

import re

import pytest

from her2nav.app.ask import PARTS
from her2nav.evidence.library import library
from her2nav.kinds.registry import kinds
from her2nav.knowledge.citations import source_of, touches
from her2nav.knowledge.conflicts import conflict_file
from her2nav.knowledge.disputed import disputable
from her2nav.knowledge.load import load_knowledge
from her2nav.knowledge.questions import question_book
from her2nav.report.reading_grade import TARGET, grade
from her2nav.testing.rulebook import rulebook

KNOWLEDGE = load_knowledge()
BOOK = question_book(KNOWLEDGE)
QUESTIONS = list(BOOK.questions.values())
DRUGS = tuple(drug.name for drug in KNOWLEDGE.drugs.drugs.values())
FIGURES = {one.id: one for one in library(KNOWLEDGE).figures}


@pytest.mark.parametrize("question", QUESTIONS, ids=list(BOOK.questions))
def test_a_question_leads_to_parts_figures_sources_and_facts_that_exist(question):
    facts = [fact for one in conflict_file(KNOWLEDGE).conflicts for fact in one.facts]
    for line in question.lines:
        assert line.part is None or line.part in PARTS
        assert line.figure is None or line.figure in FIGURES
        assert all(source_of(one) in KNOWLEDGE.sources for one in line.cite)
        assert all(one in KNOWLEDGE.tumours.types for one in line.tumours)
        assert all(one in KNOWLEDGE.words.status for one in line.status)
        assert all(one in KNOWLEDGE.words.expression for one in line.expression)
        assert set(re.findall(r"\{(\w+)\}", line.clinical + line.plain)) <= {"value", "low", "high", "says"}
    assert all(any(touches(key, fact) for fact in facts) for key in question.facts)
    slots = set(re.findall(r"\{(\w+)\}", question.clinical + question.plain + " ".join(question.phrasings)))
    assert slots <= ({question.slot} if question.slot else set())


def test_every_part_is_used_by_some_question():
    used = {line.part for one in QUESTIONS for line in one.lines if line.part}
    assert set(PARTS) - used == set()


@pytest.mark.parametrize("question", QUESTIONS, ids=list(BOOK.questions))
def test_sentences_for_patients_are_plain(question):
    banned = re.compile(r"\b(?:" + "|".join(map(re.escape, KNOWLEDGE.words.banned_plain)) + r")\b", re.IGNORECASE)
    sentences = [question.plain, *(line.plain for line in question.lines if line.plain)]
    for text in sentences:
        assert not banned.search(text), text
        assert grade([text], DRUGS) <= TARGET, text
        assert line_is_a_number(text) or not re.search(r"\d+ ?%", text), text


def line_is_a_number(text):
    return "{" in text


def test_the_questions_of_the_two_patient_pages_are_all_there():
    asked = {
        "positive_meaning", "first_line", "available_trials", "retest", "low_meaning", "brain_trials",
        "prior_trastuzumab", "monitoring", "result_meaning", "inherited", "anti_egfr", "treatment_options",
        "next_steps", "what_is_her2", "what_is_drug", "lung_inflammation", "outlook",
    }  # fmt: skip
    assert asked <= set(BOOK.questions)


def test_no_sentence_of_the_documents_is_shipped(shared):
    def folded(text):
        return re.sub(r"\W+", " ", text.lower())

    theirs = [folded(path.read_text(encoding="utf-8")) for path in (shared / "seeds").glob("*.txt")]
    for question in QUESTIONS:
        texts = [line.clinical for line in question.lines] + [line.plain for line in question.lines]
        for text in texts:
            ours = folded(text)
            for start in range(0, max(0, len(ours) - 60), 10):
                assert not any(ours[start : start + 60] in other for other in theirs), (question.id, text)


def test_words_of_a_fold_stand_in_one_group_only():
    words = [word for group in BOOK.words.same for word in group]
    assert {word for word in words if words.count(word) > 1} == set()
    assert BOOK.words.urgent_question in BOOK.questions


# --- where sources disagree ------------------------------------------------------------------------------------


def test_every_key_of_shown_facts_meets_a_contradiction():
    table = disputable(KNOWLEDGE)
    facts = [fact for one in conflict_file(KNOWLEDGE).conflicts for fact in one.facts]
    keys = [key for rule in table.interpretation for key in rule.facts]
    keys += [key for found in table.tests.values() for key in found]
    keys += [*table.trials.old_status, *(key for found in table.trials.kinds.values() for key in found)]
    assert [key for key in keys if not any(touches(key, fact) for fact in facts)] == []
    for pattern in (*table.variant, *table.trials.each):
        start = pattern.partition("{")[0]
        assert any(fact.startswith(start) for fact in facts), pattern


def test_rows_and_kinds_of_shown_facts_exist():
    table = disputable(KNOWLEDGE)
    rows = set()
    for name in KNOWLEDGE.bundle.folder("guidelines/"):
        for found in KNOWLEDGE.bundle.files[name].get("tables", {}).values():
            rows |= {row["id"] for row in found["rows"]}
    for rule in table.interpretation:
        for pattern in rule.rows:
            found = re.compile(re.escape(pattern).replace(r"\*", ".*") + "$")
            assert any(found.match(row) for row in rows), pattern
        assert all(one in KNOWLEDGE.words.status for one in rule.status)
        assert all(one in KNOWLEDGE.words.expression for one in rule.expression)
    assert set(table.tests) <= set(rulebook(KNOWLEDGE).tests)
    assert set(table.trials.kinds) | set(table.trials.only_with) <= set(kinds())


def test_the_results_that_a_board_supposes_are_understood():
    from her2nav.app.interpret import typed_in
    from her2nav.app.session import Session
    from her2nav.app.what_if import what_if
    from her2nav.knowledge.questions import BOARD, BoardFile

    session = Session()
    case = session.case(typed_in(session, {"tumour_type": "gastric", "kind": "biopsy", "ihc": {"score": "2+"}}, None))
    known = set(rulebook(KNOWLEDGE).tests)
    for one in KNOWLEDGE.record(BOARD, BoardFile).tests:
        assert one.test in known
        for result in one.results:
            assert what_if(session, case, [session.compiled], result.suppose).says
