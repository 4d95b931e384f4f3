"""Lists of alternatives that lost their shape: "one of the following: A B C" written on without marks.

Where such words stand in front of what was put together with "and", the trial may ask for one of these alone. The
tree is then true only where all of them hold, and false only where none does.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from her2nav.criteria.logic import all_of
from her2nav.kinds.reading.base import both_ways, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, leaves

_LEAD = Sought(
    r"\b(?:(?:at least |any |only |meeting |meets )?(?:one|1)(?: \(1\))?(?: or more)?|any) of (?:the )?following\b[^.;:]{0,60}:"
)
_ENDS = Sought(r"[;.•](?!\d)|\s[-*]\s")
"""Marks that part the entries of a list, so that its shape was seen."""
_DOUBT = "one of these alone, too"
_POINTS = Sought(r"(?<=[\s,;])(?:ii|iii|iv|v|vi)[.)](?=\s)")
"""Roman numbers of the second entry and those behind it, within a line."""
_FEWEST_POINTS = 2
_NUMBERS = Sought(r"(?<=[\s,;(])\(?(?P<n>[1-9])\)(?=\s?\w)|(?:(?<=[:,;] )|(?<=\bor ))(?P<point>[1-9])\.(?=\s\w)")
_AFTER = re.compile(r";(?!\s*(?:\bor\b|\(?[1-9][.)]))|\n\s*[-*•]\s")
"""Where the last of such entries ends and another demand begins."""
_OR_AT_LAST = re.compile(r"\bor\s*\Z")
"""In front of the last of the numbers within a line."""


def opened(node: Node, plain: str, span: tuple[int, int]) -> Node:
    """Return a demand with what stands behind such words open.

    Args:
        node: Tree of the criterion.
        plain: Plain text of the record.
        span: Of the criterion in it.
    """
    if not isinstance(node, AllOf):
        return node
    if (numbered := _by_numbers(node, plain, span)) is not node:
        return numbered
    # What the whole text may hold is not worth finding out: a word of the lead tells as much.
    lead = _LEAD.expression.search(plain, *span) if plain.find("following", *span) >= 0 else None
    if lead is None:
        return _by_points(node, plain, span)
    behind = [part for part in node.parts if (first := _first(part)) is not None and first >= lead.end()]
    if len(behind) < 2 or _ENDS.expression.search(plain, lead.end(), _first(behind[-1]) or span[1]) is not None:
        return node
    before = [part for part in node.parts if part not in behind]
    either = both_ways(AllOf(tuple(behind)), AnyOf(tuple(behind)), doubt=_DOUBT)
    return AllOf((*before, either), node.span) if before else either


def _by_numbers(node: Node, plain: str, span: tuple[int, int]) -> Node:
    """Return a demand with what numbers count within a line, "or" in front of the last, as alternatives."""
    marks = list(_NUMBERS.expression.finditer(plain, *span))
    counted = [int(mark["n"] or mark["point"]) for mark in marks] == list(range(1, len(marks) + 1))
    if (
        not isinstance(node, AllOf)
        or not counted
        or len(marks) < 2
        or not _OR_AT_LAST.search(plain, span[0], marks[-1].start())
    ):
        return node
    starts = [mark.start() for mark in marks]
    after = _AFTER.search(plain, starts[-1], span[1])
    last = after.start() if after else span[1]
    if any(_holds_all(part, starts) for part in node.parts):
        # The words themselves have put the entries together.
        return node
    groups: list[list[Node]] = [[] for _ in (0, *starts)]
    behind: list[Node] = []
    for part in node.parts:
        place = _first(part) or 0
        (behind if place >= last else groups[bisect_right(starts, place)]).append(part)
    before, *entries = groups
    rest = [
        all_of(group) if group else Leaf("unread", leaf("unread").params, (first, last))
        for group, first, last in zip(entries, starts, [*starts[1:], last], strict=True)
    ]
    alone = not (before or behind)
    return AnyOf(tuple(rest), node.span) if alone else AllOf((*before, AnyOf(tuple(rest)), *behind), node.span)


def _by_points(node: AllOf, plain: str, span: tuple[int, int]) -> Node:
    """Return a demand with cancers that roman numbers count within a line as alternatives, each with what it asks for."""
    starts = [found.start() for found in _POINTS.expression.finditer(plain, *span)]
    if (
        len(starts) < _FEWEST_POINTS
        or not plain.startswith("ii", starts[0])
        or any(_first(p) is None for p in node.parts)
    ):
        return node
    groups: list[list[Node]] = [[] for _ in (0, *starts)]
    for part in node.parts:
        groups[bisect_right(starts, _first(part) or 0)].append(part)
    if not all(any(item.kind == "tumour_type" for part in group for item in leaves(part)) for group in groups):
        return node
    return AnyOf(tuple(all_of(group) for group in groups), node.span)


def _holds_all(node: Node, starts: list[int]) -> bool:
    """Whether alternatives hold what stands in the entries, in each of them something, and nothing else."""
    places = {bisect_right(starts, item.span[0]) for item in leaves(node) if item.span is not None}
    return isinstance(node, AnyOf) and places == set(range(1, len(starts) + 1))


def _first(node: Node) -> int | None:
    """Return where the words of a node begin."""
    return min((item.span[0] for item in leaves(node) if item.span is not None), default=None)
