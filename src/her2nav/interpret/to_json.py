"""The JSON form of an interpretation, as the command `interpret` prints it."""

from __future__ import annotations

from typing import Any

from her2nav.interpret.results import (
    SUBSCORES,
    Answer,
    Flag,
    MutationSummary,
    NextTest,
    PatientHer2,
    RuleRef,
    Sentence,
    SpecimenHer2,
)


def to_json(patient: PatientHer2) -> dict[str, Any]:
    """Return the whole interpretation as plain data; sets are sorted, so that equal results give equal text."""
    overall = patient.overall
    return {
        "specimens": [specimen_to_json(one) for one in patient.specimens],
        "mutation": _mutation(patient.mutation),
        "plasma": {
            "amplification": patient.plasma.value,
            "specimens": list(patient.plasma.specimens),
            "clinical": patient.plasma.clinical,
            "plain": patient.plasma.plain,
        },
        "overall": {
            "status": overall.status.value,
            "expression": overall.expression.value,
            "final": overall.status.final,
            "specimen": overall.specimen,
            "rivals": list(overall.rivals),
            "reason": overall.status.reason,
            "policy": overall.policy,
            "plain": overall.plain,
            "rule": _rule(overall.status),
            "source": _source(overall.status),
        },
        "ever_positive": str(patient.ever_positive),
        "ever_low": str(patient.ever_low),
        "next_tests": [_next(step) for step in patient.next_tests],
        "flags": [_flag(flag) for flag in patient.flags],
        "set_aside": [{"path": one.path, "date": one.date, "reason": one.reason} for one in patient.set_aside],
        "scoring": patient.scoring,
        "guideline": patient.guideline,
    }


def specimen_to_json(one: SpecimenHer2) -> dict[str, Any]:
    """Return one specimen as plain data."""
    return {
        "id": one.id,
        "path": one.path,
        "collected": None if one.collected is None else str(one.collected),
        "kind": one.kind,
        "site": one.site,
        "organ": one.organ,
        "laboratory": one.laboratory,
        "scoring": one.scoring,
        "usable": one.usable,
        "status": one.status.value,
        "expression": one.expression.value,
        "amplification": one.amplification.value,
        "ish_group": one.ish_group,
        "final": one.status.final,
        "possible": sorted(one.status.possible),
        "outcome": one.status.outcome,
        "reported_only": one.reported_only,
        "ihc": [score for score in SUBSCORES if score in one.ihc],
        "ihc_called": list(one.ihc_called),
        "ish": sorted(one.ish),
        "rule": _rule(one.status),
        "source": _source(one.status),
        "rules": [_ref(ref) for ref in one.status.rules],
        "answers": {
            "status": _answer(one.status),
            "expression": _answer(one.expression),
            "amplification": _answer(one.amplification),
            **{name: _answer(value) for name, value in one.extra.items()},
        },
        "flags": list(dict.fromkeys(flag.code for flag in one.flags)),
        "flag_details": [_flag(flag) for flag in one.flags],
        "next": [_next(step) for step in one.next],
        "sentences": [_sentence(item) for item in one.sentences],
    }


def _rule(answer: Answer) -> str | None:
    return ", ".join(ref.id for ref in answer.rules) or None


def _source(answer: Answer) -> str | None:
    return "; ".join(dict.fromkeys(f"{ref.source}, {ref.locator}" for ref in answer.rules)) or None


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "value": answer.value,
        "possible": sorted(answer.possible),
        "final": answer.final,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "rules": [ref.id for ref in answer.rules],
    }


def _ref(ref: RuleRef) -> dict[str, Any]:
    return {
        "id": ref.id,
        "table": ref.table,
        "source": ref.source,
        "locator": ref.locator,
        "confidence": str(ref.confidence),
        "unverified": ref.confidence.unverified,
    }


def _flag(flag: Flag) -> dict[str, Any]:
    return {"code": flag.code, "clinical": flag.clinical, "plain": flag.plain, "rules": list(flag.rules)}


def _next(step: NextTest) -> dict[str, Any]:
    return {
        "code": step.code,
        "clinical": step.clinical,
        "plain": step.plain,
        "effort": str(step.effort),
        "rules": list(step.rules),
        "specimens": list(step.specimens),
    }


def _sentence(item: Sentence) -> dict[str, Any]:
    return {"clinical": item.clinical, "plain": item.plain, "rules": list(item.rules)}


def _mutation(found: MutationSummary) -> dict[str, Any]:
    return {
        "value": found.value,
        "variants": [
            {
                "text": one.text,
                "path": one.path,
                "matrix": one.matrix,
                "vaf_percent": one.vaf_percent,
                "origin": one.origin,
                "classification": one.classification,
            }
            for one in found.variants
        ],
        "panels": list(found.panels),
        "reason": found.reason,
        "plain": found.plain,
    }
