"""Vital signs of an earlier day than the note's: on arrival in hospital, or with a day of their own behind them."""

from __future__ import annotations

import re

from her2nav.intake.notes.note import Note, Sentence

_CAME = re.compile(r"\b(?:adm|admitted|presented|came in|attended|brought in)\b")
_ON_ARRIVAL = re.compile(r"(?:[^.;(\n]|\.(?=\d)){0,24}\bon (?:adm|admission|arrival)\b")


_UNDER = 300
_ARRIVAL_HEAD = re.compile(
    r"(?i:(?:^|\n)[ \t]*(?:condition |status |examination |findings |vitals? |o/e )?(?:on|at) (?:admission|arrival|presentation)[ \t]*[:\n])(?:(?!\n[ \t]*\n).)*$",
    re.DOTALL,
)
"""The heading of how somebody was on the first day, with no empty line behind it."""
_LEFT = re.compile(r"\b(?:at|on|prior to|before) discharge\b|\bdischarge (?:condition|status|vitals|exam\w*)\b")
"""Where a note has a part for the day of leaving, those of the day of coming are old."""


def of_arrival(note: Note, sentence: Sentence, start: int, end: int) -> bool:
    """True for a value of the day on which somebody came into hospital: "Adm 31/5 with cough, sats 86%", "T 38.9 on adm"."""
    if _ON_ARRIVAL.match(note.plain, end, sentence.end):
        return True
    came = _CAME.search(note.plain, sentence.start, start)
    days = note.dates.within(came.start(), start) if came is not None else []
    return any(one.value is not None and note.day is not None and one.value.high < note.day.low for one in days)


def under_arrival(note: Note, start: int, end: int) -> bool:
    """True for a value under the heading of the first day, in a note that has a part for the day of leaving too."""
    under = note.text[max(0, start - _UNDER) : start]
    return _ARRIVAL_HEAD.search(under) is not None and _LEFT.search(note.plain, end) is not None


def told_earlier(note: Note, sentence: Sentence, end: int) -> bool:
    """True for a value behind which an earlier day stands in its part of the sentence."""
    for one in note.dates.within(end, min(sentence.end, end + _BEHIND_VALUE))[:1]:
        past = one.value is not None and note.day is not None and one.value.high < note.day.low
        return past and not _PARTED.search(note.plain, end, one.start)
    return False


_BEHIND_VALUE = 44
_PARTED = re.compile(r"[;,.]\s|\(\d")
