"""A laboratory value (`data/criteria/variables.csv`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import inf
from typing import Any

import numpy as np

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.lab_results import Result, Scale, columns, result, short
from her2nav.facts.limits import Limit, ends
from her2nav.facts.support import Support, unsupported
from her2nav.facts.tri import Tri, compare, constant
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.freshness import dated, within
from her2nav.kinds.terms import Days, KindParams, Operator
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Finding, UnknownKind
from her2nav.model.truth import Truth

_SCALES: dict[str, Scale] = {"xuln": "xULN", "xlln": "xLLN"}
_LIMITS = {"xULN": "x the laboratory's upper limit", "xLLN": "x the laboratory's lower limit"}


class Params(KindParams):
    """P: the newest usable value compares as said, absolutely or as a multiple of the laboratory's limit."""

    variable: str
    """Id of a row of `variables.csv`: anc, platelets, haemoglobin, ast, alt, bilirubin, creatinine, …"""
    op: Operator
    value: Decimal
    unit: str
    """Unit of the table for absolute values; xULN or xLLN for multiples."""
    within_days: Days | None = None
    without_growth_factor_days: Days | None = None
    """No growth factor in so many days before the sample or before the patient's day."""
    without_transfusion_days: Days | None = None
    """No transfusion in so many days before the sample or before the patient's day."""
    reported_only: bool = False
    """Creatinine clearance counts only where it is reported, not derived from creatinine."""


def limit(params: Params, knowledge: Knowledge) -> tuple[Scale, Decimal] | None:
    """Return the scale and the limit in canonical units; None when the variable or the unit is not known."""
    if params.variable not in knowledge.variables.variables:
        return None
    scale = _SCALES.get(params.unit.replace(" ", "").casefold())
    if scale is not None:
        return scale, params.value
    converted = knowledge.variables.convert(params.variable, params.value, params.unit)
    return ("absolute", converted.value) if converted is not None and converted.verified else None


def _support(case: Case, params: Params) -> Support:
    found = result(case, params.variable, derive=not params.reported_only)
    days = (params.without_growth_factor_days, params.without_transfusion_days)
    return unsupported(case, params.variable, found.date if found is not None else None, *days)


@lru_cache(maxsize=16384)
def compared(params: Params, knowledge: Knowledge) -> Limit | None:
    """Return the comparison of the value without support; None when the variable or the unit is not known."""
    found = limit(params, knowledge)
    if found is None:
        return None
    scale, bound = found
    value, age = columns(params.variable, scale, derive=not params.reported_only)
    window = (None, inf) if params.within_days is None else (age, float(params.within_days))
    return Limit(value, *ends(params.op, float(bound)), *window)


def _alone(params: Params, knowledge: Knowledge) -> Limit | None:
    """Return the comparison where it is all that the criterion asks."""
    return None if is_supported(params) else compared(params, knowledge)


def truth(params: Params, block: Block) -> Tri:
    """Compare the newest value; an old, undated or unreadable one neither meets nor breaks the criterion.

    Support matters only where the value itself is met: support that is certain breaks it, a list that is not complete
    leaves it unknown.
    """
    wanted = compared(params, block.knowledge) if block.size else None
    if wanted is None:
        return constant(Truth.UNKNOWN, block.size)
    answer = wanted.truth(block)
    if not is_supported(params) or not answer.met.any():
        return answer
    return with_support(params, answer, block)


def is_supported(params: Params) -> bool:
    """Return whether growth factors or transfusions matter."""
    return params.without_growth_factor_days is not None or params.without_transfusion_days is not None


def with_support(params: Params, answer: Tri, block: Block) -> Tri:
    """Return how a comparison stands where support counts; for one patient, of one value or of several of one day."""
    days = (params.without_growth_factor_days, params.without_transfusion_days)
    key = ("lab_support", *days, params.variable, params.reported_only)
    support = block.truths(key, lambda case: _support(case, params).truth)
    return Tri(answer.met & support.met, answer.not_met | (answer.met & support.not_met))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the newest value, its date, the limit in the same unit, and support where it matters."""
    known = limit(params, case.knowledge)
    if known is None:
        return finding(
            truth,
            "lab_not_in_table",
            f"{params.variable} {params.op} {params.value} {params.unit}: the value or its unit is not in the table.",
            "Your team needs to check one blood test with you.",
            change=Change(ChangeBy.PERSON, f"check {params.variable}", effort=Effort.PERSON),
            unknown_kind=UnknownKind.UNREAD,
        )
    scale, bound = known
    variable = case.knowledge.variables.variables[params.variable]
    wanted = _wanted(params, scale)
    if scale == "absolute" and bound != params.value:
        wanted += f" (= {short(bound)} {variable.unit})"
    found = result(case, params.variable, scale, derive=not params.reported_only)
    test = ask(f"{variable.name} ({wanted})", variable.effort)
    name = f"Your test of {variable.plain_name}" if "test" not in variable.plain_name else f"Your {variable.plain_name}"
    if found is None:
        return finding(
            truth,
            "lab_missing",
            f"{variable.name}: not in the record; wanted {wanted}.",
            f"We need a test result: {variable.plain_name}.",
            change=test,
        )
    shown = f"{found.text(scale)} ({dated(found.date, case.as_of)})"
    fresh = within(found.date, params.within_days, case.as_of)
    if found.range is None or fresh is not Truth.MET:
        code, why, change = _unusable(found, fresh, test)
        reason = f"{shown}; wanted {wanted}; {why}."
        return finding(truth, code, reason, f"{name} has to be done again or checked.", found.evidence, change=change)
    support = _support(case, params)
    low, high = (np.array([float(end)]) for end in found.range)
    answer = compare(params.op, float(bound), low, high).at(0)
    until = None
    if params.within_days is not None and found.date is not None:
        until = plus_days(found.date.low, params.within_days)
    if answer is Truth.MET and truth is not Truth.MET:
        made = _supported(truth, support, f"{shown}; wanted {wanted}", found, case.as_of)
        return replace(made, holds_until=until) if truth is Truth.NOT_MET else made
    if truth is Truth.MET:
        made = finding(
            truth,
            "lab_in_range",
            f"{shown}; wanted {wanted}.",
            f"{name} fits what the study asks for.",
            found.evidence + support.closed,
        )
        return replace(made, holds_until=until)
    if truth is Truth.NOT_MET:
        what = f"a new value of {variable.name}" if found.formula is None else f"a measured {variable.name}"
        made = finding(
            truth,
            "lab_out_of_range",
            f"{shown}; wanted {wanted}.",
            f"{name} is not in the range the study asks for.",
            found.evidence,
            change=Change(ChangeBy.TEST, f"{what} ({wanted})", effort=variable.effort),
        )
        return replace(made, holds_until=until)
    why, change = "the value is not exact enough", test
    if found.assumed is not None:
        why = "the laboratory gave no limit"
        change = ask(f"{variable.name}: limit of normal of the laboratory", Effort.RECORD)
    elif found.formula is not None:
        change = ask(f"{variable.name}, or full date of birth, weight and sex", Effort.ASK)
    return finding(
        truth,
        "lab_uncertain",
        f"{shown}; wanted {wanted}; {why}.",
        f"{name} needs a closer look by your team.",
        found.evidence,
        change=change,
    )


def _unusable(found: Result, fresh: Truth, test: Change) -> tuple[str, str, Change]:
    if fresh is not Truth.MET and found.range is not None:
        if fresh is Truth.NOT_MET:
            return "lab_stale", "too old for the trial", test
        return "lab_undated", "the date is missing or not exact enough", ask("date of the blood sample", Effort.RECORD)
    problem = found.problem or "not usable"
    if "limit of normal" in problem:
        what = f"{found.variable.name}: limit of normal of the laboratory"
        return "lab_no_limit", problem, ask(what, Effort.RECORD)
    if found.formula is not None:
        return "lab_not_derived", problem, ask(f"{found.variable.name}, or age and weight", Effort.RECORD)
    return "lab_unreadable", problem, ask(f"{found.variable.name} with its unit", Effort.RECORD)


def _supported(truth: Truth, support: Support, shown: str, found: Result, as_of: date) -> Finding:
    evidence = found.evidence + tuple(use.evidence for use in support.uses)
    names = ", ".join(use.label + (f" ({use.evidence.date})" if use.evidence.date else "") for use in support.uses)
    if truth is Truth.NOT_MET:
        days = [use.free_from for use in support.uses]
        free = max((day for day in days if day is not None), default=None) if None not in days else None
        wait = Change(ChangeBy.DATE, f"time since {names}, then a new test", date=free, effort=Effort.ROUTINE)
        again = Change(ChangeBy.TEST, f"a new value of {found.variable.name}", effort=found.variable.effort)
        return finding(
            truth,
            "lab_with_support",
            f"{shown}; but blood counts were supported by {names}.",
            "Your blood count fits, but help for your blood counts was given too close to the test.",
            evidence,
            change=again if free is not None and free <= as_of else wait,
        )
    why, what = f"whether {names} counts as support is not clear", f"dates and kind of {names}"
    if not support.uses:
        why = f"not marked complete: {' and '.join(support.open_lists)}"
        what = "growth factors or transfusions before the sample"
    return finding(
        truth,
        "lab_support_unknown",
        f"{shown}; {why}.",
        "Your blood count fits. We need to know if you had shots or a transfusion to help it.",
        evidence,
        change=ask(what, Effort.RECORD),
    )


def _wanted(params: Params, scale: Scale) -> str:
    text = f"{params.op} {params.value} {_LIMITS.get(scale, params.unit)}"
    text += f" within {params.within_days} days" if params.within_days is not None else ""
    if params.without_growth_factor_days is not None:
        text += f", no growth factor for {params.without_growth_factor_days} days"
    if params.without_transfusion_days is not None:
        text += f", no transfusion for {params.without_transfusion_days} days"
    return text + (", reported, not derived" if params.reported_only else "")


def _labs(name: str = "ANC", value: object = "2.0", unit: str | None = "10*9/L", **more: object) -> dict[str, Any]:
    return {"labs": [{"name": name, "value": value, "unit": unit, **more}]}


def _rows(*rows: tuple[str, str]) -> dict[str, Any]:
    labs = [{"name": "anc", "value": value, "unit": "10*9/L", "date": day} for value, day in rows]
    return {"as_of": "2026-01-31", "labs": labs}


def _who(sex: str | None) -> dict[str, Any]:
    return {"demographics": {"age": 60, "weight_kg": 72, "sex": sex}}


def _given(complete: dict[str, bool], medicines: Any = (), transfused: str | None = None) -> dict[str, Any]:
    given = [{"kind": "transfusion", "date": transfused}] if transfused else []
    return {**_rows(("2.0", "2026-01-20")), "medications": medicines, "procedures": given, "complete": complete}


_ADULT = {"demographics": {"age": 60}}
_CLOSED = {"medications": True, "procedures": True}
_ANC: dict[str, Any] = {"variable": "anc", "op": ">=", "value": "1.5", "unit": "10*9/L"}
_FRESH = {**_ANC, "within_days": 14}
_BARE = {**_ANC, "without_growth_factor_days": 7, "without_transfusion_days": 14}
_AST: dict[str, Any] = {"variable": "ast", "op": "<=", "value": "2.5", "unit": "xULN"}
_CLEARANCE: dict[str, Any] = {"variable": "creatinine_clearance", "op": ">=", "value": 80, "unit": "mL/min"}

KIND = Kind(
    id="lab_value",
    name="laboratory value",
    plain_name="a blood or urine test",
    taxonomy=(32,),
    params=Params,
    truth=truth,
    explain=explain,
    limit=_alone,
    question="What is the latest value, with unit, date and the laboratory's limits?",
    effort=Effort.ROUTINE,
    examples=(
        (_ANC, _labs(value="1.5"), "met"),
        (_ANC, _labs(value="1.49"), "not_met"),
        (_ANC, {}, "unknown"),
        (_ANC, _labs(value=1500, unit="cells/mm3"), "met"),
        (_ANC, _labs(value=1500, unit="x 10⁹/L"), "unknown"),
        (_ANC, _labs(value="2.1", unit=None), "unknown"),
        (_ANC, _labs(value=2, unit="mg/dL"), "unknown"),
        ({**_ANC, "op": ">"}, _labs(value="1.5"), "not_met"),
        # the newest counts, wherever it stands
        (_ANC, _rows(("1.0", "2026-01-02"), ("3.0", "2026-01-01")), "not_met"),
        (_ANC, _rows(("1.0", "2026-01"), ("3.0", "2026-01-20")), "unknown"),
        (_ANC, _rows(("2.0", "2026-01"), ("3.0", "2026-01-20")), "met"),
        # the last day of the window, the first day outside, a month that reaches across
        (_FRESH, _rows(("2.0", "2026-01-17")), "met"),
        (_FRESH, _rows(("2.0", "2026-01-16")), "unknown"),
        (_FRESH, _rows(("1.0", "2026-01-16")), "unknown"),
        (_FRESH, _rows(("2.0", "2026-01")), "unknown"),
        # multiples of the limit: the laboratory's own, in a stated unit; else only where every usual limit agrees
        (_AST, _labs("SGOT", 100, "U/L", uln=40), "met"),
        (_AST, _labs("ast", 101, None, uln=40), "unknown"),
        (_AST, _labs("ast", 31, "IU/L"), "unknown"),
        (_AST, {**_labs("ast", 31, "IU/L"), **_ADULT}, "met"),
        (_AST, {**_labs("ast", 100, "IU/L"), **_ADULT}, "unknown"),
        (_AST, {**_labs("ast", 151, "IU/L"), **_ADULT}, "not_met"),
        # an upper limit that belongs to another unit is not believed: 0.9 mg/dL against 17 umol/L
        ({**_AST, "variable": "bilirubin", "value": 1}, _labs("bilirubin", "0.9", "mg/dL", uln=17), "unknown"),
        # creatinine clearance: (140 - 60) x 72 / (72 x 1.0) = 80, in a woman 68
        (_CLEARANCE, {**_labs("creatinine", "88.4", "µmol/L"), **_who("male")}, "met"),
        (_CLEARANCE, {**_labs("creatinine", 1, "mg/dL"), **_who("female")}, "not_met"),
        (_CLEARANCE, {**_labs("creatinine", 1, "mg/dL"), **_who(None)}, "unknown"),
        # support: within the window, the first day outside, lists open and closed
        (_BARE, _given(_CLOSED), "met"),
        (_BARE, _given({}), "unknown"),
        (_BARE, _given(_CLOSED, [{"name": "pegfilgrastim"}]), "not_met"),
        (_BARE, _given(_CLOSED, [{"name": "epoetin alfa"}]), "unknown"),
        (_BARE, _given(_CLOSED, transfused="2026-01-06"), "not_met"),
        (_BARE, _given(_CLOSED, transfused="2026-01-05"), "met"),
        (_BARE, _given(_CLOSED, transfused="2026-01"), "unknown"),
    ),
)
