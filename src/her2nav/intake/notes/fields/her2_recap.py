"""Results that only say again what a sample showed, and those whose sample can only be one of its kind."""

from __future__ import annotations

from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import DECIDES, RETESTED
from her2nav.intake.notes.note import Note, Sentence


def only_again(note: Note, samples: list[Sample], sample: Sample, token: Token, sentence: Sentence) -> bool:
    """True for a result in a later paragraph that contradicts the sample spoken of last and only repeats another one's.

    "In regard of HER2 3+" in a plan is what the last but one sample showed.
    """
    before = [one for one in sample.results if (one.test, one.key) == token[:2]]
    if not before or any(one.value == token.value for one in before):
        return False
    if any(note.sentence(one.span[0]).paragraph == sentence.paragraph for one in before):
        return False
    if RETESTED.search(note.plain, sentence.start, sentence.end):
        return False
    return any(known[:3] == token[:3] for one in samples if one is not sample for known in one.results)


def of_tissue(samples: list[Sample], token: Token) -> Sample | None:
    """Return the tissue that a stain told beside plasma is of: the one that shows it already, or the only one."""
    solid = [one for one in samples if one.anchor.kind != "blood"]
    told = [one for one in solid if any(known[:3] == token[:3] for known in one.results)]
    stained = [one for one in solid if any(known.test == token.test for known in one.results)]
    return told[0] if told else solid[0] if len(solid) == 1 and not stained else None


def of_sequencing(samples: list[Sample], current: Sample | None) -> Sample | None:
    """Return the sample that was sequenced for what a sentence says of genes and names none, where there is only one."""
    if current is None or any(one.test == "ngs" for one in current.results) or current.variants:
        return current
    if current.anchor.kind == "blood":
        return current  # nothing else is done with it
    own = [one for one in samples if one.variants or any(known.test == "ngs" for known in one.results)]
    return own[0] if len(own) == 1 else current


def recap(found: list[Token], here: list[Sample], samples: list[Sample]) -> bool:
    """True for a sentence that only says again what several samples showed, and names none: "A negative (1+), B negative (2+)"."""
    scores = {str(one.value) for one in found if one.key == "score"}
    told = {(one.key, str(one.value)) for one in found if one.key in DECIDES}
    known = {(one.key, str(one.value)) for sample in samples for one in sample.results}
    scored = sum(any(one.key == "score" for one in sample.results) for sample in samples)
    return not here and 1 < len(scores) <= scored and told <= known
