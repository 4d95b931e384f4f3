"""A drug of a regimen that is named again, with nothing of its own: it makes no course."""

from __future__ import annotations

import re
from collections.abc import Iterable

from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.note import Note, Sentence

_OVER = frozenset({"end", "reason_stopped"})


_STEP = re.compile(
    r"(?:\b(?:then|followed by|thereafter|switch(?:ed)? to|changed to|continu\w+(?: on| with)?|reduced to|stepped down to|now)|→|->|>)\s(?:\w+\s)?$"
)
"""What leads to the next step of a treatment, which may be a part of the one before."""


def only_part(note: Note, course: Course, courses: list[Course]) -> bool:
    """True for drugs of a regimen that are named again with nothing of their own: "sepsis on docetaxel", "plan: oxaliplatin at 80%"."""
    if course.entry.values or _STEP.search(note.plain, max(0, course.span[0] - 24), course.span[0]):
        return False
    mine = {*course.drugs, *course.classes}
    return any(
        mine < {*one.drugs, *one.classes} and not (course.planned and _OVER & set(one.entry.values))
        for one in courses
        if not one.planned and one is not course
    )


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


_COUNTED = re.compile(r"\s?(?:[x×]\s?(?P<x>\d{1,2})\b|for\s(?P<n>\d{1,2})\scycles\b)")
_COUNTED_INSIDE = re.compile(r"\s?(?:[x×]\s?)?\d{1,2}\s?(?:cycles?|courses?|doses|x)?\b[^()]{0,60}\)")
"""The cycles of one drug in the bracket behind its regimen: "(docetaxel 6 cycles, later only antibodies)"."""
_SO_FAR = re.compile(r"\b\d{1,2}\s?/\s?\d{1,2}\s(?:(?:weekly|cycles of|doses of)\s)?$")


def part_counted(note: Note, sentence: Sentence, group: Group, current: Course | None) -> bool:
    """Give a regimen the cycles that are told of a part of it: "docetaxel, trastuzumab, pertuzumab; docetaxel x6".

    Returns:
        Whether the drugs are named for that alone, and make no course.
    """
    if current is None or current.planned or not {*group.drugs, *group.classes} < {*current.drugs, *current.classes}:
        return False
    if _SO_FAR.search(note.plain, max(sentence.start, group.start - 40), group.start):
        return True
    opened = note.plain[max(sentence.start, group.start - 2) : group.start].endswith("(")
    if opened and _COUNTED_INSIDE.match(note.plain, group.end, sentence.end):
        return True
    counted = _COUNTED.match(note.plain, group.end)
    if counted is None or current.span[0] < sentence.start or "cycles" in current.entry.values:
        return False
    current.entry.put("cycles", int(counted["x"] or counted["n"]), counted.span())
    return True


_DOSED = re.compile(r"\s?\d+(?:\.\d+)?\s?mg\b")


def dose_of(note: Note, whole: Group, part: Group) -> bool:
    """True for the dose of one drug in the bracket behind its regimen and its days: "(doxorubicin 240 mg/m2 in all)"."""
    inside = note.plain[max(0, part.start - 1) : part.start] == "(" and _DOSED.match(note.plain, part.end) is not None
    return inside and {*part.drugs, *part.classes} <= {*whole.drugs, *whole.classes}


def only_mentioned(note: Note, group: Group, courses: Iterable[Course]) -> bool:
    """Whether one drug of a regimen named before is only said to be lowered, or blamed for something.

    "Docetaxel reduced by 20 %", "tingling of the toes since the docetaxel", "AC x4 (doxorubicin 60 mg/m2)".
    """
    dosed = note.plain[max(0, group.start - 1) : group.start] == "(" and _DOSED.match(note.plain, group.end)
    told = (
        dosed
        or _REDUCED.match(note.plain, group.end)
        or _BLAMED.search(note.plain, max(0, group.start - 30), group.start)
    )
    mine = {*group.drugs, *group.classes}
    return told is not None and any(mine < {*one.drugs, *one.classes} for one in courses if not one.planned)
