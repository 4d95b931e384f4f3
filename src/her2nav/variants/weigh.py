"""Weigh what the laboratory says beside the name: its judgement, the origin, the allele frequency."""

from __future__ import annotations

from typing import Any

from her2nav.model.truth import Truth
from her2nav.variants.call import Caution, Report, VariantCall
from her2nav.variants.classify import with_labels
from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.schema import Effect, Kind

_IN_FRAME = (Kind.SUBSTITUTION, Kind.INSERTION, Kind.DUPLICATION, Kind.DELETION, Kind.DELINS, Kind.CLASS_ONLY)
_SETTLED = (Effect.SYNONYMOUS, Effect.NOT_ACTIVATING, Effect.POLYMORPHISM)


def weigh(call: VariantCall, report: Report, judgement: str | None, knowledge: VariantKnowledge) -> VariantCall:
    """Return the call with the report's statements applied; a call that must be confirmed first stays open.

    Args:
        call: As table and rules give it.
        report: Travels with the call.
        judgement: `activating`, `benign` or `uncertain`: the laboratory's word for this variant.
        knowledge: Thresholds and the drugs of label classes.
    """
    call = changed(call, report=report)
    if not (call.needs_confirmation and call.activating is Truth.UNKNOWN):
        call = _judged(call, judgement, knowledge)
        call = _by_origin(call, report, knowledge)
    return _by_frequency(call, report, knowledge)


def changed(call: VariantCall, *cautions: Caution, **fields: Any) -> VariantCall:
    """Return a copy with cautions added and fields replaced."""
    return call.model_copy(update={**fields, "warnings": (*call.warnings, *cautions)})


def unsettled(call: VariantCall, *cautions: Caution, **fields: Any) -> VariantCall:
    """Return a copy that a person must confirm and that decides nothing until then."""
    return changed(
        call,
        *cautions,
        needs_confirmation=True,
        activating=Truth.UNKNOWN,
        exon20_insertion=Truth.UNKNOWN,
        **fields,
    )


def _judged(call: VariantCall, judgement: str | None, knowledge: VariantKnowledge) -> VariantCall:
    if judgement == "activating":
        return _called_activating(call, knowledge)
    if judgement in ("benign", "uncertain") and call.activating is Truth.MET:
        said = "benign" if judgement == "benign" else "of uncertain significance"
        message = f"the report calls it {said}, the table activating: a person must settle it"
        return changed(
            call, Caution(code="judgement_differs", message=message), needs_confirmation=True, activating=Truth.UNKNOWN
        )
    if judgement == "benign" and call.activating is Truth.UNKNOWN and call.effect is not Effect.RESISTANCE:
        message = "counts as not activating: the report calls it benign"
        return changed(call, Caution(code="called_benign", message=message), activating=Truth.NOT_MET)
    return call


def _called_activating(call: VariantCall, knowledge: VariantKnowledge) -> VariantCall:
    if call.activating is Truth.MET or call.kind not in _IN_FRAME:
        return call
    if call.effect in _SETTLED:
        message = (
            f"the report calls it activating, the table {call.effect.value.replace('_', ' ')}: a person must settle it"
        )
        return changed(
            call, Caution(code="judgement_differs", message=message), needs_confirmation=True, activating=Truth.UNKNOWN
        )
    drugs = with_labels(call.actionability, Truth.MET, call.in_tkd, knowledge)
    effect = Effect.LIKELY_DRIVER if call.effect in (Effect.VUS, Effect.CONFLICTING) else call.effect
    message = "counts as activating because the report calls it so"
    return changed(
        call,
        Caution(code="called_activating", message=message),
        activating=Truth.MET,
        effect=effect,
        actionability=drugs,
    )


def _by_origin(call: VariantCall, report: Report, knowledge: VariantKnowledge) -> VariantCall:
    limit = knowledge.regions.thresholds.population_frequency
    common = report.population_percent is not None and report.population_percent > limit
    if report.origin != "germline" and not common:
        return call
    why = "germline" if report.origin == "germline" else f"more frequent than {limit} % in the population"
    if call.activating is Truth.MET:
        message = f"{why}: pending review, although the table calls it activating"
        return changed(
            call, Caution(code="germline", message=message), needs_confirmation=True, activating=Truth.UNKNOWN
        )
    message = f"{why}: treated as benign pending review"
    return changed(call, Caution(code="germline", message=message), activating=Truth.NOT_MET)


def _by_frequency(call: VariantCall, report: Report, knowledge: VariantKnowledge) -> VariantCall:
    share = report.vaf_percent
    if share is None:
        return call
    limits = knowledge.regions.thresholds
    if call.acquired_resistance and share < limits.subclonal_vaf:
        message = (
            f"allele frequency {share} % is below {limits.subclonal_vaf} %: perhaps subclonal, not taken for the driver"
        )
        truth = Truth.UNKNOWN if call.activating is Truth.MET else call.activating
        return changed(call, Caution(code="subclonal", message=message), activating=truth)
    near = any(item.low <= share <= item.high for item in limits.germline_vaf)
    if near and report.origin in (None, "unknown") and call.effect is Effect.VUS and call.kind is not Kind.CLASS_ONLY:
        message = f"allele frequency {share} %: perhaps germline; the origin is not stated"
        return changed(call, Caution(code="perhaps_germline", message=message))
    return call
