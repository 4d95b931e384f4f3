"""LVEF before the first dose and now, each as a range: an undated or roughly dated measurement may be either."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from her2nav.facts.case import Case
from her2nav.model.dates import PartialDate
from her2nav.model.finding import Evidence
from her2nav.model.treatment import Lvef
from her2nav.therapy.monitoring_treatment import Days, Treatment

_Measured = tuple[int, Lvef]


@dataclass(frozen=True, slots=True)
class Span:
    """What a measurement can be, in percent, with the entries it may rest on."""

    low: Decimal
    high: Decimal
    evidence: tuple[Evidence, ...]


def baseline_lvef(case: Case, treatment: Treatment) -> Span | None:
    """Return the newest LVEF up to the first dose; None where there is none or the first dose is not known.

    Before a planned treatment, and before one that a complete list of treatments does not hold, the newest measurement
    is the baseline.
    """
    measured = _measured(case)
    if treatment.phase == "planned" or (treatment.phase == "not_on_record" and case.patient.complete.therapies):
        return _span(_newest(measured))
    if treatment.start is None:
        return None
    before = [one for one in measured if _is_before(one[1].date, treatment.start) is True]
    unclear = [one for one in measured if _is_before(one[1].date, treatment.start) is None]
    # Without one that is certainly earlier, a measurement of unclear date proves no baseline.
    return _span([*_newest(before), *unclear]) if before else None


def current_lvef(case: Case, treatment: Treatment) -> Span | None:
    """Return the newest LVEF; None where treatment has begun and none is known to be later than the first dose."""
    newest = _newest(_measured(case))
    if treatment.given and treatment.start is not None:
        newest = [one for one in newest if _is_before(one[1].date, treatment.start) is not True]
    return _span(newest)


def _measured(case: Case) -> list[_Measured]:
    return [
        (i, item)
        for i, item in enumerate(case.patient.cardiac.lvef)
        if item.date is None or not item.date.certainly_after(case.as_of)
    ]


def _newest(measured: list[_Measured]) -> list[_Measured]:
    """Return the newest measurement, or all that may be it."""
    days = [item.date.low for _, item in measured if item.date]
    return [one for one in measured if one[1].date is None or one[1].date.high >= max(days)]


def _is_before(day: PartialDate | None, start: Days) -> bool | None:
    """Whether a measurement is from before the first dose, the day itself included; None: it may be."""
    if day is None:
        return None
    if day.high <= start[0]:
        return True
    return False if day.low > start[1] else None


def _span(measured: list[_Measured]) -> Span | None:
    if not measured:
        return None
    percents = [item.percent for _, item in measured]
    evidence = tuple(
        Evidence(f"/cardiac/lvef/{i}", f"{item.percent} %", str(item.date) if item.date else None)
        for i, item in measured
    )
    return Span(min(percents), max(percents), evidence)
