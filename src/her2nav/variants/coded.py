"""Calls of coding changes (`c.`) without a protein change beside them."""

from __future__ import annotations

import re

from her2nav.model.truth import Truth
from her2nav.variants.call import Caution, VariantCall
from her2nav.variants.classify import call_of
from her2nav.variants.coding import codon_of, translate
from her2nav.variants.grammar import WrittenCoding, coding_key, find_coding
from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.protein import name
from her2nav.variants.resolve import canonical
from her2nav.variants.schema import Effect, Kind, ProteinIsoform, VariantRow
from her2nav.variants.weigh import changed, unsettled

_CODON = 3
_POSITION = re.compile(r"(?<=[._])\d+")
"""A position of a coding change: after `c.`, and after the line of a range."""
_SPLICE_SITE = 2
"""Bases of the intron next to an exon that every splice site has."""


def coding_call(written: WrittenCoding, knowledge: VariantKnowledge) -> VariantCall:
    """Return the call of a coding change of the reference transcript.

    The curated table is asked first, then what the genetic code proves. Else the call says that the protein change is
    needed and lists the residues that are possible.
    """
    key = coding_key(written.text)
    row = knowledge.by_coding.get(key)
    if row is not None:
        call = changed(_table_call(row, written.text, knowledge), hgvs_c=key)
        if written.size is None:
            return call
        message = f"only the number of bases is given; {row.variant} is the usual change there"
        return changed(call, Caution(code="bases_not_given", message=message), needs_confirmation=True)
    skipped = knowledge.classes[knowledge.regions.skipped_exon.class_id]
    if key in map(coding_key, skipped.hgvs_c):
        return skipping_call(written.text, knowledge, certain=False, hgvs_c=key)
    if written.outside:
        return _elsewhere(written, key, knowledge, "lies outside the coding sequence")
    if written.first_offset or written.last_offset:
        return _intronic(written, key, knowledge)
    return _exonic(written, key, knowledge)


def on_reference(written: WrittenCoding, isoform: ProteinIsoform) -> WrittenCoding:
    """Return a coding change of an isoform as one of the reference: three bases for each residue between them.

    Positions outside the coding sequence are left as they are written.
    """
    if written.outside:
        return written
    moved = _POSITION.sub(lambda match: str(int(match.group()) + _CODON * isoform.offset), written.text)
    found = find_coding(moved)
    return found[0] if found else written


def skipping_call(text: str, knowledge: VariantKnowledge, *, certain: bool, hgvs_c: str | None = None) -> VariantCall:
    """Return the call of the skipped exon; not certain: from a coding change that may cause it."""
    event = knowledge.classes[knowledge.regions.skipped_exon.class_id]
    named = canonical(event.hgvs_p or "", knowledge.reference)
    call = VariantCall(
        input=text,
        gene=knowledge.gene,
        hgvs_p=event.hgvs_p,
        short=named.short if named else None,
        hgvs_c=hgvs_c,
        hgvs_c_examples=event.hgvs_c,
        class_id=event.id,
        exon=event.exons[0] if event.exons else None,
        exons=event.exons,
        domain=event.domain,
        in_tkd=False,
        kind=event.kind,
        effect=event.effect,
        activating=event.activating,
        exon20_insertion=Truth.NOT_MET,
        confidence=event.confidence,
        actionability=knowledge.actions(event.id),
        summary=event.says,
        sources=knowledge.class_sources(event),
    )
    if certain:
        return call
    message = "this change is expected to skip the exon; RNA shows whether it does"
    return changed(call, Caution(code="splice_expected", message=message), needs_confirmation=True)


def agrees(written: WrittenCoding, short: str, knowledge: VariantKnowledge) -> bool:
    """Say whether a coding change can give a protein change; True where that cannot be told."""
    row = knowledge.by_coding.get(coding_key(written.text))
    if row is not None:
        return row.variant == short
    if written.outside or written.first_offset or written.last_offset:
        return True
    found = translate(knowledge.reference, written)
    if found.problem or found.frameshift:
        return False
    return not found.proteins or short in {name(knowledge.reference, change).short for change in found.proteins}


def _table_call(row: VariantRow, text: str, knowledge: VariantKnowledge) -> VariantCall:
    named = canonical(row.variant, knowledge.reference)
    assert named is not None
    call = call_of(named, text, knowledge)
    if row.c_confidence is not None and row.c_confidence.unverified and not _proven(text, row.variant, knowledge):
        message = "the link between this coding change and the protein change is unverified"
        return unsettled(call, Caution(code="unverified_coding", message=message, suggestion=row.variant))
    return call


def _proven(text: str, short: str, knowledge: VariantKnowledge) -> bool:
    found = translate(knowledge.reference, find_coding(text)[0])
    return [name(knowledge.reference, change).short for change in found.proteins] == [short]


def _exonic(written: WrittenCoding, key: str, knowledge: VariantKnowledge) -> VariantCall:
    found = translate(knowledge.reference, written)
    if found.problem:
        caution = Caution(code="coding_does_not_fit", message=f"{key} does not fit the reference: {found.problem}")
        effect = Effect.WRONG_RESIDUE if found.codons != (0, 0) else Effect.MALFORMED
        return VariantCall(
            input=written.text,
            gene=knowledge.gene,
            hgvs_c=key,
            effect=effect,
            warnings=(caution,),
            needs_confirmation=True,
        )
    if found.frameshift:
        return frameshift_call(written.text, found.codons[0], knowledge, hgvs_c=key)
    if len(found.proteins) == 1:
        call = call_of(name(knowledge.reference, found.proteins[0]), written.text, knowledge)
        message = "the protein change follows from the genetic code: every codon of the residue gives it"
        return changed(call, Caution(code="protein_inferred", message=message), hgvs_c=key)
    first, last = found.codons
    candidates = tuple(dict.fromkeys(name(knowledge.reference, change).short for change in found.proteins))
    which = f"; it may be {' or '.join(candidates)}" if candidates else ""
    residue = f"{knowledge.reference[first - 1]}{first}"
    message = (
        f"needs protein change: {key} changes codon {first} ({residue}), and the protein does not fix the codon{which}"
    )
    exons = tuple(dict.fromkeys(exon.number for at in (first, last) if (exon := knowledge.exon_of(at))))
    return VariantCall(
        input=written.text,
        gene=knowledge.gene,
        hgvs_c=key,
        exon=exons[0] if len(exons) == 1 else None,
        exons=exons,
        exon_unverified=any(exon.confidence.unverified for at in (first, last) if (exon := knowledge.exon_of(at))),
        domain=knowledge.domain_of(first),
        in_tkd=knowledge.in_kinase_domain(first, last),
        candidates=candidates,
        effect=Effect.NEEDS_PROTEIN_CHANGE,
        exon20_insertion=Truth.NOT_MET if written.operation in ("substitution", "deletion") else Truth.UNKNOWN,
        warnings=(Caution(code="needs_protein_change", message=message),),
    )


def frameshift_call(text: str, residue: int, knowledge: VariantKnowledge, hgvs_c: str | None = None) -> VariantCall:
    """Return the call of a lost reading frame."""
    exon = knowledge.exon_of(residue)
    rule = knowledge.class_rule
    return VariantCall(
        input=text,
        gene=knowledge.gene,
        hgvs_c=hgvs_c,
        exon=exon.number if exon else None,
        exons=(exon.number,) if exon else (),
        exon_unverified=bool(exon and exon.confidence.unverified),
        domain=knowledge.domain_of(residue),
        in_tkd=knowledge.in_kinase_domain(residue, residue),
        kind=Kind.FRAMESHIFT,
        effect=Effect.NOT_ACTIVATING,
        activating=Truth.NOT_MET,
        exon20_insertion=Truth.NOT_MET,
        confidence=rule[0].confidence,
        summary="the reading frame is lost: not activating, for ERBB2 is an oncogene",
        sources=rule,
    )


def _intronic(written: WrittenCoding, key: str, knowledge: VariantKnowledge) -> VariantCall:
    ends = ((written.first, written.first_offset), (written.last, written.last_offset))
    at_site = [(base, offset) for base, offset in ends if 0 < abs(offset) <= _SPLICE_SITE]
    if not at_site:
        return _elsewhere(written, key, knowledge, "lies in an intron or reaches into one")
    skipped = knowledge.regions.skipped_exon
    acceptor = any(base == skipped.first_base and offset < 0 for base, offset in at_site)
    donor = any(base == skipped.last_base and offset > 0 for base, offset in at_site)
    if acceptor or donor:
        return skipping_call(written.text, knowledge, certain=False, hgvs_c=key)
    rule = knowledge.class_rule
    return VariantCall(
        input=written.text,
        gene=knowledge.gene,
        hgvs_c=key,
        kind=Kind.SPLICE,
        effect=Effect.NOT_ACTIVATING,
        activating=Truth.NOT_MET,
        exon20_insertion=Truth.NOT_MET,
        confidence=rule[0].confidence,
        summary="a splice site is lost: not activating, for ERBB2 is an oncogene",
        sources=rule,
    )


def _elsewhere(written: WrittenCoding, key: str, knowledge: VariantKnowledge, where: str) -> VariantCall:
    base = codon_of(written.first)
    message = f"{key} {where}; what it does to the protein is not known (nearest codon {base})"
    return VariantCall(
        input=written.text,
        gene=knowledge.gene,
        hgvs_c=key,
        effect=Effect.VUS,
        warnings=(Caution(code="not_coding", message=message),),
        summary="of uncertain significance",
    )
