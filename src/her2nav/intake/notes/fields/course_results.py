"""The courses of a note as entries of the patient file; drugs that are only named again are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.found import Item
from her2nav.intake.notes.note import Note
from her2nav.model.dates import PartialDate

_WHILE_ON = re.compile(r"\b(?:on|during|with|after)\s(?:c\d{1,2}\s|cycle \d{1,2}\s(?:of\s)?)?$")


def _only_part(note: Note, course: Course, courses: list[Course]) -> bool:
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


def _named_again(note: Note, course: Course, courses: list[Course]) -> bool:
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


_SINCE = re.compile(r"\bsince\s(?:the\s|early\s|late\s)?$")
_STOPS = ("end", "reason_stopped", "ongoing", "progression_date")


def _lasts(note: Note, course: Course, courses: list[Course]) -> bool:
    """True for the newest course, told as given since a day, of which no end is told."""
    entry = course.entry
    start = entry.values.get("start")
    if course.planned or start is None or any(key in entry.values for key in _STOPS):
        return False
    place = entry.spans["start"][0]
    if _SINCE.search(note.plain, max(0, place - 16), place) is None:
        return False
    later = [one.entry.values.get("start") for one in courses if one is not course and not one.planned]
    return not any(other is not None and str(other) > str(start) for other in later)


def _ended(values: dict[str, object]) -> bool:
    """True for a course that is told as over."""
    return values.get("ongoing") is False or values.get("reason_stopped") in (
        "toxicity",
        "progression",
        "patient_choice",
    )


_ON_PART = re.compile(r"\bon (?:the |her |his )?$")
_REGIMEN = re.compile(r"\s(?:regimen|combination)\b")


def results(note: Note, courses: list[Course]) -> Iterator[Item]:
    """Yield the courses that were given or are planned."""
    ontology = note.words.knowledge.drugs
    for course in courses:
        entry = course.entry
        names = [ontology.classes[one].name.lower() for one in course.classes] + [
            ontology.drugs[one].name for one in course.drugs
        ]
        if not names or _only_part(note, course, courses) or _named_again(note, course, courses):
            continue
        entry.put("drugs", names, course.span)
        if course.last_given and _ended(entry.values) and "end" not in entry.values:
            entry.put("end", *course.last_given)
        start, end = entry.values.get("start"), entry.values.get("end")
        day = note.day
        if end and day is not None and not course.planned and PartialDate.parse(str(end)).low > day.high:
            # "to be completed in June": an end to come is none.
            for key in ("end", "ongoing", "reason_stopped"):
                entry.values.pop(key, None)
            end = None
        if start and end and str(end)[: len(str(start))] < str(start)[: len(str(end))]:
            entry.values.pop("end")
        if _lasts(note, course, courses):
            entry.put("ongoing", True, entry.spans["start"])
        if "end" in entry.values or "reason_stopped" in entry.values:
            entry.values.pop("ongoing", None)
            if not course.planned:
                source = entry.spans.get("end") or entry.spans.get("reason_stopped") or course.span
                entry.put("ongoing", False, source)
        yield entry
