"""Drugs that are named again: given once more after an operation, or told only by their end."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.note import Note

AGAIN = re.compile(r"\s(?:again|once more|once again)\b")
STOPPED_IT = re.compile(
    r"\b(?:he|she|we|they|i|was|were|patient)\s(?:\w+\s)?(?:stopped|discontinued)\s(?:the |his |her )?$"
)


def past(note: Note, low: int, high: int) -> bool:
    """True for a stretch with one day, not later than the note."""
    days = [one.value for one in note.dates.within(low, high) if one.value]
    return len(days) == 1 and note.day is not None and days[0].low <= note.day.high


_OPERATION = re.compile(r"\b(?:operat\w+|surgery|\w+ectomy|resect\w+)\b")


def resumed(note: Note, courses: list[Course], group: Group) -> bool:
    """True for what was given before an operation and is given again after it: "FLOT, the operation, then FLOT again"."""
    if not AGAIN.match(note.plain, group.end):
        return False
    before = [one for one in courses if set(one.drugs) == set(group.drugs) and one.span[1] <= group.start]
    if not before or before[-1].entry.values.get("setting") != "neoadjuvant":
        return False
    return _OPERATION.search(note.plain, before[-1].span[1], group.start) is not None


def parted(boundary: re.Match[str]) -> int:
    """Return where the part behind a boundary begins; the day before a full stop belongs to what stands before it."""
    return boundary.end() if boundary[0].endswith(". ") else boundary.start()
