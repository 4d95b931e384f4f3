"""Whether tissue is left of a sample, as a note says it."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import context
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_USED_UP = Gated(
    r"\b(?:exhausted|insufficient(?! cells\b)|no (?:further |more )?(?:tissue|blocks?|material) (?:is |was )?(?:left|remain\w*|available)|(?:nothing|none) (?:of it )?(?:is |was )?left(?= (?:of|in)\b|\s?[.,;)])|(?<!not )consumed|(?<!not )cut through|(?<!half )(?<!partly )(?<!partially )(?<!not )(?<!nearly )used up|(?<!not )depleted)\b"
)
_KEPT = Gated(
    r"\b(?:blocks?|tissue|slides?|sections|archival\w*)\b(?:(?!\b(?:not|no|never|cannot)\b)[^.;]){0,40}?\b(?:available|archive\w*|on file|(?<!, )(?<!: )left(?! (?:[a-z]+ )?(?:breast|axilla\w*|lung|lower|upper|kidney|nodes?|side|ovary|pelvi\w+|lobe))|stored|kept|retained|remain\w*|can be (?:sent|requested|provided|shipped))\b"
    r"|\b(?:block|tissue) (?:kept|still available)\b|\barchival\b[^.;]{0,40}\bon file\b"
    r"|\bblocks?(?: [a-h]?\d{1,2}[a-h]?(?:(?:,| and|/|,? &) ?[a-h]?\d{1,2}[a-h]?)*| [a-h]\b)?(?: here)? (?:still )?(?:has|have|holds?|contains?) (?:still )?(?:sufficient|enough|ample|adequate|residual|remaining|viable|more|plenty of)?\s?(?:remaining |residual |viable )?(?:tumou?r|tissue|material)\b"
    r"|(?<!in)\b(?:sufficient|enough|adequate) (?:(?:tissue|material|tumou?r) )?(?:left |remaining )?for\b[^.;]{0,30}\b(?:panel|sequencing|ngs|molecular|testing|further|ancillary|fish|ish)\b"
    r"|(?<!in)\b(?:sufficient|enough|ample|adequate|plenty of) (?:viable |invasive )?(?:tumou?r|tissue|material) (?:still )?(?:remains?|is left|is available|is present)\b"
    r"|\b(?:material|tissue) of (?:the )?blocks?\b[^.;]{0,30}\bavailable\b"
    r"|\btissue (?:is |was )?(?:sufficient|adequate|ample)\b|\b(?:residual|remaining|sufficient) (?:tumou?r (?:tissue|material)|tissue) (?:is |remains |are )?(?:present |left |available )?in (?:the )?blocks?\b"
)
_LEFT = Gate(_USED_UP, _KEPT)


_TISSUE_WORDS = re.compile(r"tissue|block|specimen|sample|slide|section|material|archiv")


def tissue(note: Note, sentence: Sentence) -> tuple[bool, Span] | None:
    """Return whether a sentence says that tissue is left."""
    if sentence.start not in note.cued(_LEFT):
        return None
    used = _USED_UP.search(note.plain, sentence.start, sentence.end)
    if used and _TISSUE_WORDS.search(note.said(sentence.start, sentence.end)):
        return False, used.span()
    kept = _KEPT.search(note.plain, sentence.start, sentence.end)
    if kept is None:
        return None
    if _TISSUE_WORDS.search(note.said(sentence.start, sentence.end)) is None:
        return None
    said = context(note, *kept.span())
    inner = note.cues_in(*kept.span(), "unsure", "negation")
    return None if said.negated or said.unsure or inner else (True, kept.span())
