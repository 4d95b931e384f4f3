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
    """Return the row that says so among the conditions, where it does not say that it is over."""
    return next(
        (row for row in condition_rows(case) if row.id == _ROW[state] and row.certain and row.status != "resolved"),
        None,
    )


def _judge(case: Case, state: str) -> Truth:
    who = case.patient.demographics
    if who.pregnancy == state:
        return Truth.MET
    excluded = who.sex == "male" or who.pregnancy in ("not_pregnant", "not_applicable")
    if excluded or (who.menopausal_status == "postmenopausal" and who.pregnancy in (None, "unknown")):
        return Truth.NOT_MET
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
    if who.sex == "male":
        reason, evidence = "male", Evidence("/demographics/sex", "male")
    elif who.pregnancy in ("not_pregnant", "not_applicable"):
        shown = who.pregnancy.replace("_", " ")
        reason, evidence = f"recorded as {shown}", Evidence("/demographics/pregnancy", shown)
    else:
        reason, evidence = "postmenopausal", Evidence("/demographics/menopausal_status", "postmenopausal")
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
