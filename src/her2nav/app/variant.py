"""`variant`: what an ERBB2 variant is called, where it lies, what it means, and which drugs are known for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from her2nav.app.conflict_item import conflict
from her2nav.app.disputed import disputed_variants
from her2nav.app.session import Session
from her2nav.interpret.variant_class import class_words
from her2nav.knowledge.conflicts import Conflict
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import InputError, UnknownName
from her2nav.model.provenance import Provenance
from her2nav.variants.call import Actionability, VariantCall
from her2nav.variants.knowledge import VariantKnowledge, load_variants
from her2nav.variants.read import read_variants

ANY_OTHER = "solid_tumour"
"""In the table of drugs: tumour types other than those that have a line of their own."""


@dataclass(frozen=True, slots=True)
class VariantAnswer:
    """What was understood of the texts.

    Attributes:
        calls: At least one; what cannot be read is a call with a warning.
        tumour: Id of the tumour type asked about; None: all.
        known: Reference, regions and words.
    """

    calls: tuple[VariantCall, ...]
    tumour: str | None
    known: VariantKnowledge


def variant(session: Session, texts: Sequence[str], tumour: str | None) -> VariantAnswer:
    """Read variant names as people write them.

    Args:
        session: Knowledge.
        texts: The words of the command line: names that hold blanks, or one name spread over several words.
        tumour: Tumour type whose drugs are asked for.

    Raises:
        InputError: There is no text.
        UnknownName: No such tumour type.
    """
    words = [text.strip() for text in texts if text.strip()]
    if not words:
        raise InputError("no variant is given", allowed='her2nav variant "ERBB2 A775_G776insYVMA"', code="empty_input")
    found = None
    if tumour is not None:
        found = session.knowledge.tumours.find(tumour)
        if found is None:
            near = session.knowledge.tumours.nearest(tumour)
            raise UnknownName(
                f"unknown tumour type '{tumour}'" + (f"; did you mean '{near[0]}'?" if near else ""),
                place="--tumour",
                allowed=f"an OncoTree code or a name such as {', '.join(near) or 'NSCLC, breast'}",
            )
    known = load_variants(session.knowledge)
    spread = not any(len(word.split()) > 1 for word in words)
    calls = read_variants((" " if spread else ", ").join(words), known, gene=known.gene)
    return VariantAnswer(calls, found, known)


def applies(item: Actionability, call: VariantCall, tumour: str | None, knowledge: Knowledge) -> bool:
    """Say whether a line of the drug table is or may be about the tumour type asked for.

    A line of a narrower type may be ("lung cancer" may be non-small cell), and names it. A line for any other solid
    tumour is not, where the same drug has a line for this very type.
    """
    if tumour is None:
        return True
    wider = knowledge.tumours.wider(tumour)
    if item.tumour != ANY_OTHER:
        return item.tumour in wider or item.tumour in knowledge.tumours.narrower(tumour)
    own = (one for one in call.actionability if one.drug == item.drug and one.tumour != ANY_OTHER)
    return not any(one.tumour in wider for one in own)


def variant_json(session: Session, answer: VariantAnswer) -> dict[str, Any]:
    """Return the answer as plain data; the keys of a single variant stand at the top too."""
    items = [call_json(session.knowledge, answer, call) for call in answer.calls]
    single = items[0] if len(items) == 1 else {"warnings": [one for item in items for one in item["warnings"]]}
    return {
        **single,
        "tumour": answer.tumour,
        "variants": items,
        "conflicts": [conflict(one).model_dump(mode="json") for one in disputed(session, answer)],
        "versions": session.versions(trials=False),
    }


def disputed(session: Session, answer: VariantAnswer) -> tuple[Conflict, ...]:
    """Return where the sources disagree on these variants, the gravest first."""
    names = [call.short or call.input for call in answer.calls]
    return disputed_variants(session.knowledge, names, answer.tumour)


def call_json(knowledge: Knowledge, answer: VariantAnswer, call: VariantCall) -> dict[str, Any]:
    """Return one variant as plain data."""
    exon_note = "unverified" if call.exon_unverified else None
    return {
        "input": call.input,
        "gene": call.gene,
        "hgvs_p": call.hgvs_p,
        "short": call.short,
        "hgvs_c": call.hgvs_c,
        "hgvs_c_examples": list(call.hgvs_c_examples),
        "ids": list(call.ids),
        "transcript": answer.known.protein.transcript,
        "protein": answer.known.protein.protein,
        "exon": call.exon,
        "exons": list(call.exons),
        "exon_note": exon_note,
        "domain": call.domain,
        "domain_name": domain_name(answer.known, call.domain),
        "in_kinase_domain": call.in_tkd,
        "class": call.effect.value,
        "class_words": class_words(call),
        "activating": str(call.activating),
        "exon20_insertion": str(call.exon20_insertion),
        "acquired_resistance": call.acquired_resistance,
        "confidence": None if call.confidence is None else call.confidence.value,
        "unverified": call.confidence is not None and call.confidence.unverified,
        "summary": call.summary,
        "candidates": list(call.candidates),
        "actionability": [_action_json(knowledge, answer, call, item) for item in call.actionability],
        "warnings": [{"code": w.code, "message": w.message, "suggestion": w.suggestion} for w in call.warnings],
        "needs_confirmation": call.needs_confirmation,
        "sources": [_source_json(item) for item in call.sources],
    }


def domain_name(known: VariantKnowledge, domain: str | None) -> str | None:
    """Return the name of a domain."""
    return next((item.name for item in known.regions.domains if item.id == domain), None)


def drug_name(knowledge: Knowledge, drug: str) -> str:
    """Return a drug's name as people write it."""
    known = knowledge.drugs.drugs.get(drug)
    return known.name if known else drug.replace("_", " ")


def tumour_name(knowledge: Knowledge, tumour: str) -> str:
    """Return the name of a tumour type of the drug table."""
    if tumour == ANY_OTHER:
        return "other solid tumours"
    known = knowledge.tumours.types.get(tumour)
    return known.name if known else tumour


def _action_json(knowledge: Knowledge, answer: VariantAnswer, call: VariantCall, item: Actionability) -> dict[str, Any]:
    return {
        "drug": item.drug,
        "name": drug_name(knowledge, item.drug),
        "effect": item.effect,
        "level": item.level,
        "tumour": item.tumour,
        "tumour_name": tumour_name(knowledge, item.tumour),
        "applies": applies(item, call, answer.tumour, knowledge),
        "condition": item.condition,
        "note": item.note,
        "confidence": item.confidence.value,
        "unverified": item.unverified,
        **{key: value for key, value in _source_json(item.source).items() if key != "confidence"},
    }


def _source_json(item: Provenance) -> dict[str, Any]:
    return {
        "source": item.source,
        "locator": item.locator,
        "checked_on": item.checked_on.isoformat(),
        "confidence": item.confidence.value,
    }
