"""Stretches of a criterion found by their words, and what becomes of the leaves that lie in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from her2nav.criteria.logic import with_leaves
from her2nav.kinds.reading.base import Section
from her2nav.language.sought import Family, Sought
from her2nav.model.tree import Leaf, Node
from her2nav.model.trial import Criterion, Role


@dataclass(frozen=True, slots=True)
class Row:
    """Words of a criterion, and what becomes of the leaves that lie in them.

    Attributes:
        words: The stretch is the group "what".
        mend: Told a leaf, whether it is denied, and the stretch.
        kinds: Of the leaves; empty: any.
        section: Only there.
        fewest: So many stretches must stand in the criterion.
        begins: A leaf must begin in the stretch, and not in front of it.
    """

    words: Sought
    mend: Callable[[Leaf, bool, str], Node]
    kinds: frozenset[str] = frozenset()
    section: Section | None = "inclusion"
    fewest: int = 1
    begins: bool = False


class Table:
    """Rows that are asked for together: most criteria hold the words of none."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = tuple(rows)
        self._family = Family([row.words for row in rows])

    def possible(self, written: str, section: str) -> list[Row]:
        """Return the rows whose words a text may hold, in order."""
        rows = [self._rows[place] for place in self._family.possible(written)]
        return [row for row in rows if row.section in (None, section)]


def mended(criterion: Criterion, plain: str, table: Table) -> Criterion:
    """Return a criterion with what a table makes of its stretches.

    Args:
        criterion: As it was read.
        plain: Its plain text.
        table: What becomes of which stretches.
    """
    if criterion.role is not Role.DECIDES or criterion.span is None:
        return criterion
    node = criterion.node
    written = _without_breaks(plain)
    rows = table.possible(written, criterion.section)
    places = _places(plain) if rows else []
    for row in rows:
        stretches = [
            (criterion.span[0] + places[start], criterion.span[0] + places[end], written[start:end])
            for found in row.words.finditer(written)
            for start, end in [found.span("what")]
        ]
        if len(stretches) >= row.fewest:
            node = _with(node, row, stretches)
    return criterion if node == criterion.node else replace(criterion, node=node)


_WORD = re.compile(r"\S+")


def _without_breaks(plain: str) -> str:
    r"""Return a text with single spaces; one at its end stays.

    >>> _without_breaks("one\n  two "), _places("one\n  two ")
    ('one two ', [0, 1, 2, 3, 6, 7, 8, 9, 10])
    """
    words = " ".join(plain.split())
    return f"{words} " if words and plain[-1].isspace() else words


def _places(plain: str) -> list[int]:
    """Return where each character of a text without breaks, and its end, stands in the text itself."""
    places: list[int] = []
    end = len(plain)
    for found in _WORD.finditer(plain):
        start, end = found.span()
        places += range(start, end + 1)  # the space behind it stands at its end
    return [*places, len(plain)] if end < len(plain) or not places else places


def _with(node: Node, row: Row, stretches: list[tuple[int, int, str]]) -> Node:
    """Return a tree with what a row makes of each leaf of its kinds in a stretch."""

    def made(item: Leaf, denied: bool) -> Node:
        span = item.span
        if span is None or (row.kinds and item.kind not in row.kinds) or item.kind in ("unread", "judgement"):
            return item
        told = next(
            (
                said
                for start, end, said in stretches
                if span[0] < end and start < span[1] and not (row.begins and span[0] < start)
            ),
            None,
        )
        return item if told is None else row.mend(item, denied, told)

    return with_leaves(node, made, guards=False)
