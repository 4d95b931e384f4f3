"""Whether tissue is left of a sample, as a note says it."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import context
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_USED_UP = Gated(
    r"\b(?:exhausted|insufficient|no (?:tissue|block) (?:left|remaining|available)|(?<!half )(?<!partly )(?<!partially )(?<!not )(?<!nearly )used up|(?<!not )depleted)\b"
)
_KEPT = Gated(
    r"\b(?:blocks?|tissue|slides?|archival\w*)\b[^.;]{0,40}?\b(?:available|archive\w*|on file|left|stored|kept|retained|remain\w*)\b"
    r"|\b(?:block|tissue) (?:kept|still available)\b|\barchival\b[^.;]{0,40}\bon file\b"
    r"|\bblocks?(?: [a-h]?\d{0,2})?(?: here)? (?:still )?(?:has|have|holds?|contains?) (?:still )?(?:sufficient|enough|ample|adequate|residual|remaining|viable|more)?\s?(?:remaining |residual |viable )?(?:tumou?r|tissue|material)\b"
    r"|(?<!in)\b(?:sufficient|enough|adequate) (?:(?:tissue|material|tumou?r) )?(?:left |remaining )?for\b[^.;]{0,30}\b(?:panel|sequencing|ngs|molecular|testing|further|ancillary|fish|ish)\b"
    r"|\b(?:residual|remaining|sufficient) (?:tumou?r (?:tissue|material)|tissue) (?:is |remains |are )?(?:present |left |available )?in (?:the )?blocks?\b"
)
_LEFT = Gate(_USED_UP, _KEPT)


_TISSUE_WORDS = re.compile(r"tissue|block|specimen|sample|slide|material|archiv")


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
