"""Tables of laboratory values with several columns of results: which column is which day."""

from __future__ import annotations

import re
from dataclasses import dataclass

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note
from her2nav.model.dates import PartialDate

_CELL = re.compile(r"[^\t|\n]+")
_NUMBER = re.compile(r"\s*[<>]?\s?(?P<v>\d{1,6}(?:[.,]\d{1,3})?)\s*(?:\(?[hl*]\)?)?\s*", re.IGNORECASE)
_NOW = re.compile(r"\b(?:discharge|current|today|latest|now|result)\b")
_BEFORE = re.compile(r"\b(?:admission|baseline|previous|prior|last|before|pre)\b")
_ROWS_UP = 14


@dataclass(frozen=True, slots=True)
class Column:
    """One result of a row with several: its place, and the day that its heading names; `latest` is the newest."""

    span: Span
    day: tuple[PartialDate, Span] | None
    latest: bool


def columns(note: Note, after: int) -> list[Column] | None:
    """Return the results behind a name, where its row holds several; None: one result, or a row that is no table's.

    An empty list means that the row holds several and no heading says which is which.
    """
    row = note.line(after) - 1
    stop = _end(note, row)
    if note.text.find("\t", after, stop) < 0 and note.text.find("|", after, stop) < 0:
        return None
    cells = _cells(note, row)
    numbers: list[tuple[int, Span]] = []
    for index, (start, end) in enumerate(cells):
        if start < after:
            continue
        match = _NUMBER.fullmatch(note.text, start, end)
        if match is None:
            break
        numbers.append((index, match.span("v")))
    if len(numbers) < 2:
        return None
    for above in range(row - 1, max(-1, row - _ROWS_UP), -1):
        heading = _cells(note, above)
        if len(heading) <= numbers[-1][0]:
            continue
        found = [_headed(note, heading[index], span) for index, span in numbers]
        if all(one is not None for one in found):
            return _latest([one for one in found if one is not None], note)
    return []


def _cells(note: Note, row: int) -> list[Span]:
    found = _CELL.finditer(note.text, note.line_starts[row], _end(note, row))
    return [match.span() for match in found if match[0].strip()]


def _end(note: Note, row: int) -> int:
    return note.line_starts[row + 1] if row + 1 < len(note.line_starts) else len(note.text)


def _headed(note: Note, heading: Span, span: Span) -> Column | None:
    dates = [one for one in note.dates.within(*heading) if one.value]
    if dates and dates[0].value:
        return Column(span, (dates[0].value, (dates[0].start, dates[0].end)), latest=False)
    words = note.said(*heading)
    if _NOW.search(words):
        return Column(span, None, latest=True)
    return Column(span, None, latest=False) if _BEFORE.search(words) else None


def _latest(found: list[Column], note: Note) -> list[Column]:
    """Give the newest column the note's day where it has none."""
    if any(one.latest for one in found):
        own = note.day_mention
        day = (own.value, (own.start, own.end)) if own is not None and own.value is not None else None
        return [Column(one.span, one.day or day, latest=True) for one in found if one.latest][:1]
    return [one for one in found if one.day is not None]
