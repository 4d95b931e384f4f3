"""Ages that bind some patients: a trial that takes everybody from 18 on does not ask for 65 in another line.

"Grade I to III (patients over 65)", "Age 65 to 70 years:" in front of a list: the least of several ages of adults is the
trial's; whoever is younger than the others is not shut out for certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.logic import left_unread
from her2nav.model.tree import AllOf, Leaf, Node
from her2nav.model.trial import Criterion, Role

COMING_OF_AGE = range(16, 26)
"""Ages in years that a trial sets as the least for everybody; from an older one on, only some are meant."""


def across(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria with every least age but the lowest open, where several are asked for."""
    asked = {
        bound
        for item in criteria
        if item.section == "inclusion" and item.role is Role.DECIDES and not item.scope
        for bound in _bounds(item.node)
    }
    grown = {bound for bound in asked if bound >= COMING_OF_AGE[0]}
    if len(grown) < 2:
        return list(criteria)
    least = min(grown)
    return [
        replace(item, node=_opened(item.node, least))
        if item.section == "inclusion" and any(bound > least for bound in _bounds(item.node))
        else item
        for item in criteria
    ]


def _bounds(node: Node) -> list[int]:
    """Return the least ages that a demand asks of everybody."""
    if isinstance(node, AllOf):
        return [bound for part in node.parts for bound in _bounds(part)]
    return [node.params.min] if isinstance(node, Leaf) and node.kind == "age" and node.params.min else []


def _opened(node: Node, least: int) -> Node:
    if isinstance(node, AllOf):
        return AllOf(tuple(_opened(part, least) for part in node.parts), node.span)
    if isinstance(node, Leaf) and node.kind == "age" and (node.params.min or 0) > least:
        return left_unread(node)
    return node
