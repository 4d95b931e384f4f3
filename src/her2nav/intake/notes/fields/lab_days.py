"""The day of laboratory values: in front of them, in the heading above, or behind them."""

from __future__ import annotations

import re
from typing import NamedTuple

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.lab_values import NUMBER
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

Day = tuple[PartialDate, Span]
_HEADED = Gated(
    r"\b(?:labs?|labor(?:werte)?|bloods?|blutwerte|blutbild|results|analitica|analises|bilan|biologie|esami|laboratory|laborator\w+|cbc|fbc|chemistry|biochemistry|ha?ematology|biology(?= of| \d)|component(?=\s+\d)|u&e|lft\w*|tests|panel|profile|bmp|cmp|lft|rft|kft|tft|electrolytes|ha?emogram|coagulation|tumou?r markers|ix|inv|invx|investigations?|collected|drawn|sample date)\b"
)
"""Words of a heading of results."""
_TAKEN = re.compile(
    r"\b(?:collected|collection|drawn|taken|sampled|sample date|received|entnahme|prelevement)\b[\w ]{0,10}[:\s]{0,4}$"
)
"""Of the days in the head of a report of results that of the sample counts."""
_REPORTED = re.compile(
    r"\b(?:reported|report|printed|authori[sz]ed|released|received|dob|born|born on|registered)\b[\w ]{0,10}[:\s]{0,4}$"
)
_DAY_OPENS = re.compile(r"\b(?:on|dated|taken|from|all|both)\s$|[(]$")
_OLDER = re.compile(r"\((?:[^()\n]{0,24}[\s;,])?\d+(?:[.,]\d+)?\s(?:[^()\n]{0,10}\s)?(?:on|in|from|of)\s$")
"""An older value with its own day, in brackets: "109 (L; 121 on 18 August)"."""
EARLIER = re.compile(rf"\s?[:=]\s?(?P<v>{NUMBER})\s?\)")
"""An older value in brackets behind the new one: "112 ng/mL (07/2026: 64)"."""
EARLIER_ON = re.compile(
    rf"\s?\(\s?(?:was |from |previously |prev\.? |before )?(?P<v>{NUMBER})\s?(?:[a-z*/^0-9]{{1,8}}\s)?(?:on|in|at|from|,)?\s?(?:the )?$"
)
"""An older value before its day, both in brackets: "64 (118 on 11/10)"."""
_OF_ALL = re.compile(
    r"[\s(]*(?:[^.]{0,24}\b)?(?:all|(?P<both>both)|these|bloods|labs?|results|values|taken|drawn|sampled)\b[^.;:]{0,24}"
)
"""What leads to the day of the values before: "Both from 19 June"."""
_REACH = 40
_NEAR = 60


def day_of(note: Note, sentence: Sentence, first: int | None) -> Day | None:
    """Return the date of a line of results: the last before the first value, with a heading's own date."""
    limit = first if first is not None else sentence.end
    dates = [one for one in note.dates.within(sentence.start, limit) if one.value and one.exact_order]
    if not dates:
        return _behind(note, sentence, first, limit) if first is not None else None
    dates = [one for one in dates if not _of_another(note, sentence, one)]
    if not dates:
        return None
    last = (_sampled(note, dates, sentence) if len(dates) > 1 else None) or dates[-1]
    heading = _HEADED.search(note.plain, sentence.start, limit)
    if first is None and not heading:
        return None
    if first is not None and first - last.end > _REACH and not heading:
        return None
    return (last.value, (last.start, last.end)) if last.value else None


_BRACKETED = re.compile(r"(?:\d\s?%?|\bnormal)\s?\((?:on |in |from |at )?$")


def _of_another(note: Note, sentence: Sentence, one: Mention) -> bool:
    """True for the day in the bracket behind another measure: "LVEF 60 % (September), creatinine 1.0"."""
    return (
        note.plain[one.end : one.end + 1] == ")"
        and _BRACKETED.search(note.plain, max(sentence.start, one.start - 16), one.start) is not None
    )


def _sampled(note: Note, dates: list[Mention], sentence: Sentence) -> Mention | None:
    """Return the day of the sample among the days of a head, else the last that is not that of the report."""
    for one in dates:
        if _TAKEN.search(note.plain, max(sentence.start, one.start - 30), one.start):
            return one
    left = [one for one in dates if not _REPORTED.search(note.plain, max(sentence.start, one.start - 30), one.start)]
    return left[-1] if left else None


def _behind(note: Note, sentence: Sentence, first: int | None, limit: int) -> Day | None:
    """Return the one day that stands behind all values: "Hb 98 g/L, CRP 24 mg/L (all 2 June)"."""
    behind = [one for one in note.dates.within(limit, sentence.end) if one.value and one.exact_order]
    if (
        behind
        and not EARLIER.match(note.plain, behind[-1].end)
        and _DAY_OPENS.search(note.plain[limit : behind[-1].start])
        and not _OLDER.search(note.plain, limit, behind[-1].start)
        and behind[-1].value
        and len({str(one.value) for one in behind}) == 1
    ):
        return behind[-1].value, (behind[-1].start, behind[-1].end)
    return None


_ON_ARRIVAL = Gated(
    r"\b(?:on|at) (?:arrival|admission|presentation)\b|\badmission (?:bloods|labs)\b|\bin (?:the )?(?:ed|a&e|emergency)\b"
)
_ADMITTED = Gated(r"\b(?:admitted|date of admission|admission(?: date)?|admitted on)\b[\s:(]{1,3}(?:on )?$")


def on_arrival(note: Note, sentence: Sentence) -> bool:
    """True for values that are told as those of the arrival in hospital."""
    return _ON_ARRIVAL.search(note.plain, sentence.start, sentence.end) is not None


def day_of_arrival(note: Note) -> Day | None:
    """Return the day on which the patient came into hospital, where the note names one."""
    days = [
        one
        for one in note.dates.mentions
        if one.value and one.exact_order and _ADMITTED.search(note.plain, max(0, one.start - 26), one.start)
    ]
    if not days or days[0].value is None or len({str(one.value) for one in days}) > 1:
        return None
    return days[0].value, (days[0].start, days[0].end)


class OfAll(NamedTuple):
    """The day of values told before it."""

    day: Day
    both: bool
    """True where it is said of the last two."""


def day_of_all(note: Note, sentence: Sentence) -> OfAll | None:
    """Return the day that a sentence without values gives to those before it: "(all 26/05/2026 06:10)"."""
    for one in note.dates.within(sentence.start, sentence.end)[:1]:
        led = _OF_ALL.fullmatch(note.plain, sentence.start, one.start)
        if one.value and one.exact_order and led is not None:
            return OfAll((one.value, (one.start, one.end)), led["both"] is not None)
    return None


_CLOCK = re.compile(
    r"\b(?:bloods?|labs?|results|tests)(?: taken| drawn)?(?: at)?[\s(]{1,2}(?:at )?(?:[01]?\d|2[0-3])[.:h][0-5]\d(?: ?hrs?| ?h)?\)?\s?:"
)
"""Results with the hour of their sample alone are of the day of the note: "Bloods 16.20: Hb 101"."""


def day_of_hour(note: Note, sentence: Sentence) -> Day | None:
    """Return the day of the note for results that are headed by an hour alone."""
    own = note.day_mention
    if own is None or own.value is None or _CLOCK.match(note.plain, _first(note, sentence), sentence.end) is None:
        return None
    return own.value, (own.start, own.end)


def _first(note: Note, sentence: Sentence) -> int:
    """Return where the words of a sentence begin."""
    words = note.plain[sentence.start : sentence.end]
    return sentence.start + len(words) - len(words.lstrip(" \t-*•"))


def row_day(note: Note, end: int) -> Day | None:
    """Return the day in the last cell of a row, behind value and limits."""
    stop = note.text.find("\n", end)
    stop = len(note.text) if stop < 0 else stop
    for one in note.dates.within(end, stop)[:1]:
        gap = note.text[end : one.start]
        if one.value and one.exact_order and not gap.strip("\t| ") and ("\t" in gap or "|" in gap):
            return one.value, (one.start, one.end)
    return None
