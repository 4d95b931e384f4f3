"""A permission never hides a demand."""

import pytest

from her2nav.criteria.modals import Force, force
from her2nav.criteria.reader import reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from her2nav.model.trial import Role


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("women must be enrolled in another protocol of the centre", Force.REQUIRES),
        ("patients must be eligible for surgery", Force.REQUIRES),
        ("patients with bilateral disease may be enrolled", Force.PERMITS),
        ("patients with bilateral disease are eligible", Force.PERMITS),
    ],
)
def test_force(sentence: str, expected: Force) -> None:
    assert force(sentence) is expected


def test_a_demand_to_be_enrolled_elsewhere_decides() -> None:
    read = reader(load_knowledge()).read("Inclusion Criteria:\n* Women must be enrolled in protocol 12-X")
    (criterion,) = read.criteria
    assert criterion.role is Role.DECIDES
    assert "unread" in {item.kind for item in leaves(criterion.node)}


def test_unread_words_of_a_permission_decide_as_unknown() -> None:
    read = reader(load_knowledge()).read("Inclusion Criteria:\n* Patients with blurzled disease are eligible")
    assert [item.role for item in read.criteria] == [Role.PERMITS, Role.DECIDES]
    assert {item.kind for item in leaves(read.criteria[1].node)} == {"judgement"}
