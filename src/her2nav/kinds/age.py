"""Age in completed years."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import Annotated

from pydantic import Field

from her2nav.facts.block import UNKNOWN_NUMBER, Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.limits import Limit, Number
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import add_months, age_in_years, plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth

OLDEST = 120
"""Years; no limit of age lies above."""


class Params(KindParams):
    """P: min <= age <= max; an open end has no bound."""

    min: Annotated[int, Field(ge=0, le=OLDEST)] | None = None
    max: Annotated[int, Field(ge=0, le=OLDEST)] | None = None


def age_years(case: Case) -> Interval:
    """Return the least and greatest age on the patient's day; the birth date counts before the stated age."""
    who = case.patient.demographics
    if who.birth_date is not None:
        return age_in_years(who.birth_date, case.as_of)
    return (who.age, who.age) if who.age is not None else UNKNOWN_NUMBER


_AGE = Number("age", age_years)


def limit(params: Params, knowledge: Knowledge | None = None) -> Limit:
    """Return the bounds."""
    least = -inf if params.min is None else float(params.min)
    return Limit(_AGE, least, inf if params.max is None else float(params.max))


def truth(params: Params, block: Block) -> Tri:
    """Compare the age with the bounds."""
    return limit(params).truth(block)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the age and the bound it keeps or breaks."""
    who = case.patient.demographics
    wanted = _range(params)
    if who.birth_date is None and who.age is None:
        return finding(
            truth,
            "age_missing",
            f"Age is not in the record; the trial takes {wanted}.",
            f"We do not know your age. The study takes people {wanted}.",
            change=ask("date of birth", Effort.ASK),
        )
    low, high = age_years(case)
    shown = f"{low:.0f}" if low == high else f"{low:.0f} or {high:.0f}"
    path, value = ("/demographics/birth_date", str(who.birth_date)) if who.birth_date else ("/demographics/age", shown)
    evidence = Evidence(path, value)
    if truth is Truth.MET:
        return finding(
            truth,
            "age_in_range",
            f"Age {shown}; the trial takes {wanted}.",
            "Your age fits.",
            evidence,
            holds_until=None
            if params.max is None or who.birth_date is None
            else plus_days(birthday(who.birth_date.low, params.max + 1), -1),
        )
    if truth is Truth.UNKNOWN:
        return finding(
            truth,
            "age_uncertain",
            f"Age {shown}; the trial takes {wanted}.",
            "We need your full date of birth to be sure your age fits.",
            evidence,
            change=ask("full date of birth", Effort.ASK),
        )
    change, until = Change(ChangeBy.NEVER, "age"), None
    if params.min is not None and high < params.min and who.birth_date is not None:
        change = Change(ChangeBy.DATE, f"age {params.min}", date=birthday(who.birth_date.high, params.min))
        until = plus_days(birthday(who.birth_date.low, params.min), -1)
    return finding(
        truth,
        "age_out_of_range",
        f"Age {shown}; the trial takes {wanted}.",
        f"This study takes people {wanted}.",
        evidence,
        change=change,
        holds_until=until,
    )


def birthday(born: date, years: int) -> date:
    """Return the first day on which so many years are completed; of 29 February, 1 March in a common year."""
    day = add_months(born, years * 12)
    return day if day.day == born.day else plus_days(day, 1)


def _range(params: Params) -> str:
    if params.min is not None and params.max is not None:
        return f"aged {params.min} to {params.max}"
    if params.min is not None:
        return f"aged {params.min} or older"
    return f"aged up to {params.max}" if params.max is not None else "of any age"


KIND = Kind(
    id="age",
    name="age",
    plain_name="your age",
    taxonomy=(26,),
    params=Params,
    truth=truth,
    explain=explain,
    limit=limit,
    question="How old is the patient?",
    effort=Effort.ASK,
    examples=(
        ({"min": 18}, {"demographics": {"age": 18}}, "met"),
        ({"min": 18}, {"demographics": {"age": 17}}, "not_met"),
        ({"min": 18}, {}, "unknown"),
        ({"max": 75}, {"as_of": "2026-06-30", "demographics": {"birth_date": "1951"}}, "met"),
        ({"max": 74}, {"as_of": "2026-06-30", "demographics": {"birth_date": "1951"}}, "unknown"),
        ({"min": 18}, {"as_of": "2026-06-30", "demographics": {"birth_date": "2008-06-30"}}, "met"),
        ({"min": 18}, {"as_of": "2026-06-30", "demographics": {"birth_date": "2008-07-01"}}, "not_met"),
    ),
)
