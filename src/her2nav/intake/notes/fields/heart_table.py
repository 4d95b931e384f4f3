"""Tables of the heart's examinations: a row for each day under a heading that names the ejection fraction."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.table_places import placed, row_cells, row_end
from her2nav.intake.notes.found import Entry, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

_HEADING = re.compile(
    r"\s*(?:lvef|ef|ejection fraction|lv ?ef|fevi|fevg)(?:\s?[(\[]?(?:%|percent|3d|2d|biplane)[)\]]?){0,2}\s*"
)
_DATE = re.compile(
    r"\s*(?:date|day|when|datum|fecha|data|on|study date|exam date|date of (?:study|scan|exam\w*|echo))\s*"
)
_SHARE = re.compile(r"\s*(?P<n>[1-8]\d)(?:[.,]\d)?\s?%?\s*")
_NAMED = Gated(r"\b(?:lv ?ef|ef|ejection fraction|fevi|fevg)\b")
METHOD = Gated(r"\b(?P<echo>(?:tt)?echo\w*|tte|ecocardiograma)\b|\b(?P<muga>muga)\b|\b(?P<mri>cardiac mri?|cmri?)\b")
"""What measured an ejection fraction."""


def read_heart_table(note: Note) -> Iterator[Entry]:
    """Yield the ejection fractions of tables with a row for each examination."""
    if (not note.tabbed and "|" not in note.text) or _NAMED.search(note.plain) is None:
        return
    row, rows = 0, len(note.line_starts)
    while row < rows:
        heading = _heading(note, row)
        row += 1
        while heading is not None and row < rows:
            entry = _result(note, row, *heading)
            if entry is None and not _RULE.fullmatch(note.text[note.line_starts[row] : row_end(note, row)]):
                break
            if entry is not None and entry.values:
                yield entry
            row += 1


_RULE = re.compile(r"(?=.*[=-])[\s|:+=-]+")
"""The line under a heading."""


def _heading(note: Note, row: int) -> tuple[list[Span], int] | None:
    """Return the cells of a heading and which of them is of the ejection fraction."""
    if _NAMED.search(note.plain, note.line_starts[row], row_end(note, row)) is None:
        return None
    cells = row_cells(note, row)
    named = [i for i, one in enumerate(cells) if _HEADING.fullmatch(note.plain, *one)]
    if len(named) != 1 or not cells or not _DATE.fullmatch(note.plain, *cells[0]):
        return None
    return cells, named[0]


def _result(note: Note, row: int, heading: list[Span], named: int) -> Entry | None:
    """Return the value of a row that opens with its day, an empty entry where it has none; None: it is no row."""
    cells = row_cells(note, row)
    days = [one for one in note.dates.within(*cells[0]) if one.value and one.exact_order] if cells else []
    if not days or len(cells) < _FEWEST or days[0].value is None:
        return None
    entry = Entry("lvef")
    if len(cells) == len(heading):
        cell = cells[named]
    else:
        under = placed(note, cells, heading)
        if named not in under:
            return entry
        cell = cells[under.index(named)]
    share = _SHARE.fullmatch(note.plain, *cell)
    if share is None:
        return entry
    entry.put("percent", share["n"], share.span("n"))
    entry.put("date", str(days[0].value), (days[0].start, days[0].end))
    method = METHOD.search(note.plain, cells[0][0], cell[0])
    if method is not None:
        entry.put("method", method.lastgroup, method.span())
    return entry


_FEWEST = 2
