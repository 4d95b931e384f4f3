"""Performance status: ECOG, Karnofsky, Lansky."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Annotated

import numpy as np
from pydantic import Field

from her2nav.facts.block import UNKNOWN_NUMBER, Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri, between, compare
from her2nav.kinds.base import NOTHING, Gate, Kind, ask, beyond, finding
from her2nav.kinds.freshness import dated, fresh_until
from her2nav.kinds.terms import Days, KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.variables import NumericRules
from her2nav.model.disease import Performance
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: the performance status on one of the scales named lies in the range."""

    ecog_max: Annotated[int, Field(ge=0, le=5)] | None = None
    ecog_min: Annotated[int, Field(ge=0, le=5)] | None = None
    karnofsky_min: Annotated[int, Field(ge=0, le=100)] | None = None
    lansky_min: Annotated[int, Field(ge=0, le=100)] | None = None
    within_days: Days | None = None


def _contradicted(status: Performance, rules: NumericRules) -> bool:
    """True when both scales are recorded and lie too far apart."""
    if status.ecog is None or status.karnofsky is None:
        return False
    low, high = rules.karnofsky_of_ecog[status.ecog]
    slack = rules.karnofsky_agrees_within
    return status.karnofsky < low - slack or status.karnofsky > high + slack


def ecog(case: Case) -> Interval:
    """Return ECOG as recorded, or the ECOG scores that a recorded Karnofsky score may mean."""
    status, rules = case.patient.performance, case.knowledge.numeric_rules
    if status is None or _contradicted(status, rules):
        return UNKNOWN_NUMBER
    if status.ecog is not None:
        return status.ecog, status.ecog
    if status.karnofsky is not None:
        fitting = [e for e, (low, high) in rules.karnofsky_of_ecog.items() if low <= status.karnofsky <= high]
        return (min(fitting), max(fitting)) if fitting else UNKNOWN_NUMBER
    return UNKNOWN_NUMBER


def karnofsky(case: Case) -> Interval:
    """Return Karnofsky as recorded, or the scores that a recorded ECOG may mean."""
    status, rules = case.patient.performance, case.knowledge.numeric_rules
    if status is None or _contradicted(status, rules):
        return UNKNOWN_NUMBER
    if status.karnofsky is not None:
        return status.karnofsky, status.karnofsky
    return rules.karnofsky_of_ecog[status.ecog] if status.ecog is not None else UNKNOWN_NUMBER


def lansky(case: Case) -> Interval:
    """Return Lansky as recorded; it does not convert."""
    status = case.patient.performance
    return UNKNOWN_NUMBER if status is None or status.lansky is None else (status.lansky, status.lansky)


def truth(params: Params, block: Block) -> Tri:
    """The recorded scale decides where it has a bound of its own; else any scale it converts to.

    A status older than the window neither meets nor breaks the criterion.
    """
    answers: dict[str, Tri] = {}
    if params.ecog_max is not None or params.ecog_min is not None:
        answers["ecog"] = between(params.ecog_min, params.ecog_max, *block.numbers("ecog", ecog))
    if params.karnofsky_min is not None:
        answers["karnofsky"] = compare(">=", params.karnofsky_min, *block.numbers("karnofsky", karnofsky))
    if params.lansky_min is not None:
        answers["lansky"] = compare(">=", params.lansky_min, *block.numbers("lansky", lansky))
    if not answers:
        return block.everybody(Truth.UNKNOWN)
    scales = list(answers)
    result = answers[scales[0]]
    for scale in scales[1:]:
        result = result | answers[scale]
    for scale in scales:
        recorded = block.truths(("recorded", scale), partial(_recorded, scale=scale)).met
        own = answers[scale]
        result = Tri(np.where(recorded, own.met, result.met), np.where(recorded, own.not_met, result.not_met))
    if params.within_days is None:
        return result
    fresh = block.numbers("performance_age", _age_days)[1] <= params.within_days
    return Tri(result.met & fresh, result.not_met & fresh)


def _recorded(case: Case, scale: str) -> Truth:
    status = case.patient.performance
    return Truth.MET if status is not None and getattr(status, scale) is not None else Truth.NOT_MET


def _age_days(case: Case) -> Interval:
    status = case.patient.performance
    return UNKNOWN_NUMBER if status is None or status.date is None else status.date.days_before(case.as_of)


_SCALES = frozenset({"ecog_max", "ecog_min", "karnofsky_min", "lansky_min"})


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str] | None:
    return None if beyond(params, _SCALES) else NOTHING


def _scores(case: Case) -> Hashable:
    """Return what every scale says, the day left out."""
    status = case.patient.performance
    return None if status is None else (status.ecog, status.karnofsky, status.lansky)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded status, its date, and the range."""
    wanted = _range(params)
    status = case.patient.performance
    if status is None or (status.ecog is None and status.karnofsky is None and status.lansky is None):
        return finding(
            truth,
            "performance_missing",
            f"Performance status is not in the record; the trial wants {wanted}.",
            "We need to know how well you manage daily life (your team calls it performance status).",
            change=ask("performance status (ECOG)", Effort.ASK),
        )
    name, value = next((n, v) for n in ("ecog", "karnofsky", "lansky") if (v := getattr(status, n)) is not None)
    when = dated(status.date, case.as_of)
    label = "ECOG" if name == "ecog" else name.capitalize()
    shown = f"{label} {value} ({when})"
    day = str(status.date) if status.date else None
    evidence = Evidence(f"/performance/{name}", str(value), day)
    if truth is Truth.UNKNOWN and _contradicted(status, case.knowledge.numeric_rules):
        return finding(
            truth,
            "performance_contradiction",
            f"ECOG {status.ecog} and Karnofsky {status.karnofsky} ({when}) contradict each other; wanted {wanted}.",
            "Your team needs to check your fitness level again.",
            (evidence, Evidence("/performance/karnofsky", str(status.karnofsky), day)),
            change=ask(f"current performance status ({wanted})", Effort.ASK),
        )
    if truth is Truth.MET:
        return finding(
            truth,
            "performance_in_range",
            f"{shown}; wanted {wanted}.",
            "Your fitness level fits.",
            evidence,
            holds_until=fresh_until(status.date, params.within_days),
        )
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "performance_out_of_range",
            f"{shown}; wanted {wanted}.",
            "The study asks for a better fitness level than the one on record.",
            evidence,
            change=Change(ChangeBy.TEST, "performance status may change", effort=Effort.ASK),
            holds_until=fresh_until(status.date, params.within_days),
        )
    return finding(
        truth,
        "performance_uncertain",
        f"{shown}; wanted {wanted}; a current value on the trial's scale is needed.",
        "Your team needs to check your fitness level again.",
        evidence,
        change=ask(f"current performance status ({wanted})", Effort.ASK),
    )


def _range(params: Params) -> str:
    parts = []
    if params.ecog_max is not None:
        parts.append(f"ECOG {params.ecog_min or 0}-{params.ecog_max}" if params.ecog_max else "ECOG 0")
    elif params.ecog_min is not None:
        parts.append(f"ECOG {params.ecog_min} or more")
    if params.karnofsky_min is not None:
        parts.append(f"Karnofsky {params.karnofsky_min} or more")
    if params.lansky_min is not None:
        parts.append(f"Lansky {params.lansky_min} or more")
    window = f", within {params.within_days} days" if params.within_days is not None else ""
    return (" or ".join(parts) or "a stated performance status") + window


KIND = Kind(
    id="performance_status",
    name="performance status",
    plain_name="your fitness level",
    taxonomy=(25,),
    params=Params,
    truth=truth,
    explain=explain,
    cheap=True,
    gate=Gate(_asks, lambda _: NOTHING, _scores),
    question="What is the ECOG performance status today?",
    effort=Effort.ASK,
    examples=(
        ({"ecog_max": 1}, {"performance": {"ecog": 1}}, "met"),
        ({"ecog_max": 1}, {"performance": {"ecog": 2}}, "not_met"),
        ({"ecog_max": 1}, {}, "unknown"),
        ({"ecog_max": 1}, {"performance": {"karnofsky": 90}}, "met"),
        ({"ecog_max": 1}, {"performance": {"karnofsky": 70}}, "unknown"),
        ({"ecog_max": 2}, {"performance": {"karnofsky": 70}}, "met"),
        ({"karnofsky_min": 70}, {"performance": {"ecog": 2}}, "unknown"),
        ({"ecog_max": 1, "karnofsky_min": 70}, {"performance": {"ecog": 2}}, "not_met"),
        ({"ecog_max": 1, "karnofsky_min": 70}, {"performance": {"karnofsky": 70}}, "met"),
        (
            {"ecog_max": 1, "within_days": 7},
            {"as_of": "2026-01-20", "performance": {"ecog": 1, "date": "2026-01-13"}},
            "met",
        ),
        (
            {"ecog_max": 1, "within_days": 7},
            {"as_of": "2026-01-21", "performance": {"ecog": 3, "date": "2026-01-13"}},
            "unknown",
        ),
        ({"ecog_max": 1, "within_days": 7}, {"as_of": "2026-01-21", "performance": {"ecog": 1}}, "unknown"),
    ),
)
