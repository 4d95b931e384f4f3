"""The newest result of a laboratory variable, as a range on one scale; creatinine clearance derived where needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from her2nav.facts.block import UNKNOWN_NUMBER, Interval
from her2nav.facts.case import Case
from her2nav.facts.labs import Reading, newest
from her2nav.facts.limits import Number
from her2nav.facts.once import once
from her2nav.knowledge.variables import Variable
from her2nav.model.dates import PartialDate, age_in_years
from her2nav.model.disease import Demographics
from her2nav.model.finding import Evidence

Scale = Literal["absolute", "xULN", "xLLN"]
Range = tuple[Decimal, Decimal]
_LONG = 10


@dataclass(frozen=True, slots=True)
class Result:
    """The newest result of a variable on one scale.

    Attributes:
        range: Least and greatest value it can be; None: not known, `problem` says why.
        date: When it was measured; None: undated.
        readings: The rows it rests on; several where partial dates leave open which is the newest.
        assumed: The usual limits that were taken because the laboratory gave none.
        formula: Name of the formula where it was derived.
        who: The person whose age, weight and sex the formula took.
    """

    variable: Variable
    range: Range | None
    date: PartialDate | None
    readings: tuple[Reading, ...]
    problem: str | None = None
    assumed: Range | None = None
    formula: str | None = None
    who: Demographics | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The rows it rests on and what the formula took."""
        found = [reading.evidence for reading in self.readings]
        who = self.who
        if who is None:
            return tuple(found)
        if who.weight_kg is not None:
            found.append(Evidence("/demographics/weight_kg", f"{who.weight_kg} kg"))
        if who.birth_date is not None:
            found.append(Evidence("/demographics/birth_date", str(who.birth_date)))
        elif who.age is not None:
            found.append(Evidence("/demographics/age", str(who.age)))
        if who.sex is not None:
            found.append(Evidence("/demographics/sex", who.sex))
        return tuple(found)

    def text(self, scale: Scale) -> str:
        """Say the value as reported and, where that differs, on the scale asked for."""
        text = self.variable.name
        if self.formula is not None:
            text += f" by {self.formula}"
        if self.formula is None or self.range is None:
            text += " " + " or ".join(f"{item.lab.value} {item.lab.unit or ''}".strip() for item in self.readings)
        converted = any(item.value is not None and item.value != item.lab.value for item in self.readings)
        if self.range is not None and (self.formula is not None or scale != "absolute" or converted):
            low, high = (short(end) for end in self.range)
            unit = self.variable.unit if scale == "absolute" else scale
            text += f" = {low if low == high else f'{low} to {high}'} {unit}"
        if self.assumed is not None:
            text += f" (limit assumed between {self.assumed[0]} and {self.assumed[1]} {self.variable.unit})"
        return text


def short(number: Decimal) -> str:
    """Return a number as people read it: two decimals, three below ten, no zeros at the end."""
    text = f"{number:.2f}" if number >= _LONG else f"{number:.3f}"
    return text.rstrip("0").rstrip(".")


def result(case: Case, variable_id: str, scale: Scale = "absolute", *, derive: bool = True) -> Result | None:
    """Return the newest result up to the patient's day; None when there is none.

    Args:
        case: The patient and the day.
        variable_id: Id of `criteria/variables.csv`.
        scale: Canonical unit, or multiples of the laboratory's upper or lower limit of normal.
        derive: Whether creatinine clearance may follow from creatinine, age, weight and sex. A reported clearance
            that is at least as new comes first.
    """
    kept, key = _kept(case), (variable_id, scale, derive)
    if key not in kept:
        kept[key] = _result(case, variable_id, scale, derive=derive)
    return kept[key]


@once
def _kept(case: Case) -> dict[tuple[str, Scale, bool], Result | None]:
    """Return the results of a case already worked out; several criteria ask for each."""
    return {}


def _result(case: Case, variable_id: str, scale: Scale, *, derive: bool) -> Result | None:
    variable = case.knowledge.variables.variables[variable_id]
    reported = _reported(case, variable, scale)
    formula = case.knowledge.numeric_rules.cockcroft_gault
    if not derive or scale != "absolute" or variable_id != formula.result:
        return reported
    derived = _cockcroft_gault(case, variable)
    if reported is None or derived is None:
        return reported or derived
    if derived.range is None or (reported.range is not None and _at_least_as_new(reported.date, derived.date)):
        return reported
    if reported.range is None or _newer(derived.date, reported.date):
        return derived
    return _either(reported, derived)


def columns(variable_id: str, scale: Scale, *, derive: bool) -> tuple[Number, Number]:
    """Return the columns of a value, and of its age in days (undated: infinite)."""

    def value(case: Case) -> Interval:
        one = result(case, variable_id, scale, derive=derive)
        return UNKNOWN_NUMBER if one is None or one.range is None else (float(one.range[0]), float(one.range[1]))

    def age(case: Case) -> Interval:
        one = result(case, variable_id, scale, derive=derive)
        return UNKNOWN_NUMBER if one is None or one.date is None else one.date.days_before(case.as_of)

    key = (scale, variable_id, derive)
    return Number(("lab", *key), value), Number(("lab_age", *key), age)


def _at_least_as_new(one: PartialDate | None, other: PartialDate | None) -> bool:
    return one is not None and other is not None and one.low >= other.high


def _newer(one: PartialDate | None, other: PartialDate | None) -> bool:
    return one is not None and other is not None and one.low > other.high


def _either(reported: Result, derived: Result) -> Result:
    """Join two results that may each be the newer one."""
    assert reported.range is not None
    assert derived.range is not None
    dates = [item.date for item in (reported, derived) if item.date is not None]
    return Result(
        variable=reported.variable,
        range=(min(reported.range[0], derived.range[0]), max(reported.range[1], derived.range[1])),
        date=_latest(dates) if len(dates) == 2 else None,
        readings=reported.readings + derived.readings,
        formula=derived.formula,
        who=derived.who,
    )


def _latest(days: list[PartialDate]) -> PartialDate | None:
    """Return when the latest of several days can be."""
    if len(days) < 2:
        return days[0] if days else None
    low, high = max(day.low for day in days), max(day.high for day in days)
    return PartialDate(low.isoformat() if low == high else f"{low} to {high}", low, high)


def _reported(case: Case, variable: Variable, scale: Scale) -> Result | None:
    readings = newest(case, variable.id)
    if not readings:
        return None
    ranges: list[Range] = []
    problem, assumed = None, None
    for reading in readings:
        if scale == "absolute":
            found, problem = (reading.value, reading.value) if reading.value is not None else None, reading.problem
        else:
            found, assumed, problem = _multiple(case, variable, reading, scale)
        if found is None:
            break
        ranges.append(found)
    known = len(ranges) == len(readings)
    return Result(
        variable=variable,
        range=(min(low for low, _ in ranges), max(high for _, high in ranges)) if known else None,
        date=_date_of(readings, case.as_of),
        readings=readings,
        problem=problem,
        assumed=assumed,
    )


def _multiple(
    case: Case, variable: Variable, reading: Reading, scale: Scale
) -> tuple[Range | None, Range | None, str | None]:
    """Return a value as multiples of a limit, the usual limits where those were taken, and what is wrong.

    Where the laboratory gave no limit, every usual limit of adult laboratories is possible.
    """
    own = reading.uln if scale == "xULN" else reading.lln
    if own is not None and reading.lab.value is not None and not reading.impossible:
        ratio = reading.lab.value / own
        return (ratio, ratio), None, None
    if reading.value is None:
        return None, None, reading.problem
    name = "upper" if scale == "xULN" else "lower"
    low, high = (variable.uln_low, variable.uln_high) if scale == "xULN" else (variable.lln_low, variable.lln_high)
    if low is None or high is None or not _adult(case) or variable.confidence.unverified:
        return None, None, f"the laboratory's {name} limit of normal is missing"
    return (reading.value / high, reading.value / low), (low, high), None


def _date_of(readings: tuple[Reading, ...], as_of: date) -> PartialDate | None:
    day = _latest([reading.lab.date.possibly_by(as_of) for reading in readings if reading.lab.date is not None])
    if day is None or all(reading.lab.date is not None for reading in readings):
        return day
    # An undated row that is the newest lies between the newest dated one and the patient's day.
    return PartialDate(f"{day.low} to {as_of}", day.low, as_of)


def _adult(case: Case) -> bool:
    ages = _age(case)
    return ages is not None and ages[0] >= case.knowledge.numeric_rules.adult_from_years


def _age(case: Case) -> tuple[int, int] | None:
    who = case.patient.demographics
    if who.birth_date is not None:
        return age_in_years(who.birth_date, case.as_of)
    return (who.age, who.age) if who.age is not None else None


def _cockcroft_gault(case: Case, variable: Variable) -> Result | None:
    """Derive creatinine clearance; None without a readable creatinine, unknown where age or weight is missing."""
    rule = case.knowledge.numeric_rules.cockcroft_gault
    creatinine = _reported(case, case.knowledge.variables.variables[rule.creatinine], "absolute")
    if creatinine is None or creatinine.range is None or creatinine.range[0] <= 0:
        return None
    who = case.patient.demographics
    ages = _age(case)
    found, problem = None, None
    if who.weight_kg is None or ages is None:
        missing = [name for name, there in (("weight", who.weight_kg), ("age", ages)) if there is None]
        problem = f"{' and '.join(missing)} missing for the {rule.name} formula"
    elif not _adult(case):
        problem = f"the {rule.name} formula holds for adults only"
    else:
        factors = {"female": (rule.female_factor,), "male": (Decimal(1),)}
        values = [
            max(rule.age_base - age, Decimal(0)) * who.weight_kg / (rule.divisor * serum) * sex
            for age in ages
            for serum in creatinine.range
            for sex in factors.get(who.sex or "", (rule.female_factor, Decimal(1)))
        ]
        found = (min(values), max(values))
    return Result(variable, found, creatinine.date, creatinine.readings, problem, None, rule.name, who)
