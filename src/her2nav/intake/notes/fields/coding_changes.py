"""Changes that a report writes at the level of the coding sequence alone: "TERT c.-124C>T promoter", "BRCA1 c.5266dupC"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_MARK = Gated(r"\bc\.[-*]?\d")
_CHANGE = re.compile(
    r"(?<![\w.])c\.[-*]?\d{1,5}(?:[+-]\d{1,3})?(?:_[-*]?\d{1,5}(?:[+-]\d{1,3})?)?(?:[ACGT]>[ACGT]|delins[ACGT]+|del[ACGT]*(?:ins[ACGT]+)?|dup[ACGT]*|ins[ACGT]+)"
)
_SHARE = re.compile(
    r"[)\s|,(]{1,4}(?:\(?(?:promoter|splice\w*|intron\w*|truncat\w*|frameshift)\)?[\s|,(]{1,4})?(?:vaf|maf|af)?[\s:=]{0,2}(?P<p>\d{1,2}(?:\.\d{1,2})?)\s?%(?! (?:of|tumou?r|in)\b)"
)
_OF_DRUGS = frozenset({"DPYD", "UGT1A1", "TPMT", "CYP2D6", "G6PD"})
"""Genes that decide on the dose of a drug, and say nothing of the tumour."""
_REACH = 34
"""So far behind the name of its gene a change may stand."""


class Coding(NamedTuple):
    """A change, its gene, and the frequency behind it."""

    gene: Hit
    written: str
    span: Span
    share: str | None
    place: Span | None


def coding_changes(note: Note, sentence: Sentence, genes: list[Hit], proteins: list[Span]) -> Iterator[Coding]:
    """Yield the changes of a sentence of which no protein change is told: `proteins` holds the places of those."""
    if sentence.start not in note.cued(_MARK):
        return
    for match in _CHANGE.finditer(note.shown, sentence.start, sentence.end):
        before = [hit for hit in genes if hit.end <= match.start() and match.start() - hit.end < _REACH]
        if not before or before[-1].id("gene") in _OF_DRUGS:
            continue
        behind = min((hit.start for hit in genes if hit.start >= match.end()), default=sentence.end)
        if any(before[-1].end <= start < behind for start, _ in proteins):
            continue
        share = _SHARE.match(note.plain, match.end(), behind)
        yield Coding(
            before[-1], match[0], match.span(), share["p"] if share else None, share.span("p") if share else None
        )
