"""The evaluator against a naive reference, over generated trees and all example patients."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.app.session import Session
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.files.places import Document
from her2nav.intake.patient_file import read_patient
from her2nav.kinds.forms import TreeReader, write
from her2nav.kinds.registry import kinds
from her2nav.matching.compiled import compile_trials
from her2nav.matching.evaluate import LeafTruths, Verdict, evaluate_trial
from her2nav.matching.explain import Explainer
from her2nav.matching.results import match_patient
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Not, When
from her2nav.model.trial import Criterion, Role, Status, Trial, TrialRecord
from her2nav.model.truth import Truth

LEAVES = [
    Leaf(kind.id, kind.params.model_validate(params)) for kind in kinds().values() for params, _, _ in kind.examples[:6]
]


def nodes() -> st.SearchStrategy:
    return st.recursive(
        st.sampled_from(LEAVES),
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
            st.builds(When, inner, inner),
            st.lists(inner, min_size=2, max_size=3).flatmap(
                lambda parts: st.builds(AtLeast, st.integers(1, len(parts)), st.just(tuple(parts)))
            ),
        ),
        max_leaves=8,
    )


@pytest.fixture(scope="module")
def cases(root):
    session = Session(today=lambda: date(2026, 11, 21))
    return [
        Case(read.patient, read.as_of, session.knowledge)
        for path in sorted((root / "examples").glob("*.yaml"))
        for read in [read_patient(path, session.knowledge, session.today())]
    ]


def reference(node, case) -> Truth:
    """Kleene logic, one patient, no columns, no sharing."""
    match node:
        case Leaf():
            return kinds()[node.kind].evaluate(node.params, Block([case])).at(0)
        case Not(part=part):
            truth = reference(part, case)
            return {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET}.get(truth, truth)
        case When(when=when, then=then):
            parts = [reference(Not(when), case), reference(then, case)]
            return Truth.MET if Truth.MET in parts else Truth.UNKNOWN if Truth.UNKNOWN in parts else Truth.NOT_MET
        case AllOf(parts=parts):
            truths = [reference(part, case) for part in parts]
            return Truth.NOT_MET if Truth.NOT_MET in truths else Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.MET
        case AnyOf(parts=parts):
            truths = [reference(part, case) for part in parts]
            return Truth.MET if Truth.MET in truths else Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.NOT_MET
        case AtLeast(n=n, parts=parts):
            truths = [reference(part, case) for part in parts]
            if truths.count(Truth.MET) >= n:
                return Truth.MET
            return Truth.NOT_MET if len(truths) - truths.count(Truth.NOT_MET) < n else Truth.UNKNOWN
    raise AssertionError(node)


def trial_of(*criteria: Criterion, arms=()) -> Trial:
    record = TrialRecord(
        nct_id="NCT00000001",
        title="a made-up trial",
        status=Status(value="RECRUITING", date=date(2026, 1, 1), source="test"),
        curation="full",
        text_sha256="0" * 64,
        arms=arms,
        review={"state": "draft", "date": date(2026, 1, 1)},
    )
    return Trial(record, criteria, "curated")


def criterion(node, *, name="i1", role=Role.DECIDES, scope=()) -> Criterion:
    return Criterion(name, role, "inclusion", "text", node, scope=scope)


@given(node=nodes())
def test_vector_equals_naive_reference_and_explanation(cases, node):
    compiled = compile_trials([trial_of(criterion(node))])
    block = Block(cases)
    truths = evaluate_trial(compiled.trials[0], LeafTruths(compiled, block))
    for i, case in enumerate(cases):
        wanted = reference(node, case)
        assert truths.criteria[0].at(i) is wanted
        assert Explainer(case).explain(node).truth is wanted
        verdict = {Truth.MET: Verdict.ELIGIBLE, Truth.UNKNOWN: Verdict.POSSIBLE, Truth.NOT_MET: Verdict.INELIGIBLE}
        assert truths.verdict[i] == verdict[wanted]


@given(left=nodes(), right=nodes())
def test_de_morgan(cases, left, right):
    one, other = Not(AllOf((left, right))), AnyOf((Not(left), Not(right)))
    for case in cases[:4]:
        explain = Explainer(case).explain
        assert explain(one).truth is explain(other).truth


@given(node=nodes())
def test_tree_form_is_read_back_without_loss(node):
    data = write(node)
    assert TreeReader(Document(data, "x.yaml")).read(data, ()) == node


MET = Leaf("sex", kinds()["sex"].params.model_validate({"any_of": ["male", "female"]}))
FALSE = Not(MET)
OPEN = Leaf("unread", kinds()["unread"].params())


@pytest.mark.parametrize(
    ("criteria", "verdict", "best"),
    [
        ([criterion(MET)], Verdict.ELIGIBLE, "A"),
        ([criterion(OPEN)], Verdict.POSSIBLE, "A"),
        ([criterion(FALSE)], Verdict.INELIGIBLE, "A"),
        ([criterion(OPEN), criterion(FALSE, name="i2")], Verdict.INELIGIBLE, "A"),
        # one arm suffices
        ([criterion(FALSE, scope=("A",)), criterion(MET, name="i2", scope=("B",))], Verdict.ELIGIBLE, "B"),
        # a closed arm does not count
        ([criterion(FALSE, scope=("A", "B")), criterion(MET, name="i2", scope=("C",))], Verdict.INELIGIBLE, "A"),
        # confirm and permits never block
        ([criterion(OPEN, role=Role.CONFIRM), criterion(FALSE, name="i2", role=Role.PERMITS)], Verdict.ELIGIBLE, "A"),
    ],
)
def test_verdict_of_arms_and_roles(cases, criteria, verdict, best):
    arms = [
        {"id": "A", "label": "a"},
        {"id": "B", "label": "b", "open": True},
        {"id": "C", "label": "c", "open": False},
    ]
    found = match_patient(cases[0], compile_trials([trial_of(*criteria, arms=arms)]))[0]
    assert found.verdict is verdict
    assert found.best_arm == best


def test_unread_criterion_never_lets_a_trial_fit(cases):
    trial = trial_of(criterion(MET), criterion(OPEN, name="i2"))
    assert match_patient(cases[0], compile_trials([trial]))[0].verdict is Verdict.POSSIBLE
