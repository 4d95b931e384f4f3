"""The answer of `options` as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from her2nav.app.conflict_item import conflict
from her2nav.app.match import change_to_json, finding_to_json, node_kind
from her2nav.app.options import Closes, OptionsAnswer
from her2nav.app.session import Session
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.schema import OptionWords
from her2nav.matching.ranking import recruiting_now, status_age_days
from her2nav.matching.results import Match
from her2nav.model.provenance import Provenance
from her2nav.model.truth import Truth
from her2nav.report.option_words import approval_line, head_lines, option_words
from her2nav.therapy.book import therapy_book
from her2nav.therapy.brain import BrainAnswer
from her2nav.therapy.ctdna import Series
from her2nav.therapy.labels import GateResult, LabelResult
from her2nav.therapy.options import Category, Option
from her2nav.therapy.remarks import Said, terms_of


def options_json(session: Session, answer: OptionsAnswer) -> dict[str, Any]:
    """Return the answer in the form of the `options` command's JSON."""
    advice, knowledge = answer.advice, session.knowledge
    words = option_words(knowledge)
    limit = knowledge.words.status_age_limit_days
    options = [_option(one, answer, words, knowledge) for one in advice.options]
    options += [_trial_option(one, answer, limit) for one in answer.trials]
    order = [category.value for category in Category]
    options.sort(key=lambda one: order.index(one["category"]))
    return {
        "patient": answer.case.patient.id,
        "as_of": answer.case.as_of.isoformat(),
        "tumour_type": answer.case.tumour_id,
        "country": advice.country,
        "jurisdiction": advice.jurisdiction,
        "statements": [
            {"clinical": one.clinical, "plain": one.plain}
            for one in head_lines(advice, words, assumed=answer.assumed_country)
        ],
        "options": options,
        "other_tumours": advice.other_tumours,
        "nothing_held": advice.nothing_held,
        "elsewhere": [_label(one.label, words) for one in advice.elsewhere],
        "evidence_gaps": _said(advice.gaps),
        "her2_as_cause": _said(advice.causes),
        "test_at_progression": _said(advice.tests),
        "combination_ideas": _said(advice.ideas),
        "other_routes": _said(advice.routes),
        "co_biomarkers": _said(advice.markers),
        "resistance": _said(advice.mechanisms),
        "brain": _brain(advice.brain),
        "ctdna": {
            "series": [_series(one) for one in advice.ctdna],
            "caveats": _said(Said(one, Truth.MET, None) for one in therapy_book(knowledge).ctdna.caveats)
            if advice.ctdna
            else [],
        },
        "conflicts": [conflict(one).model_dump(mode="json") for one in answer.conflicts],
        "warnings": list(answer.warnings),
        "versions": session.versions(),
    }


def _option(option: Option, answer: OptionsAnswer, words: OptionWords, knowledge: Knowledge) -> dict[str, Any]:
    item, day = option.approval, answer.case.as_of
    closes = answer.closes.get(item.id)
    terms = terms_of(item.drugs, knowledge.drugs)
    mine = [
        one.trial.record.nct_id
        for one in answer.trials
        if set(item.key_drugs) & {drug for arm in one.trial.record.arms if not arm.comparator for drug in arm.drugs}
    ]
    return {
        "id": item.id,
        "regimen": item.regimen,
        "plain": item.plain,
        "drugs": list(item.drugs),
        "category": option.category.value,
        "truth": option.label.truth.value,
        "approval": _label(option.label, words),
        "gates": [_gate(one) for one in option.label.gates],
        "against": list(option.against),
        "reasons": [
            {
                "kind": one.kind,
                "clinical": one.clinical,
                "plain": one.plain,
                "decides": one.decides,
                "unverified": one.unverified,
                "source": one.source or None,
                "evidence": [{"path": e.path, "value": e.value, "date": e.date} for e in one.evidence],
            }
            for one in option.reasons
        ],
        "remarks": _said(option.remarks),
        "to_find_out": [change_to_json(one) for one in option.to_find_out],
        "evidence": {"pivotal": list(item.pivotal), "results": "; ".join(item.results_on(day)) or None},
        "dose": item.dose,
        "safety": {
            "lung_warning": bool(terms & set(knowledge.lung_warning.terms)),
            "monitor": [drug for drug in item.drugs if drug in knowledge.drugs.drugs],
        },
        "products": [
            {"name": one.name, "row": one.row, "since": one.valid_from.shown, "confidence": one.confidence.value}
            for one in item.products
            if one.valid_from.reached(answer.case.as_of) is not Truth.NOT_MET
        ],
        "notes": item.notes_on(day),
        "specific_first": list(option.specific_first),
        "given_now": option.given_now,
        "other_setting": option.other_setting,
        "closes": _closes(closes) if closes is not None else None,
        "trials": mine,
        "trial": None,
    }


def _trial_option(match: Match, answer: OptionsAnswer, limit: int) -> dict[str, Any]:
    record = match.trial.record
    drugs = [drug for arm in record.arms if not arm.comparator for drug in arm.drugs]
    return {
        "id": record.nct_id,
        "regimen": record.title,
        "plain": "a study",
        "drugs": list(dict.fromkeys(drugs)),
        "category": Category.INVESTIGATIONAL.value,
        "truth": "met" if match.verdict.word == "eligible" else "unknown",
        "approval": None,
        "gates": [],
        "against": [],
        "reasons": [],
        "remarks": [],
        "to_find_out": [],
        "evidence": None,
        "dose": None,
        "safety": None,
        "products": [],
        "notes": [],
        "specific_first": [],
        "given_now": False,
        "other_setting": False,
        "closes": None,
        "trials": [record.nct_id],
        "trial": {
            "nct_id": record.nct_id,
            "verdict": match.verdict.word,
            "open_questions": len(match.with_truth(Truth.UNKNOWN)),
            "to_confirm": len(match.to_confirm),
            "status": record.status.value.value,
            "status_date": record.status.date.isoformat(),
            "status_age_days": status_age_days(match, answer.case.as_of),
            "recruiting": recruiting_now(match, answer.case.as_of, limit),
            "url": record.url,
        },
    }


def _label(label: LabelResult, words: OptionWords) -> dict[str, Any]:
    item = label.approval
    line = approval_line(label, words)
    return {
        "id": item.id,
        "rows": list(item.rows),
        "regimen": item.regimen,
        "jurisdiction": item.jurisdiction,
        "standing": item.standing,
        "status": label.status,
        "since": label.since.shown if label.since else None,
        "first": label.first.shown if label.first else None,
        "scope": item.scope,
        "wording": item.wording,
        "truth": label.truth.value,
        "held_back": list(label.held_back),
        "covered": label.coverage.kind if label.coverage is not None else None,
        "covered_by": list(label.coverage.labels) if label.coverage is not None else [],
        "says": {"clinical": line.clinical, "plain": line.plain},
        "sources": [_source(one) for one in item.provenance],
    }


def _gate(result: GateResult) -> dict[str, Any]:
    return {
        "id": result.gate.id,
        "about": result.gate.about,
        "kind": node_kind(result.node),
        "text": result.gate.clinical,
        "plain_text": result.gate.plain,
        "confidence": result.confidence.value,
        **finding_to_json(result.finding, result.node),
    }


def _closes(closes: Closes) -> dict[str, Any]:
    return {
        "trials": list(closes.trials),
        "labels": list(closes.labels),
        "opens_trials": list(closes.opens_trials),
        "opens_labels": list(closes.opens_labels),
        "pauses": [{"nct_id": name, "until": day.isoformat()} for name, day in closes.pauses],
        "because": [{"reason": name, "trials": count} for name, count in closes.because],
        "not_recruiting": list(closes.not_recruiting),
    }


def _said(items: Iterable[Said]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.remark.id,
            "effect": one.remark.effect,
            "drugs": list(one.remark.drugs),
            "when": one.remark.when,
            "level": one.remark.level,
            "truth": one.truth.value,
            "clinical": one.remark.clinical,
            "plain": one.remark.plain,
            "unverified": one.remark.unverified,
            "evidence": [
                {"path": e.path, "value": e.value, "date": e.date}
                for e in (one.finding.evidence if one.finding is not None else ())
            ],
            "sources": [_source(line) for line in one.remark.provenance],
        }
        for one in items
    ]


def _source(line: Provenance) -> dict[str, Any]:
    return {
        "source": line.source,
        "locator": line.locator,
        "checked_on": line.checked_on.isoformat(),
        "confidence": line.confidence.value,
        "unverified": line.confidence.unverified,
    }


def _brain(brain: BrainAnswer) -> dict[str, Any]:
    return {
        "present": brain.present.value,
        "reason": brain.finding.reason,
        "local": [
            {
                "id": one.rule.id,
                "truth": one.truth.value,
                "clinical": one.rule.clinical,
                "plain": one.rule.plain,
                "open": list(one.open),
                "sources": [_source(line) for line in one.rule.provenance],
            }
            for one in brain.local
        ],
        "intracranial": [
            {
                "id": one.id,
                "drug": one.drug,
                "study": one.study,
                "population": one.population,
                "result": one.result,
                "plain": one.plain,
                "sources": [_source(line) for line in one.provenance],
            }
            for one in brain.intracranial
        ],
        "remarks": _said(brain.remarks),
    }


def _series(series: Series) -> dict[str, Any]:
    return {
        "marker": series.marker,
        "treatment": series.treatment,
        "start": series.start.isoformat() if series.start else None,
        "points": [
            {
                "date": str(one.day),
                "vaf_percent": float(one.vaf_percent) if one.vaf_percent is not None else None,
                "detected": one.detected,
                "path": one.path,
            }
            for one in series.points
        ],
        "left_out": series.left_out,
        "assays": list(series.assays),
        "clearance": series.clearance.value,
        "clearance_day": series.clearance_day,
        "cleared_on": series.cleared_on.isoformat() if series.cleared_on else None,
        "lowest_vaf_percent": float(series.lowest) if series.lowest is not None else None,
        "rise": series.rise.value,
        "reason": series.reason,
        "plain": series.plain,
    }
