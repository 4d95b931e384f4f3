"""Vital signs: blood pressure, heart rate, oxygen saturation, temperature."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri, compare
from her2nav.kinds.base import Kind, ask, entries_gate, finding
from her2nav.kinds.freshness import dated, fresh_until, within
from her2nav.kinds.terms import Days, KindParams, Operator
from her2nav.model.dates import PartialDate
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.treatment import Vitals
from her2nav.model.truth import Truth

Measure = Literal["systolic", "diastolic", "heart_rate", "spo2", "temperature"]
_FIELDS: dict[str, tuple[str, str, str, str]] = {
    "systolic": ("blood_pressure", "systolic blood pressure", "mmHg", "blood pressure"),
    "diastolic": ("blood_pressure", "diastolic blood pressure", "mmHg", "blood pressure"),
    "heart_rate": ("heart_rate", "heart rate", "per minute", "heart rate"),
    "spo2": ("spo2_percent", "oxygen saturation", "%", "oxygen level"),
    "temperature": ("temperature_c", "temperature", "°C", "temperature"),
}
"""Measure: field of the record, name, unit, plain name."""


class Params(KindParams):
    """P: the newest reading satisfies the comparison, and is no older than the window when one is given."""

    measure: Measure
    op: Operator
    value: Decimal
    """Blood pressure in mmHg, heart rate per minute, saturation in percent, temperature in degrees Celsius."""
    within_days: Days | None = None


def _number(item: Vitals, measure: Measure) -> Decimal | None:
    """Return the number of one set of readings; of `128/76` the first or the second."""
    written = getattr(item, _FIELDS[measure][0])
    if written is None:
        return None
    if measure in ("systolic", "diastolic"):
        return Decimal(written.split("/")[measure == "diastolic"])
    return Decimal(written)


def _newest(case: Case, measure: Measure) -> list[tuple[int, Decimal, PartialDate | None]]:
    """Return the readings that may be the newest: place in the list, value and day; an undated one may be."""
    found = [
        (i, number, item.date)
        for i, item in enumerate(case.patient.vitals)
        if (number := _number(item, measure)) is not None
        and not (item.date is not None and item.date.certainly_after(case.as_of))
    ]
    latest = max((day.low for _, _, day in found if day is not None), default=None)
    return [one for one in found if one[2] is None or latest is None or one[2].high >= latest]


def _interval(case: Case, params: Params) -> tuple[float, float]:
    found = _newest(case, params.measure)
    if not found or any(within(day, params.within_days, case.as_of) is not Truth.MET for _, _, day in found):
        return -float("inf"), float("inf")
    values = [float(number) for _, number, _ in found]
    return min(values), max(values)


def truth(params: Params, block: Block) -> Tri:
    """Compare the newest reading; none, and one that is too old, is UNKNOWN."""
    key = ("vital_sign", params.measure, params.within_days)
    low, high = block.numbers(key, lambda case: _interval(case, params))
    return compare(params.op, float(params.value), low, high)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the reading, its day and the limit."""
    field, name, unit, plain = _FIELDS[params.measure]
    wanted = f"{name} {params.op} {params.value} {unit}"
    wanted += f" within {params.within_days} days" if params.within_days is not None else ""
    found = _newest(case, params.measure)
    measured = ask(f"{name} now ({wanted})", Effort.ROUTINE)
    if not found:
        return finding(
            truth,
            "vital_sign_missing",
            f"No {name} in the record; wanted {wanted}.",
            f"Your {plain} needs to be measured.",
            change=measured,
        )
    shown = " or ".join(f"{number} {unit} ({dated(day, case.as_of)})" for _, number, day in found)
    evidence = tuple(Evidence(f"/vitals/{i}/{field}", f"{n} {unit}", str(d) if d else None) for i, n, d in found)
    if truth is Truth.UNKNOWN:
        return finding(
            truth,
            "vital_sign_uncertain",
            f"{name.capitalize()} {shown}; wanted {wanted}; too old, undated or not certain which is the newest.",
            f"Your {plain} needs to be measured again.",
            evidence,
            change=measured,
        )
    kept = truth is Truth.MET
    ends = [day for day in (fresh_until(day, params.within_days) for _, _, day in found) if day is not None]
    return finding(
        truth,
        "vital_sign_as_asked" if kept else "vital_sign_not_as_asked",
        f"{name.capitalize()} {shown}; wanted {wanted}.",
        f"Your last {plain} is {'' if kept else 'not '}in the range that is asked about.",
        evidence,
        change=Change(ChangeBy.TEST, f"a new measurement of {name}", effort=Effort.ROUTINE),
        holds_until=min(ends, default=None),
    )


_HIGH = {"measure": "systolic", "op": ">=", "value": "160"}


def _on(day: str, *readings: dict[str, object]) -> dict[str, object]:
    return {"as_of": day, "vitals": list(readings)}


KIND = Kind(
    id="vital_sign",
    name="vital signs",
    plain_name="blood pressure, heart rate and the like",
    taxonomy=(29,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=entries_gate(lambda case: case.patient.vitals, lambda _: None),
    question="Blood pressure, heart rate, oxygen saturation and temperature, with the date?",
    effort=Effort.ROUTINE,
    examples=(
        (_HIGH, _on("2026-01-10", {"blood_pressure": "160/90", "date": "2026-01-05"}), "met"),
        (_HIGH, _on("2026-01-10", {"blood_pressure": "159/99", "date": "2026-01-05"}), "not_met"),
        ({**_HIGH, "op": ">"}, _on("2026-01-10", {"blood_pressure": "160/90", "date": "2026-01-05"}), "not_met"),
        (_HIGH, {}, "unknown"),
        ({"measure": "diastolic", "op": ">=", "value": "100"}, {"vitals": {"blood_pressure": "128/100"}}, "met"),
        # the newest counts; which one that is may not be certain
        (
            _HIGH,
            _on(
                "2026-01-10",
                {"blood_pressure": "170/90", "date": "2025-12-01"},
                {"blood_pressure": "130/80", "date": "2026-01-05"},
            ),
            "not_met",
        ),
        (
            _HIGH,
            _on("2026-01-10", {"blood_pressure": "170/90"}, {"blood_pressure": "130/80", "date": "2026-01-05"}),
            "unknown",
        ),
        # day 14 is inside the window, day 15 is not
        (
            {**_HIGH, "within_days": 14},
            _on("2026-01-19", {"blood_pressure": "130/80", "date": "2026-01-05"}),
            "not_met",
        ),
        (
            {**_HIGH, "within_days": 14},
            _on("2026-01-20", {"blood_pressure": "130/80", "date": "2026-01-05"}),
            "unknown",
        ),
        ({**_HIGH, "within_days": 14}, {"vitals": {"blood_pressure": "130/80"}}, "unknown"),
        ({"measure": "heart_rate", "op": ">", "value": "100"}, {"vitals": {"heart_rate": 101}}, "met"),
        ({"measure": "spo2", "op": ">=", "value": "92"}, {"vitals": {"spo2_percent": 91}}, "not_met"),
    ),
)
