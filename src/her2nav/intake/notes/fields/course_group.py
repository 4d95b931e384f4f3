"""Drugs that are named together, and the days of a stretch that belongs to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.note import Note


@dataclass(slots=True)
class Group:
    """Drugs named together."""

    drugs: list[str]
    start: int
    end: int
    classes: list[str] = field(default_factory=list)


def dated_in(note: Note, start: int, end: int) -> list[Mention]:
    """Return the dates of a stretch that have a value."""
    return [one for one in note.dates.within(start, end) if one.value]
