"""The record while a document is added to it: what was taken over, what differs, what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from her2nav.intake.adding.names import Names
from her2nav.intake.adding.values import Record, agree, drop, get, more_exact, put, within
from her2nav.intake.reading import Contradiction, Origin, Question, Reading, Sourced

_OPEN = frozenset({"unknown", "not_tested"})
"""Words for "nothing is known": any value says more."""


@dataclass
class Draft:
    """A patient file and the document that is added to it.

    Attributes:
        record: The patient file, changed in place.
        reading: What was read from the document.
        file: Name of the patient file.
        file_day: Its own day.
        note_day: The document's day.
        fixed: Fields that hold for life.
    """

    record: Record
    reading: Reading
    file: str
    file_day: date | None
    note_day: date | None
    fixed: frozenset[str]
    names: Names
    provenance: list[Sourced] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    older: list[Sourced] = field(default_factory=list)

    def origin(self, pointer: str) -> Origin:
        """Return where the document says what stands at a pointer."""
        found = next((one.origin for one in self.reading.provenance if within(one.path, pointer)), None)
        return found or Origin(self.file, None, None, None, pointer)

    def told(self, source: str, target: str) -> None:
        """Note the origin of everything that was taken over from one pointer to another."""
        for one in self.reading.provenance:
            if within(one.path, source):
                self.provenance.append(one._replace(path=target + one.path[len(source) :]))

    def move(self, places: Mapping[str, str]) -> None:
        """Follow entries of a list that got another place."""
        for kept in (self.provenance, self.older):
            kept[:] = [one._replace(path=_moved(one.path, places)) for one in kept]
        self.contradictions[:] = [
            replace(
                one,
                path=_moved(one.path, places),
                choices=tuple(choice._replace(path=_moved(choice.path, places)) for choice in one.choices),
            )
            for one in self.contradictions
        ]

    def in_file(self, pointer: str, value: Any) -> Sourced:
        """Return a value of the patient file with its place."""
        return Sourced(pointer, value, Origin(self.file, None, None, None, pointer))

    def in_note(self, pointer: str, value: Any) -> Sourced:
        """Return a value of the document with its place."""
        return Sourced(pointer, value, self.origin(pointer))

    def clash(self, pointer: str, mine: Any, theirs: Any, what: str) -> None:
        """Record two values that exclude each other, the later document's first."""
        pair = [self.in_note(pointer, theirs), self.in_file(pointer, mine)]
        if self.file_day is not None and self.note_day is not None and self.file_day > self.note_day:
            pair.reverse()
        shown = " or ".join(str(one.value) for one in pair)
        self.contradictions.append(Contradiction(pointer, f"{what}: {shown}", tuple(pair)))

    def settle(self, path: str, theirs: Any, file_day: date | None, note_day: date | None) -> None:
        """Settle one value of the document, with the days of both values."""
        pointer = "/" + path.replace(".", "/")
        mine = get(self.record, path)
        if mine is None or (str(mine) in _OPEN and str(theirs) not in _OPEN):
            put(self.record, path, theirs)
            self.told(pointer, pointer)
            return
        if str(theirs) in _OPEN or agree(mine, theirs) or self.names.same(path, str(mine), str(theirs)):
            if more_exact(theirs, mine):
                put(self.record, path, theirs)
                self.told(pointer, pointer)
            return
        narrower = self.names.narrower(str(mine), str(theirs)) if path == "cancer.tumour_type" else None
        if narrower is not None:
            if narrower == str(theirs):
                put(self.record, path, theirs)
                self.told(pointer, pointer)
            return
        what = path.rsplit(".", 1)[-1].replace("_", " ")
        if path in self.fixed or file_day is None or note_day is None or file_day == note_day:
            self.clash(pointer, mine, theirs, what)
            drop(self.record, path)
            return
        if note_day > file_day:
            self.older.append(self.in_file(pointer, mine))
            put(self.record, path, theirs)
            self.told(pointer, pointer)
            return
        self.older.append(self.in_note(pointer, theirs))


def _moved(path: str, places: Mapping[str, str]) -> str:
    found = next((old for old in places if within(path, old)), None)
    return places[found] + path[len(found) :] if found is not None else path
