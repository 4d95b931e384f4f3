"""Genes of which words of their own say that nothing is changed: no rearrangement found, inherited genes normal."""

from __future__ import annotations

import re

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

REARRANGED = frozenset(
    [
        "ALK",
        "ROS1",
        "RET",
        "NTRK1",
        "NTRK2",
        "NTRK3",
        "NRG1",
        "FGFR2",
        "FGFR3",
        "EWSR1",
        "BCR",
        "ABL1",
        "TMPRSS2",
        "ETV6",
    ]
)
"""Genes whose probe looks for a rearrangement."""
_INHERITED = frozenset(["BRCA", "BRCA1", "BRCA2", "PALB2", "ATM", "CHEK2", "TP53"])
_EVENT = r"(?:gene )?(?:fusions?|re-?arrangements?|translocations?)"
_NOT_FOUND = re.compile(
    rf"\s{_EVENT}(?:\s?[:=-]\s?(?:none|no|nil|not (?:found|detected)|negative|absent)|\s(?:(?:were|was|are|is)\s)?(?:not (?:found|detected|seen|identified|present|demonstrated)|absent|negative))\b"
)
_NO_BEFORE = re.compile(r"\b(?:no|without(?: an?)?|neither)\s$")
_NO_EVENT_OF = re.compile(
    rf"\b(?:no|without(?: an?)?)\s(?:evidence of (?:an? )?)?{_EVENT} (?:of|in|involving|affecting)\s$"
)
_EVENT_BEHIND = re.compile(rf"\s{_EVENT}\b")
_NORMAL = re.compile(
    r"\s(?:genes? )?(?:(?:germ-?line|testing|test|analysis|result|were|was|are|is|both|came back)\s){0,3}normal\b"
)
_GERMLINE = re.compile(r"\b(?:germ-?\s?line|inherited|hereditary|genetic(?:s)?|invitae|myriad|ambry)\b")
_REACH = 44


def fusion_absent(note: Note, sentence: Sentence, group: list[Hit]) -> Span | None:
    """Return the words that say that none of the genes is rearranged: "ALK and ROS1 rearrangements were not found"."""
    if not {str(hit.id("gene")) for hit in group} <= REARRANGED:
        return None
    start, end = group[0].start, group[-1].end
    match = _NOT_FOUND.match(note.plain, end, sentence.end)
    if match is not None:
        return match.span()
    low = max(sentence.start, start - _REACH)
    before = _NO_EVENT_OF.search(note.plain, low, start)
    if before is None and _EVENT_BEHIND.match(note.plain, end, sentence.end):
        before = _NO_BEFORE.search(note.plain, low, start)
    return (before.start(), end) if before is not None else None


def germline_normal(note: Note, sentence: Sentence, group: list[Hit]) -> Span | None:
    """Return the words that call inherited genes normal: "Germline BRCA1 and BRCA2 normal"."""
    if not {str(hit.id("gene")) for hit in group} <= _INHERITED:
        return None
    match = _NORMAL.match(note.plain, group[-1].end, sentence.end)
    told = match is not None and _GERMLINE.search(note.plain, sentence.start, sentence.end) is not None
    return match.span() if told and match is not None else None
