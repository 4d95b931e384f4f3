"""Results of genes written as signs in brackets: "EGFR (-), ALK (-), KRAS (+)"."""

from __future__ import annotations

import re

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_SIGN = re.compile(r"\s?[:=]?\s?\((?P<sign>[-−–+])\)")
_STAINED = Gated(
    r"\b(?:ihc|immuno\w+|stain\w*|ck-?\d{1,2}|cytokeratins?|ttf-?1|p40|p63|p16|p53|napsin|ki-?67|cd-?\d{1,3}|gata-?3|vimentin|"
    r"synaptophysin|chromogranin|cdx-?2|s100|desmin)\b"
)
"""Words of a list of stains, where a sign behind a gene's name may be that of its protein."""
_MEANINGS = {"+": "mutated", "-": "wild_type", "−": "wild_type", "–": "wild_type"}


def by_sign(note: Note, sentence: Sentence, end: int) -> tuple[str, Span] | None:
    """Return what a sign in brackets behind a gene says, with its place; nothing in a list of stains."""
    match = _SIGN.match(note.plain, end, sentence.end)
    if match is None or _STAINED.search(note.plain, sentence.start, sentence.end) is not None:
        return None
    return _MEANINGS[match["sign"]], match.span()
