"""Interstitial lung disease and pneumonitis."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow, condition_rows
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Gate, Kind, ask, finding
from her2nav.kinds.condition_match import asked_ids, held, matches
from her2nav.kinds.condition_words import describe, evidence_of, lists_evidence
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, any_of
from her2nav.model.values import Grade, OneOrMany

_ILD = "interstitial_lung_disease"
_RADIATION = ("radiation_pneumonitis", "radiation_fibrosis")
_HISTORY = ("history_no_steroids", "history_with_steroids")


class Params(KindParams):
    """P: lung inflammation of one of these sorts is or was present."""

    any_of: Annotated[
        OneOrMany[Literal["history_no_steroids", "history_with_steroids", "current", "suspected"]],
        Field(min_length=1),
    ]
    """A ban on any history lists all of them."""
    min_grade: Grade | None = None
    excluding_radiation: bool = False


def _state(state: str, params: Params) -> Truth:
    if state in params.any_of:
        return Truth.MET
    # A disease that is present now may have been a history that needed steroids, and the other way round.
    return Truth.UNKNOWN if state == "current" else Truth.NOT_MET


def _graded(grade: int | None, params: Params) -> Truth:
    if params.min_grade is None:
        return Truth.MET
    if grade is None:
        return Truth.UNKNOWN
    return Truth.MET if grade >= params.min_grade else Truth.NOT_MET


def _field(case: Case, params: Params) -> Truth | None:
    """Judge the lung section of the record; None where it says nothing."""
    lung = case.patient.lung
    if lung.ild_history is None:
        return None
    if lung.ild_history == "unknown":
        return Truth.UNKNOWN
    if lung.ild_history == "none":
        return Truth.NOT_MET
    other_cause = Truth.MET
    if params.excluding_radiation:
        other_cause = Truth.UNKNOWN if lung.cause is None else Truth.MET
        if lung.cause is not None and "radiation" in lung.cause.lower():
            other_cause = Truth.NOT_MET
    return all_of((_state(lung.ild_history, params), _graded(lung.grade, params), other_cause))


def _row(case: Case, row: ConditionRow, params: Params) -> Truth:
    """Judge one diagnosis or side effect; nobody records there whether steroids were given."""
    is_ild = matches(case, row, _ILD)
    if is_ild is Truth.NOT_MET:
        return Truth.NOT_MET
    states: tuple[str, ...] = (*_HISTORY, "current")
    if not row.certain:
        states = ("suspected",)
        is_ild = Truth.MET if "suspected" in params.any_of else Truth.UNKNOWN
    elif row.status == "resolved":
        states = _HISTORY
    elif row.status in ("active", "uncontrolled", "controlled"):
        states = ("current",)
    judged = [_state(state, params) for state in states]
    state = judged[0] if len(set(judged)) == 1 else Truth.UNKNOWN
    if not row.certain and "suspected" not in params.any_of:
        state = Truth.UNKNOWN
    other_cause = Truth.MET
    if params.excluding_radiation:
        radiation = any_of(matches(case, row, one) for one in _RADIATION)
        other_cause = radiation.negated()
    return all_of((is_ild, state, _graded(row.grade, params), other_cause))


def _rows(case: Case) -> list[ConditionRow]:
    """Return the rows beside the lung section that are or may be the disease, by a name that somebody knows or not."""
    rows = [row for row in condition_rows(case) if row.origin != "lung"]
    return [row for row in rows if matches(case, row, _ILD) is not Truth.NOT_MET]


def _judge(case: Case, params: Params) -> Truth:
    stated, rows = _field(case, params), _rows(case)
    listed = any_of(_row(case, row, params) for row in rows)
    if stated is None:
        if rows and listed is not Truth.NOT_MET:
            return listed
        return Truth.NOT_MET if case.patient.complete.conditions else Truth.UNKNOWN
    if case.patient.lung.ild_history == "none":
        # "None" beside a recorded pneumonitis is a contradiction; beside a name nobody knows it stands.
        return Truth.UNKNOWN if listed is Truth.MET else Truth.NOT_MET
    return Truth.MET if listed is Truth.MET else stated


def truth(params: Params, block: Block) -> Tri:
    """Look the recorded state up; a stated "none" or a complete list without it rules it out."""
    return block.truths(("ild", params), lambda case: _judge(case, params))


def _rest(case: Case) -> Hashable:
    """Return what the lung section says, and whether the lists are complete."""
    lung = case.patient.lung
    cause = lung.cause is not None and "radiation" in lung.cause.lower()
    return lung.ild_history, lung.grade, lung.cause is None, cause, case.patient.complete.conditions


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded state of the lungs."""
    lung, rows = case.patient.lung, _rows(case)
    asked = ", ".join(item.replace("_", " ") for item in params.any_of)
    if params.min_grade is not None:
        asked += f"; grade {params.min_grade} or higher"
    stated = str(lung.ild_history or "").replace("_", " ")
    told = [describe(row, case.as_of) for row in rows]
    shown = "; ".join(dict.fromkeys(([stated] if stated else []) + told)) or "no record of it"
    evidence = evidence_of(rows)
    if lung.ild_history is not None:
        evidence = (Evidence("/lung/ild_history", stated, str(lung.date) if lung.date else None), *evidence)
    reason = f"Interstitial lung disease or pneumonitis: {shown} (asked: {asked})."
    if truth is Truth.NOT_MET:
        closing = lists_evidence(("conditions",)) if lung.ild_history is None else ()
        return finding(
            truth,
            "ild_absent" if evidence else "ild_no_record",
            reason if evidence else f"{reason[:-1]}; the list of conditions is complete.",
            "No lung inflammation of this kind is on record.",
            (*evidence, *closing),
        )
    if truth is Truth.MET:
        return finding(
            truth,
            "ild_present",
            reason,
            "Lung inflammation (pneumonitis) is on record.",
            evidence,
            change=Change(ChangeBy.NEVER, "history of lung inflammation")
            if set(params.any_of) & set(_HISTORY)
            else Change(ChangeBy.TREATMENT, "recovery of the lung inflammation", effort=Effort.RECORD),
        )
    if lung.ild_history in (None, "unknown") and not rows:
        return finding(
            truth,
            "ild_missing",
            f"Interstitial lung disease or pneumonitis: not in the record (asked: {asked}).",
            "We need to know if you ever had lung inflammation (pneumonitis).",
            change=ask("any interstitial lung disease or pneumonitis, treated with steroids?", Effort.RECORD),
        )
    return finding(
        truth,
        "ild_unclear",
        f"{reason[:-1]}; grade, cause or treatment is missing, or the entries do not agree.",
        "Your team needs to check the details of your lung inflammation.",
        evidence,
        change=ask("grade, cause and treatment of the lung disease", Effort.RECORD),
    )


_ANY = ["history_no_steroids", "history_with_steroids", "current", "suspected"]
_CLOSED = {"complete": {"conditions": True}}

KIND = Kind(
    id="ild",
    name="lung inflammation (ILD, pneumonitis)",
    plain_name="lung inflammation",
    taxonomy=(31,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(lambda _, knowledge: asked_ids((_ILD,), knowledge.conditions), held, _rest),
    question="Any interstitial lung disease or pneumonitis, now or before, and were steroids given?",
    effort=Effort.RECORD,
    examples=(
        ({"any_of": _ANY}, {"lung": {"ild_history": "none"}}, "not_met"),
        ({"any_of": _ANY}, {}, "unknown"),
        ({"any_of": _ANY}, {"lung": {"ild_history": "history_no_steroids"}}, "met"),
        ({"any_of": ["history_with_steroids"]}, {"lung": {"ild_history": "history_no_steroids"}}, "not_met"),
        ({"any_of": ["history_with_steroids", "current"]}, {"lung": {"ild_history": "current"}}, "met"),
        ({"any_of": ["history_with_steroids"]}, {"lung": {"ild_history": "current"}}, "unknown"),
        # COPD is another disease: a complete list without a record of it rules it out
        ({"any_of": _ANY}, {"conditions": [{"name": "COPD"}], **_CLOSED}, "not_met"),
        ({"any_of": _ANY}, {"conditions": [{"name": "COPD"}]}, "unknown"),
        ({"any_of": _ANY}, {"lung": {"ild_history": "unknown"}, **_CLOSED}, "unknown"),
        # diagnoses and side effects count as well
        ({"any_of": _ANY}, {"conditions": [{"name": "idiopathic pulmonary fibrosis"}]}, "met"),
        ({"any_of": _ANY}, {"toxicities": [{"name": "pneumonitis", "grade": 1, "ongoing": False}]}, "met"),
        (
            {"any_of": ["history_with_steroids", "current"]},
            {"toxicities": [{"name": "pneumonitis", "grade": 1, "ongoing": False}], **_CLOSED},
            "unknown",
        ),
        ({"any_of": ["current"]}, {"toxicities": [{"name": "pneumonitis", "grade": 2, "ongoing": True}]}, "met"),
        (
            {"any_of": ["current"]},
            {"toxicities": [{"name": "pneumonitis", "grade": 2, "ongoing": False}], **_CLOSED},
            "not_met",
        ),
        # grade exactly at the limit
        (
            {"any_of": ["current"], "min_grade": 2},
            {"lung": {"ild_history": "current", "grade": 2}},
            "met",
        ),
        ({"any_of": ["current"], "min_grade": 2}, {"lung": {"ild_history": "current", "grade": 1}}, "not_met"),
        # radiation
        (
            {"any_of": _ANY, "excluding_radiation": True},
            {"conditions": [{"name": "radiation pneumonitis", "status": "resolved"}], **_CLOSED},
            "not_met",
        ),
        (
            {"any_of": _ANY, "excluding_radiation": True},
            {"conditions": [{"name": "pneumonitis", "status": "resolved"}], **_CLOSED},
            "unknown",
        ),
        ({"any_of": _ANY}, {"conditions": [{"name": "radiation pneumonitis"}]}, "met"),
        # "none" beside a recorded pneumonitis contradicts itself
        ({"any_of": _ANY}, {"lung": {"ild_history": "none"}, "conditions": [{"name": "pneumonitis"}]}, "unknown"),
        # pneumonia is an infection; an unclear lung disease may be one
        ({"any_of": _ANY}, {"conditions": [{"name": "pneumonia", "status": "resolved"}], **_CLOSED}, "not_met"),
        ({"any_of": _ANY}, {"conditions": [{"name": "chronic lung disease"}], **_CLOSED}, "unknown"),
        ({"any_of": _ANY}, {"conditions": [{"name": "suspected pneumonitis"}]}, "met"),
        ({"any_of": ["current"]}, {"conditions": [{"name": "suspected pneumonitis"}], **_CLOSED}, "unknown"),
    ),
)
