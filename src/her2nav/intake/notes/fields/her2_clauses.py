"""Clauses of a sentence on sequencing: each may speak of tissue or of plasma, and of a sample of its own."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import new, undated
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_CUT = re.compile(
    r";\s|\.\s|\s(?:but|while|whereas|however|though|although)\s|,\s(?=(?:not|no|absent|negative|undetect\w*|lost|none)\b)"
)
_WORDS = Gated(
    r"\b(?:(?P<plasma>plasma|ct-?dna|cf-?dna|liquid biops\w+|blood|circulating|guardant\w*)"
    r"|(?P<tissue>tissue|ffpe|(?:tumou?r|archival) (?:block|sample|specimen)|biops(?:y|ies)|bx|cores?|resection|excision|cell block))\b"
)
_OF_TISSUE = ("biopsy", "resection", "cytology", "cytology_block")


def matrix_at(note: Note, sentence: Sentence, place: int) -> tuple[str, Span] | None:
    """Return whether the clause at a place speaks of tissue or of plasma: the last word before it, else the first behind."""
    low, high = _clause(note, sentence, place)
    words = list(_WORDS.finditer(note.plain, low, high))
    before = [one for one in words if one.start() < place]
    said = before[-1] if before else words[0] if words else None
    return (str(said.lastgroup), said.span()) if said else None


def sample_at(
    note: Note,
    sentence: Sentence,
    samples: list[Sample],
    named: list[Anchor],
    here: list[Sample],
    place: int,
    otherwise: Sample,
) -> Sample:
    """Return the sample of a result of sequencing, where the clauses of its sentence speak of several.

    "Amplified on the tissue panel; not seen in ctDNA": what one clause says is not of the other's sample.
    """
    words = {str(one.lastgroup) for one in _WORDS.finditer(note.plain, sentence.start, sentence.end)}
    other = _matrix(otherwise) is not None and words - {_matrix(otherwise)}
    if len(words) < len(("tissue", "plasma")) and len(named) < len(("one", "other")) and not other:
        return otherwise
    low, high = _clause(note, sentence, place)
    inside = [(anchor, sample) for anchor, sample in zip(named, here, strict=True) if low <= anchor.start < high]
    before = [sample for anchor, sample in inside if anchor.start <= place]
    sample = before[-1] if before else inside[0][1] if inside else otherwise
    said = matrix_at(note, sentence, place)
    if said is None or said[0] == _matrix(sample):
        return sample
    fits = [one for one in samples if _matrix(one) == said[0]]
    if _matrix(sample) is None and not (said[0] == "plasma" or sample.anchor.kind):
        return sample
    if len(fits) == 1:
        return fits[0]
    if said[0] == "plasma":
        return new(samples, Anchor(*said[1], kind="blood", spans={"kind": said[1]}))
    return undated(samples)


def _matrix(sample: Sample) -> str | None:
    kind = sample.anchor.kind
    return "plasma" if kind == "blood" else "tissue" if kind in _OF_TISSUE else None


def _clause(note: Note, sentence: Sentence, place: int) -> Span:
    cuts = list(_CUT.finditer(note.plain, sentence.start, sentence.end))
    low = max((one.end() for one in cuts if one.end() <= place), default=sentence.start)
    high = min((one.start() for one in cuts if one.start() >= place), default=sentence.end)
    return low, high
