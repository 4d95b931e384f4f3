"""What every way of intake gives back: a patient file, the place behind every value, and what was not used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

# Places and values are named tuples: an export has millions of them, and they are made in a third of the time.


class Origin(NamedTuple):
    """Where a value stands in what was read.

    Attributes:
        source: Name of the note, bundle or table.
        start: First character in the source's text; a resource path has none.
        end: Character after the last.
        line: Line of the text, from 1.
        quote: The words themselves, or the resource path.
    """

    source: str
    start: int | None
    end: int | None
    line: int | None
    quote: str


class Sourced(NamedTuple):
    """One value of the patient file with its origin; `path` is a JSON pointer."""

    path: str
    value: Any
    origin: Origin


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Values that exclude each other, newest first; none of them is in the patient file."""

    path: str
    message: str
    choices: tuple[Sourced, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a person must settle: the order of dates, a unit, a bound that is no value."""

    code: str
    message: str
    origin: Origin | None = None


class Unused(NamedTuple):
    """A line of the source from which nothing was taken; names and numbers of persons are masked.

    Attributes:
        part: The line gave a value, and `text` is what was left of it: numbers and words of HER2 results.
    """

    source: str
    line: int
    text: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of intake.

    Attributes:
        patient: The patient file as plain data; it holds only what was read.
        provenance: Every value with its origin.
        contradictions: What differs and was therefore left out.
        questions: What a person must settle.
        older: Values that a newer one replaced.
        unused: Lines without any value, and what was left of lines with one.
        partial: Why the reading is only a part of what was given; None: all was read.
    """

    patient: dict[str, Any]
    provenance: tuple[Sourced, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    questions: tuple[Question, ...] = ()
    older: tuple[Sourced, ...] = ()
    unused: tuple[Unused, ...] = ()
    partial: str | None = None
    lines: int = field(default=0)


class Intake(Protocol):
    """One way of intake."""

    def read(self, source: Any) -> Reading:
        """Read one source, or several of one patient."""
        ...
