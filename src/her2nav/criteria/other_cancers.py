"""Entries of a list of alternatives that speak of "other cancers": those that no other entry of the list names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from her2nav.criteria.logic import any_of, deny
from her2nav.model.tree import AllOf, Leaf, Node, leaves

_OTHER = re.compile(r"\W*(?:(?:any|all|the) )?other\W*")


def told_apart(parts: Sequence[Node], said: Callable[[tuple[int, int]], str]) -> list[Node]:
    """Return the entries, the "other" in front of a cancer as the denial of those that the others name.

    Args:
        parts: What the entries ask for.
        said: Returns the words of a span.
    """
    return [_apart(part, [one for one in parts if one is not part], said) for part in parts]


def _apart(node: Node, others: Sequence[Node], said: Callable[[tuple[int, int]], str]) -> Node:
    if not isinstance(node, AllOf):
        return node
    named = [item for one in others for item in leaves(one) if item.kind == "tumour_type"]
    parts = list(node.parts)
    for i, (one, following) in enumerate(itertools.pairwise(parts)):
        if named and _is_other(one, said) and any(item.kind == "tumour_type" for item in leaves(following)):
            parts[i] = deny(any_of(named))
    return AllOf(tuple(parts), node.span)


def _is_other(node: Node, said: Callable[[tuple[int, int]], str]) -> bool:
    unread = isinstance(node, Leaf) and node.kind == "unread" and node.span is not None
    return unread and node.span is not None and _OTHER.fullmatch(said(node.span)) is not None
