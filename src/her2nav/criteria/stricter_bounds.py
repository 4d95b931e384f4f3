"""Two limits of one measure asked for at once: the stricter one binds some patients alone.

"ECOG 0 or 1; patients over 70 must be ECOG 0": nobody would ask everybody for both. Whoever keeps the stricter limit meets
the demand; whoever keeps the looser one alone may be among those whom the other one does not bind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from her2nav.criteria.ages import COMING_OF_AGE
from her2nav.criteria.logic import any_of, left_unread
from her2nav.kinds.reading.base import doubt_on
from her2nav.model.tree import AllOf, Leaf, Node, When
from her2nav.model.trial import Criterion, Role

_DOUBT = "everybody by the stricter of the two limits"
_UPWARD = frozenset({">", ">="})


def across(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria with the stricter of two limits of one inclusion left open."""
    return [
        replace(item, node=node)
        if item.section == "inclusion" and item.role is Role.DECIDES and (node := opened(item.node)) is not item.node
        else item
        for item in criteria
    ]


def opened(node: Node) -> Node:
    """Return what an inclusion asks for, the stricter of two limits of one measure left open for those who miss it alone."""
    if isinstance(node, When):
        then = opened(node.then)
        return node if then is node.then else When(node.when, then, node.span)
    if not isinstance(node, AllOf):
        return node
    bounds = [_bound(part) for part in node.parts]
    parts = tuple(
        any_of([part, doubt_on(_DOUBT)])
        if own is not None and any(other is not None and _stricter(own, other) for other in bounds)
        else opened(part)
        for part, own in zip(node.parts, bounds, strict=True)
    )
    if any(own is not None and one is not part for one, part, own in zip(parts, node.parts, bounds, strict=True)):
        # "… in patients aged 75 or more": the age says whom the stricter one binds.
        parts = tuple(left_unread(part) if _of_the_old(part) else part for part in parts)
    same = all(one is other for one, other in zip(parts, node.parts, strict=True))
    return node if same else AllOf(parts, node.span)


def _of_the_old(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "age" and (node.params.min or 0) > COMING_OF_AGE[-1]


def _bound(node: Node) -> tuple[tuple[str, ...], Decimal] | None:
    """Return which measure a part limits and how far, the stricter the greater; None of any other part."""
    if not isinstance(node, Leaf):
        return None
    params = node.params
    if node.kind == "performance_status" and params.ecog_max is not None:
        return ("ecog",), Decimal(-params.ecog_max)
    if node.kind == "lvef":
        return _directed(("lvef",), params.op, params.percent)
    if node.kind == "lab_value":
        return _directed((params.variable, str(params.unit)), params.op, params.value)
    return None


def _directed(name: tuple[str, ...], op: str, value: Decimal | None) -> tuple[tuple[str, ...], Decimal] | None:
    if value is None:
        return None
    upward = op in _UPWARD
    return (*name, "up" if upward else "down"), value if upward else -value


def _stricter(own: tuple[tuple[str, ...], Decimal], other: tuple[tuple[str, ...], Decimal]) -> bool:
    return own[0] == other[0] and own[1] > other[1]
