"""Variants that a note writes in two ways: "Y772_A775dup (also called A775_G776insYVMA)" is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.intake.notes.fields.genes import Alteration
from her2nav.intake.notes.fields.germline import origin_of
from her2nav.intake.notes.note import Note
from her2nav.variants.knowledge import load_variants
from her2nav.variants.read import canonical_name
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
