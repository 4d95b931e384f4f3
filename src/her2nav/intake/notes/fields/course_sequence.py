"""Courses of one sequence: its days are those of the whole, its setting is that of both parts."""

from __future__ import annotations

import itertools
import re

from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.note import Note

_THEN = re.compile(
    r"(?:\s?\([^()]{0,40}\))?[\w\s.,×/-]{0,24}?(?:,?\s(?:and )?(?:then|followed by)|\s?(?:→|->|>))\s[\w\s-]{0,16}"
)
_AROUND = ("neoadjuvant", "adjuvant")
_OWN = frozenset({"start", "end", "setting", "reason_stopped", "progression_date"})


def share_sequence(note: Note, courses: list[Course]) -> None:
    """Give the first part of a sequence its first day, and the setting that stands behind the second part.

    "EC x4, then paclitaxel, adjuvant, 19 April to 30 September": the days are those of both, one after the other.
    """
    for first, second in itertools.pairwise(courses):
        mine, theirs = first.entry, second.entry
        if first.planned or second.planned or _OWN & set(mine.values) or theirs.values.get("setting") not in _AROUND:
            continue
        if not _THEN.fullmatch(note.plain, first.span[1], second.span[0]):
            continue
        if theirs.spans["setting"][0] < second.span[1]:
            continue  # "EC, then adjuvant paclitaxel": the word is of the second part alone
        mine.put("setting", theirs.values["setting"], theirs.spans["setting"])
        days = [theirs.spans.get(key) for key in ("start", "end")]
        if all(place is not None and place[0] >= second.span[1] for place in days):
            mine.put("start", theirs.values.pop("start"), theirs.spans.pop("start"))
