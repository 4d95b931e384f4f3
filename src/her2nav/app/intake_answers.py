"""The shape of the answer of `intake`."""

from __future__ import annotations

from typing import Any

from her2nav.model.base import Frozen


class Place(Frozen):
    """Where a value stands: characters and line of a note."""

    source: str
    line: int | None
    start: int | None
    end: int | None
    quote: str


class SourcedValue(Frozen):
    """A value with its JSON pointer in the patient file and its place."""

    path: str
    value: Any
    origin: Place


class ContradictionAnswer(Frozen):
    """Values that exclude each other, newest first."""

    path: str
    message: str
    choices: tuple[SourcedValue, ...]


class QuestionAnswer(Frozen):
    """Something that a person must settle."""

    code: str
    message: str
    origin: Place | None


class UnusedLine(Frozen):
    """A line from which nothing was taken; with `part`, what was left of a line that gave a value."""

    source: str
    line: int
    text: str
    part: bool


class IntakeAnswer(Frozen):
    """Answer of `her2nav intake --format json`."""

    patient: dict[str, Any]
    summary: str
    provenance: tuple[SourcedValue, ...]
    contradictions: tuple[ContradictionAnswer, ...]
    questions: tuple[QuestionAnswer, ...]
    older: tuple[SourcedValue, ...]
    unused: tuple[UnusedLine, ...]
    partial: str | None
    versions: dict[str, str | None]
