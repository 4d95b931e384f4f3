"""Variants that a note writes in two ways: "Y772_A775dup (also called A775_G776insYVMA)" is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.intake.notes.fields.genes import Alteration
from her2nav.intake.notes.fields.germline import origin_of
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.note import Note
from her2nav.model.truth import Truth
from her2nav.variants.knowledge import load_variants
from her2nav.variants.match import matches
from her2nav.variants.read import canonical_name, read_variants
from her2nav.variants.residues import ONE_LETTER

_THREE_LETTERS = re.compile("|".join(name.capitalize() for name in ONE_LETTER if len(name) > 1))


def each_once(note: Note, variants: Sequence[Alteration]) -> list[Alteration]:
    """Return every variant once, as it was written first, with the frequency and the origin that any of its names has."""
    best: dict[tuple[str, str], Alteration] = {}
    several = len({one.written for one in variants if one.gene == "ERBB2"}) > 1
    for one in (_with_origin(note, one) for one in variants):
        change = one.gene, _name(note, one, several)
        known = best.get(change)
        if known is None:
            best[change] = one
            continue
        if known.vaf is None and one.vaf is not None:
            known = replace(known, vaf=one.vaf, vaf_span=one.vaf_span)
        best[change] = replace(known, origin=known.origin or one.origin)
    return list(best.values())


def without_classes(note: Note, samples: Sequence[Sample]) -> None:
    """Take out a class of variants where its sample, or any for what was told before one was named, shows the variant itself.

    "Lung cancer with an ERBB2 exon 20 insertion", and below it the biopsy with G778_P780dup.
    """
    exact = [(sample, one) for sample in samples for one in sample.variants if _exact(one)]
    for sample in samples if exact else ():
        sample.variants = [
            one for one in sample.variants if one.gene != "ERBB2" or _exact(one) or not _shown(note, sample, one, exact)
        ]


def _shown(note: Note, sample: Sample, one: Alteration, exact: Sequence[tuple[Sample, Alteration]]) -> bool:
    """Whether the variant of a class stands with the sample itself, or with another one where no sample was named yet."""
    first = min([span[0] for span in (sample.anchor.spans or {}).values()], default=sample.anchor.start)
    free = one.span[0] < first and note.sentence(one.span[0]) is not note.sentence(first)
    return any((other is sample or free) and _is_of(note, known, one) for other, known in exact)


def _exact(one: Alteration) -> bool:
    return one.gene == "ERBB2" and one.written.startswith(("p.", "c."))


def _is_of(note: Note, known: Alteration, named: Alteration) -> bool:
    """Whether a variant is of the class that is named."""
    knowledge = load_variants(note.words.knowledge)
    calls = read_variants(known.written, knowledge, gene="ERBB2")
    return any(matches(call, named.written, knowledge) is Truth.MET for call in calls)


def _with_origin(note: Note, one: Alteration) -> Alteration:
    """Return a variant of ERBB2 with the origin that another sentence tells of it: "Ile655Val is inherited"."""
    if one.gene != "ERBB2" or one.origin is not None:
        return one
    name = one.written.removeprefix("p.")
    at = note.shown.find(name)
    while at >= 0:
        sentence = note.sentence(at)
        if origin_of(note, sentence, at + len(name), sentence.end):
            return replace(one, origin="germline")
        at = note.shown.find(name, at + len(name))
    return one


def _name(note: Note, one: Alteration, several: bool) -> str:
    """Return the name by which a variant is compared; of ERBB2 the one of the table, where there are several to compare."""
    letters = _THREE_LETTERS.sub(lambda residue: ONE_LETTER[residue[0].lower()], one.written)
    if one.gene != "ERBB2" or not several:
        return letters
    return canonical_name(letters, load_variants(note.words.knowledge)) or letters
