"""What a value has become in the words behind it: "84 in April and is now 18", "210 -> 65", "82 before and 101 after"."""

from __future__ import annotations

import re
from typing import NamedTuple

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence

_NUMBER = r"\d{1,4}(?:[.,]\d{1,3})?(?![.,]?\d|/\d|\s?(?:weeks?|months?|years?|days?|cycles?|mg|mm|cm|x)\b)"
_MOVED = r"(?:fallen|risen|come (?:down|up)|recovered|dropped|gone (?:up|down)|improved|settled|increased|decreased)"
_UNIT = r"(?:\s?(?:kg|g/d?l|[µu]mol/l|mmol/l|u/l|iu/l|mg/dl|x ?10\S{1,6}|%))?"
_ARROW = re.compile(rf"{_UNIT}\s?(?:->|→|=>)\s?(?P<v>{_NUMBER})(?P<w>)")
_NOW = re.compile(
    rf"(?:[^.;\d]|(?<=[a-z])\.){{0,44}}?(?:(?:,|\band|\bbut)\s(?:it\s|he\s|she\s|this\s)?(?:(?:is|are|was)\s)?(?P<w>now|today)\s(?:(?:is|at|only|back (?:to|at)|down (?:to|at)|up (?:to|at))\s)?"
    rf"|\b(?:and|but)\s(?:it\s)?(?:is|has\s{_MOVED}\sto)\s(?:now\s)?)(?P<v>{_NUMBER})"
)
_TODAY = re.compile(
    rf"(?:[^.;\d]|(?<=[a-z])\.){{0,44}}?(?:,|;|\band|\bbut)\s(?P<v>{_NUMBER})\s(?P<w>now|today|currently|this (?:morning|week))\b"
)
_AFTER = re.compile(rf"{_UNIT}\sbefore(?:,| and|, and)\s(?P<v>{_NUMBER}){_UNIT}\s(?P<w>)after\b")


class Newer(NamedTuple):
    """The newest value of a chain.

    Attributes:
        span: Its place.
        today: The words say that it is of the day of the note.
    """

    span: Span
    today: bool


def become(note: Note, sentence: Sentence, end: int, stop: int | None = None) -> Newer | None:
    """Return what a value that ends at a place has become, in the words behind it; None: nothing is told.

    Days are painted over, so that their figures are no values.
    """
    last = sentence.end if stop is None else min(stop, sentence.end)
    words = note.plain[end:last]
    for one in note.dates.within(end, last):
        if note.plain[one.start : one.start + 1].isdigit() or note.plain[one.start : one.end].count(" "):
            words = words[: one.start - end] + "_" * (one.end - one.start) + words[one.end - end :]
    newest: Newer | None = None
    at = 0
    while (arrow := _ARROW.match(words, at)) is not None:
        newest, at = Newer((end + arrow.start("v"), end + arrow.end("v")), today=False), arrow.end("v")
    if newest is not None:
        return newest
    for pattern in (_AFTER, _NOW, _TODAY):
        match = pattern.match(words)
        if match is not None:
            return Newer((end + match.start("v"), end + match.end("v")), today=bool(match["w"]))
    return None
