"""A drug of a regimen that is named again, with nothing of its own: it makes no course."""

from __future__ import annotations

import re
from collections.abc import Iterable

from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.note import Note

_WHILE_ON = re.compile(
    r"\b(?:on|during|with|after)\s(?:c\d{1,2}\s|cycle \d{1,2}\s(?:of\s)?)?$|\b(?:since|from|after|following|before)\s(?:the|her|his|my|starting|finishing)\s$"
)
"""What leads to a part of a treatment that is known: "sepsis on docetaxel", "numb toes since the docetaxel"."""


def only_part(note: Note, course: Course, courses: list[Course]) -> bool:
    """True for drugs of a regimen that are named again without anything of their own: "sepsis on docetaxel"."""
    if (
        course.planned
        or course.entry.values
        or not _WHILE_ON.search(note.plain, max(0, course.span[0] - 20), course.span[0])
    ):
        return False
    mine = {*course.drugs, *course.classes}
    return any(mine < {*one.drugs, *one.classes} for one in courses if not one.planned and one is not course)


_OWN = frozenset({"start", "end", "cycles", "setting"})


def named_again(note: Note, course: Course, courses: list[Course]) -> bool:
    """True for a drug of a regimen that is named again, with nothing that makes it a course: "stable on the tucatinib regimen"."""
    start, end = course.span
    again = _ON_PART.search(note.plain, max(0, start - 20), start) or _REGIMEN.match(note.plain, end)
    if course.planned or not again or _OWN & set(course.entry.values):
        return False
    mine = {*course.drugs, *course.classes}
    return any(
        mine < {*one.drugs, *one.classes} and _OWN & set(one.entry.values)
        for one in courses
        if not one.planned and one.span[0] < start
    )


_ON_PART = re.compile(r"\bon (?:the |her |his )?$")
_REGIMEN = re.compile(r"\s(?:regimen|combination)\b")
_REDUCED = re.compile(
    r"\s(?:(?:was|were|has been|had been|then|to be)\s){0,2}(?:dose[- ])?(?:reduced|lowered|decreased|halved|cut|attenuated|de-?escalated|capped)\b"
    r"|\s(?:dose )?\d+(?:\.\d+)?\s?mg(?:/m2)?,?\s(?:then )?reduced\b"
)


_BLAMED = re.compile(r"\b(?:since|from|after|following|due to|because of)\s(?:the|her|his|my)\s(?:\w+\s)?$")


def only_mentioned(note: Note, group: Group, courses: Iterable[Course]) -> bool:
    """Whether one drug of a regimen named before is only said to be lowered, or blamed for something.

    "Docetaxel reduced by 20 %", "tingling of the toes since the docetaxel".
    """
    told = _REDUCED.match(note.plain, group.end) or _BLAMED.search(note.plain, max(0, group.start - 30), group.start)
    mine = {*group.drugs, *group.classes}
    return told is not None and any(mine < {*one.drugs, *one.classes} for one in courses if not one.planned)
