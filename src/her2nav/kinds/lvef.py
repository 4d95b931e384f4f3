"""Left ventricular ejection fraction."""

from __future__ import annotations

from decimal import Decimal
from math import inf
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import UNKNOWN_NUMBER, Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.limits import Limit, Number, ends
from her2nav.facts.tri import Tri, compare
from her2nav.kinds.base import Kind, ask, entries_gate, finding
from her2nav.kinds.freshness import dated, fresh_until, within
from her2nav.kinds.terms import Days, KindParams, Operator
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.treatment import Lvef
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: the newest usable measurement compares as said; one older than the window is stale."""

    op: Operator = ">="
    percent: Annotated[Decimal, Field(gt=0, lt=100)] | None = None
    """Absent: only the institution's lower limit of normal is asked for; it lies in the range held in data."""
    within_days: Days | None = None
    methods: OneOrMany[Literal["echo", "muga", "mri"]] = ()
    or_institutional_lln: bool = False
    """The institution's lower limit of normal suffices instead."""


def newest(case: Case, methods: tuple[str, ...]) -> tuple[tuple[int, Lvef], ...]:
    """Return the newest measurement by a method asked for up to the patient's day, or all that may be the newest.

    An undated one may be; so may each of several of one day.
    """
    usable = [
        (i, item)
        for i, item in enumerate(case.patient.cardiac.lvef)
        if not (item.date and item.date.certainly_after(case.as_of))
        and (not methods or item.method is None or item.method in methods)
    ]
    days = [item.date.low for _, item in usable if item.date]
    return tuple((i, item) for i, item in usable if not item.date or item.date.high >= max(days))


def _percent(case: Case, methods: tuple[str, ...]) -> Interval:
    """Return the range of what the newest measurement may be; one without method tells nothing where one is asked."""
    found = [item for _, item in newest(case, methods)]
    if not found or (methods and any(item.method is None for item in found)):
        return UNKNOWN_NUMBER
    return float(min(item.percent for item in found)), float(max(item.percent for item in found))


def _age_days(case: Case, methods: tuple[str, ...]) -> Interval:
    day = _day(case, methods)
    return UNKNOWN_NUMBER if day is None else day.days_before(case.as_of)


def _day(case: Case, methods: tuple[str, ...]) -> PartialDate | None:
    """Return the date of the newest measurement; of several that may be it, the one that is not older for certain."""
    days = [item.date for _, item in newest(case, methods) if item.date]
    return max(days, key=lambda day: day.low, default=None)


def _columns(methods: tuple[str, ...]) -> tuple[Number, Number]:
    """Return the newest measurement and its age in days."""
    value = Number(("lvef", methods), lambda case: _percent(case, methods))
    return value, Number(("lvef_age", methods), lambda case: _age_days(case, methods))


def limit(params: Params, knowledge: Knowledge | None = None) -> Limit | None:
    """Return the limit; None where the institution's own counts."""
    if params.percent is None or params.or_institutional_lln:
        return None
    value, age = _columns(params.methods)
    window = (None, inf) if params.within_days is None else (age, float(params.within_days))
    return Limit(value, *ends(params.op, float(params.percent)), *window)


def truth(params: Params, block: Block) -> Tri:
    """Compare the newest measurement; one outside the window neither meets nor breaks the criterion."""
    only = limit(params)
    if only is not None:
        return only.truth(block)
    value, age = _columns(params.methods)
    low, high = value.of(block)
    limits = block.knowledge.lvef_limits
    answer = Tri(low >= float(limits.highest), high < float(limits.lowest))
    if params.percent is not None:
        answer = compare(params.op, float(params.percent), low, high) | answer
    if params.within_days is None:
        return answer
    fresh = age.of(block)[1] <= params.within_days
    return Tri(answer.met & fresh, answer.not_met & fresh)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the measurement, its date, the limit and the window."""
    window = f" within {params.within_days} days" if params.within_days is not None else ""
    limits = [f"{params.percent} %"] if params.percent is not None else []
    if params.or_institutional_lln or params.percent is None:
        limits.append("the institution's lower limit")
    wanted = f"LVEF {params.op} {' or '.join(limits)}{window}"
    found = newest(case, params.methods)
    test = ask(f"echocardiogram or MUGA ({wanted})", Effort.ROUTINE)
    if not found:
        return finding(
            truth,
            "lvef_missing",
            f"No LVEF in the record; wanted {wanted}.",
            "You need a heart scan to see how well your heart pumps.",
            change=test,
        )
    day = _day(case, params.methods)
    shown = "LVEF " + " or ".join(f"{item.percent} % ({dated(item.date, case.as_of)})" for _, item in found)
    evidence = tuple(
        Evidence(f"/cardiac/lvef/{i}", f"{item.percent} %", str(item.date) if item.date else None) for i, item in found
    )
    if truth is Truth.MET:
        return finding(
            truth,
            "lvef_in_range",
            f"{shown}; wanted {wanted}.",
            "Your heart scan fits.",
            evidence,
            holds_until=fresh_until(day, params.within_days),
        )
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "lvef_too_low",
            f"{shown}; wanted {wanted}.",
            "Your last heart scan was below what the study asks for.",
            evidence,
            change=Change(ChangeBy.TEST, "a new LVEF measurement", effort=Effort.ROUTINE),
            holds_until=fresh_until(day, params.within_days),
        )
    stale = within(day, params.within_days, case.as_of)
    code = "lvef_stale" if stale is not Truth.MET else "lvef_unclear"
    why = "too old or undated for the trial" if code == "lvef_stale" else "method or local limit not known"
    if code != "lvef_stale" and len({item.percent for _, item in found}) > 1:
        why = "not certain which is the newest"
    return finding(
        truth,
        code,
        f"{shown}; wanted {wanted}; {why}.",
        "Your heart scan needs to be done again or checked.",
        evidence,
        change=test,
    )


KIND = Kind(
    id="lvef",
    name="LVEF",
    plain_name="heart scan",
    taxonomy=(28,),
    params=Params,
    truth=truth,
    explain=explain,
    limit=limit,
    gate=entries_gate(lambda case: case.patient.cardiac.lvef, lambda _: None),
    question="What is the LVEF, when and how was it measured?",
    effort=Effort.ROUTINE,
    examples=(
        ({"percent": 50}, {"cardiac": {"lvef_percent": 50}}, "met"),
        ({"percent": 50}, {"cardiac": {"lvef_percent": 49.9}}, "not_met"),
        ({"percent": 50, "op": ">"}, {"cardiac": {"lvef_percent": 50}}, "not_met"),
        ({"percent": 50}, {}, "unknown"),
        (
            {"percent": 50, "within_days": 28},
            {"as_of": "2026-01-29", "cardiac": {"lvef": [{"percent": 55, "date": "2026-01-01"}]}},
            "met",
        ),
        (
            {"percent": 50, "within_days": 28},
            {"as_of": "2026-01-30", "cardiac": {"lvef": [{"percent": 55, "date": "2026-01-01"}]}},
            "unknown",
        ),
        (
            {"percent": 50, "within_days": 28},
            {"as_of": "2026-01-29", "cardiac": {"lvef": [{"percent": 45, "date": "2026-01-02"}]}},
            "not_met",
        ),
        (
            {"percent": 50},
            {"cardiac": {"lvef": [{"percent": 60, "date": "2025-01-01"}, {"percent": 40, "date": "2025-06-01"}]}},
            "not_met",
        ),
        ({"percent": 50, "or_institutional_lln": True}, {"cardiac": {"lvef_percent": 48}}, "unknown"),
        ({"or_institutional_lln": True}, {"cardiac": {"lvef_percent": 60}}, "met"),
        ({"or_institutional_lln": True}, {"cardiac": {"lvef_percent": 59}}, "unknown"),
        ({"or_institutional_lln": True}, {"cardiac": {"lvef_percent": 44}}, "not_met"),
    ),
)
