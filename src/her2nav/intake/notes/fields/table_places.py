"""The cells of a line of a table, and which column one stands under by its place on the line as it was written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note

_CELL = re.compile(r"[^\t|\n]+")


def row_cells(note: Note, row: int) -> list[Span]:
    """Return the cells of a row, counted from 0, that hold anything."""
    found = _CELL.finditer(note.text, note.line_starts[row], row_end(note, row))
    return [match.span() for match in found if match[0].strip()]


def row_end(note: Note, row: int) -> int:
    """Return where a row ends."""
    return note.line_starts[row + 1] - 1 if row + 1 < len(note.line_starts) else len(note.text)


def placed(note: Note, cells: Sequence[Span], headings: Sequence[Span]) -> list[int | None]:
    """Return for every cell the number of the one heading that it stands under; None: its place does not tell.

    Cells parted by a sign are counted, others are laid under the headings. Where two cells fall under one heading, or
    the order is not that of the headings, none is told.
    """
    above, columns = _slots(note, headings)
    below, slots = _slots(note, cells)
    if above != below:
        return [None] * len(cells)
    found: list[int | None] = []
    for low, high in slots:
        under = [i for i, (start, end) in enumerate(columns) if start < high and low < end]
        found.append(under[0] if len(under) == 1 else None)
    known = [one for one in found if one is not None]
    return found if known == sorted(set(known)) else [None] * len(cells)


def _slots(note: Note, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Return what parts the cells of a line, and the places of some of them: numbers of cells, or signs from its start."""
    original = note.original
    first = note.given(*spans[0])[0]
    begin = original.rfind("\n", 0, first) + 1
    end = original.find("\n", first)
    line = original[begin : end if end >= 0 else len(original)]
    sign = next((one for one in "|\t" if one in line), "")
    found: list[Span] = []
    for span in spans:
        low, high = note.given(*span)
        if sign:
            index = original.count(sign, begin, low)
            found.append((index, index + 1))
        else:
            found.append((low - begin, high - begin))
    return sign, found
