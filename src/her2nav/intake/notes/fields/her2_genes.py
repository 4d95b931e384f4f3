"""Variants, assay and matrix of a sequencing test put to the sample that was sequenced."""

from __future__ import annotations

from dataclasses import replace

from her2nav.intake.notes.fields.genes import Alteration, Alterations
from her2nav.intake.notes.fields.her2_clauses import matrix_at, sample_at
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import sample_of, undated
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note

_OF_TISSUE = ("biopsy", "resection", "cytology", "cytology_block")


def put_genes(
    note: Note,
    samples: list[Sample],
    current: Sample | None,
    carried: str | None,
    genes: Alterations,
    found: list[Token],
    named: list[Anchor],
    here: list[Sample],
) -> Sample | None:
    """Put what a sentence says of genes to its sample, and return the sample spoken of last."""
    if genes.inherited:
        return current  # no sample of the tumour shows what a test of the germline found
    if genes.again is not None:
        genes.own += _named_again(samples, genes.again)
        genes.again = None
    if genes.implied and genes.matrix is not None and current is not None:
        kind = current.anchor.kind
        if not here and (genes.matrix[0] == "plasma") != (kind == "blood") and kind is not None:
            return current  # the note of a clinic under the report of a laboratory
    if genes.sequenced and (genes.own or genes.panel or any(token.test == "ngs" for token in found)):
        return _put_panel(
            note, samples, genes, named, here, _for_panel(genes.start, named, here, current) or undated(samples)
        )
    told = genes.own or genes.others
    blood = _blood_named(named, here, genes.others[0].span[0]) if genes.others and not genes.own else None
    if blood is not None and blood is not current:
        blood.variants += genes.others  # "Plasma 2 October: ESR1 D538G 2.4 %": what else was it done for
    elif told and carried == "ngs" and current is not None and any(token.test == "ngs" for token in current.results):
        # A line of the list under the name of the panel.
        current.variants += genes.own + genes.others
    elif genes.others and not genes.own and current is not None and _lists_on(note, current, genes.others[0].span[0]):
        current.variants += genes.others
    elif genes.own:
        first = Token("ngs", "variants", None, genes.own[0].span)
        sample = sample_of(first, named, here, current) or undated(samples)
        for one in genes.own:
            _owner(note, samples, named, here, one.span, sample).variants.append(one)
    return current


def _blood_named(named: list[Anchor], here: list[Sample], place: int) -> Sample | None:
    """Return the blood that a sentence names before a variant, where it names no tissue."""
    if not named or any(one.kind != "blood" for one in named) or named[0].start > place:
        return None
    return here[0]


def _put_panel(
    note: Note, samples: list[Sample], genes: Alterations, named: list[Anchor], here: list[Sample], sample: Sample
) -> Sample:
    """Put what a panel showed to the sample that was sequenced, or to several, by the clauses of the sentence."""
    owners: dict[int, Sample] = {}
    variants = genes.own + (genes.others if genes.panel else [])
    for one in variants:
        owner = _owner(note, samples, named, here, one.span, sample)
        owners[id(owner)] = owner
        owner.variants.append(one)
    for symbol, span in genes.covered.items():
        _owner(note, samples, named, here, span, sample).covered.setdefault(symbol, span)
    if genes.assay:
        owner = _owner(note, samples, named, here, genes.assay[1], sample)
        owner.results.append(Token("ngs", "assay", *genes.assay))
    if not owners or sample.anchor.kind is not None:
        owners.setdefault(id(sample), sample)
    for owner in owners.values():
        place = (owner.anchor.start, owner.anchor.end)
        own = next((one for one in variants if one in owner.variants), None)
        told = genes.matrix if owner is sample and len(owners) == 1 else None
        if told is None and own is not None and owner.anchor.kind is None:
            told = matrix_at(note, note.sentence(own.span[0]), own.span[0])
        matrix = told or (("tissue", place) if owner.anchor.kind in _OF_TISSUE else None)
        if matrix and not (owner.anchor.kind == "blood" and matrix[0] == "tissue"):
            owner.results.append(Token("ngs", "matrix", *matrix))
    return sample


def _owner(
    note: Note, samples: list[Sample], named: list[Anchor], here: list[Sample], span: Span, sample: Sample
) -> Sample:
    return sample_at(note, note.sentence(span[0]), samples, named, here, span[0], sample)


def _named_again(samples: list[Sample], again: Alteration) -> list[Alteration]:
    """Return the variant that "the same ERBB2 mutation" means, where the note has named only one."""
    known = {one.written for sample in samples for one in sample.variants if one.gene == again.gene}
    return [replace(again, written=known.pop())] if len(known) == 1 else []


def _lists_on(note: Note, sample: Sample, place: int) -> bool:
    """True for the next line of a list of variants: "ERBB2: S310F, VAF 17 % / TP53: R273H, VAF 22 %"."""
    variants = sample.variants
    return bool(variants) and note.line(place) - note.line(variants[-1].span[0]) == 1


def _for_panel(start: int, named: list[Anchor], here: list[Sample], current: Sample | None) -> Sample | None:
    """Return the sample that a sequencing test named at a place was done on."""
    return sample_of(Token("ngs", "", None, (start, start)), named, here, current)
