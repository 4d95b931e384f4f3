"""Doubts that can be named, as points for a person of the study.

While a sentence is put together a doubt is a leaf that was not read, so that nothing certain is made of it. In the end
every word beside it was read, and what is open has a name: "whether the trial means these metastases too".
"""

from __future__ import annotations

from her2nav.criteria.logic import with_leaves
from her2nav.kinds.reading.base import TWO_WAYS, is_doubt, leaf
from her2nav.model.tree import Leaf, Node


def named(node: Node) -> Node:
    """Return a tree in which each doubt that has a name is left to a person's judgement."""
    return with_leaves(node, _named)


def _named(item: Leaf, denied: bool) -> Leaf:
    if item.kind != "unread" or not is_doubt(item) or item.params.note == TWO_WAYS:
        return item
    return Leaf("judgement", leaf("judgement", topic=item.params.note).params, item.span, item.text, item.rule)
