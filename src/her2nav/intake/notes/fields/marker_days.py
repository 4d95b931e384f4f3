"""The day of a biomarker's result: its own, or that of the sample that was named before it."""

from __future__ import annotations

import re

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_OF_EIGHT = re.compile(r"(?:1[0-2]|\d)/(?:8|12)")
"""An Allred or immunoreactive score such as "8/8" is no day."""
_DAY_OPENS = re.compile(r"[(]\s{0,2}$|\bin $|\bon $")


def near(note: Note, sentence: Sentence, place: int) -> tuple[PartialDate | None, Span | None]:
    """Return the date that a result carries: the last one before it in its sentence, else one in brackets behind."""
    days = [
        one
        for one in note.dates.within(sentence.start, min(sentence.end, place + 40))
        if one.value and not _OF_EIGHT.fullmatch(note.plain[one.start : one.end])
    ]
    before = [one for one in days if one.end <= place]
    # "Triple negative in 2022; ER 15% on the biopsy of April 2026": the day before the semicolon is another result's.
    parted = before and ";" in note.plain[before[-1].end : place] and any(one.start >= place for one in days)
    if before and not parted:
        return before[-1].value, (before[-1].start, before[-1].end)
    row = note.row_date(place)
    if row is not None and not days:
        return row.value, (row.start, row.end)
    line = note.line_starts[note.line(place) - 1]
    earlier = [one for one in note.dates.within(max(line, sentence.start - _SAME_LINE), sentence.start) if one.value]
    if (
        earlier
        and not days
        and _JUST_SAMPLED.search(note.plain, max(line, earlier[-1].start - _SAME_LINE), sentence.start)
    ):
        return earlier[-1].value, (earlier[-1].start, earlier[-1].end)
    sampled = _sampled_above(note, sentence) if not days else None
    if sampled is not None:
        return sampled.value, (sampled.start, sampled.end)
    on_line = _sampled_on_line(note, line, sentence) if not days else None
    if on_line is not None:
        return on_line.value, (on_line.start, on_line.end)
    behind = [one for one in days if one.start >= place]
    if behind and _DAY_OPENS.search(note.plain[place : behind[0].start]):
        return behind[0].value, (behind[0].start, behind[0].end)
    return None, None


def _sampled_on_line(note: Note, line: int, sentence: Sentence) -> Mention | None:
    """Return the only day of the line before a sentence, where a sample is named: "Mastectomy 14 April 2021: ... ER 0%"."""
    told = [one for one in note.dates.within(max(line, sentence.start - _LINE_REACH), sentence.start) if one.value]
    if len(told) != 1 or not told[0].exact_order:
        return None
    sampled = _SAMPLE_NAMED.search(note.plain, max(line, told[0].start - _SAME_LINE), sentence.start)
    return told[0] if sampled is not None else None


_LINE_REACH = 240


def _sampled_above(note: Note, sentence: Sentence) -> Mention | None:
    """Return the day of the sample whose results a list gives, named in the lines right above it."""
    for row in range(note.line(sentence.start) - 2, max(-1, note.line(sentence.start) - 2 - _LINES_UP), -1):
        start = note.line_starts[row]
        line = note.plain[start : note.line_starts[row + 1] - 1]
        if not line.strip():
            return None
        days = [one for one in note.dates.within(start, start + len(line)) if one.value]
        if days:
            alone = len({str(one.value) for one in days}) == 1
            sample = _SAMPLE_NAMED.search(line)
            return days[0] if alone and sample and days[0].exact_order else None
        if not _MARKER_LINE.match(line):
            return None
    return None


_LINES_UP = 5
_MARKER_LINE = re.compile(
    r"\W*(?:(?:tumou?r|block|specimen|part|focus|lesion)\s[a-l]?\d{0,2}\b|o?estrogen|progest|er\b|pg?r\b|her-?2|ki-?67|pd-?l1|ihc|immuno|grade|receptor|mmr|msi|mib)"
)
_SAMPLE_NAMED = re.compile(
    r"\b(?:bx|biops\w+|cores?|trucut|resect\w+|excision|wle|lumpectomy|mastectomy|gastrectomy|colectomy|hysterectomy|ebus|fna|effusion)\b"
)
_SAME_LINE = 60
_JUST_SAMPLED = Gated(
    r"\b(?:bx|biops\w+|cores?|trucut|resect\w+|excision|wle|bcs|lumpectomy|\w*ectomy|alnd|surgery)\b[^;]{0,60}$"
)
"""The sentence before, on the same line, told of a sample with its day: "BCS + ALND on 22.08.2019. ER 80%"."""
