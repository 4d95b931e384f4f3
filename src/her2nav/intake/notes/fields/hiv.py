"""What is told beside a virus: CD4 cells and viral load of HIV, and the treatment against it: "HIV pos, on TLD, CD4 512, VL undetectable"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import context, own_starts
from her2nav.intake.notes.found import Found
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

_CD4 = Gated(
    r"\bcd4\+?(?: t[- ]cells?| lymphocytes?| cells?)?(?: count)?(?:[\s:=]{1,3}|\s(?:of|is|was)\s)(?P<n>\d{1,4})(?!\d|[.,]\d|\s?%|\s?/\s?\d|\s?[-–]\s?\d|\s(?:in|on|at) (?:19|20))(?!\s?(?:to|x|years|weeks|months)\b)"
)
_OLD = re.compile(
    r"\b(?:nadir|lowest|initial|baseline|previous|prior|target|if|when|until|goal|history of|low)\W{1,2}(?:her |his |the )?$"
)
_LOAD = Gated(
    r"\b(?:(?P<own>hiv[ -](?:1[ -])?(?:viral load|vl|rna))|viral load|vl)(?: \(hiv\))?[\s:=]{1,3}(?:is |was |remains |currently |now |still |fully ){0,2}"
    r"(?:(?P<low>undetectable|not detect(?:ed|able)|un-detectable|ldl\b|tnd\b|<\s?(?:20|30|37|40|50)(?!\d))|(?P<high>detectable|detected))"
)
_VIRUS = Gated(r"\b(?:hiv|hbv|hcv|hdv|hep(?:atitis)?\b|hbs|hbc|cmv|ebv|hpv|htlv|covid|sars)")
_POSITIVE = Gated(
    r"\bhiv(?:[ -]?(?:infection|infected|status))?[\s:,-]{0,2}(?:pos\b|positive|\+|\(\+\)|reactive|infect\w+|since|on (?:art|tld|haart))"
)
_TREATED = Gated(
    r"\b(?:on|taking|takes|continues?(?: on)?|cont|established on|stable on|well controlled on)\s(?:her |his |the |long[- ]term )?(?:tld|arts?|arvs?|haart|cart|anti-?retrovirals?(?: therapy| treatment)?|bictegravir\w*|biktarvy|dolutegravir\w*|triumeq|atripla|genvoya|dovato|efavirenz\w*)\b(?!\s(?:was|were|is) (?:not|stopped))"
)
_UNTREATED = re.compile(
    r"\b(?:not|never|refus\w+|declin\w+|stopped|defaulted|off|to start|will start|was|prior)\s{1,2}$"
)
_FAR = 160


def read_hiv(note: Note, markers: list[Found]) -> Iterator[Found]:
    """Yield CD4 count, viral load and treatment of a patient with HIV; nothing of one whose test is negative.

    Args:
        note: The note.
        markers: The viral markers of the note.
    """
    if any(one.field == "serology.hiv" and one.value != "positive" for one in markers):
        return
    known = [one for one in _POSITIVE.finditer(note.plain) if _told(note, one.span())]
    if not known and not any(one.field == "serology.hiv" for one in markers):
        return
    own = own_starts(note)
    counts = [
        one
        for one in _CD4.finditer(note.plain)
        if note.sentence(one.start()).start in own
        and _told(note, one.span())
        and not _OLD.search(note.plain, max(0, one.start() - 20), one.start())
    ]
    if counts and len({one["n"] for one in counts}) == 1:
        yield Found("serology.cd4", counts[0]["n"], counts[0].span())
    loads = [
        one
        for one in _LOAD.finditer(note.plain)
        if note.sentence(one.start()).start in own
        and _told(note, one.span())
        and (one["own"] or _of_hiv(note, one.start()))
    ]
    if loads and len({one["low"] is None for one in loads}) == 1:
        yield Found("serology.hiv_rna", "undetectable" if loads[0]["low"] else "detectable", loads[0].span())
    for one in _TREATED.finditer(note.plain):
        if _told(note, one.span()) and not _UNTREATED.search(note.plain, max(0, one.start() - 14), one.start()):
            yield Found("serology.on_antivirals", True, one.span())
            return


def _told(note: Note, span: tuple[int, int]) -> bool:
    said = context(note, *span)
    return not (said.family or said.unsure or said.template or said.planned or said.negated or said.hypothetical)


def _of_hiv(note: Note, place: int) -> bool:
    """True where the virus that is named nearest before a load is HIV."""
    named = list(_VIRUS.finditer(note.plain, max(0, place - _FAR), place))
    return bool(named) and named[-1][0] == "hiv"
