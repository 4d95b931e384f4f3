"""Dose bands and reduction steps, and whether the dose on record is one of them."""

from __future__ import annotations

from decimal import Decimal

from her2nav.facts.case import Case
from her2nav.facts.lab_results import short
from her2nav.knowledge.monitoring import Dose
from her2nav.model.treatment import DrugGiven
from her2nav.model.truth import Truth, all_of, from_bounds
from her2nav.therapy.safety_inputs import Readings
from her2nav.therapy.safety_results import DoseAnswer, SourceLine

_UNITS = {"mgkg": "mg/kg", "mg/kg": "mg/kg", "mg": "mg"}


def judge_dose(
    dose: Dose, drug: str, source: SourceLine, readings: Readings, partners: frozenset[str], given: DrugGiven | None
) -> DoseAnswer | None:
    """Return a dose band with the recorded dose against it; None where it is for another tumour or partner.

    A dose in mg where the band is in mg/kg is turned into mg/kg with the weight on record; an unverified band says
    nothing of a dose.
    """
    applies = _applies(dose, readings, partners)
    if applies is Truth.NOT_MET:
        return None
    levels = (*dose.start, *dose.steps)
    amount = _amount(given, dose.unit, readings.case) if given is not None else None
    fits = None
    if amount is not None and applies is Truth.MET and not source.unverified and levels:
        # A dose worked out from the weight is as near as its rounding.
        near = Decimal("0.1") if given is not None and _unit(given) != dose.unit else Decimal(0)
        fits = any(abs(amount - level) <= near for level in levels)
    return DoseAnswer(
        drug=drug,
        label=dose.label,
        schedule=dose.schedule,
        levels=tuple(f"{short(level)} {dose.unit}" for level in levels),
        applies=True if applies is Truth.MET else None,
        recorded=f"{given.dose} {given.unit or '(no unit)'}" if given is not None and given.dose is not None else None,
        fits=fits,
        source=source,
    )


def _applies(dose: Dose, readings: Readings, partners: frozenset[str]) -> Truth:
    case = readings.case
    answers = [all_of(readings.value(name).meets(check) for name, check in dose.when.items())]
    if dose.tumours:
        answers.append(case.tumour.any_of(dose.tumours))
    if dose.not_tumours:
        answers.append(case.tumour.any_of(dose.not_tumours).negated())
    if dose.only_with:
        together = bool(partners & set(dose.only_with))
        answers.append(from_bounds(together, not together))
    if partners & set(dose.not_with):
        answers.append(Truth.NOT_MET)
    return all_of(answers)


def _unit(given: DrugGiven) -> str | None:
    return _UNITS.get((given.unit or "").replace(" ", "").casefold())


def _amount(given: DrugGiven, unit: str, case: Case) -> Decimal | None:
    """Return the recorded dose in the unit of the band; None where it cannot be told."""
    written, weight = _unit(given), case.patient.demographics.weight_kg
    if given.dose is None or written is None:
        return None
    if written == unit:
        return given.dose
    if written == "mg" and unit == "mg/kg" and weight is not None:
        return given.dose / weight
    return None
