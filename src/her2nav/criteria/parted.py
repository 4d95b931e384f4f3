"""Criteria that ask for two things: what the record decides, and what only a person confirms.

"At least 18 years old and able to give informed consent" is decided by the age; the consent is listed for the trial
team. As one criterion it could never be met before somebody signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.logic import all_of, any_of
from her2nav.criteria.statement_nodes import role_of
from her2nav.model.tree import AllOf, AnyOf, Node, Not
from her2nav.model.trial import Criterion, Role

TWIN = "-confirm"
"""Behind the id of a criterion: the part of it that only a person confirms."""


def parted(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria; each that also asks for what only a person confirms is followed by that part as its own."""
    return [part for item in criteria for part in _parts(item)]


def _parts(criterion: Criterion) -> list[Criterion]:
    if criterion.role is not Role.DECIDES:
        return [criterion]
    rest, confirmed = _split(criterion.node)
    if rest is None or confirmed is None:
        return [criterion]
    twin = replace(criterion, id=f"{criterion.id}{TWIN}", role=Role.CONFIRM, node=confirmed)
    return [replace(criterion, node=rest), twin]


def _split(node: Node) -> tuple[Node | None, Node | None]:
    """Return what decides and what is confirmed of a demand, by the parts that all must hold."""
    match node:
        case AllOf(parts=parts):
            pairs = [_split(part) for part in parts]
            rest = [one for one, _ in pairs if one is not None]
            confirmed = [other for _, other in pairs if other is not None]
            if not confirmed:
                return node, None
            return all_of(rest) if rest else None, all_of(confirmed)
        case Not(part=AnyOf(parts=parts)):
            rest = [part for part in parts if not _is_confirmed(part)]
            confirmed = [part for part in parts if _is_confirmed(part)]
            if not confirmed:
                return node, None
            return Not(any_of(rest), node.span) if rest else None, Not(any_of(confirmed), node.span)
    return (None, node) if _is_confirmed(node) else (node, None)


def _is_confirmed(node: Node) -> bool:
    return role_of([node]) is Role.CONFIRM
