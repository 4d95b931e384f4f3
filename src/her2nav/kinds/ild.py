"""Interstitial lung disease and pneumonitis."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import Grade, OneOrMany


class Params(KindParams):
    """P: lung inflammation of one of these sorts is or was present."""

    any_of: Annotated[
        OneOrMany[Literal["history_no_steroids", "history_with_steroids", "current", "suspected"]],
        Field(min_length=1),
    ]
    """A ban on any history lists all of them."""
    min_grade: Grade | None = None
    excluding_radiation: bool = False


def _judge(case: Case, params: Params) -> Truth:
    lung = case.patient.lung
    state = lung.ild_history
    if state is None or state == "unknown":
        return Truth.UNKNOWN
    if state == "none":
        return Truth.NOT_MET
    if state not in params.any_of:
        # A disease that is present now may have been a history that needed steroids, and the other way round.
        return Truth.UNKNOWN if state == "current" else Truth.NOT_MET
    if params.min_grade is not None:
        if lung.grade is None:
            return Truth.UNKNOWN
        if lung.grade < params.min_grade:
            return Truth.NOT_MET
    if params.excluding_radiation and lung.cause is None:
        return Truth.UNKNOWN
    if params.excluding_radiation and lung.cause and "radiation" in lung.cause.lower():
        return Truth.NOT_MET
    return Truth.MET


def truth(params: Params, block: Block) -> Tri:
    """Look the recorded state up; only a stated "none" rules it out."""
    return block.truths(("ild", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded state of the lungs."""
    lung = case.patient.lung
    asked = ", ".join(item.replace("_", " ") for item in params.any_of)
    if lung.ild_history in (None, "unknown"):
        return finding(
            truth,
            "ild_missing",
            f"Interstitial lung disease or pneumonitis: not in the record (asked: {asked}).",
            "We need to know if you ever had lung inflammation (pneumonitis).",
            change=ask("any interstitial lung disease or pneumonitis, treated with steroids?", Effort.RECORD),
        )
    shown = str(lung.ild_history).replace("_", " ")
    evidence = Evidence("/lung/ild_history", shown, str(lung.date) if lung.date else None)
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "ild_absent",
            f"Interstitial lung disease or pneumonitis: {shown} (asked: {asked}).",
            "No lung inflammation of this kind is on record.",
            evidence,
        )
    if truth is Truth.MET:
        return finding(
            truth,
            "ild_present",
            f"Interstitial lung disease or pneumonitis: {shown} (asked: {asked}).",
            "Lung inflammation (pneumonitis) is on record.",
            evidence,
            change=Change(ChangeBy.NEVER, "history of lung inflammation"),
        )
    return finding(
        truth,
        "ild_unclear",
        f"Interstitial lung disease or pneumonitis: {shown}; grade, cause or treatment is missing (asked: {asked}).",
        "Your team needs to check the details of your lung inflammation.",
        evidence,
        change=ask("grade, cause and treatment of the lung disease", Effort.RECORD),
    )


_ANY = ["history_no_steroids", "history_with_steroids", "current", "suspected"]

KIND = Kind(
    id="ild",
    name="lung inflammation (ILD, pneumonitis)",
    plain_name="lung inflammation",
    taxonomy=(31,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Any interstitial lung disease or pneumonitis, now or before, and were steroids given?",
    effort=Effort.RECORD,
    examples=(
        ({"any_of": _ANY}, {"lung": {"ild_history": "none"}}, "not_met"),
        ({"any_of": _ANY}, {}, "unknown"),
        ({"any_of": _ANY}, {"lung": {"ild_history": "history_no_steroids"}}, "met"),
        ({"any_of": ["history_with_steroids"]}, {"lung": {"ild_history": "history_no_steroids"}}, "not_met"),
        ({"any_of": ["history_with_steroids", "current"]}, {"lung": {"ild_history": "current"}}, "met"),
        ({"any_of": ["history_with_steroids"]}, {"lung": {"ild_history": "current"}}, "unknown"),
        # COPD is another disease: it neither meets nor excludes
        ({"any_of": _ANY}, {"conditions": [{"name": "COPD"}], "complete": {"conditions": True}}, "unknown"),
    ),
)
