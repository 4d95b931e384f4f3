"""Menopausal status."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.terms import ANYTHING, TermSet, exactly
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: the status is one of these."""

    any_of: Annotated[OneOrMany[Literal["premenopausal", "perimenopausal", "postmenopausal"]], Field(min_length=1)]


def _status(case: Case) -> TermSet:
    """Return the recorded status; a man has none. Age is no status: criteria define menopause in their own ways."""
    who = case.patient.demographics
    if who.sex == "male":
        return exactly(())
    if who.menopausal_status in (None, "unknown", "not_applicable"):
        return ANYTHING
    return exactly({who.menopausal_status})


def truth(params: Params, block: Block) -> Tri:
    """Look the status up; a woman for whom it is not stated has one of the three."""
    if set(params.any_of) == {"premenopausal", "perimenopausal", "postmenopausal"}:
        return block.truths("woman", _is_woman)
    return block.terms("menopausal_status", _status, params.any_of)


def _is_woman(case: Case) -> Truth:
    who = case.patient.demographics
    if who.sex is None:
        return Truth.UNKNOWN if _status(case) is ANYTHING else Truth.MET
    return Truth.MET if who.sex == "female" else Truth.NOT_MET


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded status."""
    who = case.patient.demographics
    wanted = " or ".join(params.any_of)
    if truth is Truth.UNKNOWN:
        return finding(
            truth,
            "menopause_missing",
            f"Menopausal status is not in the record; asked: {wanted}.",
            "We need to know if you have been through menopause.",
            change=ask("menopausal status, as the trial defines it", Effort.ASK),
        )
    if who.sex == "male":
        return finding(
            truth,
            "menopause_male",
            f"Male; asked: {wanted}.",
            "The question is for women.",
            Evidence("/demographics/sex", "male"),
            change=Change(ChangeBy.NEVER, "sex"),
        )
    if _status(case) is ANYTHING:
        return finding(
            truth,
            "menopause_any",
            f"Female; any menopausal status counts ({wanted}).",
            "The study takes women before and after menopause.",
            Evidence("/demographics/sex", "female"),
        )
    shown = str(who.menopausal_status)
    return finding(
        truth,
        "menopause",
        f"Recorded as {shown}; asked: {wanted}.",
        f"Your record says: {shown}.",
        Evidence("/demographics/menopausal_status", shown),
        change=Change(ChangeBy.DOCUMENT, "menopausal status by the trial's definition", effort=Effort.RECORD),
    )


KIND = Kind(
    id="menopausal_status",
    name="menopausal status",
    plain_name="menopause",
    taxonomy=(),
    params=Params,
    truth=truth,
    explain=explain,
    question="Is the patient before or after menopause, as the trial defines it?",
    effort=Effort.ASK,
    examples=(
        ({"any_of": "postmenopausal"}, {"demographics": {"menopausal_status": "postmenopausal"}}, "met"),
        ({"any_of": "postmenopausal"}, {"demographics": {"menopausal_status": "perimenopausal"}}, "not_met"),
        (
            {"any_of": ["premenopausal", "perimenopausal"]},
            {"demographics": {"sex": "female", "menopausal_status": "perimenopausal"}},
            "met",
        ),
        ({"any_of": "postmenopausal"}, {"demographics": {"sex": "female", "age": 75}}, "unknown"),
        ({"any_of": "postmenopausal"}, {"demographics": {"menopausal_status": "unknown"}}, "unknown"),
        ({"any_of": "premenopausal"}, {"demographics": {"sex": "male"}}, "not_met"),
        (
            {"any_of": "premenopausal"},
            {"demographics": {"sex": "male", "menopausal_status": "not_applicable"}},
            "not_met",
        ),
        ({"any_of": ["premenopausal", "perimenopausal", "postmenopausal"]}, {"demographics": {"sex": "female"}}, "met"),
        ({"any_of": "postmenopausal"}, {}, "unknown"),
    ),
)
