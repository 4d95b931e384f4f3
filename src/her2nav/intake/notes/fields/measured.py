"""Whether a measurement is stated of this patient, and of which day it is."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import context
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_OTHER_DAY = re.compile(r"[;]|\b(?:since|until|from|dob|born)\b")
_OF_NEXT = re.compile(r"\s?:\s?\d")
"""The day of what follows it: "66 % (February: 68 %)"."""
_NOT_OF_IT = re.compile(r"\b(?:since|until|from|dob|born)\b")
_DAY_BEHIND = re.compile(
    r"[\s,(%|]*(?:on|in|by|from|of|at|ultrasound|scan|echo\w*|tte|transthoracic|muga|ms|dated|\s|kg|[(,])*"
)


def date_of(note: Note, sentence: Sentence, span: Span) -> tuple[PartialDate | None, Span | None]:
    """Return the date nearest before a measurement in its sentence, else one right behind it in brackets."""
    behind = [
        one
        for one in note.dates.within(span[1], min(sentence.end, span[1] + 36))
        if one.value and one.exact_order and not _OF_NEXT.match(note.plain, one.end)
    ]
    before = [one for one in note.dates.within(sentence.start, span[0]) if one.value and one.exact_order]
    told = behind and _SAID_BEHIND.fullmatch(note.plain, span[1], behind[0].start)
    if told and before and "," in note.plain[before[-1].end : span[0]]:
        return behind[0].value, (behind[0].start, behind[0].end)  # "infarction 2018, EF 52% on echo 15 April"
    if (
        before
        and not _NOT_OF_IT.search(note.plain, max(0, before[-1].start - 8), before[-1].start)
        and not _OTHER_DAY.search(note.plain, before[-1].end, span[0])
    ):
        return before[-1].value, (before[-1].start, before[-1].end)
    if behind and _DAY_BEHIND.fullmatch(note.plain[span[1] : behind[0].start]):
        return behind[0].value, (behind[0].start, behind[0].end)
    return None, None


_SAID_BEHIND = re.compile(
    r"[\s%]*(?:\(|on\s|in\s)\s?(?:by\s|on\s)?(?:echo\w*|tte|muga|cmr)?[\s,]*(?:on\s|dated\s|of\s)?"
)


def stated(note: Note, span: Span) -> bool:
    """Return whether a measurement is said of this patient, as a fact."""
    said = context(note, *span)
    return not (said.unsure or said.family or said.template)
