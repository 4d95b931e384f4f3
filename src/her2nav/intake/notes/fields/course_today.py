"""A course that goes on because the patient comes for one of its cycles: "here for C12 T-DXd", "day 10 of cycle 2"."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

_NTH = "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
_COMES_FOR = Gated(
    rf"\b(?:here (?:today )?for|presents? (?:today )?for|reason for visit:?|attend(?:s|ed|ing)? (?:today )?for|seen (?:today )?(?:prior to|before|for)|"
    rf"today:|ahead of|day \d{{1,2}} (?:of|,))\s(?:\w+\s){{0,2}}?(?:(?:cycle\s?|c|dose\s|#)(?P<n>[2-9]|[1-4]\d)|(?P<o>{_NTH}) (?:cycle|administration|dose|infusion|course))\b(?:\s?d(?:ay\s?)?\d{{1,2}}\b)?"
    rf"|\b(?:received|receives|had|gets) (?:the |his |her |its )?(?P<p>{_NTH}) (?:cycle|administration|dose|infusion|course)\b[^.;,]{{0,12}}?\btoday\b"
    rf"|\bcycle (?P<q>[2-9]|[1-4]\d) today\b|\b(?:proceed(?:s|ed)?(?: with)?|go(?:es)? ahead with|prior to) (?:c|cycle )(?P<r>[2-9]|[1-4]\d)\b"
)
_BEHIND, _AROUND = 40, 40
_STOPS = ("end", "reason_stopped", "ongoing", "progression_date")
_CALLED_OFF = Gated(
    r"\b(?:deferred|postponed|put back|withheld|held today|not given|cancelled|canceled|omitted|put off|discontinue[ds]?|stopped|stop|switch|change)\b"
)


def goes_on_today(note: Note, courses: list[Course]) -> None:
    """Mark the course as going on for one of whose later cycles the patient has come.

    It is the one whose drugs are named behind the cycle, or beside it in the sentence; where none is named, the newest
    one of which no end is told. Nothing is said where a cycle is called off or a stop is spoken of.
    """
    match = _COMES_FOR.search(note.plain)
    if match is None or not context(note, *match.span()).stated:
        return
    given = [one for one in courses if not one.planned and "start" in one.entry.values]
    if not given:
        return
    named = [hit.id("drug") for hit in note.hits_in(match.end(), match.end() + _BEHIND, "drug")]
    newest = max(given, key=lambda one: str(one.entry.values["start"]))
    wanted = [one for one in given if set(named) & set(one.drugs)] if any(named) else [newest]
    if newest in wanted and not _called_off(note, newest, match.end()) and not set(_STOPS) & set(newest.entry.values):
        newest.entry.put("ongoing", True, match.span())


_NEXT_DUE = re.compile(
    r"(?:\bc(?:ycle )?|(?<!\w)#\s?)(?P<n>[2-9]|[1-4]\d)(?:\s?d(?:ay )?1)?\s(?:is |now )?(?:due|on|booked|planned|set|scheduled|for|=)?\s?(?:on |for )?(?:\w{2,3} )?$"
)
_NEXT_REACH = 26


def goes_on_next(note: Note, courses: list[Course]) -> None:
    """Mark the newest course as going on whose next cycle has a day to come: "C3 given 3 August ... C4 24 August"."""
    given = [one for one in courses if not one.planned and "start" in one.entry.values]
    if not given or note.day is None:
        return
    newest = max(given, key=lambda one: str(one.entry.values["start"]))
    if set(_STOPS) & set(newest.entry.values):
        return
    for day in note.dates.mentions:
        to_come = day.ahead or day.value
        if to_come is None or to_come.low <= note.day.high:
            continue
        match = _NEXT_DUE.search(note.plain, max(0, day.start - _NEXT_REACH), day.start)
        had = newest.entry.values.get("cycles")
        if match is not None and had is not None and int(match["n"]) == int(str(had)) + 1:
            said = context(note, *match.span())
            if not said.negated and not _called_off(note, newest, day.end):
                newest.entry.put("ongoing", True, match.span())
            return


_OF_TREATMENT = re.compile(r"\b(?:treatment|therapy|chemo\w*|regimen|cycle|c\d{1,2}|line|trial)\b")


def _called_off(note: Note, course: Course, start: int) -> bool:
    """True where words of an end or a delay stand beside the drugs of a course or a word for treatment."""
    for match in _CALLED_OFF.finditer(note.plain, start):
        low, high = max(0, match.start() - _AROUND), match.end() + _AROUND
        named = {hit.id("drug") for hit in note.hits_in(low, high, "drug")} & set(course.drugs)
        if named or _OF_TREATMENT.search(note.plain, low, high):
            return True
    return False
