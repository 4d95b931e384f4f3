"""`interpret --csv`: a table of specimens, one answer per row; a bad row is reported and never stops the others."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from her2nav.app.columns import OUTPUT, Header, known_columns, read_header, specimen_of
from her2nav.app.required import RequiredItem, asked_items, missing_items, required_items
from her2nav.app.session import Session
from her2nav.files.places import Document
from her2nav.files.reading import read_text
from her2nav.files.validation import build
from her2nav.intake.patient_file import check_patient
from her2nav.interpret.guidelines import guideline_for, interpret_for_tumour
from her2nav.interpret.results import PatientHer2, RuleRef, SpecimenHer2
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate
from her2nav.model.errors import InputError
from her2nav.model.patient import Patient
from her2nav.model.specimens import Specimen

MAX_BYTES = 512 * 1024 * 1024
_LONGEST_RECORD = 50
"""A quoted cell may run over lines, but not over more than this."""
_MEMORY = 65536
_EMPTY_ROW = dict.fromkeys(OUTPUT, "")
_DATES = frozenset({"collected", "ish_date"})


@dataclass(frozen=True)
class Judged:
    """What a row says, apart from its place in the table.

    Attributes:
        tumour: Id of the tumour type.
        folder: Folder of its guideline; None where no rule is known.
        specimen: What was measured; its date may be that of another row with the same answer.
        her2: The interpretation; None where no rule is known.
        asked: What a report of such a specimen holds.
        missing: What of it this report lacks.
    """

    tumour: str
    folder: str | None
    specimen: Specimen
    her2: PatientHer2 | None
    asked: tuple[RequiredItem, ...]
    missing: tuple[RequiredItem, ...]

    @property
    def result(self) -> SpecimenHer2 | None:
        """The one specimen of the row; None where no rule is known, or where it is dated after the day asked about."""
        return self.her2.specimens[0] if self.her2 is not None and self.her2.specimens else None

    @cached_property
    def told(self) -> dict[str, str]:
        """The columns of the result, `line` and `id` left out."""
        result, her2 = self.result, self.her2
        if result is None or her2 is None:
            return {"tumour": self.tumour, "error": "no rule is known for this tumour type"}
        status = result.status
        return {
            "tumour": self.tumour,
            "status": status.value,
            "expression": result.expression.value,
            "ish_group": str(result.ish_group or ""),
            "amplification": result.amplification.value,
            "final": "yes" if status.final else "no",
            "outcome": status.outcome,
            "rule": ", ".join(ref.id for ref in status.rules),
            "source": "; ".join(dict.fromkeys(_source(ref) for ref in status.rules)),
            "flags": "; ".join(dict.fromkeys(flag.code for flag in (*result.flags, *her2.flags))),
            "next": "; ".join(step.code for step in her2.next_tests),
            "missing": "; ".join(item.says for item in self.missing),
            "says": " ".join(sentence.clinical for sentence in result.sentences),
        }


def _source(ref: RuleRef) -> str:
    mark = " (unverified)" if ref.confidence.unverified else ""
    return f"{ref.source}, {ref.locator}, {ref.confidence.value}{mark}"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row of the table.

    Attributes:
        line: Line of the file that it begins on.
        id: The user's own.
        judged: None where the row cannot be read.
        error: Why not.
        written: The tumour type as written.
    """

    line: int
    id: str
    written: str
    judged: Judged | None
    error: str | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all rows of a tumour type share.

    Attributes:
        tumour: Id of the tumour type.
        patient: The record without a specimen.
        folder: Folder of the guideline.
        items: What its reports hold.
        since: From this day a laboratory's ISH word follows the rules.
    """

    tumour: str
    patient: Patient
    folder: str | None
    items: tuple[RequiredItem, ...]
    since: date | None


class Batch:
    """A table of specimens, read row by row.

    Args:
        session: Knowledge and clock.
        source: Path, or `-` for standard input.
        tumour: Tumour type of rows that state none.
        as_of: The day; today when None.

    Raises:
        InputError: The file cannot be read, or its header has no known column or one that looks like a slip.
    """

    def __init__(self, session: Session, source: str, tumour: str | None, as_of: date | None) -> None:
        text, self.name = read_text(source, limit=MAX_BYTES)
        self._session = session
        self._tumour = tumour
        self._as_of = as_of or session.today()
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._delimiter = _delimiter(self._lines[0])
        self._header: Header = read_header(self._cells(self._lines[0]), self.name, session.knowledge)
        self._memory: dict[tuple[str, ...], Judged | str] = {}
        self._frames: dict[str, _Frame | None] = {}
        self._days: dict[tuple[str, date | None], str] = {}
        self._missing: dict[tuple[object, ...], tuple[tuple[RequiredItem, ...], tuple[RequiredItem, ...]]] = {}
        self.warnings = tuple(f"{self.name}: the column '{name}' is not read" for name in self._header.unread)
        columns = [item.column if item else None for item in self._header.columns]
        if "tumour" not in columns and tumour is None:
            allowed = ", ".join(item.column for item in known_columns(session.knowledge))
            raise InputError(
                "the tumour type is needed: a column tumour, or --tumour for all rows",
                file=self.name,
                allowed=allowed,
                code="tumour_needed",
            )
        self._columns = columns
        self.lines = len(self._lines)

    def rows(self, progress: Callable[[int], None] | None = None) -> Iterator[BatchRow]:
        """Yield every row in the order of the file, the bad ones too."""
        for line, cells, fault in self._records():
            if progress is not None:
                progress(line)
            if fault is None and len(cells) != len(self._columns):
                fault = f"{len(cells)} cells where the header has {len(self._columns)}"
            named = {column: cell for column, cell in zip(self._columns, cells, strict=False) if column is not None}
            identity, written = named.pop("id", ""), named.get("tumour", "") or self._tumour or ""
            if fault is not None:
                yield BatchRow(line, identity, written, None, fault)
                continue
            key = self._key(named)
            found = self._memory.get(key)
            if found is None:
                found = self._judge(named)
                if len(self._memory) >= _MEMORY:
                    self._memory.clear()
                self._memory[key] = found
            error = found if isinstance(found, str) else None
            yield BatchRow(line, identity, written, None if isinstance(found, str) else found, error)

    def _key(self, cells: dict[str, str]) -> tuple[str, ...]:
        """Return what rows of the same answer share: all cells, a date only by whether it is past its rules' start.

        A date decides nothing else of a single specimen; one that cannot be read or lies ahead stands for itself.
        """
        frame = self._frame(cells.get("tumour") or self._tumour or "")
        if frame is None:
            return tuple(cells.values())
        return tuple(
            self._dated_key(cell, frame.since) if cell and name in _DATES else cell for name, cell in cells.items()
        )

    def _dated_key(self, text: str, since: date | None) -> str:
        known = self._days.get((text, since))
        if known is None:
            try:
                day = PartialDate.parse(text)
            except ValueError:
                known = text
            else:
                before, after = since is not None and day.low < since, since is None or day.high >= since
                known = text if day.low > self._as_of else f"dated {before} {after}"
            self._days[text, since] = known
        return known

    def _judge(self, cells: dict[str, str]) -> Judged | str:
        try:
            written, record = specimen_of(cells, self._session.knowledge, decimal_comma=self._delimiter != ",")
        except InputError as error:
            return _told(error, self._session.knowledge)
        written = written or self._tumour
        if written is None:
            return "the tumour type is absent"
        try:
            specimen = Specimen.model_validate(record)
        except ValidationError:
            return self._refused(written, record)
        frame = self._frame(written)
        if frame is None or not self._dated(specimen):
            return self._refused(written, record)
        patient = frame.patient.model_copy(update={"specimens": (specimen,)})
        # Every date of the row lies before the day asked about, so that nothing has to be taken out of the record.
        her2 = interpret_for_tumour(patient, frame.tumour, self._session.knowledge, self._as_of)
        pattern = (
            frame.folder,
            specimen.kind,
            *(bool(cell) or name for name, cell in cells.items() if name != "tumour"),
        )
        pattern += tuple(cells.get(name) for name in ("ihc", "zero", "ish", "ish_method"))
        found = self._missing.get(pattern)
        if found is None:
            asked = asked_items(specimen, frame.items)
            found = self._missing[pattern] = (asked, missing_items(specimen, asked))
        return Judged(frame.tumour, frame.folder, specimen, her2, *found)

    def _frame(self, written: str) -> _Frame | None:
        """Return what all rows of a tumour type share; None where there is no such type."""
        if written not in self._frames:
            knowledge = self._session.knowledge
            tumour = knowledge.tumours.find(written)
            if tumour is None:
                self._frames[written] = None
            else:
                folder = knowledge.tumours.guideline(tumour)
                rules = guideline_for(tumour, knowledge, self._as_of)
                self._frames[written] = _Frame(
                    tumour,
                    Patient.model_validate({"cancer": {"tumour_type": written}}),
                    folder,
                    required_items(knowledge, folder) if folder else (),
                    rules.reported_calls_from if rules else None,
                )
        return self._frames[written]

    def _dated(self, specimen: Specimen) -> bool:
        """True when no date of the row lies after the day asked about; others take the slow way, which tells why."""
        dates = (specimen.collected, specimen.ish.date if specimen.ish else None)
        return all(day is None or day.low <= self._as_of for day in dates)

    def _refused(self, written: str, record: dict[str, Any]) -> str:
        """Return why a row is refused, as a patient file with the same mistake would be."""
        session = self._session
        document = Document({"cancer": {"tumour_type": written}, "specimens": [record]}, self.name)
        try:
            patient = build(Patient, document)
            read = check_patient(patient, document, session.knowledge, session.today(), self._as_of)
        except InputError as error:
            return _told(error, session.knowledge)
        return f"dated after {self._as_of}: {', '.join(_column(path, session.knowledge) for path in read.set_aside)}"

    def _cells(self, text: str) -> list[str]:
        return [cell.strip() for cell in next(csv.reader([text], delimiter=self._delimiter), [])]

    def _records(self) -> Iterator[tuple[int, list[str], str | None]]:
        """Yield line, cells and fault of every record; a quote that is never closed costs its own line only."""
        at, count, wanted = 1, len(self._lines), len(self._columns)
        while at < count:
            text, end = self._lines[at], at
            if '"' not in text:
                if text.strip():
                    yield at + 1, self._cells(text), None
                at += 1
                continue
            while text.count('"') % 2 and end + 1 < count and end - at < _LONGEST_RECORD:
                end += 1
                text += "\n" + self._lines[end]
            reader = csv.reader(io.StringIO(text), delimiter=self._delimiter)
            cells = [cell.strip() for cell in next(reader, [])]
            if text.count('"') % 2 or (end > at and len(cells) != wanted):
                yield at + 1, [], "a quotation mark is not closed"
                end = at
            else:
                yield at + 1, cells, None
            at = end + 1


def _delimiter(header: str) -> str:
    """Return what separates the cells: the sign that the header holds most of."""
    return max((",", ";", "\t"), key=header.count)


def _told(error: InputError, knowledge: Knowledge) -> str:
    """Return the line of an error without the file, with the column instead of the path."""
    place = (error.place or "").removeprefix("key ").strip("'")
    text = f"{_column(place, knowledge)}: {error.message}" if place else error.message
    return f"{text} (allowed: {error.allowed})" if error.allowed else text


def _column(place: str, knowledge: Knowledge) -> str:
    """Return the column that fills a place of the patient file."""
    path = place.strip("/").removeprefix("specimens/0/").removeprefix("cancer/")
    return next((item.column for item in known_columns(knowledge) if item.path == path), path)


def row_values(row: BatchRow) -> dict[str, str]:
    """Return a row of the result: words for people and codes for programs, all text."""
    values = {**_EMPTY_ROW, "line": str(row.line), "id": row.id}
    if row.judged is None:
        return values | {"tumour": row.written, "error": row.error or ""}
    return values | row.judged.told


def csv_lines(rows: Iterator[BatchRow]) -> Iterator[str]:
    """Yield the result as CSV text, header first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(OUTPUT)
    for row in rows:
        writer.writerow(row_values(row).values())
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def row_json(row: BatchRow) -> dict[str, Any]:
    """Return a row of the result as plain data."""
    values: dict[str, Any] = row_values(row)
    for name in ("flags", "next", "missing"):
        values[name] = [part for part in values[name].split("; ") if part]
    values["line"] = row.line
    values["final"] = {"yes": True, "no": False}.get(values["final"])
    values["ish_group"] = int(values["ish_group"]) if values["ish_group"] else None
    return {key: (value if value != "" else None) for key, value in values.items()}


def progress_line(total: int) -> Callable[[int], None] | None:
    """Return a function that shows how far a table is read, where a person looks on."""
    if not sys.stderr.isatty():
        return None
    step = max(1, total // 100)

    def show(line: int) -> None:
        if line % step == 0 or line == total:
            sys.stderr.write(f"\r{line:,} of {total:,} lines")
            sys.stderr.flush()

    return show
