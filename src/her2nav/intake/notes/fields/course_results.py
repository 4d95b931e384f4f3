"""The courses of a note as entries of the patient file; drugs that are only named again are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.fields.named_again import named_again, only_part
from her2nav.intake.notes.found import Item
from her2nav.intake.notes.note import Note
from her2nav.model.dates import PartialDate

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


def results(note: Note, courses: list[Course]) -> Iterator[Item]:
    """Yield the courses that were given or are planned."""
    ontology = note.words.knowledge.drugs
    for course in courses:
        entry = course.entry
        names = [ontology.classes[one].name.lower() for one in course.classes] + [
            ontology.drugs[one].name for one in course.drugs
        ]
        if not names or only_part(note, course, courses) or named_again(note, course, courses):
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
        if course.planned and start and day is not None and PartialDate.parse(str(start)).high < day.low:
            # What is still to come did not begin: "on 5th October" was taken for the last one.
            entry.values.pop("start")
            start = None
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
