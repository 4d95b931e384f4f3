"""Calls of texts that name a class or an exon instead of one change: `exon 20 insertion`, amplification, p95."""

from __future__ import annotations

from her2nav.model.truth import Truth
from her2nav.variants.call import Caution, VariantCall
from her2nav.variants.classify import with_labels
from her2nav.variants.coded import skipping_call
from her2nav.variants.knowledge import EXON20_CLASS, VariantKnowledge
from her2nav.variants.scan import ExonPhrase, Scan
from her2nav.variants.schema import Effect, Exon, Kind, VariantClass


def class_call(scan: Scan, knowledge: VariantKnowledge) -> VariantCall | None:
    """Return the call of the most specific class that an item names; None when it names none."""
    skipped = knowledge.regions.skipped_exon.class_id
    if any(item.id == skipped for item in scan.classes):
        return skipping_call(scan.text, knowledge, certain=True)
    if scan.exon is not None and scan.exon.numbers:
        return _exon_call(scan, scan.exon, knowledge)
    if scan.classes:
        return event_call(scan.classes[0], scan.text, knowledge)
    if scan.joined:
        fusion = next((item for item in knowledge.notation.classes if item.kind is Kind.FUSION), None)
        return event_call(fusion, scan.text, knowledge) if fusion else None
    return None


def event_call(item: VariantClass, text: str, knowledge: VariantKnowledge) -> VariantCall:
    """Return the call of a class as its entry describes it."""
    truth = Truth.UNKNOWN if item.confidence.unverified else item.activating
    exon20 = item.exon20_insertion
    if item.effect is Effect.NOT_A_VARIANT or item.kind is Kind.FUSION:
        exon20 = Truth.NOT_MET
    cautions: tuple[Caution, ...] = ()
    if item.effect is Effect.NOT_A_VARIANT:
        cautions = (Caution(code="not_a_variant", message=item.says),)
    elif item.kind is Kind.CLASS_ONLY:
        cautions = (Caution(code="exact_change_missing", message=item.says),)
    in_tkd = None if item.domain is None else item.domain == knowledge.regions.kinase_domain
    return VariantCall(
        input=text,
        gene=knowledge.gene,
        class_id=item.id,
        exon=item.exons[0] if len(item.exons) == 1 else None,
        exons=item.exons,
        domain=item.domain,
        in_tkd=in_tkd,
        kind=item.kind,
        effect=item.effect,
        activating=truth,
        exon20_insertion=exon20,
        confidence=item.confidence,
        actionability=with_labels(knowledge.actions(item.id), truth, in_tkd, knowledge),
        summary=item.says,
        warnings=cautions,
        sources=knowledge.class_sources(item),
    )


def _exon_call(scan: Scan, phrase: ExonPhrase, knowledge: VariantKnowledge) -> VariantCall:
    known = {exon.number: exon for exon in knowledge.regions.exons}
    exons = [known[number] for number in phrase.numbers if number in known]
    if len(exons) != len(phrase.numbers):
        message = f"{knowledge.gene} has exons 1 to {max(known)}"
        caution = Caution(code="no_such_exon", message=message)
        return VariantCall(
            input=scan.text, gene=knowledge.gene, effect=Effect.MALFORMED, warnings=(caution,), needs_confirmation=True
        )
    exon20 = knowledge.regions.exon20
    if phrase.insertion and phrase.numbers == (exon20,):
        return _exon20_insertion(scan.text, phrase, knowledge)
    named = [item for item in scan.classes if item.effect is not Effect.NOT_A_VARIANT and item.kind is Kind.CLASS_ONLY]
    activating = any(item.activating is Truth.MET for item in named)
    insertion = Truth.UNKNOWN if exon20 in phrase.numbers and not phrase.deletion else Truth.NOT_MET
    message = f"a change in exon {' or '.join(map(str, phrase.numbers))}; the exact change is not given"
    model = next((item for item in named if item.activating is Truth.MET), knowledge.classes["mutation"])
    truth, in_tkd = (Truth.MET if activating else Truth.UNKNOWN), _in_kinase_domain(exons, knowledge)
    return VariantCall(
        input=scan.text,
        gene=knowledge.gene,
        class_id=model.id,
        exon=exons[0].number if len(exons) == 1 else None,
        exons=phrase.numbers,
        exon_unverified=any(exon.confidence.unverified for exon in exons),
        domain=_only({knowledge.domain_of(at) for exon in exons for at in (exon.first, exon.last)}),
        in_tkd=in_tkd,
        kind=Kind.CLASS_ONLY,
        effect=model.effect,
        activating=truth,
        exon20_insertion=insertion,
        confidence=model.confidence,
        actionability=with_labels((), truth, in_tkd, knowledge),
        summary=message,
        warnings=(Caution(code="exact_change_missing", message=message),),
        sources=knowledge.class_sources(model),
    )


def _exon20_insertion(text: str, phrase: ExonPhrase, knowledge: VariantKnowledge) -> VariantCall:
    call = event_call(knowledge.classes[EXON20_CLASS], text, knowledge)
    if phrase.bases is None or phrase.bases % 3 == 0:
        return call
    message = f"{phrase.bases} is no multiple of three: the insertion would shift the reading frame, if bases are meant"
    caution = Caution(code="perhaps_frameshift", message=message)
    return call.model_copy(
        update={
            "warnings": (*call.warnings, caution),
            "activating": Truth.UNKNOWN,
            "exon20_insertion": Truth.UNKNOWN,
            "needs_confirmation": True,
        }
    )


def _only(values: set[str | None]) -> str | None:
    return values.pop() if len(values) == 1 else None


def _in_kinase_domain(exons: list[Exon], knowledge: VariantKnowledge) -> bool | None:
    inside = {knowledge.in_kinase_domain(exon.first, exon.last) for exon in exons}
    return inside.pop() if len(inside) == 1 else None
