"""Another cancer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind
from her2nav.kinds.condition_match import Match, Query, rows_gate, search
from her2nav.kinds.condition_words import tell
from her2nav.kinds.terms import KindParams
from her2nav.model.dates import add_months, plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Finding
from her2nav.model.truth import Truth, all_of, from_bounds
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: another cancer, not among the exceptions, is or was present within the window."""

    within_years: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    """Counted back from today to diagnosis or last treatment; absent: ever."""
    counted_from: Literal["unstated", "diagnosis", "end_of_treatment"] = "unstated"
    """From which day the window is counted; `unstated`: either."""
    active_only: bool = False
    exceptions: OneOrMany[str] = ()
    """Ids such as basal_cell_skin, squamous_cell_skin, in_situ_cervix, in_situ_breast, in_situ_any,
    superficial_bladder, low_risk_prostate, thyroid, curatively_treated_any, not_interfering."""


_ACTIVE = ("active", "uncontrolled")


def _months(years: Decimal) -> int:
    return int(years * 12)


def _query(params: Params) -> Query:
    return Query(wanted=("malignancy",), exceptions=params.exceptions, history=True)


def _counts(params: Params) -> Callable[[Case, ConditionRow], Truth]:
    def judge(case: Case, row: ConditionRow) -> Truth:
        return all_of((row.own_cancer.negated(), _when(case, row, params)))

    return judge


def _when(case: Case, row: ConditionRow, params: Params) -> Truth:
    """Whether a cancer is recent or active enough to count.

    The record has the day of the diagnosis alone: a cancer that is over counts by it. One whose diagnosis lies before
    the window may have been treated inside it, where its state is not said or the diagnosis is not long before.
    """
    if params.within_years is None:
        if not params.active_only:
            return Truth.MET
        if row.status in _ACTIVE:
            return Truth.MET
        return Truth.NOT_MET if row.status == "resolved" else Truth.UNKNOWN
    if row.status in _ACTIVE:
        return Truth.MET
    if row.date is None:
        return Truth.UNKNOWN
    first = add_months(case.as_of, -_months(params.within_years))
    inside = from_bounds(row.date.low >= first, row.date.high < first)
    if params.counted_from == "diagnosis":
        return all_of((inside, Truth.UNKNOWN)) if params.active_only else inside
    if inside is Truth.NOT_MET:
        early = row.date.high < add_months(first, -case.knowledge.conditions.rules.treated_after_diagnosis_months)
        return Truth.NOT_MET if row.status == "resolved" and early else Truth.UNKNOWN
    # "Active within so many years" of a cancer that is over: its treatment may have been inside the window.
    return Truth.UNKNOWN if params.active_only else inside


def truth(params: Params, block: Block) -> Tri:
    """Look for cancers other than the patient's own; only a complete list rules them out."""
    query, counts = _query(params), _counts(params)
    return block.truths(("second_malignancy", params), lambda case: search(case, query, counts).truth)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the other cancers, or say why none is known."""
    query = _query(params)
    found = search(case, query, _counts(params))
    window = f"within {params.within_years} years" if params.within_years is not None else "ever"
    days = [row.date.high for row in found.sure if row.date is not None and row.status == "resolved"]
    change = None
    if params.within_years is not None and days and len(days) == len(found.sure):
        rules = case.knowledge.conditions.rules
        treated = 0 if params.counted_from == "diagnosis" else rules.treated_after_diagnosis_months
        free = plus_days(add_months(max(days), _months(params.within_years) + treated), 1)
        change = Change(ChangeBy.DATE, f"more than {params.within_years} years since the other cancer", free)
    return replace(
        _tell(params, case, query, found, window, change),
        holds_until=_until(params, found.sure) if truth is Truth.MET else None,
    )


def _until(params: Params, sure: Sequence[ConditionRow]) -> date | None:
    """Return the last day on which one of the cancers lies inside the window for certain; None: no such day."""
    if params.within_years is None or any(row.status in _ACTIVE or row.date is None for row in sure):
        return None
    return max(_last_inside(row.date.low, _months(params.within_years)) for row in sure if row.date is not None)


def _last_inside(day: date, months: int) -> date:
    """Return the last day from which `months` back do not pass `day`."""
    last = plus_days(add_months(day, months), 3)
    while add_months(last, -months) > day:
        last = plus_days(last, -1)
    return last


def _tell(params: Params, case: Case, query: Query, found: Match, window: str, change: Change | None) -> Finding:
    return tell(
        case,
        query,
        found,
        code="second_malignancy",
        plain="another cancer",
        question="which other cancer, when was its last treatment, and is it gone?",
        asked_also=f"other than the treated one, {'active, ' if params.active_only else ''}{window}",
        change=change,
    )


_CLOSED = {"complete": {"conditions": True}}
_BREAST = {"as_of": "2026-01-15", "cancer": {"tumour_type": "breast", "diagnosed": "2024-02-08"}}
_SKIN = ["basal_cell_skin", "squamous_cell_skin", "in_situ_cervix"]


def _case(*conditions: dict[str, str], closed: bool = True) -> dict[str, object]:
    return {**_BREAST, "conditions": list(conditions), **(_CLOSED if closed else {})}


_THYROID = {"name": "papillary thyroid carcinoma", "status": "resolved", "date": "2016-03-15"}
_COLON = {"name": "colon cancer", "status": "resolved"}

KIND = Kind(
    id="second_malignancy",
    name="another cancer",
    plain_name="another cancer",
    taxonomy=(35,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=rows_gate(lambda params, _: _query(params).wanted),
    question="Any other cancer, when was it treated last, and is it gone?",
    effort=Effort.RECORD,
    examples=(
        ({}, _case({"name": "melanoma", "date": "2020"}, closed=False), "met"),
        ({}, _case(), "not_met"),
        ({}, _case(closed=False), "unknown"),
        # the patient's own cancer, its spread and diseases that are no cancer do not count
        (
            {},
            _case(
                {"name": "Malignant neoplasm of breast", "date": "2024-02"},
                {"name": "liver metastases"},
                {"name": "MGUS"},
                {"name": "colon polyps"},
            ),
            "not_met",
        ),
        # the same organ long before: an earlier cancer or the same one
        ({}, _case({"name": "breast cancer", "date": "2010", "status": "resolved"}), "unknown"),
        # years, to the day: 5 years ago today is inside, the day before is not
        ({"within_years": "5"}, _case({**_COLON, "date": "2021-01-15"}), "met"),
        ({"within_years": "5"}, _case({**_COLON, "date": "2021-01-14"}), "unknown"),
        # treatment may have gone on for two years
        ({"within_years": "5"}, _case({**_COLON, "date": "2019-01-15"}), "unknown"),
        ({"within_years": "5"}, _case({**_COLON, "date": "2019-01-14"}), "not_met"),
        ({}, _case({"name": "contralateral breast cancer", "date": "2024-03"}), "unknown"),
        ({"within_years": "5"}, _case({**_COLON, "date": "2021"}), "unknown"),
        ({"within_years": "3"}, _case(_THYROID), "not_met"),
        ({}, _case(_THYROID), "met"),
        ({"exceptions": ["thyroid"]}, _case(_THYROID), "not_met"),
        # still active: inside whatever the date; not said whether it is gone: unclear
        ({"within_years": "5"}, _case({"name": "CLL", "status": "active", "date": "2012"}), "met"),
        ({"within_years": "5"}, _case({"name": "colon cancer", "date": "2012"}), "unknown"),
        ({"within_years": "5"}, _case(_COLON), "unknown"),
        ({"active_only": True}, _case(_COLON), "not_met"),
        ({"active_only": True}, _case({"name": "CLL", "status": "active"}), "met"),
        ({"active_only": True}, _case({"name": "colon cancer"}), "unknown"),
        # exceptions
        ({"exceptions": _SKIN}, _case({"name": "BCC", "date": "2025-06"}), "not_met"),
        ({"exceptions": _SKIN}, _case({"name": "CIN3", "date": "2025-06"}), "not_met"),
        ({"exceptions": _SKIN}, _case({"name": "melanoma", "date": "2025-06"}), "met"),
        ({"exceptions": _SKIN}, _case({"name": "skin cancer", "date": "2025-06"}), "unknown"),
        ({"exceptions": ["in_situ_any"]}, _case({"name": "DCIS", "date": "2025-06"}), "not_met"),
        ({"exceptions": ["low_risk_prostate"]}, _case({"name": "prostate cancer", "date": "2025-06"}), "unknown"),
        ({"exceptions": ["localised_prostate"]}, _case({"name": "low-risk prostate cancer"}), "not_met"),
        # what nobody can judge from the record
        ({"exceptions": ["curatively_treated_any"]}, _case({**_COLON, "date": "2025-06"}), "unknown"),
        ({"exceptions": ["curatively_treated_any"]}, _case({"name": "CLL", "status": "active"}), "met"),
        ({"exceptions": ["not_interfering"]}, _case({"name": "CLL", "status": "active"}), "unknown"),
        ({"exceptions": ["not_interfering"]}, _case(), "not_met"),
        # without a known tumour a recorded cancer may be the patient's own
        ({}, {"conditions": [{"name": "lung cancer"}], **_CLOSED}, "unknown"),
        ({}, _case({"name": "Zorbl syndrome"}), "unknown"),
        # from the diagnosis the window is sharp; from the end of treatment an earlier diagnosis may still be inside
        (
            {"within_years": "3", "counted_from": "diagnosis"},
            _case({**_COLON, "date": "2023-01-14"}),
            "not_met",
        ),
        ({"within_years": "3", "counted_from": "diagnosis"}, _case({**_COLON, "date": "2023-01-15"}), "met"),
        (
            {"within_years": "3", "counted_from": "end_of_treatment"},
            _case({**_COLON, "date": "2023-01-14"}),
            "unknown",
        ),
    ),
)
