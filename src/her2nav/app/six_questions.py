"""`start`: from six answers to a patient file, where there is no document."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from her2nav.app.intake import checked
from her2nav.app.session import Session
from her2nav.intake.reading import Reading
from her2nav.model.errors import FileError


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the questions of `start`: what is asked, an example, how the answer is read."""

    id: str
    text: str
    example: str
    sentence: Callable[[str], str]


_EXTENT = re.compile(
    r"\bstage\b|metast|\bmets\b|spread|local|early|node|\bno\b|\bnone\b|\b[cpy]{0,2}t[0-4]", re.IGNORECASE
)
QUESTIONS: tuple[Asked, ...] = (
    Asked("cancer", "Which cancer is it?", "breast cancer", lambda answer: f"Diagnosis: {answer}."),
    Asked(
        "her2",
        "What does the report say about HER2?",
        "IHC 2+, FISH not amplified",
        lambda answer: answer if re.search(r"her-?2|erbb2", answer, re.IGNORECASE) else f"HER2 {answer}.",
    ),
    Asked(
        "spread",
        "How far has it spread? Stage, or the places",
        "stage IV, metastases in liver and bone",
        lambda answer: f"Extent: {answer}." if _EXTENT.search(answer) else f"Metastases in {answer}.",
    ),
    Asked(
        "treatment",
        "Which cancer medicines were given, with the years?",
        "TCHP 2023, T-DXd 2024",
        lambda answer: (
            "Treatment:\n"
            + "\n".join(f"received {part.strip()}." for part in re.split(r"[;,\n]", answer) if part.strip())
        ),
    ),
    Asked("person", "Age, and woman or man?", "58 year old woman", lambda answer: _person(answer)),
    Asked(
        "daily_life",
        "Daily life, 0 to 4: 0 no limits, 1 light work, 2 up more than half the day, 3 mostly in bed, 4 always in bed",
        "1",
        lambda answer: f"ECOG {answer}.",
    ),
)


def _person(answer: str) -> str:
    """Bring "58, woman" into the order that notes use."""
    age = re.search(r"\d{1,3}", answer)
    words = " ".join(re.sub(r"[^a-zA-Z ]|\b(?:years?|old|yrs?|yo)\b", " ", answer).split())
    return f"{age[0]} year old {words or 'patient'}." if age else f"Sex: {words}."


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer of `start` gave; `understood` is False where nothing was read from it."""

    reading: Reading
    understood: bool


def answer(session: Session, question: Asked, words: str) -> Answered:
    """Read one answer."""
    from her2nav.intake.notes.read import read_notes
    from her2nav.intake.notes.source import note_of

    if question.id == "cancer" and (known := session.knowledge.tumours.find(words.strip())) is not None:
        return Answered(Reading({"cancer": {"tumour_type": known}}), True)
    text = question.sentence(words.strip())
    try:
        reading = checked(session, read_notes([note_of(text, question.id)], session.knowledge))
    except FileError:
        return Answered(Reading({}), False)
    return Answered(reading, bool(reading.patient))


def joined(readings: Sequence[Reading]) -> Reading:
    """Put the answers together; an earlier answer counts where two say something of one field."""
    patient: dict[str, Any] = {}
    for reading in readings:
        _fill(patient, reading.patient)
    patient.pop("as_of", None)
    return Reading(patient, tuple(one for reading in readings for one in reading.provenance))


def _fill(target: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _fill(target[key], value)
        else:
            target.setdefault(key, value)
