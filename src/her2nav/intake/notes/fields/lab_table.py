"""Tables of laboratory values: several columns of results, each of a day, or a row for each day under a row of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note
from her2nav.model.dates import PartialDate

_CELL = re.compile(r"[^\t|\n]+")
_NUMBER = re.compile(
    r"\s*[<>]?\s?(?P<v>\d{1,3}(?:,\d{3})+|\d{1,6}(?:[.,]\d{1,3})?)\s*%?\s*(?:\(?[hl*]\)?)?\s*", re.IGNORECASE
)
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
    if len(numbers) < _BOTH:
        return None
    numbers = _results_only(note, row, cells, numbers)
    if len(numbers) == 1:
        return None
    for above in range(row - 1, max(-1, row - _ROWS_UP), -1):
        heading = _cells(note, above)
        if len(heading) == len(numbers) and all(_dated(note, one) for one in heading):
            # A heading without a name over the first column.
            return _latest(
                [
                    Column(span, _dated(note, one), latest=False)
                    for one, (_, span) in zip(heading, numbers, strict=True)
                ],
                note,
            )
        if len(heading) <= numbers[-1][0]:
            continue
        found = [_headed(note, heading[index], span) for index, span in numbers]
        if all(one is not None for one in found):
            return _latest([one for one in found if one is not None], note)
    return []


def _results_only(note: Note, row: int, cells: list[Span], numbers: list[tuple[int, Span]]) -> list[tuple[int, Span]]:
    """Return the numbers of a row without that of a last column of limits: "| 412 | 688 | <35" under "Ref"."""
    last = numbers[-1][0]
    if len(cells) != last + 1:
        return numbers
    for above in range(row - 1, max(-1, row - _ROWS_UP), -1):
        heading = _cells(note, above)
        if len(heading) == len(cells) and _LIMITS.fullmatch(note.plain[slice(*heading[-1])].strip()):
            return numbers[:-1]
    return numbers


_BOTH = 2
_LIMITS = re.compile(
    r"(?:lab |local )?(?:ref(?:erence)?\.?(?: range| interval| values?| limits?)?|normal(?: range| values?)?|norm|range|uln|upper limit|limits?|nr|rr)"
)


class Cell(NamedTuple):
    """A result under the name of its test, in the row of its day."""

    name: str
    heading: Span
    span: Span
    day: tuple[PartialDate, Span]


def by_day(note: Note) -> Iterator[Cell]:
    """Yield the results of tables that name the tests in their first row and have a row for each day."""
    if not note.tabbed and "|" not in note.text:
        return
    row, rows = 0, len(note.line_starts)
    while row < rows:
        names = _names(note, row) if note.hits_in(note.line_starts[row], _end(note, row), "lab") else {}
        row += 1
        if len(names) < _FEWEST:
            continue
        width = len(_tokens(note, row - 1))
        while row < rows and (found := _results(note, row, width, names)) is not None:
            yield from found
            row += 1


_FEWEST = 3
"""So many names of tests in one row at least are a heading."""


def _names(note: Note, row: int) -> dict[int, tuple[str, Span]]:
    """Return the tests of a heading by the number of their cell; nothing for a row that holds results."""
    found: dict[int, tuple[str, Span]] = {}
    for index, (start, end) in enumerate(_tokens(note, row)):
        hits = note.hits_in(start, end, "lab")
        if _NUMBER.fullmatch(note.text, start, end):
            return {}
        if len(hits) == 1:
            found[index] = (str(hits[0].id("lab")), (hits[0].start, end))
    return found


def _tokens(note: Note, row: int) -> list[Span]:
    """Return the cells of a row; one that holds several names or numbers with a small gap between them is several."""
    found: list[Span] = []
    for start, end in _cells(note, row):
        parts = [one.span() for one in _WORD.finditer(note.text, start, end)]
        several = len(note.hits_in(start, end, "lab")) == len(parts) or all(
            _NUMBER.fullmatch(note.text, *one) for one in parts
        )
        found += parts if several else [(start, end)]
    return found


_WORD = re.compile(r"[^\s|]+")


def _results(note: Note, row: int, width: int, names: dict[int, tuple[str, Span]]) -> list[Cell] | None:
    """Return the results of a row that opens with its day; None: it is no such row."""
    cells = _tokens(note, row)
    if len(cells) != width:
        return None
    days = [one for one in note.dates.within(*cells[0]) if one.value and one.exact_order]
    if not days or days[0].value is None:
        return None
    day = (days[0].value, (days[0].start, days[0].end))
    found: list[Cell] = []
    for index, (name, heading) in names.items():
        match = _NUMBER.fullmatch(note.text, *cells[index])
        if match is not None:
            found.append(Cell(name, heading, match.span("v"), day))
    return found


def _cells(note: Note, row: int) -> list[Span]:
    found = _CELL.finditer(note.text, note.line_starts[row], _end(note, row))
    return [match.span() for match in found if match[0].strip()]


def _end(note: Note, row: int) -> int:
    return note.line_starts[row + 1] if row + 1 < len(note.line_starts) else len(note.text)


def _dated(note: Note, cell: Span) -> tuple[PartialDate, Span] | None:
    """Return the day that fills a cell."""
    for one in note.dates.within(*cell)[:1]:
        if one.value and not (note.text[cell[0] : one.start] + note.text[one.end : cell[1]]).strip():
            return one.value, (one.start, one.end)
    return None


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
