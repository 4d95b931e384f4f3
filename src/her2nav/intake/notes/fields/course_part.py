"""A treatment that goes on with a part of its drugs: "docetaxel and trastuzumab x6, then trastuzumab alone"."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

SWITCH = Gated(
    r"\b(?:dropped (?:by|per|as per|according to) (?:plan|protocol)|as planned|planned(?! (?:for|to start))|maintenance|maint\b|dropped|de-?escalat\w+)\b"
)
ALONE = re.compile(
    r"\s(?:(?:every (?:two|three|four|[2-4]) weeks|q ?[2-4] ?w|(?:[2-4]-|three-)?weekly)\s)?(?:alone|only|monotherapy|single agent|by itself|by themselves|on its own)\b"
)
_JUST = re.compile(r"\b(?:just|only)\s(?:the\s|her\s|his\s)?$")
_THEN = re.compile(r"\b(?:then|followed by|thereafter|afterwards|subsequently)\b|→|->")
_LATE = ("metastatic", "maintenance")


_LEFT_OUT = re.compile(
    r"\s(?:\w+\s)?(?:was |were |had been |had to be |has been |then )+(?:permanently |finally )?(?:omitted|dropped|stopped|discontinued|left out|withdrawn)\b"
)
_GOES_ON = re.compile(
    r"(?:\s\w+){0,2}?\s(?:was |were |is |are |has been |have been )?(?:then )?(?:continued|continues?|given|went on|goes on|carried on|maintained)\b"
)


def rest_of(note: Note, sentence: Sentence, current: Course | None, drugs: list[str], span: tuple[int, int]) -> bool:
    """True for what is left of a regimen of which the same sentence drops the rest.

    "Oxaliplatin was omitted after 8 cycles, and S-1 + trastuzumab was given until 16 December": one course goes on.
    """
    if current is None or current.planned or not set(drugs) < set(current.drugs) or "end" in current.entry.values:
        return False
    dropped = {
        hit.id("drug")
        for hit in note.hits_in(sentence.start, span[0], "drug")
        if _LEFT_OUT.match(note.plain, hit.end, span[0])
    }
    missing = set(current.drugs) - set(drugs)
    return missing <= dropped and _GOES_ON.match(note.plain, span[1], sentence.end) is not None


def goes_on_in_part(note: Note, before: Course, course: Course, low: int) -> None:
    """Take a part of the drugs that goes on for maintenance, and why the whole then ended.

    `low` is where the words begin that belong to the new course.
    """
    if not set(course.drugs) < set(before.drugs):
        return
    word = SWITCH.search(note.plain, low, course.span[0])
    if word is not None and word[0] in ("maintenance", "maint"):
        if "reason_stopped" not in before.entry.values:
            before.entry.put("reason_stopped", "planned_switch", word.span())
        return
    start, end = course.span
    alone = ALONE.match(note.plain, end) or _JUST.search(note.plain, max(low, start - 12), start)
    led = _THEN.search(note.plain, low, start)
    late = before.entry.values.get("setting") in _LATE or not before.entry.values.get("setting")
    if alone and led and late and "setting" not in course.entry.values:
        course.entry.put("setting", "maintenance", (led.start(), end))
        before.entry.values.pop("ongoing", None)
        before.entry.put("ongoing", False, (led.start(), end))
