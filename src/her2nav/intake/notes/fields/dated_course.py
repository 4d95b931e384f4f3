"""Whether a day belongs to a course: nothing but doses, schedules and small words stands between it and the drugs."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.note import Note

_QUIET = re.compile(
    r"(?:\([^()]{0,50}\)|[\s\d.,:;()\[\]/+&*#=>≥x×%~'-]|[–—→•]"
    r"|\b(?:mg|g|mcg|iu|kg|m2|auc|ml|q\d*\w{0,4}|d\d{1,2}|c\d{1,2}(?:d\d)?|l\d|\d(?:st|nd|rd|th|l)|[1-9]l|day|days|weekly|fortnightly|monthly|daily|bid|bd|od|tds|prn|po|iv|sc|s/c|inj|tabs?|tablets?|capsules?|oral|injections?"
    r"|each|just|every|weeks?|wks?|months?|mo|years?|yrs?|the|a|an|of|and|then|with|plus|for|in|on|at|from|since|until|till|til|through|thru|to|between|by|start(?:ed|s|ing)?|begin(?:ning|s)?|began|begun|commenced|initiated|switched|changed|went|put"
    r"|first|second|third|fourth|fifth|one|two|three|four|five|six|seven|eight|nine|ten|twelve|line|alone|again|only|mono(?:therapy)?|maint(?:enance)?|adjuvant|adj|neoadjuvant|neoadj|perioperative|palliative|primary|single|agent|dose|doses|dose-dense|dd|full|reduced"
    r"|therapy|treatment|chemo(?:therapy)?|endocrine|hormonal?|systemic|regimen|cycles?|courses?|series|times|present|ongoing|now|today|current(?:ly)?|approx(?:imately)?|about|early|late|mid|end|beginning|last|latest|given|received|receiving|took|taking|takes|still|while|has|had|have|been|was|were|is|she|he|i|we|they|me|her|him|it|them|patient|pt|continues?|continued|continuing|hold|held|desde|hasta|inicio|seit|ab|bis"
    r"|which|that|who|went ahead|operation|surgery|radiotherapy|radiation|rt|xrt|rounds|ofs|mets|found|before|post|stopped|completed|finished|ended|progression|progressed|relapse|pd|pr|sd|cr|when|after|before operation|under|s/p|fbc|biosimilar|generic)\b)*"
)
_REACH = 70


_LISTED = re.compile(
    r"\b(?:radiotherapy|rt|xrt|radiation|wle|bcs|surgery|operation|lumpectomy|mastectomy|\w+ectomy|resection|alnd|slnb|anc)\s?[,;+]\s(?:and |then )?$"
)
"""Treatments in the row of a day, one after the other: "2021: ...; WLE, radiotherapy, letrozole"."""


def quiet(note: Note, start: int, end: int) -> bool:
    """True where nothing but doses, schedules, further drugs and small words stands in a stretch."""
    words = note.plain[start:end]
    for hit in reversed(note.hits_in(start, end, "drug", "regimen")):
        words = f"{words[: hit.start - start]} {words[hit.end - start :]}"
    return _QUIET.fullmatch(words) is not None


def linked(note: Note, group: Group, low: int, high: int) -> bool:
    """True where a day before or behind the drugs is theirs."""
    for one in note.dates.within(group.end, high)[:1]:
        if one.start - group.end <= _REACH and quiet(note, group.end, one.start):
            return True
    for one in note.dates.within(low, group.start)[-1:]:
        if group.start - one.end <= _REACH and quiet(note, one.end, group.start):
            return True
    row = note.row_date(group.start)
    if row is not None and row.end <= group.start and _LISTED.search(note.plain, row.end, group.start):
        return True
    return row is not None and row.end <= group.start and quiet(note, row.end, group.start)
