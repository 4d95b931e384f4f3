"""A patient from what people have: a patient file, a FHIR bundle, a report or a letter; from disk or from memory."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from her2nav.app.session import Session
from her2nav.files.jsonfile import parse_record
from her2nav.files.places import Document
from her2nav.files.reading import MAX_BYTES, text_of, too_large
from her2nav.files.validation import build
from her2nav.intake.patient_file import ReadPatient, check_patient
from her2nav.model.errors import FileError, InputError
from her2nav.model.patient import Patient

if TYPE_CHECKING:
    # The readers of notes and bundles are loaded when there is one to read.
    from her2nav.app.intake import Intake
    from her2nav.intake.notes.source import NoteText

Shape = Literal["patient_file", "fhir", "note"]
_RECORD = (".yaml", ".yml", ".json")
_DOCUMENT = (b"%PDF", b"PK\x03\x04")
_KEY = re.compile(r"^([a-z_0-9]+)\s*:", re.MULTILINE)
_CHECK = "read from {what} by program: check the values (her2nav intake {name} --review)"
_WHAT = {"note": "a note", "fhir": "a FHIR bundle"}


@dataclass(frozen=True, slots=True)
class Given:
    """A patient and where the record comes from.

    Attributes:
        read: The patient on their day, with warnings.
        shape: What was given.
        intake: What was read with the place of every value; None for a patient file.
    """

    read: ReadPatient
    shape: Shape
    intake: Intake | None = None


def patient_of(session: Session, source: str | Path, as_of: date | None = None) -> ReadPatient:
    """Read the patient of a file, or of standard input (`-`), whatever its shape.

    Raises:
        InputError: It cannot be read, or holds several patients.
    """
    name = str(source)
    raw = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else _bytes(Path(source))
    return given(session, raw, name, as_of).read


def given(session: Session, raw: bytes, name: str, as_of: date | None = None) -> Given:
    """Read the patient of a file's content; nothing is written anywhere.

    Args:
        session: Knowledge and the clock.
        raw: The content.
        name: The file's name, for messages; its ending decides where the content does not.
        as_of: Overrides the record's own day.

    Raises:
        InputError: Empty, too large, malformed, or several patients.
    """
    if len(raw) > MAX_BYTES:
        raise too_large(name, len(raw), MAX_BYTES)
    shape = shape_of(raw, name)
    if shape == "patient_file":
        document = parse_record(text_of(raw, name), name)
        patient = build(Patient, document)
        return Given(check_patient(patient, document, session.knowledge, session.today(), as_of), shape)
    intake = _bundle(session, raw, name) if shape == "fhir" else _note(session, raw, name)
    return of_intake(session, intake, shape, name, as_of)


def of_intake(session: Session, intake: Intake, shape: Shape, name: str, as_of: date | None = None) -> Given:
    """Return the patient that was read from notes or a bundle; contradictions and open questions are warnings."""
    reading = intake.reading
    if not reading.patient:
        raise InputError("nothing about a patient was found", file=name, allowed="a report, a letter, a patient file")
    patient = Patient.model_validate(reading.patient)
    read = check_patient(patient, Document(reading.patient, name), session.knowledge, session.today(), as_of)
    told = [_CHECK.format(what=_WHAT[shape], name=name)]
    told += [f"conflict, left out: {one.message}" for one in reading.contradictions]
    told += [f"to settle: {question.message}" for question in reading.questions]
    if reading.partial:
        told.append(f"partial: {reading.partial}")
    return Given(ReadPatient(read.patient, read.as_of, (*told, *read.warnings), read.set_aside), shape, intake)


def notes_of(session: Session, notes: Sequence[NoteText]) -> Intake:
    """Read notes of one patient that are in memory."""
    from her2nav.app.intake import Intake, checked
    from her2nav.intake.notes.read import read_notes

    return Intake(tuple(notes), checked(session, read_notes(notes, session.knowledge)))


def _note(session: Session, raw: bytes, name: str) -> Intake:
    from her2nav.intake.notes.source import note_from_bytes

    return notes_of(session, [note_from_bytes(raw, name)])


def shape_of(raw: bytes, name: str) -> Shape:
    """Tell by content, then by name, what was given."""
    if raw.startswith(_DOCUMENT):
        return "note"
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return "fhir" if b'"resourceType"' in start else "patient_file"
    if name.lower().endswith(_RECORD):
        return "patient_file"
    first = _KEY.search(start[:4096].decode("utf-8", errors="replace"))
    return "patient_file" if first is not None and first[1] in Patient.model_fields else "note"


def _bundle(session: Session, raw: bytes, name: str) -> Intake:
    from her2nav.app.intake import Intake, checked
    from her2nav.intake.fhir.read import read_bundle

    try:
        data = json.loads(text_of(raw, name), parse_float=Decimal)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            # One whole value, and then more: the lines of an export.
            raise InputError(
                "it is an export with a resource on each line",
                file=name,
                place=f"line {error.lineno}",
                allowed="a bundle of one patient; her2nav intake FILE... --out patients.ndjson reads an export",
                code="no_bundle",
            ) from None
        raise InputError(f"not valid JSON: {error.msg}", file=name, place=f"line {error.lineno}") from None
    except (RecursionError, ValueError):
        raise InputError("not readable JSON", file=name) from None
    if not isinstance(data, dict) or not isinstance(data.get("resourceType"), str):
        raise InputError("this JSON is no FHIR", file=name, allowed="a FHIR Bundle", code="no_fhir")
    readings = [checked(session, reading) for reading in read_bundle(data, name, session.knowledge)]
    persons = [reading for reading in readings if reading.patient]
    if len(persons) > 1:
        raise InputError(f"the bundle holds {len(persons)} patients", file=name, allowed="one patient")
    if not persons:
        raise InputError("nothing about a patient was found", file=name, allowed="a bundle of one patient")
    return Intake((), persons[0])


def _bytes(path: Path) -> bytes:
    name = str(path)
    try:
        if path.is_dir():
            raise FileError("this is a folder", file=name, allowed="a file", code="is_folder")
        if (size := path.stat().st_size) > MAX_BYTES:
            raise too_large(name, size, MAX_BYTES)
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileError("no such file", file=name, code="no_such_file") from None
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}", file=name, code="unreadable") from None
