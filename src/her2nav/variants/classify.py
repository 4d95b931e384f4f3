"""Say what a canonical protein change means: the table first, then the rules of place and kind.

| change | effect | activating |
|---|---|---|
| a verified row of the table | as the row says | as the row says |
| in-frame, gains residues, breakpoints in the exon 20 window | likely driver | met |
| an unverified row, or a row for the residue | as the row says | unknown |
| nonsense | not activating | not met |
| synonymous | synonymous | not met |
| anything else | uncertain significance | unknown |
"""

from __future__ import annotations

from her2nav.model.provenance import Confidence, Provenance
from her2nav.model.truth import Truth
from her2nav.variants.call import Actionability, VariantCall
from her2nav.variants.knowledge import ACTIVATING_CLASS, EXON20_CLASS, TKD_CLASS, VariantKnowledge
from her2nav.variants.protein import Named
from her2nav.variants.schema import Effect, Kind, VariantRow

_IN_FRAME_GAIN = (Kind.INSERTION, Kind.DUPLICATION, Kind.DELINS)


def call_of(named: Named, text: str, knowledge: VariantKnowledge) -> VariantCall:
    """Return the call of a canonical change, before the laboratory's own statements are weighed."""
    row = knowledge.rows.get(named.short) or _residue_row(named, knowledge)
    exon20 = exon20_insertion(named, knowledge)
    effect, activating, confidence, summary, sources = _class_of(named, row, exon20, knowledge)
    in_tkd = knowledge.in_kinase_domain(named.first, named.last)
    exons = [item for item in (knowledge.exon_of(named.first), knowledge.exon_of(named.last)) if item]
    numbers = tuple(dict.fromkeys(exon.number for exon in exons))
    return VariantCall(
        input=text,
        gene=knowledge.gene,
        hgvs_p=named.hgvs_p,
        short=named.short,
        hgvs_c_examples=row.hgvs_c if row else (),
        ids=(*row.ids, *row.weak_ids) if row else (),
        class_id=EXON20_CLASS if exon20 is Truth.MET else None,
        exon=numbers[0] if len(numbers) == 1 else None,
        exons=numbers,
        exon_unverified=any(exon.confidence.unverified for exon in exons),
        domain=knowledge.domain_of(named.first),
        in_tkd=in_tkd,
        kind=named.kind,
        acquired_resistance=row is not None and row.acquired == "yes",
        effect=effect,
        activating=activating,
        exon20_insertion=exon20,
        confidence=confidence,
        actionability=with_labels(_actions(named, row, exon20, knowledge), activating, in_tkd, knowledge),
        summary=summary,
        sources=sources,
    )


def exon20_insertion(named: Named, knowledge: VariantKnowledge) -> Truth:
    """Say whether a change is of the class of exon 20 insertions.

    An insertion counts by any place where it could stand and give the same protein. A gain inside exon 20 but outside
    the window of the class is UNKNOWN: by its exon it is one, by the rule it is not.
    """
    if named.kind not in _IN_FRAME_GAIN or named.gained <= 0:
        return Truth.NOT_MET
    window = knowledge.regions.exon20_insertion_window
    if named.kind is Kind.DELINS:
        first, last = named.first, named.last
        inside = window.first <= first and last <= window.last
    else:
        first = named.earliest
        last = named.last if named.kind is Kind.DUPLICATION else named.first
        inside = max(first, window.first) <= min(last, window.last - 1)
    if inside:
        return Truth.MET
    touched = {exon.number for exon in (knowledge.exon_of(max(1, first)), knowledge.exon_of(last + 1)) if exon}
    return Truth.UNKNOWN if knowledge.regions.exon20 in touched else Truth.NOT_MET


def _residue_row(named: Named, knowledge: VariantKnowledge) -> VariantRow | None:
    if named.kind is not Kind.SUBSTITUTION:
        return None
    return knowledge.rows.get(f"{knowledge.reference[named.first - 1]}{named.first}")


def _class_of(
    named: Named, row: VariantRow | None, exon20: Truth, knowledge: VariantKnowledge
) -> tuple[Effect, Truth, Confidence, str, tuple[Provenance, ...]]:
    if row is not None and not row.confidence.unverified:
        return row.effect, row.activating, row.confidence, row.summary, (row.provenance,)
    rule = knowledge.class_rule
    if exon20 is Truth.MET:
        summary = "in-frame insertion in exon 20: likely activating by its place"
        sources = (*rule, row.provenance) if row else rule
        return Effect.LIKELY_DRIVER, Truth.MET, rule[0].confidence, summary, sources
    if row is not None:
        return row.effect, Truth.UNKNOWN, row.confidence, row.summary, (row.provenance,)
    if named.kind is Kind.NONSENSE:
        summary = "ends the protein early: not activating, for ERBB2 is an oncogene"
        return Effect.NOT_ACTIVATING, Truth.NOT_MET, rule[0].confidence, summary, rule
    if named.kind is Kind.SYNONYMOUS:
        proof = tuple(item for item in knowledge.protein.provenance if "sequence" in item.covers)
        return Effect.SYNONYMOUS, Truth.NOT_MET, Confidence.S, "the protein is the same", proof
    return Effect.VUS, Truth.UNKNOWN, rule[0].confidence, "of uncertain significance: no table or rule names it", rule


def _actions(
    named: Named, row: VariantRow | None, exon20: Truth, knowledge: VariantKnowledge
) -> tuple[Actionability, ...]:
    """Return the drugs of the variant itself, then of its class; of two for one use the verified one stays."""
    own = knowledge.actions(row.variant if row else named.short)
    if exon20 is not Truth.MET or any(item.level == "L1" and not item.unverified for item in own):
        return own
    return merge(own, knowledge.actions(EXON20_CLASS))


def with_labels(
    drugs: tuple[Actionability, ...], activating: Truth, in_tkd: bool | None, knowledge: VariantKnowledge
) -> tuple[Actionability, ...]:
    """Add the drugs whose label asks for an activating variant, or for one of the kinase domain."""
    if activating is not Truth.MET:
        return drugs
    drugs = merge(drugs, knowledge.actions(ACTIVATING_CLASS))
    return merge(drugs, knowledge.actions(TKD_CLASS)) if in_tkd else drugs


def merge(first: tuple[Actionability, ...], second: tuple[Actionability, ...]) -> tuple[Actionability, ...]:
    """Join two lists of drugs; of two entries for one use the verified one stays, else the earlier."""
    kept: dict[tuple[str, str, str, str | None], Actionability] = {}
    for item in (*first, *second):
        key = (item.drug, item.tumour, item.effect, item.level)
        if key not in kept or (kept[key].unverified and not item.unverified):
            kept[key] = item
    return tuple(kept.values())
