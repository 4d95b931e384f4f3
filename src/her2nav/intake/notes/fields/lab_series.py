"""Several values of one laboratory test in a sentence, each with its day: "4.1 (Jan 2026), 12.6 (Mar 2026)"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.lab_days import EARLIER, Day
from her2nav.intake.notes.fields.lab_values import NUMBER, number, unit_at
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence

_DAY_OPENS = re.compile(
    r"[\s,]{0,2}(?:now\s?|today\s?|yesterday\s?)?(?:\((?:on |from |in |today,? )?|,\s(?=\d)|on (?:the )?|in |from |dated |as of |at )"
)
_NEXT = re.compile(
    rf"(?:[\s,;)]|->|→|>){{0,4}}(?:\((?:[hl]{{1,2}}[;,]\s?)?)?(?:(?:and|then|now)\s)*(?:(?:is|was|has|had)\s)?(?:(?:now|become|risen to|fallen to|gone (?:up|down) to|come (?:up|down) to|rose to|fell to|improved to|increased to|decreased to|dropped to|(?:down|up) from|from|previously|prev\.?|before that|compared (?:with|to)|vs\.?|versus|to)\s){{0,2}}(?:[:~]\s?)?(?P<v>{NUMBER})(?![.,]?\d|/\d|\s?(?:%|x\b|\*|cycles?|weeks?|months?|years?|days?|mg\b))"
)
"""The next value of a series and the words that lead to it."""
_FROM_TO = re.compile(
    rf"\s(?:has |have |had |is |was )?(?:\w+\s){{1,4}}?from\s(?P<old>{NUMBER})\s?(?P<unit>[a-z/]{{2,8}}\s)?to\s(?P<v>{NUMBER})(?![.,]?\d)"
)
"""A value that moved: "bilirubin has come down from 214 to 38"."""
_NEAR = 24


class Step(NamedTuple):
    """One value of a series."""

    value: Decimal
    span: Span
    unit: str | None
    day: Day | None
    end: int


def day_behind(note: Note, end: int, stop: int) -> tuple[Day, int] | None:
    """Return the day that stands right behind a value, in brackets or after "on"."""
    for one in note.dates.within(end, min(stop, end + _NEAR + 12))[:1]:
        opens = _DAY_OPENS.fullmatch(note.plain, end, one.start)
        if opens is None and not (one.start - end < 3 and _is_word(note, one)):
            continue
        if one.value is None or not one.exact_order or EARLIER.match(note.plain, one.end):
            continue
        if _is_word(note, one):
            # "today, 15 June 2026": the day itself stands behind the word.
            more = note.dates.within(one.end, min(stop, one.end + _NEAR))[:1]
            if more and more[0].value and not note.plain[one.end : more[0].start].strip(" ,("):
                one = more[0]
        assert one.value is not None
        return (one.value, (one.start, one.end)), one.end
    return None


def _is_word(note: Note, one: Mention) -> bool:
    return note.plain[one.start : one.start + 1].isalpha() and note.plain[one.start : one.end].startswith(
        ("today", "yesterday", "last ", "this ")
    )


def moved(note: Note, start: int, stop: int) -> re.Match[str] | None:
    """Return what is said of a value that moved "from 214 to 38", right behind its name."""
    return _FROM_TO.match(note.plain, start, stop)


def following(note: Note, sentence: Sentence, name: str, end: int, stop: int) -> Iterator[Step]:
    """Yield the further values behind the first one; only those that have a day of their own.

    Args:
        note: The note.
        sentence: The sentence of the first value.
        name: The variable.
        end: Where the first value ends, with its unit and its day.
        stop: Where the next name begins, or the sentence ends.
    """
    while True:
        match = _NEXT.match(note.plain, end, stop)
        if (
            match is None
            or match.start("v") == end
            or any(one.start <= match.start("v") < one.end for one in note.dates.within(end, sentence.end))
        ):
            return
        value = number(match["v"])
        unit, place = unit_at(note, name, match.end())
        day = day_behind(note, place, sentence.end)
        if value is None or day is None:
            return
        end = day[1]
        yield Step(value, match.span("v"), unit, day[0], end)
