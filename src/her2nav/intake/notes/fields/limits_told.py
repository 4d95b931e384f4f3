"""Numbers that are a limit, an aim or what a laboratory calls normal, and no value of the patient."""

from __future__ import annotations

import re

from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_BEFORE_NAME = Gated(
    r"\b(?:(?:lower|upper) limit(?: of normal)?|normal (?:range|values?|limits?)|reference(?: range| value| interval)?|cut-?off|threshold|goal|target(?: range| value)?|aim(?:ing)? for|minimum|maximum|lowest|highest allowed)"
    r"(?:\s(?:level|value))?(?:\s(?:for|of|is|an?|the|her|his)){0,3}[\s:]{1,2}$"
)
"""What makes the number behind a name a limit: "the lower limit of normal for platelets is 150", "goal HbA1c 7.0%"."""
_NORMAL_AS = re.compile(r"\bnormal\s(?:as|is|range|values?|limits?|from|means|being)\b[^.;\n]{0,24}$")
_NORMAL_BEFORE = re.compile(r"\bnormal\s(?:values? (?:of|for) )?$")
_IS = re.compile(r"\b(?:is|are|lies|would be)\s(?:between\s)?$")
_KEPT = re.compile(
    r"\b(?:above|over|below|under|at least|less than|more than|not (?:fall|drop|go) (?:below|under))\s(?:the\s)?$"
)
_TO_KEEP = re.compile(r"\b(?:keep|maintain|stay|remain|hold|should|must|aim|try)\b")
_OTHERS = re.compile(r"\s(?:patients|pts|people|subjects|participants|cohort)\b")
_BACK = 60


def is_limit(note: Note, sentence: Sentence, name: int, value: int) -> bool:
    """Return whether a number is a limit or an aim.

    Args:
        note: The note.
        sentence: The sentence of the number.
        name: Where the name of what is measured begins.
        value: Where the number begins.
    """
    low = max(sentence.start, name - _BACK)
    line = note.plain.rfind("\n", low, name) + 1
    low = max(low, line)
    if _BEFORE_NAME.search(note.plain, low, name) or _NORMAL_AS.search(note.plain, name, value):
        return True
    if _NORMAL_BEFORE.search(note.plain, low, name) and _IS.search(note.plain, name, value):
        return True
    return (
        _KEPT.search(note.plain, name, value) is not None
        and _TO_KEEP.search(note.plain, max(low, name - _BACK), value) is not None
    )


_REASON = Gated(
    r"\b(?:delay\w*|held|withheld|d/c'?d|discontinued|stopped|omitted|postponed|deferred|interrupted|reduced|reduction)\b(?:[^.;\n]|\.(?=\d)){0,30}\b(?:for|due to|because of|owing to|d/t)\s(?:an? )?(?:low )?$"
)
_OF_NOW = re.compile(r"\b(?:today|now|this (?:week|morning|cycle)|currently)\b")


def of_delay(note: Note, sentence: Sentence, name: int) -> bool:
    """Return whether a value is only the reason of a change told of the past: "C6 delayed 2 weeks for ANC 0.8 (G3)"."""
    reason = _REASON.search(note.plain, max(sentence.start, name - _BACK), name)
    return reason is not None and not _OF_NOW.search(note.plain, sentence.start, sentence.end)


def of_others(note: Note, end: int) -> bool:
    """Return whether a grade is that of other patients: "PS 2 patients were left out"."""
    return _OTHERS.match(note.plain, end) is not None
