"""Days without their year under a year that opens the line: "2016. Core biopsy 8 March. Mastectomy 5 April"."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.months import MONTHS
from her2nav.model.dates import PartialDate

_HEAD = re.compile(r"(?:^|\n)[ \t>*•#-]*(?P<y>(?:19|20)\d\d)[ \t]?(?P<sign>[.:–-]|(?=\n))(?!\d)[ \t]*(?P<rest>[^\n]*)")
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEARLESS = re.compile(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s/-]{{0,2}}(?:of\s)?(?P<m>{_NAMES})\.?|(?P<m2>{_NAMES})\.?\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?|(?P<m3>{_NAMES})|(?P<d4>\d\d)\.(?P<m4>\d\d)\."
)


def under_years(mentions: list[Mention], text: str, plain: str, note_day: date | None) -> list[Mention]:
    """Return the dates of a note; those without their year have that of the year that opens their line.

    A year alone on its line holds for the lines below it, as far as an empty one.
    """
    heads = [(match.start("y"), _end(match, text), int(match["y"])) for match in _HEAD.finditer(text)]
    if not heads:
        return mentions
    starts = [one[0] for one in heads]
    found: list[Mention] = []
    for one in mentions:
        index = bisect_right(starts, one.start) - 1
        inside = index >= 0 and starts[index] < one.start < heads[index][1]
        found.append(_of_year(one, plain, heads[index][2], note_day) if inside else one)
    return found


def _end(match: re.Match[str], text: str) -> int:
    if match["rest"].strip():
        return match.end()
    empty = _BREAK.search(text, match.end())
    return empty.start() if empty else len(text)


_BREAK = re.compile(r"\n[ \t]*\n|\n[ \t>*•#-]*(?:19|20)\d\d\b")


def _of_year(one: Mention, plain: str, year: int, note_day: date | None) -> Mention:
    written = _YEARLESS.fullmatch(plain[one.start : one.end])
    if written is None:
        return one
    month = written["m4"] or MONTHS[written["m"] or written["m2"] or written["m3"]]
    day = written["d"] or written["d2"] or written["d4"]
    parts = [f"{year:04}", str(month).zfill(2), *([day.zfill(2)] if day else [])]
    try:
        value = PartialDate.parse("-".join(parts))
    except ValueError:
        return one
    if note_day is not None and value.low > note_day:
        return one
    return one._replace(value=value, ahead=None)
