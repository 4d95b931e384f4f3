"""Alternatives of which one binds some patients only: those whom it does not bind do not fulfil it by that.

"Women past the menopause, or, if able to bear children, with a negative test": a woman who is neither is not let in.
"""

from __future__ import annotations

from her2nav.criteria.logic import all_of
from her2nav.kinds.reading.base import is_doubt
from her2nav.model.tree import AllOf, AnyOf, Node, When


def without_free_pass(node: Node) -> Node:
    """Return a demand in which a condition within an alternative must hold itself."""
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(map(without_free_pass, parts)), node.span)
        case When(when=when, then=then):
            return When(when, without_free_pass(then), node.span)
        case AnyOf(parts=parts) if not any(map(_open, parts)):
            return AnyOf(tuple(_with_condition(part) for part in parts), node.span)
    return node


def _with_condition(node: Node) -> Node:
    return all_of([node.when, node.then]) if isinstance(node, When) else without_free_pass(node)


def _open(node: Node) -> bool:
    """Whether an alternative stands for a second reading of the same words."""
    parts = node.parts if isinstance(node, AllOf) else (node,)
    return any(map(is_doubt, parts))
