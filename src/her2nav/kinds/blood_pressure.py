"""Blood pressure readings of a record as an answer to "uncontrolled hypertension"."""

from __future__ import annotations

from datetime import date

from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow
from her2nav.kinds.freshness import fresh_until, within
from her2nav.model.treatment import Vitals
from her2nav.model.truth import Truth


def _newest_pressures(case: Case) -> list[tuple[int, Vitals]]:
    """Return the readings that may be the newest, with their positions; an undated one may be."""
    readings = [
        (i, item)
        for i, item in enumerate(case.patient.vitals)
        if item.blood_pressure and not (item.date and item.date.certainly_after(case.as_of))
    ]
    days = [item.date.low for _, item in readings if item.date]
    return [(i, item) for i, item in readings if not item.date or item.date.high >= max(days)]


def newest_blood_pressure(case: Case) -> tuple[int, Vitals] | None:
    """Return the newest dated reading, with its position."""
    readings = [pair for pair in _newest_pressures(case) if pair[1].date]
    return max(readings, key=lambda pair: pair[1].date.low if pair[1].date else date.min, default=None)


def _below_limits(case: Case, item: Vitals) -> bool:
    limits = case.knowledge.conditions.rules.blood_pressure
    systolic, diastolic = (int(part) for part in (item.blood_pressure or "").split("/"))
    return systolic < limits.systolic_below and diastolic < limits.diastolic_below


def blood_pressure_fine(case: Case) -> bool:
    """True when the newest reading is recent and below the limits of controlled hypertension, whichever it is."""
    newest = newest_blood_pressure(case)
    if newest is None or not all(_below_limits(case, item) for _, item in _newest_pressures(case)):
        return False
    days = case.knowledge.conditions.rules.blood_pressure.within_days
    return within(newest[1].date, days, case.as_of) is Truth.MET


def high_pressures(case: Case) -> list[ConditionRow]:
    """Return the newest readings over the limit as rows: no status word and no closed list speaks of a measurement."""
    return [
        ConditionRow(
            f"/vitals/{i}/blood_pressure",
            f"blood pressure {item.blood_pressure} mmHg",
            "hypertension",
            "diagnosis",
            date=item.date,
            certain=False,
        )
        for i, item in _newest_pressures(case)
        if not _below_limits(case, item)
    ]


def pressure_fine_until(case: Case) -> date | None:
    """Return the last day on which the newest blood pressure still says that hypertension is under control."""
    newest = newest_blood_pressure(case)
    days = case.knowledge.conditions.rules.blood_pressure.within_days
    return fresh_until(newest[1].date, days) if newest is not None and blood_pressure_fine(case) else None
