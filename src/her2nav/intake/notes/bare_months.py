"""Months that a note names without their year: the last such month before the note, where nothing speaks against it."""

from __future__ import annotations

import re
from datetime import date

from ahocorasick_rs import AhoCorasick

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.months import MONTHS
from her2nav.model.dates import PartialDate

_NAMES = [name for name in MONTHS if len(name) > 4 or name in ("may", "june", "july")]
_FOUND = AhoCorasick(_NAMES)
_LED = re.compile(
    r"\b(?:in|since|from|until|till|during|early|mid|late|end of|beginning of)[\s-](?:early |mid[- ]?|late |the end of )?$"
)
_IN_BRACKET = re.compile(r"\(\s?(?:in |was |early |late )?$")
_LEAD = 32
_GOES_ON = re.compile(
    rf"\w|\.?,?\s?(?:\d(?!\d?\s?%)|'\d)|\s(?:of|to|until)\b|\s(?:and|or)\s(?:{'|'.join(sorted(_NAMES, key=len, reverse=True))})|\s?[-–/]"
)
"""Behind a month: its day or year, or another month with which it shares one."""
_BACK = 8
"""A month that lies further back may as well be the next one to come."""
_NEAR = 365
"""Days between a month and the date told before it: else the story is of another year."""
_REACH = 500


def with_bare_months(mentions: list[Mention], plain: str, note_day: date | None) -> list[Mention]:
    """Return the dates of a note with the months that stand without a year, in order."""
    if note_day is None:
        return mentions
    added: list[Mention] = []
    for index, start, end in _FOUND.find_matches_as_indexes(plain, overlapping=True):
        if _GOES_ON.match(plain, end) or (
            _LED.search(plain, max(0, start - _LEAD), start) is None
            and not (plain[end : end + 1] == ":" and _IN_BRACKET.search(plain, max(0, start - _LEAD), start))
        ):
            continue
        if any(known.start <= start < known.end for known in mentions):
            continue
        one = _read(_NAMES[index], start, end, mentions, note_day)
        if one is not None:
            added.append(one)
    return sorted([*mentions, *added], key=lambda one: one.start) if added else mentions


def _read(name: str, start: int, end: int, mentions: list[Mention], note_day: date) -> Mention | None:
    month = MONTHS[name]
    if (note_day.month - month) % 12 > _BACK:
        return None
    first = date(note_day.year - (month > note_day.month), month, 1)
    told = [one.value for one in mentions if one.value and one.end <= start and start - one.end < _REACH]
    if told and abs((first - told[-1].low).days) >= _NEAR:
        return None
    return Mention(start, end, PartialDate.parse(f"{first.year:04}-{month:02}"))
