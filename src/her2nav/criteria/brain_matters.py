"""What a trial asks of brain metastases beside their state binds those who have any, and nobody else."""

from __future__ import annotations

from her2nav.criteria.item_nodes import ANY_BRAIN
from her2nav.kinds.reading.cns import FURTHER
from her2nav.model.tree import AllOf, Leaf, Node, When


def bound(node: Node) -> Node:
    """Return a demand that leaves to a person only of those with brain metastases what else is asked of these."""
    match node:
        case Leaf(kind="judgement", params=params) if params == FURTHER.params:
            return When(ANY_BRAIN, node)
        case AllOf(parts=parts):
            return AllOf(tuple(map(bound, parts)), node.span)
        case When(when=when, then=then):
            return When(when, bound(then), node.span, node.text)
    return node
