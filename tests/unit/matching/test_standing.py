"""The numbers of all trials at once against the words of each."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.app.match import match
from her2nav.app.session import Session
from her2nav.facts.block import Block
from her2nav.facts.limits import compared
from her2nav.intake.patient_file import read_patient
from her2nav.kinds.registry import kinds
from her2nav.matching import single
from her2nav.matching.evaluate import Verdict, codes_of
from her2nav.matching.next_facts import Targets, worth_finding
from her2nav.matching.rank_rules import rank_rules
from her2nav.matching.ranking import recruiting_now, status_age_days
from her2nav.matching.results import match_patient
from her2nav.matching.shared_leaves import shared_leaves
from her2nav.matching.standing import Standing, _rounded
from her2nav.model.truth import Truth

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: TODAY)


@pytest.fixture(scope="module")
def answers(session, root):
    paths = sorted((root / "examples").glob("*.yaml"))
    return [match(session, read_patient(path, session.knowledge, session.today())) for path in paths]


def standing_key(answer, one):
    """Say in plain words what the order is made of."""
    record, as_of = one.trial.record, answer.case.as_of
    closed = record.status.value.may_recruit is False
    waits = None if closed else one.eligible_from
    not_today = 2 if waits is not None else 3
    old_days = rank_rules(answer.session.knowledge).old_days
    return (
        {Verdict.ELIGIBLE: 0, Verdict.POSSIBLE: 1, Verdict.INELIGIBLE: not_today}[one.verdict],
        closed,
        record.curation == "partial"
        or record.status.value.may_recruit is None
        or status_age_days(one, as_of) > old_days,
        -answer.rank(one).score,
        0 if recruiting_now(one, as_of, answer.status_limit_days) else 1,
        waits or date.max,
        one.count(Truth.NOT_MET) if one.verdict is Verdict.INELIGIBLE else 0,
        record.nct_id,
    )


def test_the_order_is_that_of_the_ranks_in_words(answers):
    seen = set()
    for answer in answers:
        keys = [standing_key(answer, one) for one in answer.matches]
        assert keys == sorted(keys)
        seen.update(key[0] for key in keys)
    assert seen >= {1, 3}


def test_every_score_is_that_of_the_words(answers):
    compared_scores = 0
    for answer in answers:
        for compiled in answer.chosen.compiled:
            matches = match_patient(answer.case, compiled)
            scores = answer.standing.scores(compiled, matches)
            for one, score in zip(matches, scores.tolist(), strict=True):
                assert score == answer.rank(one).score
                compared_scores += one.verdict is not Verdict.INELIGIBLE
    assert compared_scores > 100


@given(st.lists(st.floats(0, 1) | st.integers(0, 20_000).map(lambda number: number / 20_000), max_size=20))
def test_scores_are_rounded_as_single_numbers_are(scores):
    assert _rounded(np.array(scores, np.float64)).tolist() == [round(score, 4) for score in scores]


def test_nothing_to_order():
    assert Standing.ordered(object.__new__(Standing), []) == []


def test_equal_leaves_of_two_programs_have_one_number(session):
    program = session.compiled.program
    once = shared_leaves((program,), session.knowledge)
    twice = shared_leaves((program, program), session.knowledge)
    assert [(key.kind, key.params) for key in once.keys] == list(program.leaves)
    assert len(twice.keys) == len(program.leaves)
    assert (twice.numbers[0] == twice.numbers[1]).all()


def test_limits_compared_together_are_those_compared_one_by_one(session, answers):
    keys = [key for key in shared_leaves((session.compiled.program,), session.knowledge).keys if key.limit is not None]
    assert len(keys) > 50
    block = Block([answer.case for answer in answers])
    for key in keys:
        together = single.of_each(compared([key.limit, key.limit], block))
        alone = single.of_each(kinds()[key.kind].evaluate(key.params, block))
        assert together.shape == (2, block.size)
        assert (together == alone).all(), key


def test_gated_leaves_looked_up_are_those_evaluated(session, answers):
    shared = shared_leaves((session.compiled.program,), session.knowledge)
    by_kind = {}
    for key in shared.keys:
        if key.gate is not None:
            by_kind.setdefault(key.kind, []).append(key)
    assert len(by_kind) > 5
    block = Block([answer.case for answer in answers])
    for keys in by_kind.values():
        gate = keys[0].gate[0]
        for _ in range(2):  # as evaluated, then as kept
            found = gate.of_each([key.gate[1] for key in keys], block)
            for key, row in zip(keys, found, strict=True):
                assert (row == single.of_each(kinds()[key.kind].evaluate(key.params, block))).all(), key


def test_nothing_is_open_where_no_target_is(session, answers):
    case, program = answers[0].case, session.compiled.program
    codes = codes_of(program, case.alone)
    found = worth_finding(case, [Targets(program, codes, [], [])], lambda leaf: None)
    assert found.facts == ()
    assert found.sets == ()
