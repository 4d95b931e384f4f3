"""`intake` of FHIR: one patient as a reading to look at, or an export as a stream of patient records."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from her2nav.app.intake import Intake, checked, to_json
from her2nav.app.session import Session
from her2nav.files.writing import write_whole
from her2nav.intake.fhir.read import read_export, read_fhir
from her2nav.intake.fhir.source import is_export, is_fhir, silent
from her2nav.intake.reading import Reading
from her2nav.model.errors import InputError

_WORKERS = 4


class Line(NamedTuple):
    """The record of one patient as a line of JSON, empty for what is nobody's, and what an export counts of it."""

    text: str
    values: int
    conflicts: int
    to_settle: int
    partial: str | None
    skipped: tuple[str, ...]


def _counted(reading: Reading, text: str = "") -> Line:
    return Line(
        text,
        len(reading.provenance),
        len(reading.contradictions),
        len(reading.questions),
        reading.partial if not reading.patient else None,
        tuple(one.text.split(": ", 1)[-1][:100] for one in reading.unused),
    )


@dataclass(frozen=True, slots=True)
class _Day:
    """A clock that stands still, to be sent to another process."""

    day: date

    def today(self) -> date:
        """Return the day."""
        return self.day


def _line(clock: _Day, reading: Reading) -> Line:
    found = checked(clock, reading)
    return _counted(found, _json(found.patient) if found.patient else "")


def _json(record: object) -> str:
    return _ENCODER.encode(record) + "\n"


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)


@dataclass
class Export:
    """The counts of an export; filled while its records are written."""

    patients: int = 0
    values: int = 0
    conflicts: int = 0
    to_settle: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    partial: list[str] = field(default_factory=list)
    """Why the whole is only a part of what was given, one line each."""

    def add(self, reading: Reading) -> None:
        """Count one reading."""
        self.count(_counted(reading))

    def count(self, line: Line) -> None:
        """Count one line."""
        self.values += line.values
        self.conflicts += line.conflicts
        self.to_settle += line.to_settle
        if line.partial is not None:
            self.partial.append(line.partial)
        self.skipped.update(line.skipped)

    def summary(self) -> str:
        """Return the counts in one line."""
        return (
            f"{self.patients} patients, {self.values} values read, {self.conflicts} conflict, "
            f"{self.to_settle} to settle, {sum(self.skipped.values())} resources or parts skipped"
        )


def all_fhir(sources: Sequence[str]) -> bool:
    """True when every source is FHIR; False: none is.

    Raises:
        InputError: Some are and some are not.
    """
    found = [source for source in sources if source != "-" and is_fhir(source)]
    if found and len(found) < len(sources):
        other = next(source for source in sources if source not in found)
        raise InputError(
            "FHIR and notes cannot be read together",
            place=other,
            allowed="FHIR files alone, or notes alone",
            code="bad_usage",
        )
    return bool(found)


def fhir_readings(session: Session, sources: Sequence[str], tell: Callable[[str], None] = silent) -> Iterator[Reading]:
    """Yield the checked reading of every patient; `tell` is told now and then what is being joined."""
    for reading in read_fhir(sources, session.knowledge, workers=min(_WORKERS, os.cpu_count() or 1), tell=tell):
        yield checked(session, reading)


def one_or_many(
    session: Session, sources: Sequence[str], tell: Callable[[str], None] = silent
) -> tuple[Intake | None, Iterator[Reading]]:
    """Return the intake of the only patient, or, with None, the readings of many."""
    readings = fhir_readings(session, sources, tell)
    first = next(readings, Reading({}, partial="no resource was found"))
    second = next(readings, None)
    if second is None or not second.patient:
        single = first if second is None else _joined(first, second)
        return Intake((), single), iter(())
    return None, chain((first, second), readings)


def _joined(reading: Reading, nobody: Reading) -> Reading:
    """Add what belongs to nobody to the list of what was skipped."""
    broken = nobody.partial if any(one.line for one in nobody.unused) else None
    partial = "; ".join(one for one in (reading.partial, broken) if one)
    return replace(reading, unused=reading.unused + nobody.unused, partial=partial or None)


def records(session: Session, readings: Iterator[Reading], export: Export, *, full: bool) -> Iterator[str]:
    """Yield a line of JSON for every patient: the record, or with `full` the whole answer; count them."""
    for reading in readings:
        export.add(reading)
        if not reading.patient:
            continue
        export.patients += 1
        record = to_json(session, Intake((), reading)) if full else reading.patient
        yield _json(record)


def _check_name(path: Path) -> None:
    if path.suffix.lower() not in (".ndjson", ".jsonl"):
        raise InputError(
            "the export holds several patients",
            file=str(path),
            allowed="--out FILE.ndjson, one record a line",
            code="bad_usage",
        )


def write_records(session: Session, readings: Iterator[Reading], export: Export, path: Path) -> None:
    """Write the records of an export, one a line, whole or not at all.

    Raises:
        InputError: The name is not that of NDJSON.
        FileError: The place cannot be written to.
    """
    _check_name(path)
    write_whole(path, records(session, readings, export, full=False))


def export_lines(
    session: Session, sources: Sequence[str], tell: Callable[[str], None] = silent
) -> Iterator[Line] | None:
    """Return the lines of an NDJSON export, made in the processes that read them; None: bundles, or one patient."""
    if not is_export(sources):
        return None
    clock = _Day(session.today())
    workers = min(_WORKERS, os.cpu_count() or 1)
    lines = read_export(sources, session.knowledge, partial(_line, clock), workers, tell)
    first, second = next(lines, None), next(lines, None)
    if first is None or second is None or not second.text:
        return None
    return chain((first, second), lines)


def write_lines(lines: Iterator[Line], export: Export, path: Path) -> None:
    """Write the lines of an export, whole or not at all; count them.

    Raises:
        InputError: The name is not that of NDJSON.
        FileError: The place cannot be written to.
    """
    _check_name(path)
    write_whole(path, _told(lines, export))


def _told(lines: Iterator[Line], export: Export) -> Iterator[str]:
    for line in lines:
        export.count(line)
        if line.text:
            export.patients += 1
            yield line.text
