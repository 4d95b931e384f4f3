"""Lines of an exclusion that were taken as one criterion: each may be an exclusion by itself.

A record without bullets breaks its lines where a page ends, or where the next criterion begins. Where a short line goes
on in small letters, which of the two is meant cannot be seen: "prior therapy / pregnant" is not both at once.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from her2nav.criteria.bullets import BULLET
from her2nav.criteria.logic import all_of
from her2nav.kinds.reading.base import both_ways
from her2nav.model.tree import AllOf, AnyOf, Node, Not, leaves

_BULLET = re.compile(rf"\s*(?:{BULLET.pattern})", re.IGNORECASE)
_SHORT = 70
"""Signs of a line that no page was too narrow for."""
_DOUBT = "each of the lines by itself, too"


def opened(node: Node, text: str, span: tuple[int, int]) -> Node:
    """Return an exclusion in which what two short lines name together may be meant one by one.

    Args:
        node: Tree of the criterion.
        text: As the registry gives it.
        span: Of the criterion in it.
    """
    breaks = _breaks(text, *span)
    return _opened(node, breaks) if breaks else node


def _breaks(text: str, start: int, end: int) -> list[int]:
    """Return where a new line begins behind a short one; a list with bullets tells by itself what is one entry."""
    found, at = [], text.find("\n", start, end)
    while at >= 0:
        if _BULLET.match(text, at + 1):
            return []
        if at - (text.rfind("\n", 0, at) + 1) < _SHORT:
            found.append(at)
        at = text.find("\n", at + 1, end)
    return found


def _opened(node: Node, breaks: list[int]) -> Node:
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(_opened(part, breaks) for part in parts), node.span)
        case Not(part=part):
            return Not(_one_by_one(part, breaks), node.span)
    return node


def _one_by_one(node: Node, breaks: list[int]) -> Node:
    """What an exclusion names, with the lines of each conjunction by themselves, too."""
    match node:
        case AnyOf(parts=parts):
            return AnyOf(tuple(_one_by_one(part, breaks) for part in parts), node.span)
        case AllOf(parts=parts):
            lines: dict[int, list[Node]] = {}
            for part in parts:
                first = min((item.span[0] for item in leaves(part) if item.span is not None), default=None)
                if first is None:
                    return node
                lines.setdefault(bisect_right(breaks, first), []).append(part)
            if len(lines) > 1:
                return both_ways(node, AnyOf(tuple(all_of(line) for line in lines.values())), _DOUBT)
    return node
