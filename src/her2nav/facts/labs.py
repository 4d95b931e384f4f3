"""Laboratory rows of the record: resolved to variables, canonical units and dates; which one is the newest; faults.

A value whose unit is absent or not one of the variable, or that no living person can have, is kept as unreadable: an
older result does not step into the place of a newer one that cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from her2nav.facts.case import Case
from her2nav.facts.once import once_from
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.variables import Variable
from her2nav.model.finding import Evidence
from her2nav.model.treatment import Lab


@dataclass(frozen=True, slots=True)
class Reading:
    """One laboratory row.

    Attributes:
        index: Position in `labs` of the patient file.
        value: In the canonical unit of its variable; None: unreadable, and `problem` says why.
        impossible: The unit is known and the value lies outside what is possible.
        uln, lln: The laboratory's own limits, believable and above zero, in the unit of the row.
    """

    index: int
    lab: Lab
    value: Decimal | None
    problem: str | None
    impossible: bool
    uln: Decimal | None
    lln: Decimal | None

    @property
    def evidence(self) -> Evidence:
        """The row of the patient file."""
        text = f"{self.lab.value} {self.lab.unit or ''}".strip()
        for name, limit in (("ULN", self.lab.uln), ("LLN", self.lab.lln)):
            text += f", {name} {limit}" if limit is not None else ""
        return Evidence(f"/labs/{self.index}", text, str(self.lab.date) if self.lab.date else None)


class LabProblem(NamedTuple):
    """What is wrong with a laboratory row; `warning` when it is only not usable."""

    message: str
    allowed: str | None = None
    warning: bool = False


def newest(case: Case, variable_id: str) -> tuple[Reading, ...]:
    """Return the newest reading, or all that may be the newest.

    Rows dated after the patient's day are set aside. An undated row may be the newest, and so may each of several of
    the same date.
    """
    variable = case.knowledge.variables.variables[variable_id]
    readings = [_reading(i, lab, variable, case) for i, lab in _rows(case).get(variable_id, ())]
    days = [reading.lab.date.low for reading in readings if reading.lab.date is not None]
    return tuple(one for one in readings if one.lab.date is None or one.lab.date.high >= max(days))


@once_from("labs")
def _rows(case: Case) -> dict[str, list[tuple[int, Lab]]]:
    """Return the usable rows of each variable with their positions."""
    found: dict[str, list[tuple[int, Lab]]] = {}
    for index, lab in enumerate(case.patient.labs):
        variable = case.knowledge.variables.find(lab.name)
        later = lab.date is not None and lab.date.certainly_after(case.as_of)
        if variable is not None and lab.value is not None and not later:
            found.setdefault(variable, []).append((index, lab))
    return found


def _reading(index: int, lab: Lab, variable: Variable, case: Case) -> Reading:
    knowledge = case.knowledge
    value, problem = _canonical(lab.value, lab.unit, variable, knowledge)
    impossible = value is not None and not knowledge.variables.plausible(variable.id, value)
    if impossible:
        value, problem = None, f"{lab.value} {lab.unit or ''} is not possible"
    limits: list[Decimal | None] = []
    for limit, low, high in (
        (lab.uln, variable.uln_low, variable.uln_high),
        (lab.lln, variable.lln_low, variable.lln_high),
    ):
        limits.append(limit if limit and _believable(limit, lab, variable, low, high, knowledge) else None)
    return Reading(index, lab, value, problem, impossible, limits[0], limits[1])


def _believable(
    limit: Decimal, lab: Lab, variable: Variable, low: Decimal | None, high: Decimal | None, knowledge: Knowledge
) -> bool:
    unit = lab.unit if lab.unit and lab.unit.strip() else None
    if unit is None and variable.unit != "ratio":
        return False
    if low is None or high is None:
        return True
    converted = knowledge.variables.convert(variable.id, limit, unit or variable.unit)
    slack = knowledge.numeric_rules.limit_slack
    return converted is None or low / slack <= converted.value <= high * slack


def _canonical(
    value: Decimal | None, unit: str | None, variable: Variable, knowledge: Knowledge
) -> tuple[Decimal | None, str | None]:
    table = knowledge.variables
    if value is None:
        return None, "no value"
    if unit is None or not unit.strip():
        if variable.unit != "ratio":
            return None, "the unit is missing"
        unit = variable.unit
    converted = table.convert(variable.id, value, unit)
    if converted is None:
        return None, f"the unit {unit} is not one of {', '.join(table.units(variable.id))}"
    if not converted.verified:
        return None, f"the conversion from {unit} is unverified"
    return converted.value, None


def lab_problem(lab: Lab, knowledge: Knowledge) -> LabProblem | None:
    """Say what is wrong with a laboratory row of a patient file; None when it can be used.

    An unknown name is only warned about; a unit that the variable does not have and a value that is not possible are
    errors.
    """
    table = knowledge.variables
    identifier = table.find(lab.name)
    if identifier is None:
        near = ", ".join(table.nearest(lab.name))
        return LabProblem(f"the laboratory value '{lab.name}' is not known and is not used", near or None, True)
    if lab.value is None:
        return None
    variable = table.variables[identifier]
    allowed = ", ".join(table.units(identifier))
    if lab.unit is None or not lab.unit.strip():
        if variable.unit == "ratio":
            return None
        return LabProblem(f"{variable.name}: the unit is missing, so the value is not used", allowed, True)
    converted = table.convert(identifier, lab.value, lab.unit)
    if converted is None:
        return LabProblem(f"{variable.name}: '{lab.unit}' is not a unit of this value", allowed)
    if table.plausible(identifier, converted.value):
        return _limit_problem(lab, variable, knowledge)
    other = [
        unit
        for unit in table.units(identifier)
        if (moved := table.convert(identifier, lab.value, unit)) and table.plausible(identifier, moved.value)
    ]
    hint = f"; did you mean {lab.value} {other[0]}?" if other else ""
    bounds = f"{variable.low} to {variable.high} {variable.unit}"
    return LabProblem(f"{variable.name} {lab.value} {lab.unit} is not possible{hint}", bounds)


def _limit_problem(lab: Lab, variable: Variable, knowledge: Knowledge) -> LabProblem | None:
    for name, limit, low, high in (
        ("upper", lab.uln, variable.uln_low, variable.uln_high),
        ("lower", lab.lln, variable.lln_low, variable.lln_high),
    ):
        if limit is not None and not (limit and _believable(limit, lab, variable, low, high, knowledge)):
            usual = f"usually {low} to {high} {variable.unit}" if low is not None else "above zero"
            return LabProblem(
                f"{variable.name}: the {name} limit of normal {limit} {lab.unit} does not fit and is not used",
                usual,
                True,
            )
    return None
