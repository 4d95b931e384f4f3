"""Tables and OMOP folders: one way in for `intake` and `screen`, patient by patient."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from her2nav.app.fhir import Export
from her2nav.app.intake import Intake, checked, to_json
from her2nav.app.intake_profile import what_of
from her2nav.app.session import Session
from her2nav.intake.omop.folder import Folder, is_omop, open_folder
from her2nav.intake.omop.read import read_omop, workers_for
from her2nav.intake.reading import Reading
from her2nav.intake.tables.cells import ENDINGS
from her2nav.intake.tables.mapping import Layout, read_mapping
from her2nav.intake.tables.read import open_tables, paths, readings
from her2nav.model.errors import InputError

_TABLES = tuple(one for one in ENDINGS if one != ".txt")


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What the user says of tables: paths are as given.

    Attributes:
        mapping: The mapping file; None: only an OMOP folder, or columns named by paths, can be read.
        as_of_column: Column with each patient's own day, for dates that were shifted.
    """

    mapping: str | None = None
    as_of_column: str | None = None

    @property
    def given(self) -> bool:
        """True when the user says anything."""
        return self.mapping is not None or self.as_of_column is not None


@dataclass
class Opened:
    """Tables that were looked at and not read yet.

    Attributes:
        told: What is worth knowing of them as a whole, one line each.
        declared: Lists that the mapping file declares to hold everything.
        readings: The reading of every patient.
    """

    told: tuple[str, ...]
    declared: tuple[str, ...]
    readings: Iterator[Reading]


def are_tables(sources: Sequence[str], options: TableOptions) -> bool:
    """True when the sources are tables or an OMOP folder, by their names or because a mapping file is given."""
    if options.given:
        return True
    return bool(sources) and all(
        source != "-" and (source.lower().endswith(_TABLES) or _holds_tables(Path(source))) for source in sources
    )


def _holds_tables(path: Path) -> bool:
    return path.is_dir() and any(one.name.lower().endswith(_TABLES) for one in path.iterdir())


def open_sources(
    session: Session,
    sources: Sequence[str],
    options: TableOptions,
    progress: Callable[[str], None] | None = None,
    *,
    side_by_side: bool = True,
) -> Opened:
    """Look at tables; their rows are read when the readings are asked for.

    Args:
        session: Knowledge and the clock.
        sources: Files, or folders.
        options: Mapping file and as-of column.
        progress: Told what is being done.
        side_by_side: Whether a large OMOP folder is read by several processes.

    Raises:
        InputError: A file, a column or a field is not there, or OMOP and other tables are given together.
    """
    if "-" in sources:
        raise InputError("tables are not read from standard input", place="SOURCE", allowed="files", code="bad_usage")
    layout = read_mapping(options.mapping, session.knowledge)
    tell = progress or (lambda _: None)
    omop = [source for source in sources if is_omop(Path(source), alone=not layout.mapping.tables)]
    if omop and len(sources) > 1:
        raise InputError("an OMOP folder is read alone", place=omop[0], allowed="one folder", code="bad_usage")
    declared = layout.mapping.declared
    head = (f"complete by {Path(layout.name).name}: {', '.join(declared)}",) if declared else ()
    if omop:
        folder = open_folder(
            Path(omop[0]),
            layout.form(),
            options.as_of_column or layout.mapping.as_of,
            layout.mapping.omop.do_not_contact,
        )
        _check_declared(folder, declared)
        found = read_omop(
            folder,
            layout.mapping,
            session.knowledge,
            session.today(),
            workers=workers_for(folder) if side_by_side else 1,
            progress=tell,
        )
        return Opened((*head, *folder.told), declared, (checked(_Own(session, one), one) for one in found))
    given = _files(sources, layout)
    tables = open_tables(given, layout if layout.name else None, session.knowledge, options.as_of_column)
    count: Callable[[int], None] = lambda rows: tell(f"{rows:,} rows")  # noqa: E731
    found = readings(tables, session.today(), progress=count)
    return Opened((*head, *tables.told), declared, (checked(_Own(session, one), one) for one in found))


class _Own:
    """The clock of one patient: their own day where the source names it, which may lie in the past."""

    def __init__(self, session: Session, reading: Reading) -> None:
        self.session, self.written = session, reading.patient.get("as_of")

    def today(self) -> date:
        """Return the day after which nothing counts."""
        return date.fromisoformat(self.written) if self.written else self.session.today()


_HELD_IN = {
    "therapies": "drug_exposure",
    "medications": "drug_exposure",
    "conditions": "condition_occurrence",
    "procedures": "procedure_occurrence",
    "specimens": "specimen",
}
"""The table of the CDM that the entries of a list come from."""


def _check_declared(folder: Folder, declared: Sequence[str]) -> None:
    """Refuse a list that is declared complete while its table is not there: "none" would be taken for a fact."""
    there = {source.table for source in folder.sources}
    for name in declared:
        if _HELD_IN.get(name, "person") not in there:
            raise InputError(
                f"{name} cannot be complete: the table {_HELD_IN[name]} is not in the folder",
                file=str(folder.path),
                allowed=f"the table, or a mapping file without complete: {name}",
                code="no_such_file",
            )


def _files(sources: Sequence[str], layout: Layout) -> list[str]:
    if not layout.name:
        folder = next((source for source in sources if Path(source).is_dir()), None)
        if folder is not None:
            raise InputError(
                "this folder is no OMOP folder, and no mapping file says what its tables are",
                file=folder,
                allowed="--mapping FILE, or a folder with person.csv and other tables of the CDM",
                code="mapping_needed",
            )
        if len(sources) > 1:
            raise InputError("several tables need a mapping file", place="SOURCE", allowed="--mapping FILE")
        return list(sources)
    found = paths(sources, layout)
    named = [one.file for one in layout.mapping.tables]
    if not found:
        raise InputError(
            "no table is there that the mapping file names",
            file=sources[0] if sources else layout.name,
            allowed=", ".join(named) or "tables: in the mapping file",
            code="no_patients",
        )
    met = {layout.rule_of(one) for one in found}
    absent = [name for number, name in enumerate(named) if number not in met]
    if absent:
        raise InputError(
            f"the table '{absent[0]}' of the mapping file is not among the sources",
            file=layout.name,
            allowed="every table that it names: what is absent would be taken for unknown, or for complete",
            code="no_such_file",
        )
    return found


_SHOWN = 10
"""Conflicts and questions that are kept to be shown."""


@dataclass
class TableExport(Export):
    """The counts of tables; what was not used keeps its table and column.

    Attributes:
        open_points: The first conflicts and questions, one line each, with table, row and column.
    """

    open_points: list[str] = field(default_factory=list)

    def add(self, reading: Reading) -> None:
        """Count one reading."""
        self.values += len(reading.provenance)
        self.conflicts += len(reading.contradictions)
        self.to_settle += len(reading.questions)
        if reading.partial and not reading.patient:
            self.partial.append(reading.partial)
        for one in reading.unused:
            what, count = what_of(one.text)
            self.skipped[what] += count
        if len(self.open_points) < _SHOWN:
            self.open_points = [*self.open_points, *open_points(reading)][:_SHOWN]


def open_points(reading: Reading) -> list[str]:
    """Return what a person must look at, one line each, with table, row and column."""
    found = []
    for one in reading.contradictions:
        places = ", ".join(f"{c.value} ({c.origin.source} line {c.origin.line}, {c.origin.quote})" for c in one.choices)
        found.append(f"conflict, left out: {one.message}: {places}")
    for question in reading.questions:
        origin = question.origin
        where = f"{origin.source} line {origin.line}, {origin.quote}: " if origin is not None else ""
        found.append(f"to settle: {where}{question.message}")
    return found


def one_or_many(opened: Opened) -> tuple[Intake | None, Iterator[Reading]]:
    """Return the intake of the only patient, or, with None, the readings of many."""
    from itertools import chain

    first = next(opened.readings, Reading({}, partial="the tables hold no row"))
    second = next(opened.readings, None)
    if second is None:
        return Intake((), first), iter(())
    return None, chain((first, second), opened.readings)


def records(session: Session, found: Iterator[Reading], export: Export, *, full: bool) -> Iterator[str]:
    """Yield a line of JSON for every patient: the record, or with `full` the whole answer; count them."""
    for reading in found:
        export.add(reading)
        if not set(reading.patient) - {"id"}:
            continue
        export.patients += 1
        record = to_json(session, Intake((), reading)) if full else reading.patient
        yield json.dumps(record, ensure_ascii=False, default=str) + "\n"
