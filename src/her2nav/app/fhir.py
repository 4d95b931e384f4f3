"""`intake` of FHIR: one patient as a reading to look at, or an export as a stream of patient records."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from her2nav.app.intake import Intake, checked, to_json
from her2nav.app.session import Session
from her2nav.files.writing import write_whole
from her2nav.intake.fhir.read import read_fhir
from her2nav.intake.fhir.source import is_fhir, silent
from her2nav.intake.reading import Reading
from her2nav.model.errors import InputError

_WORKERS = 4


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
        self.values += len(reading.provenance)
        self.conflicts += len(reading.contradictions)
        self.to_settle += len(reading.questions)
        if reading.partial and not reading.patient:
            self.partial.append(reading.partial)
        self.skipped.update(one.text.split(": ", 1)[-1][:100] for one in reading.unused)

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
        yield json.dumps(record, ensure_ascii=False, default=str) + "\n"


def write_records(session: Session, readings: Iterator[Reading], export: Export, path: Path) -> None:
    """Write the records of an export, one a line, whole or not at all.

    Raises:
        InputError: The name is not that of NDJSON.
        FileError: The place cannot be written to.
    """
    if path.suffix.lower() not in (".ndjson", ".jsonl"):
        raise InputError(
            "the export holds several patients",
            file=str(path),
            allowed="--out FILE.ndjson, one record a line",
            code="bad_usage",
        )
    write_whole(path, records(session, readings, export, full=False))
