"""Tables with a mapping file to readings, one for each patient: the entrance to this package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from her2nav.intake.reading import Reading
from her2nav.intake.tables.opened import Tables, open_tables, paths
from her2nav.intake.tables.rows import RowReader
from her2nav.intake.tables.shares import IN_MEMORY, Group, Keyed, joined, share, spilled
from her2nav.intake.tables.sheet import Sheet
from her2nav.model.errors import InputError

__all__ = ["open_tables", "paths", "readings"]


def readings(tables: Tables, today: date, progress: Callable[[int], None] | None = None) -> Iterator[Reading]:
    """Yield the reading of every patient.

    Args:
        tables: As they were opened.
        today: The clock's day, for patients without one of their own.
        progress: Told now and then how many rows are joined.

    Raises:
        InputError: A row cannot be read; with file and line.
    """
    rows = _keyed(tables, progress)
    if tables.size <= IN_MEMORY:
        for group in joined(rows):
            yield read_group(tables, group, today)
        return
    with spilled(rows, tables.size) as paths:
        for path in paths:
            for group in share(path):
                yield read_group(tables, group, today)


def _keyed(tables: Tables, progress: Callable[[int], None] | None) -> Iterator[Keyed]:
    count = 0
    for number, file in enumerate(tables.files):
        at = file.header.index(tables.id_column(number))
        for line, cells in file.rows():
            if not any(cells):
                continue
            if not cells[at]:
                raise InputError(
                    "a row without a patient",
                    file=file.name,
                    place=f"line {line}, column {file.header[at]}",
                    allowed="a value in every row: whose it is would be a guess",
                    code="no_patient",
                )
            count += 1
            if progress is not None and count % 4096 == 0:
                progress(count)
            yield cells[at], number, line, cells


def read_group(tables: Tables, group: Group, today: date) -> Reading:
    """Read the rows of one patient."""
    who, rows = group
    sheet = Sheet(tables.knowledge)
    reader = RowReader(tables, sheet)
    for number, line, cells in sorted(rows, key=lambda row: (row[0], row[2])):
        reader.read(number, line, cells)
    first = min(rows, key=lambda row: row[:2])
    copied = tables.layout.mapping.copy_id is not False
    identity = who if copied else f"{tables.files[first[0]].path.name}:{first[1]}"
    complete = dict(tables.layout.mapping.complete)
    reading = sheet.reading(identity, tables.fixed, complete, today)
    return Reading(
        reading.patient,
        reading.provenance,
        reading.contradictions,
        reading.questions,
        reading.older,
        reading.unused,
        lines=len(rows),
    )
