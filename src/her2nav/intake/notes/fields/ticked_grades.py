"""Tables of side effects with a column for each grade and a cross in one of them."""

from __future__ import annotations

import itertools
import re

from her2nav.intake.notes.fields.graded_rows import ASKS
from her2nav.intake.notes.note import Note

_HEAD = re.compile(
    r"(?<![\w.,/])(?:(?:grade|gr|g|none|mild|moderate|severe) ?)?\(?(?P<n>[0-5])(?![\w.,/%])\)?", re.IGNORECASE
)
_MARK = re.compile(r"(?<![\w])(?:\[\s?[xX✓✔]\s?\]|\([xX]\)|[xX✓✔☒☑•●])(?![\w])")
_EMPTY = re.compile(r"[\s|.\-–_\[\]()☐□○]*")
_FEWEST, _NEAR, _FAR, _ROWS, _ABOVE = 3, 2, 3, 40, 2
"""So many grades make a heading; how far a cross may stand from its column, and must stand from others; rows of a table."""


def ticked_grades(note: Note) -> dict[int, int | None]:
    """Return the grade that each row of such tables gives, by the number of its line; None: a row that does not say."""
    found: dict[int, int | None] | None = note.memory.get("ticked grades")
    if found is None:
        found = note.memory["ticked grades"] = _read(note) if ASKS.search(note.plain) else {}
    return found


def _read(note: Note) -> dict[int, int | None]:
    lines = note.original.split("\n")
    found: dict[int, int | None] = {}
    for i, line in enumerate(lines):
        heads = _grades(line)
        if not heads or not any(ASKS.pattern.search(one.lower()) for one in lines[max(0, i - _ABOVE) : i + 1]):
            continue
        for j in range(i + 1, min(len(lines), i + _ROWS)):
            row = lines[j]
            if not row.strip():
                if j > i + 1:
                    break
                continue
            if _grades(row):
                break
            marks = list(_MARK.finditer(row))
            if len(marks) == 1 and _EMPTY.fullmatch(row, marks[0].end()):
                found[j + 1] = _column(line, heads, row, marks[0])
            elif (not marks and len(row.split()) <= _FEWEST) or marks:
                found[j + 1] = None
    return found


def _grades(line: str) -> list[re.Match[str]]:
    """Return the grades of a heading: at least three, each one more than that before, and nothing behind them."""
    heads = list(_HEAD.finditer(line))
    if len(heads) < _FEWEST or not _EMPTY.fullmatch(line, heads[-1].end()):
        return []
    steps = [int(two["n"]) - int(one["n"]) for one, two in itertools.pairwise(heads)]
    parted = all(_EMPTY.fullmatch(line, one.end(), two.start()) for one, two in itertools.pairwise(heads))
    return heads if parted and all(step == 1 for step in steps) else []


def _column(line: str, heads: list[re.Match[str]], row: str, mark: re.Match[str]) -> int | None:
    """Return the grade over a cross: by the cell in a table with signs, else by the place on the line."""
    for sign in "|\t":
        if line.count(sign) >= len(heads) - 1:
            cell = row.count(sign, 0, mark.start())
            return next((int(one["n"]) for one in heads if line.count(sign, 0, one.start()) == cell), None)
    place = (mark.start() + mark.end() - 1) // 2
    away = sorted((max(0, one.start() - place, place - one.end() + 1), int(one["n"])) for one in heads)
    clear = away[0][0] <= _NEAR and away[1][0] >= max(_FAR - 1, away[0][0] + 1)
    return away[0][1] if clear else None
