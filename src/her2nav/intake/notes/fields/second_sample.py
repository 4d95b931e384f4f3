"""The second sample of one phrase: "core biopsies of the breast and the axillary node"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.note import Note, Sentence

if TYPE_CHECKING:
    from her2nav.intake.notes.fields.specimens import Anchor

_REACH = 46
_PLURAL = re.compile(r"(?:.*(?:biopsies|cores|excisions|resections|aspirates|fnas))")
_JOINED = re.compile(
    r"[^,;.:()]{0,24}\b(?:and|&)\s(?:of\s|from\s)?(?:the\s|her\s|his\s|an?\s)?(?:left\s|right\s|abnormal\s|suspicious\s|enlarged\s|palpable\s|pathological\s|clipped\s)*"
)
_OF_MASS = re.compile(
    r"\s(?:of|from)\s(?:the\s|a\s|her\s|his\s|both\s(?:the\s)?)?(?:[a-z-]+\s){0,2}?(?P<mass>mass|lump|lesion|primary|tumou?r)(?=\s)"
)
"""The tumour itself beside a node: "core biopsies of the mass and of an abnormal axillary node"."""


def second_of(note: Note, sentence: Sentence, anchor: Anchor, words: str) -> list[Anchor]:
    """Return the second sample of "core biopsies of the breast and the axillary node"."""
    place = (anchor.spans or {}).get("organ")
    if place is None or place[0] < anchor.end or not _PLURAL.fullmatch(words):
        return []
    mass = _OF_MASS.match(note.plain, anchor.end, place[0]) if anchor.organ == "lymph_node" else None
    if mass is not None and len(note.present_tumours) == 1 and _JOINED.fullmatch(note.plain, mass.end(), place[0]):
        node = anchor.copy()
        node.start, node.end = place
        (anchor.organ,) = note.present_tumours
        (anchor.spans or {})["organ"] = mass.span("mass")
        return [node]
    for hit, organ in organs_in(note, place[1], min(sentence.end, place[1] + _REACH)):
        if organ != anchor.organ and _JOINED.fullmatch(note.plain, place[1], hit.start):
            other = anchor.copy()
            other.organ, other.start, other.end = organ, hit.start, hit.end
            (other.spans or {})["organ"] = (hit.start, hit.end)
            return [other]
    return []
