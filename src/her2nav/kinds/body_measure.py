"""Body weight and body mass index."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.facts.block import UNKNOWN_NUMBER, Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri, compare, constant
from her2nav.kinds.base import Kind, ask, entries_gate, finding
from her2nav.kinds.terms import Days, KindParams, Operator
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: the measure compares as said."""

    measure: Literal["weight_kg", "bmi", "weight_loss_percent"]
    op: Operator
    value: Decimal
    within_days: Days | None = None


_NAMES = {"weight_kg": "body weight", "bmi": "body mass index", "weight_loss_percent": "weight loss"}
_PLAIN = {"weight_kg": "weight", "bmi": "weight for your height", "weight_loss_percent": "weight loss"}
_ASKED = {"weight_kg": "your weight", "bmi": "your weight and height", "weight_loss_percent": "if you have lost weight"}
_UNITS = {"weight_kg": "kg", "bmi": "kg/m2", "weight_loss_percent": "%"}
_CM_PER_M = 100


def _number(case: Case, measure: str) -> Decimal | None:
    """Return the measure; the record holds no earlier weights, so a loss is never known."""
    who = case.patient.demographics
    if measure == "weight_kg":
        return who.weight_kg
    if measure == "bmi" and who.weight_kg is not None and who.height_cm is not None:
        return who.weight_kg * _CM_PER_M * _CM_PER_M / (who.height_cm * who.height_cm)
    return None


def _interval(case: Case, measure: str) -> Interval:
    number = _number(case, measure)
    return UNKNOWN_NUMBER if number is None else (float(number), float(number))


def truth(params: Params, block: Block) -> Tri:
    """Compare the measure; the weight of the record has no date and cannot keep a window."""
    if params.within_days is not None:
        return constant(Truth.UNKNOWN, block.size)
    key = ("body_measure", params.measure)
    return compare(params.op, float(params.value), *block.numbers(key, lambda case: _interval(case, params.measure)))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the measure and the limit."""
    who = case.patient.demographics
    name, unit = _NAMES[params.measure], _UNITS[params.measure]
    wanted = f"{params.op} {params.value} {unit}"
    wanted += f" within {params.within_days} days" if params.within_days is not None else ""
    number = _number(case, params.measure)
    fields = [("weight_kg", "kg", who.weight_kg)]
    if params.measure == "bmi":
        fields.append(("height_cm", "cm", who.height_cm))
    evidence = tuple(Evidence(f"/demographics/{f}", f"{value} {u}") for f, u, value in fields if value is not None)
    if params.measure == "weight_loss_percent" or number is None:
        missing = "earlier weights" if params.measure == "weight_loss_percent" else "weight and height"
        return finding(
            truth,
            "body_measure_missing",
            f"{name.capitalize()} is not in the record; wanted {wanted}.",
            f"We need to know {_ASKED[params.measure]}.",
            evidence,
            change=ask(f"{name} ({missing})" if params.measure != "weight_kg" else name, Effort.ASK),
        )
    text = f"{number:.1f}".removesuffix(".0")
    shown = f"{name.capitalize()} {text} {unit}"
    if truth is Truth.UNKNOWN:
        return finding(
            truth,
            "body_measure_undated",
            f"{shown} (undated); wanted {wanted}.",
            f"We need your {_PLAIN[params.measure]} as it is now.",
            evidence,
            change=ask(f"{name} with its date", Effort.ASK),
        )
    kept = truth is Truth.MET
    return finding(
        truth,
        "body_measure_in_range" if kept else "body_measure_out_of_range",
        f"{shown}; wanted {wanted}.",
        f"Your {_PLAIN[params.measure]} {'fits' if kept else 'is not in the range the study asks for'}.",
        evidence,
        change=None if kept else Change(ChangeBy.TEST, f"{name} may change ({wanted})", effort=Effort.ASK),
    )


KIND = Kind(
    id="body_measure",
    name="body weight",
    plain_name="your weight",
    taxonomy=(45,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=entries_gate(lambda case: case.patient.demographics.weight_kg is not None, lambda _: None),
    question="What are body weight and height?",
    effort=Effort.ASK,
    examples=(
        ({"measure": "weight_kg", "op": ">=", "value": 40}, {"demographics": {"weight_kg": 40}}, "met"),
        ({"measure": "weight_kg", "op": ">", "value": 40}, {"demographics": {"weight_kg": 40}}, "not_met"),
        ({"measure": "weight_kg", "op": ">=", "value": 40}, {}, "unknown"),
        (
            {"measure": "weight_kg", "op": ">=", "value": 40, "within_days": 28},
            {"demographics": {"weight_kg": 60}},
            "unknown",
        ),
        (
            {"measure": "bmi", "op": "<", "value": 30},
            {"demographics": {"weight_kg": 86.7, "height_cm": 170}},
            "not_met",
        ),
        ({"measure": "bmi", "op": "<=", "value": 30}, {"demographics": {"weight_kg": 86.7, "height_cm": 170}}, "met"),
        ({"measure": "bmi", "op": "<", "value": 30}, {"demographics": {"weight_kg": 86.7}}, "unknown"),
        ({"measure": "weight_loss_percent", "op": "<", "value": 10}, {"demographics": {"weight_kg": 60}}, "unknown"),
    ),
)
