"""Calls of protein changes as written, and of ids and nicknames that stand for one."""

from __future__ import annotations

from her2nav.model.truth import Truth
from her2nav.variants.call import Caution, VariantCall
from her2nav.variants.classify import call_of
from her2nav.variants.coded import frameshift_call
from her2nav.variants.grammar import Written
from her2nav.variants.knowledge import EXON20_CLASS, VariantKnowledge
from her2nav.variants.protein import Change, name
from her2nav.variants.resolve import Problem, canonical, mismatches, resolve
from her2nav.variants.schema import Effect, Kind, ProteinIsoform
from her2nav.variants.suggest import isoform_reading, suggestions
from her2nav.variants.text import words
from her2nav.variants.weigh import changed, unsettled


def converted(call: VariantCall, isoform: ProteinIsoform, knowledge: VariantKnowledge) -> VariantCall:
    """Say that a change was written in the numbering of an isoform."""
    message = (
        f"numbered on {isoform.accessions[0]}: {isoform.offset:+d} residues converts to {knowledge.protein.transcript}"
    )
    return changed(call, Caution(code="isoform_converted", message=message, suggestion=call.short))


def protein_call(written: Written, knowledge: VariantKnowledge, isoform: ProteinIsoform | None = None) -> VariantCall:
    """Return the call of a protein change.

    Args:
        written: As found.
        knowledge: Reference and table.
        isoform: Where the text names an isoform: its numbers are converted.
    """
    offset = isoform.offset if isoform else 0
    if written.operation == "frameshift":
        call = _frameshift(written, knowledge, offset)
    else:
        resolved = resolve(written, knowledge.reference, offset)
        known = _legacy_name(written, knowledge) if isinstance(resolved, Problem) else None
        if known is not None:
            call = named_call(known, written.text, knowledge)
            message = f"'{written.text}' is not HGVS, but a known name of {call.short}"
            call = changed(call, Caution(code="informal", message=message, suggestion=call.short))
        elif isinstance(resolved, Problem):
            call = _refused(written, resolved, knowledge)
        else:
            call = call_of(name(knowledge.reference, resolved), written.text, knowledge)
    if isoform is not None:
        call = converted(call, isoform, knowledge)
    elif call.short and call.effect is not Effect.MALFORMED:
        other = isoform_reading(written, call.short, knowledge)
        if other:
            message = "fits the reference, but in the numbering of an isoform it would be a known variant"
            call = changed(
                call, Caution(code="perhaps_isoform", message=message, suggestion=other), needs_confirmation=True
            )
    if written.operation == "synonymous" and not written.text.rstrip(")]").endswith("="):
        message = "written like a change, but the residue stays: perhaps a slip for another residue"
        call = changed(call, Caution(code="perhaps_slip", message=message))
    if written.informal:
        message = f"'{written.text}' is not HGVS; read as {call.short or 'a deletion with insertion'}"
        call = changed(call, Caution(code="informal", message=message, suggestion=call.short))
    return call


def _legacy_name(written: Written, knowledge: VariantKnowledge) -> str | None:
    hits = knowledge.nicknames.find(words(written.text))
    return hits[0].meaning if hits else None


def _frameshift(written: Written, knowledge: VariantKnowledge, offset: int) -> VariantCall:
    wrong = mismatches(written, knowledge.reference, offset)
    if wrong:
        at, there, residue = wrong[0]
        message = f"residue {at} is {there}, not {residue}" if there else f"the protein ends before residue {at}"
        return _refused(written, Problem("wrong_residue" if there else "past_the_end", message), knowledge)
    return frameshift_call(written.text, written.first + offset, knowledge)


def _refused(written: Written, problem: Problem, knowledge: VariantKnowledge) -> VariantCall:
    if problem.code == "sequence_not_given":
        return _without_sequence(written, problem, knowledge)
    if problem.probable is not None:
        return _probable(written, problem, problem.probable, knowledge)
    meant = suggestions(written, knowledge) if problem.code == "wrong_residue" else []
    tail = f"; did you mean {' or '.join(meant)}?" if meant else ""
    cautions = [
        Caution(code=problem.code, message=f"{written.text}: {problem.message}{tail}", suggestion=item)
        for item in (meant or (None,))
    ]
    effect = Effect.WRONG_RESIDUE if problem.code == "wrong_residue" else Effect.MALFORMED
    return VariantCall(
        input=written.text, gene=knowledge.gene, effect=effect, warnings=tuple(cautions), needs_confirmation=True
    )


def _probable(written: Written, problem: Problem, change: Change, knowledge: VariantKnowledge) -> VariantCall:
    """Return the call of what was probably meant: named, but deciding nothing until confirmed."""
    call = call_of(name(knowledge.reference, change), written.text, knowledge)
    message = f"{written.text}: {problem.message}; probably {call.short}"
    return unsettled(call, Caution(code=problem.code, message=message, suggestion=call.short), effect=Effect.MALFORMED)


def _without_sequence(written: Written, problem: Problem, knowledge: VariantKnowledge) -> VariantCall:
    window = knowledge.regions.exon20_insertion_window
    inserted = written.operation == "insertion" and window.first <= written.first and written.last <= window.last
    exon = knowledge.exon_of(written.first)
    item = knowledge.classes[EXON20_CLASS]
    message = f"{written.text}: {problem.message}; the exact change is needed"
    return VariantCall(
        input=written.text,
        gene=knowledge.gene,
        class_id=item.id if inserted else None,
        exon=exon.number if exon else None,
        exons=(exon.number,) if exon else (),
        exon_unverified=bool(exon and exon.confidence.unverified),
        domain=knowledge.domain_of(written.first),
        in_tkd=knowledge.in_kinase_domain(written.first, written.last),
        kind=Kind.INSERTION if written.operation == "insertion" else Kind.DELINS,
        effect=item.effect if inserted else Effect.VUS,
        activating=item.activating if inserted else Truth.UNKNOWN,
        exon20_insertion=Truth.MET if inserted else Truth.UNKNOWN,
        confidence=item.confidence if inserted else None,
        actionability=knowledge.actions(item.id) if inserted else (),
        summary=item.says if inserted else "of uncertain significance",
        warnings=(Caution(code="exact_change_missing", message=message),),
        sources=knowledge.class_sources(item) if inserted else (),
    )


def named_call(short: str, text: str, knowledge: VariantKnowledge) -> VariantCall:
    """Return the call of a canonical name that a nickname stands for."""
    named = canonical(short, knowledge.reference)
    assert named is not None, short
    return call_of(named, text, knowledge)


def identifier_call(identifier: str, text: str, knowledge: VariantKnowledge) -> VariantCall:
    """Return the call of a database or genomic name."""
    row = knowledge.by_identifier.get(identifier)
    if row is None:
        message = f"{identifier} is not in the table: write the protein change"
        caution = Caution(code="needs_protein_change", message=message)
        return VariantCall(
            input=text, gene=knowledge.gene, ids=(identifier,), effect=Effect.NEEDS_PROTEIN_CHANGE, warnings=(caution,)
        )
    call = named_call(row.variant, text, knowledge)
    if identifier in knowledge.weak_identifiers:
        message = f"that {identifier} is {row.variant} is unverified: confirm the protein change"
        return unsettled(call, Caution(code="unverified_identifier", message=message, suggestion=row.variant))
    return call
