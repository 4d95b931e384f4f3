"""What ranking asks of all trials at once equals what each match says of itself."""

from datetime import date
from pathlib import Path

import pytest

from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.intake.patient_file import read_patient
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.compiled import compile_trials
from her2nav.matching.evaluate import Verdict
from her2nav.matching.explain import Explainer, effort_of
from her2nav.matching.rank_rules import rank_rules
from her2nav.matching.results import Match, forget_reasons, match_patient
from her2nav.matching.topics import topics
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

DAY = date(2026, 11, 21)
EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.yaml"))


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: DAY)


def alone(match):
    """Return the same match, counting for itself."""
    return Match(match._compiled, match._codes, match._judged)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_trial(session, path):
    case = session.case(read_patient(path, session.knowledge, session.today()))
    rules = rank_rules(session.knowledge)
    asked = topics(session.compiled.program, rules.topics)
    for match in match_patient(case, session.compiled):
        own = alone(match)
        assert own._tallies is None
        assert match._tallies is not None
        assert match.best_arm == own.best_arm
        assert [match.count(truth) for truth in Truth] == [own.count(truth) for truth in Truth]
        assert match.eligible_from == own.eligible_from
        assert match.codes_of(asked) == own.codes_of(asked)
        assert match.asks_for(rules.required.kinds) == own.asks_for(rules.required.kinds)
        assert match.a_test_may_open == own.a_test_may_open
        if match.verdict is Verdict.POSSIBLE:
            assert match.burden == own.burden


@pytest.mark.parametrize("path", EXAMPLES[::3], ids=lambda path: path.stem)
def test_what_stands_against_a_criterion_is_what_its_finding_says(session, path):
    case = session.case(read_patient(path, session.knowledge, session.today()))
    seen = 0
    quick = Explainer(case)
    for match in match_patient(case, session.compiled):
        for item in match.with_truth(Truth.NOT_MET):
            assert quick.against(item.criterion.node) == item.finding.change
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("path", EXAMPLES[::3], ids=lambda path: path.stem)
def test_an_open_criterion_is_as_hard_to_find_out_as_its_finding_says(session, path):
    case = session.case(read_patient(path, session.knowledge, session.today()))
    seen = set()
    quick = Explainer(case)
    for match in match_patient(case, session.compiled):
        items = match.with_truth(Truth.UNKNOWN)
        found = [quick.effort(item.criterion.node) for item in items]
        by_finding = [effort_of(item.finding) for item in items]
        assert found == by_finding
        seen.update(found)
        order = sorted(range(len(items)), key=by_finding.__getitem__)
        assert [one.criterion for one in match.open_easiest_first()] == [items[i].criterion for i in order]
    assert len(seen) > 4


def test_no_trial_and_no_criterion():
    case = Case(Patient.model_validate({}), DAY, load_knowledge())
    assert match_patient(case, compile_trials([])) == []


def told(match):
    """Return what is counted and explained of a match."""
    return (
        match.best_arm,
        [match.count(truth) for truth in Truth],
        match.burden,
        match.eligible_from,
        [(item.truth, item.finding, item.change) for item in match.criteria],
    )


def test_what_was_forgotten_is_worked_out_again(session):
    case = session.case(read_patient(EXAMPLES[0], session.knowledge, session.today()))
    matches = match_patient(case, session.compiled)
    before = [told(match) for match in matches]
    forget_reasons(case)
    again = match_patient(case, session.compiled)
    assert all(one is other for one, other in zip(matches, again, strict=True))
    assert [told(match) for match in again] == before
