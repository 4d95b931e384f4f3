"""Every example of every kind holds, and what a kind explains is the truth it computes."""

from datetime import date

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

EXAMPLES = [
    pytest.param(kind, params, record, expected, id=f"{kind.id}-{i}")
    for kind in kinds().values()
    for i, (params, record, expected) in enumerate(kind.examples)
]


def case_of(record: dict) -> Case:
    patient = Patient.model_validate(record)
    as_of = patient.as_of.high if patient.as_of else date(2026, 11, 21)
    return Case(patient, as_of, load_knowledge())


@pytest.mark.parametrize(("kind", "params", "record", "expected"), EXAMPLES)
def test_example_has_the_truth_it_claims(kind, params, record, expected):
    model = kind.params.model_validate(params)
    case = case_of(record)
    truth = kind.evaluate(model, Block([case])).at(0)
    assert truth == Truth(expected)
    found = kind.finding(model, case, truth)
    assert found.truth is truth
    assert found.reason
    assert found.plain


@pytest.mark.parametrize("kind", [kind for kind in kinds().values() if kind.evaluated], ids=lambda kind: kind.id)
def test_evaluated_kind_has_examples_of_each_truth(kind):
    assert {expected for _, _, expected in kind.examples} == {"met", "not_met", "unknown"}


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.id)
def test_examples_agree_in_one_block(kind):
    """Many patients in one block get the truths they get alone."""
    cases = [case_of(record) for _, record, _ in kind.examples]
    for params, _, _ in kind.examples:
        model = kind.params.model_validate(params)
        together = kind.evaluate(model, Block(cases))
        alone = [kind.evaluate(model, Block([case])).at(0) for case in cases]
        assert [together.at(i) for i in range(len(cases))] == alone


def test_every_number_of_the_taxonomy_is_covered():
    covered = {number for kind in kinds().values() for number in kind.taxonomy}
    assert covered == set(range(1, 46))
