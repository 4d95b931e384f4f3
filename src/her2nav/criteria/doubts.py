"""Doubts that can be named, as points for a person of the study.

While a sentence is put together a doubt is a leaf that was not read, so that nothing certain is made of it. In the end
every word beside it was read, and what is open has a name: "whether the trial means these metastases too".
"""

from __future__ import annotations

from her2nav.kinds.reading.base import TWO_WAYS, is_doubt, leaf
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When


def named(node: Node) -> Node:
    """Return a tree in which each doubt that has a name is left to a person's judgement."""
    match node:
        case Leaf(kind="unread", params=params) if is_doubt(node) and params.note != TWO_WAYS:
            return Leaf("judgement", leaf("judgement", topic=params.note).params, node.span, node.text, node.rule)
        case AllOf(parts=parts):
            return AllOf(tuple(map(named, parts)), node.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(named, parts)), node.span)
        case AtLeast(n=n, parts=parts):
            return AtLeast(n, tuple(map(named, parts)), node.span)
        case Not(part=part):
            return Not(named(part), node.span)
        case When(when=when, then=then):
            return When(named(when), named(then), node.span, node.text)
    return node
