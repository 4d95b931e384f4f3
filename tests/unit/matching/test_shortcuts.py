"""What is not worked out since it can change nothing: the answers are those of working it out."""

from datetime import date

import numpy as np
import pytest

from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.intake.patient_file import read_patient
from her2nav.kinds.registry import kinds
from her2nav.matching.compiled import compile_trials
from her2nav.matching.evaluate import Verdict, codes_of
from her2nav.matching.explain import Explainer, negated
from her2nav.matching.fact_values import _is_left_to_people
from her2nav.matching.plan import SETTLED_FOR_GOOD
from her2nav.matching.results import match_patient
from her2nav.model.finding import ChangeBy, Effort, UnknownKind
from her2nav.model.patient import Patient
from her2nav.model.tree import Leaf
from her2nav.model.truth import Truth

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: TODAY)


@pytest.fixture(scope="module")
def cases(session, root):
    reads = [read_patient(path, session.knowledge, TODAY) for path in sorted((root / "examples").glob("*.yaml"))]
    return [session.case(read) for read in reads]


def by_test(finding):
    return finding.change is not None and finding.change.by is ChangeBy.TEST


def test_no_test_changes_what_is_settled_of_these_kinds(session, cases):
    asked = [Leaf(*leaf) for leaf in session.compiled.leaves if leaf[0] in SETTLED_FOR_GOOD]
    assert {leaf.kind for leaf in asked} == SETTLED_FOR_GOOD
    seen = set()
    for case in cases:
        explainer = Explainer(case)
        for leaf in asked:
            found = explainer.explain(leaf)
            if found.truth is not Truth.UNKNOWN:
                seen.add((leaf.kind, found.truth))
                assert not by_test(found)
                assert not by_test(negated(found, leaf))
    assert {kind for kind, truth in seen if truth is Truth.NOT_MET} == SETTLED_FOR_GOOD


def test_no_test_opens_a_trial_of_which_that_is_ruled_out(session, cases):
    ruled_out = opened = 0
    for case in cases:
        for one in match_patient(case, session.compiled):
            if one.verdict is Verdict.INELIGIBLE and one.blocking == 1:
                change = one.sole_change
                if one.a_test_may_open:
                    opened += change is not None and change.by is ChangeBy.TEST
                else:
                    ruled_out += 1
                    assert change is None or change.by is not ChangeBy.TEST
    assert ruled_out > 20
    assert opened > 5


def test_what_no_program_judges_is_left_to_people():
    kept = {name for name in kinds() if _is_left_to_people(name)}
    assert {"judgement", "unread"} <= kept
    for name in kept:
        kind = kinds()[name]
        for params, record, _ in kind.examples:
            case = Case(
                Patient.model_validate({key: value for key, value in record.items() if key != "as_of"}), TODAY, None
            )
            found = kind.finding(kind.params.model_validate(params), case, Truth.UNKNOWN)
            assert found.unknown_kind is not UnknownKind.DATA or found.change.effort is Effort.PERSON


def test_leaves_of_another_program_are_not_judged_again(session, cases):
    half = compile_trials([one.trial for one in session.compiled.trials[::2]]).program
    whole = session.compiled.program
    for case in cases:
        fresh = Case(case.patient, case.as_of, case.knowledge)
        alone = codes_of(whole, fresh.alone)
        others = [(half, codes_of(half, case.alone))]
        assert np.array_equal(codes_of(whole, case.alone, others=others), alone)
