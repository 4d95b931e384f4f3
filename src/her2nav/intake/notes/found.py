"""What extractors give: values with their places, before they are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from her2nav.intake.notes.note import Note
from her2nav.intake.reading import Origin
from her2nav.model.dates import PartialDate

Span = tuple[int, int]


class Found(NamedTuple):
    """A value of a field that stands once in the patient file, for example `performance.ecog`."""

    field: str
    value: Any
    span: Span
    date: PartialDate | None = None
    date_span: Span | None = None
    weight: int = 1
    """Of two values of which one is more exact, the heavier counts."""


@dataclass(slots=True)
class Entry:
    """An entry of a list of the patient file: its keys, each with the place it was read from."""

    section: str
    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    note: int = 0
    also: list[Span] = field(default_factory=list)
    """Places that were used beside those of the keys: the share of a variant."""

    def put(self, key: str, value: Any, span: Span) -> None:
        """Set a key that is not set yet."""
        if value is not None and key not in self.values:
            self.values[key] = value
            self.spans[key] = span

    @property
    def start(self) -> int:
        """The first place of the entry."""
        return min((span[0] for span in self.spans.values()), default=0)


class Asked(NamedTuple):
    """A question for a person, at its place."""

    code: str
    message: str
    span: Span


class Clash(NamedTuple):
    """Two statements of one entry that exclude each other."""

    path: str
    message: str
    choices: tuple[tuple[Any, Span], ...]


Item = Found | Entry | Asked | Clash
Extractor = Callable[[Note], Iterable[Item]]


def origin(note: Note, span: Span) -> Origin:
    """Return the place of a span for people and programs."""
    start, end = span
    first, last = note.given(start, end)
    return Origin(note.name, first, last, note.line(start), note.shown[start:end].strip())


def trimmed(note: Note, start: int, end: int) -> Span:
    """Return a span without the spaces at its ends."""
    words = note.plain[start:end]
    return start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))


def each(*extractors: Extractor) -> Extractor:
    """Return one extractor that runs several."""

    def run(note: Note) -> Iterator[Item]:
        for extractor in extractors:
            yield from extractor(note)

    return run
