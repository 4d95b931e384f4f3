"""The note table: what notes say beside the coded rows; a note never takes the place of a coded value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from her2nav.intake.omop.rows import Record
from her2nav.intake.reading import Origin, Question, Reading, Sourced, Unused
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import FileError

_OWN = ("id", "as_of", "complete")
_WHO = ("/demographics/sex", "/demographics/birth_date")
"""A note that differs in one of these may be about another person."""


def add_notes(reading: Reading, records: Sequence[Record], knowledge: Knowledge) -> Reading:
    """Fill what the coded rows leave open from the notes; where both speak and differ, the note's value is asked about.

    A list is taken from the notes only where the coded rows have nothing of it: two lists of one thing cannot be
    joined without guessing what is the same.
    """
    if not any(record.get("note_text").strip() for record in records):
        return reading
    # Loaded only where there are notes: it takes a third of a second.
    from her2nav.intake.notes.read import read_notes
    from her2nav.intake.notes.source import note_of

    notes = []
    unread: list[Unused] = []
    places: dict[str, Record] = {}
    for number, record in enumerate(records, 1):
        text = record.get("note_text")
        if not text.strip():
            continue
        name = f"note {number}"
        try:
            notes.append(note_of(text, name))
        except FileError as problem:
            place = record.place
            unread.append(Unused(place.source, place.line, f"note.note_text: {problem.message}"))
            continue
        places[name] = record
    reading = replace(reading, unused=(*reading.unused, *unread))
    if not notes:
        return reading
    said = read_notes(notes, knowledge)
    stranger = next((one for one in said.provenance if one.path in _WHO and _differs(reading.patient, one)), None)
    if stranger is not None:
        what = f"{stranger.path.rsplit('/', 1)[-1].replace('_', ' ')} {stranger.value}"
        message = f"a note says {what}: whose note is it? No note was used"
        question = Question("note_differs", message, _placed(stranger.origin, places))
        return replace(reading, questions=(*reading.questions, question))
    patient = dict(reading.patient)
    taken: list[Sourced] = []
    questions = list(reading.questions)
    for one in said.provenance:
        parts = one.path.strip("/").split("/")
        if parts[0] in _OWN:
            continue
        origin = _placed(one.origin, places)
        whole = next((parts[:n] for n in (1, 2) if isinstance(_at(said.patient, parts[:n]), list)), parts)
        coded = _at(reading.patient, whole)
        if coded is None and _put(patient, whole, _at(said.patient, whole)):
            taken.append(Sourced(one.path, one.value, origin))
        elif coded is not None and whole is parts and str(coded).lower() != str(one.value).lower():
            shown = one.path.strip("/").replace("/", ".")
            message = f"{shown}: the tables say {coded}, a note says {one.value}; the tables count"
            questions.append(Question("note_differs", message, origin))
    questions += [replace(one, origin=_placed(one.origin, places) if one.origin else None) for one in said.questions]
    conflicts = [
        replace(one, choices=tuple(c._replace(origin=_placed(c.origin, places)) for c in one.choices))
        for one in said.contradictions
    ]
    return replace(
        reading,
        patient=patient,
        provenance=reading.provenance + tuple(taken),
        questions=tuple(questions),
        contradictions=reading.contradictions + tuple(conflicts),
        partial=reading.partial or said.partial,
    )


def _differs(patient: dict[str, Any], one: Sourced) -> bool:
    coded = _at(patient, one.path.strip("/").split("/"))
    text = str(one.value)
    return coded is not None and not (str(coded).startswith(text) or text.startswith(str(coded)))


def _placed(origin: Origin, places: dict[str, Record]) -> Origin:
    """Return the row of the note table instead of the note; the words stay."""
    record = places.get(origin.source)
    if record is None:
        return origin
    return Origin(record.place.source, origin.start, origin.end, record.place.line, f"note.note_text: {origin.quote}")


def _at(record: Any, parts: Sequence[str]) -> Any:
    for part in parts:
        if isinstance(record, list):
            record = record[int(part)] if part.isdigit() and int(part) < len(record) else None
        else:
            record = record.get(part) if isinstance(record, dict) else None
    return record


def _put(record: dict[str, Any], parts: Sequence[str], value: Any) -> bool:
    """Set a value where nothing stands in the way; the groups above it are copied, not changed."""
    if value is None or any(part.isdigit() for part in parts):
        return False
    here = record
    for part in parts[:-1]:
        inner = here.get(part, {})
        if not isinstance(inner, dict):
            return False
        here[part] = here = dict(inner)
    here[parts[-1]] = value
    return True
