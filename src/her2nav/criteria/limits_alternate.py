"""Limits of values joined by "and" and "or": which of them the last one is the alternative of.

"Bilirubin up to 1, creatinine up to 1.5 or clearance above 50" asks for the bilirubin of everybody. Read by the words
alone the clearance would let in whom the bilirubin keeps out, so that is left open.
"""

from __future__ import annotations

from collections.abc import Sequence

from her2nav.criteria.connectors import Sign
from her2nav.criteria.logic import all_of, any_of
from her2nav.kinds.reading.base import TWO_WAYS, leaf
from her2nav.model.tree import Node, leaves

_LIMITS = frozenset({"lab_value", "lvef"})
"""Limits of measured values, which may be looser for some patients."""
_Alike = Sequence[frozenset[str]]


def variables(node: Node) -> frozenset[str]:
    """Return what is measured, where a node holds limits and nothing else; else none."""
    found = list(leaves(node))
    if any(item.kind not in _LIMITS for item in found):
        return frozenset()
    return frozenset(getattr(item.params, "variable", item.kind) for item in found)


def of_the_last(groups: Sequence[Sequence[Node]], joints: Sequence[Sign], either: Node, alike: _Alike) -> Node:
    """Return alternatives of which the last may be meant for the limit before it alone.

    Args:
        groups: What stands between "or" and "or".
        joints: Signs between the elements as they were written.
        either: The alternatives as the words have them.
        alike: Variables that stand in for each other.
    """
    elements = [node for group in groups for node in group]
    if Sign.COMMA in joints:
        parts = _listed(elements, joints, alike)
        narrow = all_of([any_of(part) for part in parts]) if parts else None
        if narrow is not None and all(_are_alike(variables(any_of(part)), alike) for part in parts if len(part) > 1):
            # "Or" stands between values that stand in for each other: nothing else can be meant.
            return narrow
    else:
        narrow, sure = _beside(groups, alike)
        if narrow is not None and sure:
            return narrow
    return either if narrow is None else any_of([narrow, all_of([either, leaf("unread", note=TWO_WAYS)])])


def _beside(groups: Sequence[Sequence[Node]], alike: _Alike) -> tuple[Node | None, bool]:
    """Return "A and B or C" as A, and B or C, and whether it must be meant: where C stands in for B.

    Of the same values limited in two ways, all of them are alternatives.
    """
    group, *others = groups
    named = [variables(node) for node in group]
    rest = [all_of(list(other)) for other in others]
    if len(group) < 2 or not others or not all(named) or not all(map(variables, rest)):
        return None, False
    measured = frozenset().union(*map(variables, rest))
    same = next((place for place, one in enumerate(named) if one & measured), None)
    if same is not None:
        if not same or frozenset().union(*named[same:]) != measured:
            return None, False
        return all_of([*group[:same], any_of([all_of(list(group[same:])), *rest])]), False
    stands_in = next((place for place, one in enumerate(named) if _are_alike(one | measured, alike)), None)
    place = len(group) - 1 if stands_in is None else stands_in
    kept = [node for i, node in enumerate(group) if i != place]
    return all_of([*kept, any_of([group[place], *rest])]), stands_in is not None


def _listed(elements: Sequence[Node], joints: Sequence[Sign], alike: _Alike) -> list[list[Node]]:
    """Return "A, B or C, D" as A, and B or C, and D, where a comma parts values that do not stand in for each other.

    Where no comma does, the list is empty.
    """
    if Sign.OR not in joints:
        return []
    named = [variables(node) for node in elements]
    parted = any(
        joint is Sign.COMMA and one and other and not _are_alike(one | other, alike)
        for one, other, joint in zip(named, named[1:], joints, strict=False)
    )
    if not parted:
        return []
    parts: list[list[Node]] = [[elements[0]]]
    for node, joint in zip(elements[1:], joints, strict=True):
        if joint is Sign.OR:
            parts[-1].append(node)
        else:
            parts.append([node])
    return parts


def _are_alike(measured: frozenset[str], alike: _Alike) -> bool:
    return any(measured <= sort for sort in alike)
