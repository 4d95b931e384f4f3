"""Heart and circulation: events and diseases."""

from __future__ import annotations

from dataclasses import replace

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Gate, Kind, ask, finding
from her2nav.kinds.blood_pressure import blood_pressure_fine, newest_blood_pressure
from her2nav.kinds.cardiac_judge import (
    FAILURE,
    Params,
    counts,
    disagreeing,
    judge,
    judge_failure,
    judge_rest,
    query_for,
    rests_on_class,
    split,
    stated_class,
)
from her2nav.kinds.condition_match import Match, Query, asked_ids, held, lists_of, search
from her2nav.kinds.condition_words import asked_for, plain_asked, tell
from her2nav.kinds.freshness import dated
from her2nav.knowledge.load import Knowledge
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth


def truth(params: Params, block: Block) -> Tri:
    """Look events and diseases up; heart failure is judged by its class where one is recorded."""
    return block.truths(("cardiac_history", params), lambda case: judge(case, params))


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str] | None:
    """Return the diseases asked for; heart failure with them where its class decides too."""
    failure = (FAILURE,) if rests_on_class(params, knowledge) else ()
    return asked_ids((*params.any_of, *failure), knowledge.conditions)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the events with their dates, the NYHA class, or what is missing."""
    rest, failure = split(params, case)
    wanted = (*rest, FAILURE) if failure else rest
    query = query_for(params, wanted)
    match = search(case, query, counts(params))
    also = "needing treatment or symptomatic" if params.needs_treatment else None
    nyha = f"NYHA class {params.nyha_min} or higher" if params.nyha_min else None
    also = ", ".join(part for part in (also, nyha) if part) or None
    against = disagreeing(case, params) if failure else ()
    if truth is Truth.UNKNOWN and against and case.patient.cardiac.nyha is not None:
        shown = "; ".join(row.evidence.value for row in against)
        return finding(
            truth,
            "cardiac_nyha_contradiction",
            f"NYHA class {case.patient.cardiac.nyha} is recorded beside {shown}. Asked: {asked_for(case, query)}.",
            "Your team needs to check how well your heart copes with effort.",
            (Evidence("/cardiac/nyha", case.patient.cardiac.nyha), *(row.evidence for row in against)),
            change=ask("NYHA class", Effort.ASK),
        )
    by_class = failure and judge_failure(case, params) is truth and case.patient.cardiac.nyha is not None
    if truth is not Truth.UNKNOWN and by_class and (match.truth is not truth or params.nyha_min is not None):
        rest_met = rest and truth is Truth.MET and judge_rest(case, params, rest) is Truth.MET
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
    change = None
    if params.needs_treatment and params.within_days is None:
        change = Change(ChangeBy.TREATMENT, "heart disease under control", effort=Effort.RECORD)
    pressure = any(row.id == "hypertension" for row in match.maybe) and not blood_pressure_fine(case)
    found = tell(
        case,
        query,
        match,
        code="cardiac",
        plain="heart or blood vessel disease",
        effort=Effort.ROUTINE if pressure else Effort.RECORD,
        question="blood pressure now" if pressure else None,
        asked_also=also,
        change=change,
    )
    reading = newest_blood_pressure(case)
    if reading is None or not any(row.id == "hypertension" for row in match.aside):
        return found
    index, item = reading
    day = str(item.date) if item.date else None
    return replace(
        found,
        reason=f"{found.reason} Blood pressure {item.blood_pressure} mmHg ({dated(item.date, case.as_of)}).",
        evidence=(*found.evidence, Evidence(f"/vitals/{index}/blood_pressure", str(item.blood_pressure), day)),
    )


def _by_class(params: Params, case: Case, truth: Truth, query: Query, match: Match) -> Finding:
    nyha = str(case.patient.cardiac.nyha)
    evidence: tuple[Evidence, ...] = (Evidence("/cardiac/nyha", nyha),)
    asked = asked_for(case, query) + (f", NYHA class {params.nyha_min} or higher" if params.nyha_min else "")
    if truth is Truth.MET:
        return finding(
            truth,
            "cardiac_nyha",
            f"Heart failure of NYHA class {nyha}. Asked: {asked}.",
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
        f"NYHA class: {nyha}; no other record of it. Asked: {asked}.",
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
    gate=Gate(_asks, held, lambda case: (lists_of(case), stated_class(case))),
    question="Any heart disease or stroke, when, and is it under control?",
    effort=Effort.RECORD,
    examples=(
        ({"any_of": _MI}, {"cardiac": {"history": [{"name": "NSTEMI", "date": "2019"}]}}, "met"),
        ({"any_of": _MI}, {"conditions": [{"name": "Acute myocardial infarction"}]}, "met"),
        ({"any_of": _MI}, {}, "unknown"),
        ({"any_of": _MI}, {"cardiac": {"history": []}}, "unknown"),
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
            "unknown",
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
        ({"any_of": FAILURE, "nyha_min": "II"}, {"cardiac": {"nyha": "II"}}, "met"),
        ({"any_of": FAILURE, "nyha_min": "II"}, {"cardiac": {"nyha": "I"}}, "not_met"),
        ({"any_of": FAILURE, "nyha_min": "II"}, {"cardiac": {"nyha": "none"}}, "not_met"),
        ({"any_of": FAILURE, "nyha_min": "II"}, {"conditions": [{"name": "CHF"}], **_CLOSED}, "unknown"),
        ({"any_of": FAILURE, "nyha_min": "II"}, {"cardiac": {"history": []}}, "unknown"),
        ({"any_of": FAILURE, "nyha_min": "II"}, {"cardiac": {"nyha": "none", "history": ["CHF"]}}, "unknown"),
        ({"any_of": FAILURE, "nyha_min": "II"}, {}, "unknown"),
        ({"any_of": FAILURE}, {"cardiac": {"nyha": "III"}}, "met"),
        ({"any_of": FAILURE}, {"cardiac": {"nyha": "none"}}, "unknown"),
        ({"any_of": [*_MI, FAILURE], "nyha_min": "II"}, {"cardiac": {"nyha": "I", "history": ["MI"]}}, "met"),
        ({"any_of": [*_MI, FAILURE], "nyha_min": "II"}, {"cardiac": {"nyha": "none"}}, "unknown"),
        ({"any_of": [*_MI, FAILURE], "nyha_min": "II"}, {"cardiac": {"nyha": "none", "history": []}}, "unknown"),
        # high-grade block, unstable and serious arrhythmia
        ({"any_of": "high_grade_av_block"}, {"conditions": [{"name": "complete heart block"}]}, "met"),
        ({"any_of": "high_grade_av_block"}, {"conditions": [{"name": "1st degree AV block"}], **_CLOSED}, "not_met"),
        ({"any_of": "high_grade_av_block"}, {"conditions": [{"name": "AV block"}], **_CLOSED}, "unknown"),
        (
            {"any_of": "unstable_arrhythmia"},
            {"conditions": [{"name": "AF", "status": "controlled"}], **_CLOSED},
            "not_met",
        ),
        ({"any_of": "unstable_arrhythmia"}, {"conditions": [{"name": "AF"}], **_CLOSED}, "unknown"),
        ({"any_of": "serious_arrhythmia"}, {"conditions": [{"name": "VT"}]}, "met"),
        ({"any_of": "serious_arrhythmia"}, {"conditions": [{"name": "PACs"}], **_CLOSED}, "unknown"),
        # class "none" beside heart failure that is not over
        ({"any_of": FAILURE}, {"cardiac": {"nyha": "none"}, "conditions": [{"name": "CHF"}], **_CLOSED}, "unknown"),
        # only what needs treatment
        ({"any_of": "arrhythmia", "needs_treatment": True}, {"conditions": [{"name": "AF"}], **_CLOSED}, "unknown"),
        (
            {"any_of": "arrhythmia", "needs_treatment": True},
            {"conditions": [{"name": "AF", "status": "uncontrolled"}]},
            "met",
        ),
        (
            {"any_of": [FAILURE, "arrhythmia"], "needs_treatment": True},
            {"conditions": [{"name": "hypertension", "status": "active"}], **_CLOSED},
            "not_met",
        ),
        ({"any_of": FAILURE, "needs_treatment": True}, {"cardiac": {"nyha": "none"}}, "not_met"),
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
