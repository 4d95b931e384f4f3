"""Tables of laboratory values: several columns of results, each of a day, or a row for each day under a row of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from her2nav.intake.notes.fields.table_places import placed, row_cells, row_end
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note
from her2nav.model.dates import PartialDate

_NUMBER = re.compile(
    r"\s*[<>]?\s?(?P<v>\d{1,3}(?:,\d{3})+|\d{1,6}(?:[.,]\d{1,3})?)\s*%?\s*(?:\(?[hl*]\)?)?\s*", re.IGNORECASE
)
_PAIR = re.compile(r"\s*(?P<v>\d{1,5}(?:[.,]\d{1,2})?)\s?/\s?(?P<w>\d{1,5}(?:[.,]\d{1,2})?)\s*")
_UNIT = re.compile(
    r"\s*(?:x\s?|×\s?|\*\s?)?(?:10\s?[\^e*]{0,2}\s?\d{1,2}\s?/\s?[a-zµμ]{1,2}|[a-zµμ%]{1,6}(?:/[a-zµμ0-9.^ ]{1,12})?)\s*"
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

    def bound(self, note: Note) -> bool:
        """True for a cell that only says below or above which number the result lies: ">90" is no 90."""
        return note.text[self.span[0] - 2 : self.span[0]].rstrip()[-1:] in _COMPARED


_COMPARED = ("<", ">")


def columns(note: Note, after: int, *, part: str = "", single: bool = False) -> list[Column] | None:
    """Return the results behind a name, where its row holds several; None: one result, or a row that is no table's.

    An empty list means that the row holds several and no heading says which is which.

    Args:
        note: The note.
        after: Where the name ends.
        part: `v` or `w` where the cells hold two numbers with a stroke: the first or the second of them.
        single: True where the one result of a row is a column too, if the heading names more days.
    """
    row = note.line(after) - 1
    stop = row_end(note, row)
    if note.text.find("\t", after, stop) < 0 and note.text.find("|", after, stop) < 0:
        return None
    cells = row_cells(note, row)
    numbers: list[tuple[int, Span]] = []
    for index, (start, end) in enumerate(cells):
        if start < after:
            continue
        match = (_PAIR if part else _NUMBER).fullmatch(note.text, start, end)
        if match is None and not numbers and _UNIT.fullmatch(note.plain, start, end):
            continue  # a column of units before the results
        if match is None:
            break
        numbers.append((index, match.span(part or "v")))
    if not numbers or (len(numbers) < _BOTH and not single):
        return None
    numbers = _results_only(note, row, cells, numbers)
    if len(numbers) == 1:
        return _under_days(note, row, cells, numbers, near=True) if single else None
    scarce = _under_days(note, row, cells, numbers, near=False)
    if scarce is not None:
        return scarce
    for above in range(row - 1, max(-1, row - _ROWS_UP), -1):
        heading = row_cells(note, above)
        days = [day for one in heading if (day := _dated(note, one)) is not None]
        if len(days) == len(numbers) and (len(days) == len(heading) or _only_days(note, heading)):
            # A heading without a name over the first column, or over that of the units.
            return _latest(
                [Column(span, day, latest=False) for day, (_, span) in zip(days, numbers, strict=True)], note
            )
        if len(heading) <= numbers[-1][0]:
            continue
        found = [_headed(note, heading[index], span) for index, span in numbers]
        if all(one is not None for one in found):
            return _latest([one for one in found if one is not None], note)
    # "7.2 | > 5.6": a bound behind a result is none, unless a heading gives it a day.
    bounds = [_BOUND.match(note.text, cells[index][0]) is not None for index, _ in numbers]
    return None if not bounds[0] and all(bounds[1:]) else []


_BOUND = re.compile(r"\s*[<>]")


def _under_days(
    note: Note, row: int, cells: list[Span], numbers: list[tuple[int, Span]], *, near: bool
) -> list[Column] | None:
    """Return the results of a row that holds fewer than the heading has days, each with the day it stands under.

    Where its place does not tell the day, a result has none. None: the heading above has no more days than results.

    Args:
        note: The note.
        row: Number of the row.
        cells: Its cells.
        numbers: Its results: number of the cell, and place of the number.
        near: True where no other lines than rows may stand between the heading and the row.
    """
    if near and any(one.start >= cells[0][0] for one in note.dates.within(cells[0][0], cells[-1][1])):
        return None  # the row has a day of its own
    for above in range(row - 1, max(-1, row - _ROWS_UP), -1):
        heading = row_cells(note, above)
        dated = [(one, day) for one in heading if (day := _dated(note, one)) is not None]
        if len(dated) >= _BOTH:
            if len(dated) <= len(numbers):
                return None
            under = placed(note, [cells[index] for index, _ in numbers], [one for one, _ in dated])
            return [
                Column(span, None if at is None else dated[at][1], latest=False)
                for at, (_, span) in zip(under, numbers, strict=True)
            ]
        if near and len(heading) < _BOTH:
            return None
    return None


_BESIDE_DAYS = re.compile(
    r"\s*(?:(?:reference|ref\.?|normal|lab\w*)?\s?(?:ranges?|limits?|intervals?|values?|units?)|ref\.?|units?|test|analyte|parameter|uln)\s*"
)


def _only_days(note: Note, heading: list[Span]) -> bool:
    """True for a heading whose days follow each other, with nothing beside them but the word for the range or the unit."""
    dated = [_dated(note, one) is not None for one in heading]
    first, last = dated.index(True), len(dated) - dated[::-1].index(True)
    return all(dated[first:last]) and all(
        _BESIDE_DAYS.fullmatch(note.plain, *one) for one, day in zip(heading, dated, strict=True) if not day
    )


def _results_only(note: Note, row: int, cells: list[Span], numbers: list[tuple[int, Span]]) -> list[tuple[int, Span]]:
    """Return the numbers of a row without those of a column of limits: "| 412 | 688 | <35" under "Ref"."""
    for above in range(row - 1, max(-1, row - _ROWS_UP), -1):
        heading = row_cells(note, above)
        for at, (index, _) in enumerate(numbers[1:], start=1):
            if index < len(heading) and _LIMITS.fullmatch(note.plain[slice(*heading[index])].strip()):
                closes = index == len(cells) - 1 == len(heading) - 1 and _dated(note, heading[0]) is None
                if closes or _DEMANDED.search(note.plain, *heading[index]):
                    return numbers[:at]
        if _closed_by_limits(note, above, len(numbers)) and numbers[-1][0] == len(cells) - 1:
            return numbers[:-1]
    return numbers


def _closed_by_limits(note: Note, above: int, size: int) -> bool:
    """True for a heading of limits behind days, one day fewer than there are numbers in the row below it.

    Names and units may have no heading, so that the number of its cells tells nothing.
    """
    heading = row_cells(note, above)
    if len(heading) < size or size < _BOTH or not _LIMITS.fullmatch(note.plain[slice(*heading[-1])].strip()):
        return False
    dated = [_dated(note, one) is not None for one in heading[:-1]]
    return sum(dated) == size - 1 and all(dated[1 - size :])


def demanded(note: Note, place: int) -> bool:
    """True where the heading above a row says that its limits are those that somebody asks for, not the laboratory's."""
    row = note.line(place) - 1
    for above in range(row - 1, max(-1, row - _ROWS_UP), -1):
        start, end = note.line_starts[above], row_end(note, above)
        if _DEMANDED.search(note.plain, start, end) is not None:
            return any(_LIMITS.fullmatch(note.plain[slice(*one)].strip()) for one in row_cells(note, above))
    return False


_BOTH = 2
_LIMITS = re.compile(
    r"(?:lab |local )?(?:ref(?:erence)?\.?(?: range| interval| values?| limits?)?|normal(?: range| values?)?|norm|range|uln|upper limit|limits?|nr|rr)"
    r"|(?:(?:protocol|trial|study) (?:limit|requirement|criteri(?:on|a)|value)s?|(?:limit|requirement|criteri(?:on|a)|value)s? (?:in|of|for|by) (?:the )?(?:protocol|trial|study)|required|requirements?|criteri(?:on|a)|protocol|needed|must be|eligibility|inclusion)"
)
_DEMANDED = Gated(r"\b(?:protocol|trial|study|requir\w+|criteri(?:on|a)|needed|must be|eligibility|inclusion)\b")


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
        names = _names(note, row) if note.hits_in(note.line_starts[row], row_end(note, row), "lab") else {}
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
    for start, end in row_cells(note, row):
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


def _dated(note: Note, cell: Span) -> tuple[PartialDate, Span] | None:
    """Return the day that fills a cell."""
    for one in note.dates.within(*cell)[:1]:
        if one.value and not (note.text[cell[0] : one.start] + note.text[one.end : cell[1]]).strip():
            return one.value, (one.start, one.end)
    return None


def _headed(note: Note, heading: Span, span: Span) -> Column | None:
    dates = [one for one in note.dates.within(*heading) if one.value]
    if dates and dates[0].value:
        if _OTHER_FIGURE.search(note.plain[heading[0] : dates[0].start] + note.plain[dates[-1].end : heading[1]]):
            return None  # "61 % echo 15.10.2026" is no heading
        return Column(span, (dates[0].value, (dates[0].start, dates[0].end)), latest=False)
    words = note.said(*heading)
    if _NOW.search(words):
        return Column(span, None, latest=True)
    return Column(span, None, latest=False) if _BEFORE.search(words) else None


_OTHER_FIGURE = re.compile(r"\d ?%|\d[.,]\d|\d\d")


def _latest(found: list[Column], note: Note) -> list[Column]:
    """Give the newest column the note's day where it has none."""
    if any(one.latest for one in found):
        own = note.day_mention
        day = (own.value, (own.start, own.end)) if own is not None and own.value is not None else None
        return [Column(one.span, one.day or day, latest=True) for one in found if one.latest][:1]
    return [one for one in found if one.day is not None]
