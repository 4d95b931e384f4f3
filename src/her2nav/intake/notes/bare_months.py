"""Months that a note names without their year: the last such month before the note, where nothing speaks against it."""

from __future__ import annotations

import re
from datetime import date

from her2nav.intake.notes.dates import MONTHS, Mention
from her2nav.model.dates import PartialDate

_NAMES = "|".join(sorted((name for name in MONTHS if len(name) > 4 or name in ("may", "june", "july")), key=len)[::-1])
_LED = re.compile(
    rf"\b(?:in|since|from|until|till|during|early|mid|late|end of|beginning of)[\s-](?:early |mid[- ]?|late |the end of )?(?P<m>{_NAMES})\b(?!\.?,?\s?(?:\d|'\d)|\s(?:of|to|until)\b|\s(?:and|or)\s(?:{_NAMES})|\s?[-–/])"
)
_BACK = 8
"""A month that lies further back may as well be the next one to come."""
_NEAR = 365
"""Days between a month and the date told before it: else the story is of another year."""
_REACH = 500


def with_bare_months(mentions: list[Mention], plain: str, note_day: date | None) -> list[Mention]:
    """Return the dates of a note with the months that stand without a year, in order."""
    if note_day is None:
        return mentions
    added = [
        one
        for match in _LED.finditer(plain)
        if not any(known.start <= match.start("m") < known.end for known in mentions)
        and (one := _read(match, mentions, note_day)) is not None
    ]
    return sorted([*mentions, *added], key=lambda one: one.start) if added else mentions


def _read(match: re.Match[str], mentions: list[Mention], note_day: date) -> Mention | None:
    month, start = MONTHS[match["m"]], match.start("m")
    back = (note_day.month - month) % 12
    if back > _BACK:
        return None
    first = date(note_day.year - (month > note_day.month), month, 1)
    told = [one.value for one in mentions if one.value and one.end <= start and start - one.end < _REACH]
    if told and abs((first - told[-1].low).days) >= _NEAR:
        return None
    return Mention(start, match.end("m"), PartialDate.parse(f"{first.year:04}-{month:02}"))
