"""Pregnancy and breastfeeding."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow, condition_rows
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, any_of
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: pregnant or breastfeeding, as listed."""

    any_of: Annotated[OneOrMany[Literal["pregnant", "breastfeeding"]], Field(min_length=1)] = (
        "pregnant",
        "breastfeeding",
    )


_ROW = {"pregnant": "pregnancy", "breastfeeding": "breastfeeding"}


def _recorded(case: Case, state: str) -> ConditionRow | None:
    """Return the row that says so among the conditions, where it does not say that it is over; active ones first."""
    rows = [row for row in condition_rows(case) if row.id == _ROW[state] and row.certain and row.status != "resolved"]
    return min(rows, key=lambda row: row.status != "active", default=None)


def _denied(case: Case) -> tuple[str, str] | None:
    """Return the field that rules both out, with what it says."""
    who = case.patient.demographics
    if who.sex == "male":
        return "sex", "male"
    if who.pregnancy in ("not_pregnant", "not_applicable"):
        return "pregnancy", who.pregnancy.replace("_", " ")
    if who.menopausal_status == "postmenopausal" and who.pregnancy in (None, "unknown"):
        return "menopausal_status", "postmenopausal"
    return None


def _contradiction(case: Case, states: tuple[str, ...]) -> tuple[Evidence, ...]:
    """Return what speaks against the field that rules it out, after that field."""
    denied = _denied(case)
    if denied is None:
        return ()
    who = case.patient.demographics
    against = [
        row.evidence for state in states if (row := _recorded(case, state)) is not None and row.status == "active"
    ]
    if denied == ("pregnancy", "not applicable") and who.menopausal_status == "premenopausal":
        against.append(Evidence("/demographics/menopausal_status", "premenopausal"))
    return (Evidence(f"/demographics/{denied[0]}", denied[1]), *against) if against else ()


def _judge(case: Case, state: str) -> Truth:
    who = case.patient.demographics
    if who.pregnancy == state:
        return Truth.MET
    if _denied(case) is not None:
        return Truth.UNKNOWN if _contradiction(case, (state,)) else Truth.NOT_MET
    row = _recorded(case, state)
    # Entries of a list grow old: only one that says so is taken as the state of today.
    return Truth.MET if row is not None and row.status == "active" else Truth.UNKNOWN


def truth(params: Params, block: Block) -> Tri:
    """Look the statement up; "not pregnant" is a choice beside "breastfeeding" and denies both."""
    wanted = params.any_of
    return block.truths(("pregnancy", wanted), lambda case: any_of(_judge(case, state) for state in wanted))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give what is recorded, or why it does not apply."""
    who = case.patient.demographics
    wanted = " or ".join(params.any_of)
    against = _contradiction(case, params.any_of)
    if truth is Truth.UNKNOWN and against:
        return finding(
            truth,
            "pregnancy_contradiction",
            f"The record contradicts itself: {'; '.join(item.value for item in against)}. Asked: {wanted}.",
            f"We need to know if you are {wanted}.",
            against,
            change=ask("pregnancy test" if "pregnant" in params.any_of else "breastfeeding?", Effort.ROUTINE),
        )
    if truth is Truth.UNKNOWN:
        return finding(
            truth,
            "pregnancy_missing",
            f"Not in the record whether the patient is {wanted}.",
            f"We need to know if you are {wanted}.",
            change=ask("pregnancy test" if "pregnant" in params.any_of else "breastfeeding?", Effort.ROUTINE),
        )
    if truth is Truth.MET:
        row = next((row for state in params.any_of if (row := _recorded(case, state))), None)
        stated = who.pregnancy in params.any_of or row is None
        evidence = Evidence("/demographics/pregnancy", str(who.pregnancy)) if stated or row is None else row.evidence
        return finding(
            truth,
            "pregnancy_present",
            f"Recorded as {evidence.value}; asked: {wanted}.",
            f"Your record says: {evidence.value}.",
            evidence,
            change=Change(ChangeBy.TEST, "pregnancy or breastfeeding over", effort=Effort.ROUTINE),
        )
    field, shown = _denied(case) or ("pregnancy", str(who.pregnancy))
    reason = f"recorded as {shown}" if field == "pregnancy" else shown
    evidence = Evidence(f"/demographics/{field}", shown)
    return finding(
        truth,
        "pregnancy_absent",
        f"Not {wanted}: {reason}.",
        f"You are not {wanted}, as far as your record says.",
        evidence,
    )


KIND = Kind(
    id="pregnancy",
    name="pregnancy or breastfeeding",
    plain_name="pregnancy or breastfeeding",
    taxonomy=(33,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Is the patient pregnant or breastfeeding?",
    effort=Effort.ROUTINE,
    examples=(
        ({}, {"demographics": {"pregnancy": "pregnant"}}, "met"),
        ({}, {"demographics": {"pregnancy": "breastfeeding"}}, "met"),
        ({}, {"demographics": {"sex": "male"}}, "not_met"),
        ({}, {"demographics": {"sex": "female", "pregnancy": "not_pregnant"}}, "not_met"),
        ({}, {"demographics": {"sex": "female", "pregnancy": "not_applicable"}}, "not_met"),
        ({}, {"demographics": {"sex": "female", "menopausal_status": "postmenopausal"}}, "not_met"),
        ({}, {"demographics": {"sex": "female", "menopausal_status": "premenopausal"}}, "unknown"),
        ({}, {"demographics": {"sex": "female", "pregnancy": "unknown"}}, "unknown"),
        ({}, {}, "unknown"),
        # a closed list of diseases does not speak of pregnancy
        ({}, {"demographics": {"sex": "female"}, "complete": {"conditions": True}}, "unknown"),
        ({"any_of": "pregnant"}, {"demographics": {"pregnancy": "breastfeeding"}}, "unknown"),
        ({}, {"conditions": [{"name": "pregnancy", "status": "active"}]}, "met"),
        ({}, {"conditions": [{"name": "normal pregnancy", "date": "2010"}]}, "unknown"),
    ),
)
