"""The sample of a part of a report that a sentence names by its letter."""

from __future__ import annotations

from her2nav.intake.notes.fields.her2_lines import heads_results
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import new
from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.note import Note, Sentence


def of_part(
    note: Note, samples: list[Sample], current: Sample | None, sentence: Sentence, part: str, found: list[Token]
) -> Sample | None:
    """Return the sample of a part of the report: the one that has its letter, else a new one beside those that have one."""
    of_part = [one for one in samples if one.anchor.part == part]
    known_so = of_part[0] if of_part else None
    if len(of_part) > 1:
        # "S2 uterus: 3+ / S2 node: 2+": one container, two tissues.
        organs = {organ for _, organ in organs_in(note, sentence.start, min(sentence.end, sentence.start + 40))}
        known_so = next((one for one in of_part if one.anchor.organ in organs), known_so)
    here = current
    if known_so is not None or not any(token.key in ("score", "result", "her2_cep17_ratio") for token in found):
        heads = known_so is None and heads_results(note, sentence)
        if heads and here is not None and here.anchor.part is None and not here.results:
            here.anchor.part = part  # "HER2 immunohistochemistry (block A6):"
        return known_so or current
    if here is not None and here.anchor.part is None and not here.results:
        here.anchor.part = part
        return here
    if here is not None and here.anchor.part is None:
        return here
    place = found[0].span
    return new(samples, Anchor(*place, part=part, spans={}))
