"""Heart and circulation: events and diseases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.condition_match import Match, Query, blood_pressure_fine, search, severe
from her2nav.kinds.condition_words import asked_for, plain_asked, tell
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, any_of
from her2nav.model.values import OneOrMany

_FAILURE = "heart_failure"
_CLASSES = ("none", "I", "II", "III", "IV")
_HEART = "heart"


class Params(KindParams):
    """P: one of the events or diseases is recorded, within the window when one is given."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Ids such as myocardial_infarction, unstable_angina, heart_failure, arrhythmia, uncontrolled_hypertension, stroke,
    long_qt_syndrome, cardiomyopathy, valve_disease, pericarditis, myocarditis, coronary_intervention."""
    nyha_min: Literal["I", "II", "III", "IV"] | None = None
    """Heart failure counts from this class on."""
    within_days: Days | None = None
    needs_treatment: bool = False
    """Only symptomatic, uncontrolled or treated disease counts."""


def _query(params: Params, wanted: tuple[str, ...]) -> Query:
    return Query(wanted=wanted, within_days=params.within_days, history=True)


def _counts(params: Params) -> Callable[[Case, ConditionRow], Truth] | None:
    """Return what a row must fulfil where only symptomatic, uncontrolled or treated disease counts."""
    if not params.needs_treatment:
        return None

    def judge(case: Case, row: ConditionRow) -> Truth:
        ontology = case.knowledge.conditions
        wider = ontology.wider(row.id) if row.id is not None else frozenset()
        if row.status == "resolved":
            return Truth.NOT_MET
        if row.status == "active" and wider & {*ontology.rules.always_symptomatic}:
            return Truth.MET
        if _FAILURE in wider and case.patient.cardiac.nyha in _CLASSES[2:]:
            return Truth.MET
        # A mild or controlled disease may be a treated one.
        return Truth.MET if severe(row) is Truth.MET else Truth.UNKNOWN

    return judge


def _split(params: Params, case: Case) -> tuple[tuple[str, ...], bool]:
    """Part heart failure, which has classes, from the rest."""
    find = case.knowledge.conditions.find
    rest = tuple(item for item in params.any_of if find(item) != _FAILURE)
    return rest, len(rest) < len(params.any_of) or params.nyha_min is not None


def _stated_none(case: Case, query: Query, match: Match) -> bool:
    """True when the record says that there is no heart history, and only diseases of the heart are asked for."""
    if match.truth is not Truth.UNKNOWN or match.maybe or match.unknown_names or match.unknown_wanted:
        return False
    ontology = case.knowledge.conditions
    ids = [ontology.find(item) for item in query.wanted]
    groups = {ontology.conditions[one].group for item in ids if item for one in ontology.narrower(item)}
    return case.patient.cardiac.history == () and groups <= {_HEART}


def _judge_rest(case: Case, params: Params, wanted: tuple[str, ...]) -> Truth:
    query = _query(params, wanted)
    match = search(case, query, _counts(params))
    return Truth.NOT_MET if _stated_none(case, query, match) else match.truth


def _judge_failure(case: Case, params: Params) -> Truth:
    """Judge heart failure by its NYHA class where the record has one, else by the diagnoses."""
    listed = _judge_rest(case, params, (_FAILURE,))
    nyha = case.patient.cardiac.nyha
    if params.nyha_min is not None:
        if nyha is None or (nyha == "none" and listed is Truth.MET):
            return Truth.NOT_MET if listed is Truth.NOT_MET else Truth.UNKNOWN
        return Truth.MET if _CLASSES.index(nyha) >= _CLASSES.index(params.nyha_min) else Truth.NOT_MET
    if nyha in _CLASSES[2:]:
        return Truth.MET
    if nyha == "I" and listed is Truth.NOT_MET:
        return Truth.UNKNOWN
    if nyha == "none" and params.needs_treatment and listed is Truth.UNKNOWN and not _failure_rows(case, params):
        return Truth.NOT_MET
    return listed


def _failure_rows(case: Case, params: Params) -> bool:
    match = search(case, _query(params, (_FAILURE,)), _counts(params))
    return bool(match.sure or match.maybe or match.unknown_names)


def _judge(case: Case, params: Params) -> Truth:
    rest, failure = _split(params, case)
    found = [_judge_rest(case, params, rest)] if rest else []
    return any_of([*found, *([_judge_failure(case, params)] if failure else [])])


def truth(params: Params, block: Block) -> Tri:
    """Look events and diseases up; heart failure is judged by its class where one is recorded."""
    return block.truths(("cardiac_history", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the events with their dates, the NYHA class, or what is missing."""
    rest, failure = _split(params, case)
    wanted = (*rest, _FAILURE) if failure else rest
    query = _query(params, wanted)
    match = search(case, query, _counts(params))
    also = "needing treatment or symptomatic" if params.needs_treatment else None
    nyha = f"heart failure of NYHA class {params.nyha_min} or higher" if params.nyha_min else None
    also = ", ".join(part for part in (also, nyha) if part) or None
    by_class = failure and _judge_failure(case, params) is truth and case.patient.cardiac.nyha is not None
    if truth is not Truth.UNKNOWN and by_class and (match.truth is not truth or params.nyha_min is not None):
        rest_met = rest and truth is Truth.MET and _judge_rest(case, params, rest) is Truth.MET
        if not rest_met:
            return _by_class(params, case, truth, query, match)
    if truth is Truth.NOT_MET and match.truth is not Truth.NOT_MET:
        return finding(
            truth,
            "cardiac_none_stated",
            f"The record says that there is no heart history. Asked: {asked_for(case, query)}.",
            f"Your record says that you have had no {plain_asked(case, wanted, 'heart disease')}.",
            Evidence("/cardiac/history", "none"),
        )
    if truth is Truth.UNKNOWN and match.truth is not Truth.UNKNOWN:
        # Heart failure is on record or ruled out, but its class decides.
        return finding(
            truth,
            "cardiac_nyha_missing",
            f"The NYHA class is missing or does not agree with the record. Asked: {also or asked_for(case, query)}.",
            "Your team needs to check how well your heart copes with effort.",
            tuple(row.evidence for row in (*match.sure, *match.aside)),
            change=ask("NYHA class", Effort.ASK),
        )
    pressure = any(row.id == "hypertension" for row in match.maybe) and not blood_pressure_fine(case)
    return tell(
        case,
        query,
        match,
        code="cardiac",
        plain="heart or blood vessel disease",
        effort=Effort.ROUTINE if pressure else Effort.RECORD,
        question="blood pressure now" if pressure else None,
        asked_also=also,
    )


def _by_class(params: Params, case: Case, truth: Truth, query: Query, match: Match) -> Finding:
    nyha = str(case.patient.cardiac.nyha)
    evidence: tuple[Evidence, ...] = (Evidence("/cardiac/nyha", nyha),)
    least = f"NYHA {params.nyha_min} or higher" if params.nyha_min else "heart failure"
    if truth is Truth.MET:
        return finding(
            truth,
            "cardiac_nyha",
            f"Heart failure of NYHA class {nyha}; asked: {least}.",
            "Your record says that your heart is weak.",
            evidence,
            change=Change(ChangeBy.TREATMENT, "a better NYHA class", effort=Effort.RECORD),
        )
    if case.patient.cardiac.history == ():
        evidence += (Evidence("/cardiac/history", "none"),)
    elif case.patient.complete.conditions:
        evidence += (Evidence("/complete/conditions", "true"),)
    return finding(
        truth,
        "cardiac_nyha_below",
        f"NYHA class: {nyha}; no other record of it. Asked: {asked_for(case, query)}, {least}.",
        "There is no record of a heart problem of this kind.",
        (*evidence, *(row.evidence for row in match.aside)),
    )


_CLOSED = {"complete": {"conditions": True}}
_MI = ["myocardial_infarction", "unstable_angina"]

KIND = Kind(
    id="cardiac_history",
    name="heart and circulation",
    plain_name="heart disease",
    taxonomy=(29,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Any heart disease or stroke, when, and is it under control?",
    effort=Effort.RECORD,
    examples=(
        ({"any_of": _MI}, {"cardiac": {"history": [{"name": "NSTEMI", "date": "2019"}]}}, "met"),
        ({"any_of": _MI}, {"conditions": [{"name": "Acute myocardial infarction"}]}, "met"),
        ({"any_of": _MI}, {}, "unknown"),
        ({"any_of": _MI}, {"cardiac": {"history": []}}, "not_met"),
        ({"any_of": _MI}, _CLOSED, "not_met"),
        ({"any_of": _MI}, {"cardiac": {"history": ["atrial fibrillation"]}}, "unknown"),
        # day 180 is inside, day 181 is outside; a remote infarction does not count
        (
            {"any_of": _MI, "within_days": 180},
            {"as_of": "2026-06-30", "cardiac": {"history": [{"name": "MI", "date": "2026-01-01"}]}},
            "met",
        ),
        (
            {"any_of": _MI, "within_days": 180},
            {"as_of": "2026-07-01", "cardiac": {"history": [{"name": "MI", "date": "2026-01-01"}]}, **_CLOSED},
            "not_met",
        ),
        (
            {"any_of": _MI, "within_days": 180},
            {"as_of": "2026-07-01", "conditions": [{"name": "MI", "date": "2019", "status": "active"}], **_CLOSED},
            "not_met",
        ),
        (
            {"any_of": _MI, "within_days": 180},
            {"as_of": "2026-07-01", "cardiac": {"history": [{"name": "MI", "date": "2026"}]}, **_CLOSED},
            "unknown",
        ),
        ({"any_of": _MI, "within_days": 180}, {"cardiac": {"history": ["MI"]}, **_CLOSED}, "unknown"),
        # "no heart history" says nothing about stroke or blood pressure
        ({"any_of": "stroke"}, {"cardiac": {"history": []}}, "unknown"),
        ({"any_of": "stroke"}, {"cardiac": {"history": []}, **_CLOSED}, "not_met"),
        # "heart disease" may be any of them
        ({"any_of": _MI}, {"conditions": [{"name": "heart disease"}], **_CLOSED}, "unknown"),
        ({"any_of": "arrhythmia"}, {"conditions": [{"name": "AF"}]}, "met"),
        # heart failure by its class
        ({"any_of": _FAILURE, "nyha_min": "II"}, {"cardiac": {"nyha": "II"}}, "met"),
        ({"any_of": _FAILURE, "nyha_min": "II"}, {"cardiac": {"nyha": "I"}}, "not_met"),
        ({"any_of": _FAILURE, "nyha_min": "II"}, {"cardiac": {"nyha": "none"}}, "not_met"),
        ({"any_of": _FAILURE, "nyha_min": "II"}, {"conditions": [{"name": "CHF"}], **_CLOSED}, "unknown"),
        ({"any_of": _FAILURE, "nyha_min": "II"}, {"cardiac": {"history": []}}, "not_met"),
        ({"any_of": _FAILURE, "nyha_min": "II"}, {"cardiac": {"nyha": "none", "history": ["CHF"]}}, "unknown"),
        ({"any_of": _FAILURE, "nyha_min": "II"}, {}, "unknown"),
        ({"any_of": _FAILURE}, {"cardiac": {"nyha": "III"}}, "met"),
        ({"any_of": _FAILURE}, {"cardiac": {"nyha": "none"}}, "unknown"),
        ({"any_of": [*_MI, _FAILURE], "nyha_min": "II"}, {"cardiac": {"nyha": "I", "history": ["MI"]}}, "met"),
        ({"any_of": [*_MI, _FAILURE], "nyha_min": "II"}, {"cardiac": {"nyha": "none"}}, "unknown"),
        ({"any_of": [*_MI, _FAILURE], "nyha_min": "II"}, {"cardiac": {"nyha": "none", "history": []}}, "not_met"),
        # only what needs treatment
        ({"any_of": "arrhythmia", "needs_treatment": True}, {"conditions": [{"name": "AF"}], **_CLOSED}, "unknown"),
        (
            {"any_of": "arrhythmia", "needs_treatment": True},
            {"conditions": [{"name": "AF", "status": "uncontrolled"}]},
            "met",
        ),
        (
            {"any_of": [_FAILURE, "arrhythmia"], "needs_treatment": True},
            {"conditions": [{"name": "hypertension", "status": "active"}], **_CLOSED},
            "not_met",
        ),
        ({"any_of": _FAILURE, "needs_treatment": True}, {"cardiac": {"nyha": "none"}}, "not_met"),
        # hypertension: under control or not
        (
            {"any_of": "uncontrolled_hypertension"},
            {"conditions": [{"name": "HTN", "status": "uncontrolled"}]},
            "met",
        ),
        (
            {"any_of": "uncontrolled_hypertension"},
            {"conditions": [{"name": "HTN, well controlled"}], **_CLOSED},
            "not_met",
        ),
        (
            {"any_of": "uncontrolled_hypertension"},
            {"conditions": [{"name": "HTN", "status": "active"}], **_CLOSED},
            "unknown",
        ),
        (
            {"any_of": "uncontrolled_hypertension"},
            {
                "as_of": "2026-01-29",
                "conditions": [{"name": "HTN", "status": "active"}],
                "vitals": {"blood_pressure": "132/84", "date": "2026-01-01"},
                **_CLOSED,
            },
            "not_met",
        ),
        (
            {"any_of": "uncontrolled_hypertension"},
            {
                "as_of": "2026-01-29",
                "conditions": [{"name": "HTN", "status": "active"}],
                "vitals": {"blood_pressure": "140/84", "date": "2026-01-01"},
                **_CLOSED,
            },
            "unknown",
        ),
        # treated hypertension is no cardiovascular disease of the sort that is asked for
        ({"any_of": "cardiovascular_disease"}, {"conditions": [{"name": "HTN"}], **_CLOSED}, "not_met"),
        ({"any_of": "coronary_intervention"}, {"procedures": [{"kind": "other", "name": "CABG"}]}, "met"),
        ({"any_of": "valve_disease"}, {"conditions": [{"name": "mitral valve prolapse"}], **_CLOSED}, "unknown"),
    ),
)
