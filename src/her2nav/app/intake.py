"""`intake`: from notes to a patient file that every command reads; checked, corrected, written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import yaml
from pydantic import ValidationError

from her2nav.app.session import Session
from her2nav.files.writing import write_whole
from her2nav.intake.adding.values import copied
from her2nav.intake.patient_file import ReadPatient, any_after, dates_of
from her2nav.intake.reading import Question, Reading, Sourced
from her2nav.model.errors import FileError, ValueProblem
from her2nav.model.patient import Patient

if TYPE_CHECKING:
    from her2nav.intake.notes.dates import Order
    from her2nav.intake.notes.source import NoteText

# The reader of notes is loaded where a note is read: it takes a third of a second, and tables and FHIR have no notes.

_BARE = re.compile(r"(?<=[:\[ -] )'(-?\d[\d.]*|\d{4}-\d\d(?:-\d\d)?)'(?=[,}\]\n])")
_HEAD = "# Read by her2nav intake: check it before use. What is absent is unknown.\n"


@dataclass(frozen=True, slots=True)
class Intake:
    """Notes with what was read from them."""

    notes: tuple[NoteText, ...]
    reading: Reading


def intake(session: Session, sources: Sequence[str | Path], order: Order | None = None) -> Intake:
    """Read notes of one patient.

    Raises:
        FileError: A file cannot be read, or holds no text.
    """
    from her2nav.intake.notes.read import read_notes
    from her2nav.intake.notes.source import read_note

    if sum(1 for source in sources if str(source) == "-") > 1:
        raise FileError("standard input can be read once", file="-", allowed="one - among the notes")
    notes = tuple(read_note(source) for source in sources)
    return Intake(notes, checked(session, read_notes(notes, session.knowledge, order=order)))


def added_to(session: Session, known: ReadPatient, name: str, reading: Reading) -> Reading:
    """Add what was read to the patient there is: what is new goes in, what differs is settled by date or shown.

    Args:
        session: Knowledge and the clock.
        known: The patient as recorded so far.
        name: What that record is called, for the places of its values.
        reading: What was read from further documents.

    Raises:
        InputError: The documents are of another person.
    """
    from her2nav.intake.adding.add import add
    from her2nav.intake.adding.names import Names
    from her2nav.intake.notes.vocabulary import FieldRules

    fixed = session.knowledge.record("intake/fields.yaml", FieldRules).fixed
    return checked(session, add(known.patient, name, known.as_of, reading, fixed, Names(session.knowledge)))


class Clock(Protocol):
    """What knows the day."""

    def today(self) -> date:
        """Return it."""
        ...


def checked(session: Clock, reading: Reading) -> Reading:
    """Leave out what the patient file does not allow, with a question for each."""
    try:
        patient = Patient.model_validate(reading.patient)
    except ValidationError:
        return _mended(session, reading)
    return _mended(session, reading) if any_after(patient, _last_day(session, patient)) else reading


def _last_day(session: Clock, patient: Patient) -> date:
    """Return the day after which nothing can lie: the clock's, or the patient's own where that is later."""
    today = session.today()
    return max(patient.as_of.low, today) if patient.as_of is not None and patient.as_of.exact else today


def _mended(session: Clock, reading: Reading) -> Reading:
    record = reading.patient
    questions = list(reading.questions)
    patient = Patient()
    while True:  # each turn takes something out
        try:
            patient = Patient.model_validate(record)
            break
        except ValidationError as problem:
            first = problem.errors()[0]
            record = copied(record) if record is reading.patient else record
            path = _removed(record, [part for part in first["loc"] if part not in ("function-before", "dict")])
            questions.append(
                Question("not_allowed", f"{path}: {_said(first['msg'])}; left out", _origin(reading, path))
            )
    last = _last_day(session, patient)
    for place, value in dates_of(patient):
        if place[0] not in ("planned", "as_of") and value.low > last:
            record = copied(record) if record is reading.patient else record
            pointer = _removed(record, list(place))
            questions.append(
                Question("future", f"{pointer}: {value} lies in the future; left out", _origin(reading, pointer))
            )
    if record is reading.patient:
        return reading
    kept = tuple(one for one in reading.provenance if _at(record, one.path) is not None)
    return replace(reading, patient=record, questions=tuple(questions), provenance=kept)


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _removed(record: dict[str, Any], path: list[Any]) -> str:
    """Take the value at a path out, or the nearest thing above it that exists; return its pointer."""
    target: Any = record
    done: list[Any] = []
    for part in path[:-1]:
        inner = target[part] if _has(target, part) else None
        if not isinstance(inner, (dict, list)):
            break
        target, done = inner, [*done, part]
    last = path[len(done)] if len(done) < len(path) else None
    if last is not None and _has(target, last):
        target.pop(last)
        done.append(last)
    elif done:
        parent = record
        for part in done[:-1]:
            parent = parent[part]
        parent.pop(done[-1])
    else:
        record.clear()
    return "/" + "/".join(str(part) for part in done)


def _has(target: Any, part: Any) -> bool:
    return part in target if isinstance(target, dict) else isinstance(part, int) and part < len(target)


def _at(record: Any, pointer: str) -> Any:
    for part in pointer.strip("/").split("/"):
        key: Any = int(part) if isinstance(record, list) and part.isdigit() else part
        if not _has(record, key):
            return None
        record = record[key]
    return record


def _origin(reading: Reading, pointer: str) -> Any:
    return next((one.origin for one in reading.provenance if one.path.startswith(pointer)), None)


def summary(reading: Reading, done: str = "read") -> str:
    """Return the counts in one line; `done`: what was done with the values.

    >>> summary(Reading({}))
    '0 values read, 0 conflict, 0 to settle, 0 lines unused, 0 used in part'
    """
    parts = sum(1 for one in reading.unused if one.part)
    return (
        f"{len(reading.provenance)} values {done}, {len(reading.contradictions)} conflict, "
        f"{len(reading.questions)} to settle, {len(reading.unused) - parts} lines unused, {parts} used in part"
    )


def patient_yaml(reading: Reading) -> str:
    """Return the patient file as YAML; numbers and dates without quotes."""
    text = yaml.safe_dump(reading.patient, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return _HEAD + _BARE.sub(r"\1", text)


def write_patient(reading: Reading, path: Path) -> None:
    """Write the patient file.

    Raises:
        FileError: The place cannot be written to.
    """
    if path.suffix.lower() == ".json":
        import json

        write_whole(path, [json.dumps(reading.patient, ensure_ascii=False, indent=2) + "\n"])
    else:
        write_whole(path, [patient_yaml(reading)])


def corrected(session: Session, reading: Reading, instruction: str) -> Reading:
    """Apply one correction of a person: `performance.ecog = 2`, or `- performance.ecog` to take a value out.

    Raises:
        ValueProblem: The path does not exist, or the value is not allowed there.
    """
    record = copied(reading.patient)
    text = instruction.strip()
    if text.startswith("-"):
        parts = _parts(text[1:])
        pointer = "/" + "/".join(str(part) for part in parts)
        if _at(record, pointer) is None:
            raise ValueProblem(
                f"there is no '{text[1:].strip()}'",
                place="correction",
                allowed="a path as shown, for example performance.ecog",
            )
        _removed(record, parts)
    else:
        path, sign, value = text.partition("=")
        if not sign or not path.strip():
            raise ValueProblem(
                f"'{text}' is no correction", place="correction", allowed="PATH = VALUE, or - PATH to take a value out"
            )
        parts = _parts(path)
        _put(record, parts, yaml.load(value, yaml.BaseLoader), text)  # noqa: S506 - BaseLoader makes only text, lists and mappings
        pointer = "/" + "/".join(str(part) for part in parts)
    try:
        Patient.model_validate(record)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise ValueProblem(_said(str(first["msg"])), place=pointer, allowed="see her2nav schema patient") from None
    return replace(
        reading,
        patient=record,
        provenance=tuple(one for one in reading.provenance if not one.path.startswith(pointer)),
        contradictions=tuple(one for one in reading.contradictions if one.path != pointer),
    )


def _parts(path: str) -> list[Any]:
    return [int(part) if part.isdigit() else part for part in re.split(r"[./]", path.strip().strip("/")) if part]


def _put(record: Any, parts: list[Any], value: Any, shown: str) -> None:
    for i, part in enumerate(parts[:-1]):
        if isinstance(record, list):
            if not isinstance(part, int) or part > len(record):
                raise ValueProblem(f"'{shown}' names no entry", place="correction", allowed=f"0 to {len(record)}")
            if part == len(record):
                record.append({})
            record = record[part]
        elif isinstance(record, dict):
            record = record.setdefault(part, [] if isinstance(parts[i + 1], int) else {})
        else:
            raise ValueProblem(f"'{shown}' goes below a value", place="correction", allowed="a path as shown")
    last = parts[-1]
    if isinstance(record, list):
        if not isinstance(last, int) or last > len(record):
            raise ValueProblem(f"'{shown}' names no entry", place="correction", allowed=f"0 to {len(record)}")
        record[last : last + 1] = [value]
    elif isinstance(record, dict):
        record[last] = value
    else:
        raise ValueProblem(f"'{shown}' goes below a value", place="correction", allowed="a path as shown")


def to_json(session: Session, found: Intake) -> dict[str, Any]:
    """Return the answer in the form of the `intake` command's JSON."""
    reading = found.reading
    return {
        "patient": reading.patient,
        "summary": summary(reading),
        "provenance": [_sourced(one) for one in reading.provenance],
        "contradictions": [
            {"path": one.path, "message": one.message, "choices": [_sourced(choice) for choice in one.choices]}
            for one in reading.contradictions
        ],
        "questions": [
            {"code": one.code, "message": one.message, "origin": _place(one.origin) if one.origin else None}
            for one in reading.questions
        ],
        "older": [_sourced(one) for one in reading.older],
        "unused": [
            {"source": one.source, "line": one.line, "text": one.text, "part": one.part} for one in reading.unused
        ],
        "partial": reading.partial,
        "versions": session.versions(trials=False),
    }


def _sourced(one: Sourced) -> dict[str, Any]:
    return {"path": one.path, "value": one.value, "origin": _place(one.origin)}


def _place(origin: Any) -> dict[str, Any]:
    return {
        "source": origin.source,
        "line": origin.line,
        "start": origin.start,
        "end": origin.end,
        "quote": origin.quote,
    }
