"""Two readings of one text: true where both are, false where neither is, else unknown; and the node stays small."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.kinds.reading.base import both_ways, is_doubt, leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, leaves

FACTS = tuple(leaf("comorbidity", any_of=[name]) for name in ("asthma", "diabetes", "hypertension", "osteoporosis"))
Known = dict[Leaf, bool]


def truth(node: Node, known: Known, doubt: bool | None = None) -> bool | None:
    """Judge a tree by three-valued logic; a doubt that nobody has settled is unknown."""
    if isinstance(node, Leaf):
        return doubt if is_doubt(node) else known[node]
    if isinstance(node, Not):
        part = truth(node.part, known, doubt)
        return None if part is None else not part
    assert isinstance(node, AllOf | AnyOf)
    decisive = isinstance(node, AnyOf)
    parts = [truth(part, known, doubt) for part in node.parts]
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _nodes() -> st.SearchStrategy[Node]:
    return st.recursive(
        st.sampled_from(FACTS),
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(lambda parts: AllOf(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
            st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
        ),
        max_leaves=6,
    )


@given(_nodes(), _nodes(), st.sampled_from([None, "either"]))
def test_it_is_known_where_both_readings_agree_or_a_person_settles_the_doubt(
    one: Node, other: Node, name: str | None
) -> None:
    node = both_ways(one, other, name)
    for values in product((True, False), repeat=len(FACTS)):
        known = dict(zip(FACTS, values, strict=True))
        first, second = truth(one, known), truth(other, known)
        assert truth(node, known) == (first if first == second else None)
        assert truth(node, known, doubt=True) == (first or second)
        assert truth(node, known, doubt=False) == (first and second)


@pytest.mark.parametrize("outer", [AllOf, AnyOf])
def test_what_both_readings_hold_stands_once(outer: type[AllOf] | type[AnyOf]) -> None:
    shared = FACTS[:2]
    node = both_ways(outer((*shared, FACTS[2])), outer((*shared, FACTS[3])))
    assert [item for item in leaves(node) if item in shared] == list(shared)


def test_many_doubts_in_one_text_do_not_double_it_each_time() -> None:
    node: Node = AllOf(FACTS)
    for _ in range(6):
        node = both_ways(AllOf((node, FACTS[0])), AllOf((node, FACTS[1])))
    assert sum(1 for _ in leaves(node)) < 40
