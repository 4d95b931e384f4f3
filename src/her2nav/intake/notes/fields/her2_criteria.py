"""Criteria of a guideline that a report quotes: they define the scores and are no result."""

from __future__ import annotations

import re

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note

_QUOTED = re.compile(r"[\"“„«](?P<w>[^\"“”„«»]*)[\"”“»]")
_SCORE = r"(?:score\s)?(?<![\w+])(?:[0-3]\s?\+|0)"
_DEFINED = re.compile(
    rf"{_SCORE}\s?(?:[:=,–-]|is\b|means\b|requires\b|if\b|when\b)\s?[^;]{{0,140}}?(?:>|≥|<|≤|\bmore than\b|\bat least\b|\bor more\b|\bor less\b|\bup to\b|\birrespective\b|\bany tumou?r cells?\b|\bcluster\b)"
)
"""A score with the share of cells that it takes."""
_TWO = re.compile(
    rf"{_SCORE}\s?(?:[:=,]|is\b|means\b)\s(?:an?\s)?(?:strong|weak|moderate|faint|intense|no|complete|incomplete|barely|circumferential|tumou?r)\b"
)


_LABEL = re.compile(
    r"\b(?:indicated|approved|eligible|solid tumou?rs|evidence is limited|subset of (?:cases|patients)|patients (?:with|whose)|adults?)\b"
)
"""Words of a label or a guideline, which speak of patients at large."""
_MEANT = re.compile(
    r"\)?\s(?:(?:is|are|was|would be|alone is)\s(?:not\s)?(?:enough|sufficient|required|needed|necessary|mandatory)\b|(?:would|does|do|will) (?:otherwise |not )?(?:call for|qualify|suffice|count|be enough))"
)
"""Words behind a score that is only spoken about: "an IHC of 2+ is not enough for it"."""


def criteria(note: Note) -> list[Span]:
    """Return the quotations that define scores or the results of ISH."""
    found: list[Span] | None = note.memory.get("quoted criteria")
    if found is None:
        quoted = _QUOTED.finditer(note.plain) if '"' in note.plain or "“" in note.plain or "«" in note.plain else ()
        found = note.memory["quoted criteria"] = [
            match.span()
            for match in quoted
            if _DEFINED.search(match["w"]) or len(_TWO.findall(match["w"])) > 1 or _LABEL.search(match["w"])
        ]
    return found


def quoted(note: Note, span: Span) -> bool:
    """True for a score within such a quotation, and for one of which is only said what it would be good for."""
    return _MEANT.match(note.plain, span[1]) is not None or any(start <= span[0] < end for start, end in criteria(note))
