"""From a text to the calls of every variant it names: the one entrance to this layer."""

from __future__ import annotations

from her2nav.model.truth import Truth
from her2nav.variants.call import Caution, Report, VariantCall
from her2nav.variants.classed import class_call, event_call
from her2nav.variants.coded import agrees, coding_call, on_reference
from her2nav.variants.coding import codon_of
from her2nav.variants.grammar import coding_key
from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.scan import Scan, scan
from her2nav.variants.schema import Effect, Kind
from her2nav.variants.text import clean, split
from her2nav.variants.weigh import changed, unsettled, weigh
from her2nav.variants.written import converted, identifier_call, named_call, protein_call

_NOTHING_NEW = Report()


def read_variants(
    text: str, knowledge: VariantKnowledge, *, gene: str | None, report: Report | None = None
) -> tuple[VariantCall, ...]:
    """Read every variant that a text names; the same protein change gives the same call, however it is written.

    Args:
        text: One variant or a list, as people write them.
        knowledge: Reference, table and words.
        gene: The gene that stands beside the text, or the one that its place implies; None: not stated. A gene in the
            text wins. Where neither says so, a bare class ("exon 20 insertion") stays unknown: other genes have it too.
        report: What the laboratory says beside the name.

    Returns:
        At least one call: nothing is dropped, what cannot be read is a call with effect `unreadable`.
    """
    report = report or _NOTHING_NEW
    cleaned = clean(text)
    scans = _joined([scan(item, knowledge) for item in split(cleaned)], cleaned.lower(), knowledge)
    if not scans:
        return (_unreadable(text, "the text is empty"),)
    known = _gene_of(gene, knowledge)
    calls: list[VariantCall] = []
    for item in scans:
        known, found = _calls_of(item, known, knowledge)
        said = _said(item, report)
        judgement = item.judgement or _judgement(report, knowledge)
        for call in found:
            weighed = weigh(call, said, judgement, knowledge) if _readable(call) else changed(call, report=said)
            calls.append(weighed)
    return _without_repeats(calls)


def canonical_name(text: str, knowledge: VariantKnowledge) -> str | None:
    """Return the canonical one-letter name of a text that names one ERBB2 protein change; None otherwise."""
    calls = read_variants(text, knowledge, gene=knowledge.gene)
    sure = len(calls) == 1 and not calls[0].needs_confirmation
    return calls[0].short if sure else None


def _gene_of(gene: str | None, knowledge: VariantKnowledge) -> str | None:
    if gene is None or not gene.strip():
        return None
    if gene == knowledge.gene:
        return gene
    found = scan(clean(gene), knowledge)
    return found.genes[0] if found.genes else clean(gene).upper()


def _said(item: Scan, report: Report) -> Report:
    """Return the report with what the item itself says where the report is silent."""
    fields: dict[str, object] = {}
    if report.vaf_percent is None and item.vaf_percent is not None:
        fields["vaf_percent"] = item.vaf_percent
    if report.origin in (None, "unknown") and item.origin is not None:
        fields["origin"] = item.origin
    return report.model_copy(update=fields) if fields else report


def _judgement(report: Report, knowledge: VariantKnowledge) -> str | None:
    return scan(clean(report.classification), knowledge).judgement if report.classification else None


def _joined(scans: list[Scan], text: str, knowledge: VariantKnowledge) -> list[Scan]:
    """Put a coding change and the protein change beside it together: `c.929C>T, p.S310F` is one variant."""
    joined: list[Scan] = []
    for item in scans:
        before = joined[-1] if joined else None
        if before is not None and before.only_gene and not item.genes:
            item.genes, item.strange_gene, item.text = before.genes, None, f"{before.text} {item.text}"
            joined[-1] = item
        elif before is not None and before.only_gene and f"{before.text} or {item.text}".lower() in text:
            item.genes, item.text = [*before.genes, *item.genes], f"{before.text} or {item.text}"
            joined[-1] = item
        elif before is not None and item.aside and (before.specific or (before.classes and not item.exon)):
            before.text = f"{before.text}, {item.text}"
            before.judgement = before.judgement or item.judgement
            before.exon = before.exon or item.exon
            before.origin = before.origin or item.origin
            before.vaf_percent = before.vaf_percent if before.vaf_percent is not None else item.vaf_percent
            before.negated |= item.negated
            before.doubtful |= item.doubtful
        elif before is not None and (_pair(before, item, knowledge) or _pair(item, before, knowledge)):
            before.text = f"{before.text}, {item.text}"
            before.codings += item.codings
            before.proteins += item.proteins
            before.genes += [gene for gene in item.genes if gene not in before.genes]
            before.judgement = before.judgement or item.judgement
            before.negated |= item.negated
            before.doubtful |= item.doubtful
            before.unread += item.unread
        else:
            joined.append(item)
    return joined


def _pair(coding: Scan, protein: Scan, knowledge: VariantKnowledge) -> bool:
    if len(coding.codings) != 1 or coding.proteins or len(protein.proteins) != 1 or protein.codings:
        return False
    if coding.genes and protein.genes and coding.genes != protein.genes:
        return False
    change, place = coding.codings[0], protein.proteins[0]
    if codon_of(change.first) <= place.last and place.first <= codon_of(change.last):
        return True
    call = protein_call(place, knowledge, protein.isoform)
    return call.short is not None and agrees(change, call.short, knowledge)


def _calls_of(item: Scan, known: str | None, knowledge: VariantKnowledge) -> tuple[str | None, list[VariantCall]]:
    """Return the gene that holds for the next item, and the calls of this one."""
    genes = item.genes
    fusion = item.joined or any(phrase.kind is Kind.FUSION for phrase in item.classes)
    if genes and knowledge.gene not in genes:
        return genes[0], [_other_gene(item, "-".join(genes))]
    if len(genes) > 1 and not fusion:
        message = f"names {' and '.join(genes)}: which gene the change belongs to is not clear"
        caution = Caution(code="two_genes", message=message)
        return known, [unsettled(call, caution, gene=None) for call in _own_calls(item, knowledge)]
    if genes:
        return knowledge.gene, [_completed(call, item, knowledge) for call in _own_calls(item, knowledge)]
    if known is not None and known != knowledge.gene:
        return known, [_other_gene(item, known)]
    if known is None and item.strange_gene:
        call = _other_gene(item, item.strange_gene)
        message = f"'{item.strange_gene}' is taken for another gene"
        return known, [unsettled(call, Caution(code="perhaps_other_gene", message=message))]
    calls = _own_calls(item, knowledge)
    if known is None:
        calls = [_without_gene(call) for call in calls]
    return known, [_completed(call, item, knowledge) for call in calls]


def _own_calls(item: Scan, knowledge: VariantKnowledge) -> list[VariantCall]:
    """Return the calls of an item about ERBB2: every change named, else the class named, else unreadable."""
    if item.negated:
        message = "the text says that it was not found; whether the test covered it is another question"
        call = VariantCall(input=item.text, gene=knowledge.gene, effect=Effect.NOT_FOUND)
        return [changed(call, Caution(code="not_found", message=message))]
    calls = [protein_call(written, knowledge, item.isoform) for written in item.proteins]
    calls = _with_codings(calls, item, knowledge)
    calls += [named_call(short, item.text, knowledge) for short in item.nicknames]
    if not calls:
        calls = [identifier_call(identifier, item.text, knowledge) for identifier in item.identifiers]
    if calls:
        beside = [phrase for phrase in item.classes if phrase.beside_a_variant]
        return [_same_exon(call, item) for call in calls] + [
            event_call(phrase, item.text, knowledge) for phrase in beside
        ]
    named = class_call(item, knowledge)
    return [named or _unreadable(item.text, "no variant is recognised in it", knowledge.gene)]


def _with_codings(calls: list[VariantCall], item: Scan, knowledge: VariantKnowledge) -> list[VariantCall]:
    """Attach coding changes to the protein change they give; one that fits none is a call of its own."""
    calls = list(calls)
    for written in item.codings:
        coding = written if item.isoform is None else on_reference(written, item.isoform)
        key = coding_key(coding.text)
        fits = [i for i, call in enumerate(calls) if call.short and agrees(coding, call.short, knowledge)]
        if fits:
            calls[fits[0]] = changed(calls[fits[0]], hgvs_c=key)
        elif len(calls) == 1 and len(item.codings) == 1 and calls[0].short:
            message = f"{key} and {calls[0].short} do not give the same protein"
            calls[0] = unsettled(calls[0], Caution(code="names_disagree", message=message), hgvs_c=key)
        else:
            call = changed(coding_call(coding, knowledge), input=written.text)
            calls.append(call if item.isoform is None else converted(call, item.isoform, knowledge))
    return calls


def _same_exon(call: VariantCall, item: Scan) -> VariantCall:
    if item.exon is None or not call.exons or set(call.exons) & set(item.exon.numbers):
        return call
    message = f"the text says exon {'/'.join(map(str, item.exon.numbers))}, the change lies in exon {call.exons[0]}"
    return changed(call, Caution(code="exon_differs", message=message), needs_confirmation=True)


def _completed(call: VariantCall, item: Scan, knowledge: VariantKnowledge) -> VariantCall:
    """Add what holds for the whole item: another reference, doubt, words not read."""
    protein = (item.other_version or "").startswith("NP_")
    reference = knowledge.protein.protein if protein else knowledge.protein.transcript
    if item.strange_accession and call.effect is not Effect.NOT_FOUND:
        message = f"{item.strange_accession} is not the reference: its numbering may differ"
        call = unsettled(call, Caution(code="other_reference", message=message))
    if item.other_version and call.effect is not Effect.NOT_FOUND:
        message = f"written on {item.other_version}, read on {reference}: the residues fit the shipped protein"
        message += "" if protein else ", the bases were not checked"
        call = changed(call, Caution(code="other_version", message=message))
    if item.doubtful:
        call = unsettled(call, Caution(code="doubtful", message="the text is not certain"))
    if item.unread and _readable(call):
        call = changed(call, Caution(code="words_not_read", message=f"not read: {' '.join(item.unread[:12])}"))
    return call


def _without_gene(call: VariantCall) -> VariantCall:
    """Mark a call whose gene nobody named; a bare class decides nothing, for other genes have it too."""
    message = f"the gene is not stated; read as {call.gene}"
    caution = Caution(code="gene_not_stated", message=message)
    if call.kind is Kind.CLASS_ONLY or call.short is None:
        return unsettled(call, caution, gene=None)
    return changed(call, caution)


def _other_gene(item: Scan, gene: str) -> VariantCall:
    caution = Caution(code="other_gene", message=f"a finding of {gene}")
    return VariantCall(
        input=item.text,
        gene=gene,
        effect=Effect.OTHER_GENE,
        activating=Truth.NOT_MET,
        exon20_insertion=Truth.NOT_MET,
        warnings=(caution,),
    )


def _unreadable(text: str, why: str, gene: str | None = None) -> VariantCall:
    caution = Caution(code="unreadable", message=why)
    return VariantCall(input=text, gene=gene, effect=Effect.UNREADABLE, warnings=(caution,), needs_confirmation=True)


def _readable(call: VariantCall) -> bool:
    return call.effect not in (
        Effect.UNREADABLE,
        Effect.OTHER_GENE,
        Effect.NOT_FOUND,
        Effect.NOT_A_VARIANT,
        Effect.MALFORMED,
        Effect.WRONG_RESIDUE,
    )


def _without_repeats(calls: list[VariantCall]) -> tuple[VariantCall, ...]:
    """Keep one call per protein change: different nucleotide changes of one protein are one biomarker."""
    kept: dict[tuple[str | None, ...], VariantCall] = {}
    for call in calls:
        key = (
            (call.gene, call.short, call.effect.value)
            if call.short
            else (call.gene, call.input, call.class_id, call.hgvs_c)
        )
        before = kept.get(key)
        if before is None:
            kept[key] = call
        elif before.hgvs_c is None and call.hgvs_c is not None:
            kept[key] = changed(before, hgvs_c=call.hgvs_c)
        elif before.hgvs_c != call.hgvs_c and call.hgvs_c:
            kept[key] = changed(before, hgvs_c=f"{before.hgvs_c}, {call.hgvs_c}")
    return tuple(kept.values())
