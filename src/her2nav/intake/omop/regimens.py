"""From single doses to courses and regimens, by a gap rule that is data (`intake/omop.yaml`, `regimens`).

1. Doses of one drug are one course while the next one starts at most `course_gap_days` after the last one ended.
2. Courses whose first days and whose last days lie at most `same_regimen_days` apart are one regimen, and one entry of
   the patient file; any other course is an entry of its own, so that no drug gets the dates of another.
3. A regimen that the record itself names (an episode) takes the doses of its drugs between its dates.

Lines are not written: they are counted from the entries by the rules that every command shares, as an interval where
the record does not say why a course ended. Setting and reason stay unknown unless they are recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from her2nav.intake.reading import Origin


class Dose(NamedTuple):
    """One record of a drug that was given: one day, or a supply with its last day."""

    drug: str
    first: date
    last: date
    reason: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Course:
    """Doses of one drug, in order."""

    doses: tuple[Dose, ...]

    @property
    def drug(self) -> str:
        """The drug."""
        return self.doses[0].drug

    @property
    def first(self) -> date:
        """Day of the first dose."""
        return self.doses[0].first

    @property
    def last(self) -> date:
        """Day of the last dose, or the last day that the supply was for."""
        return max(dose.last for dose in self.doses)

    @property
    def final(self) -> Dose:
        """The dose that ends it."""
        return max(self.doses, key=lambda dose: (dose.last, dose.first))

    @property
    def reason(self) -> str | None:
        """Why it ended, as its last dose says."""
        return self.final.reason


def courses(doses: Iterable[Dose], gap_days: int) -> list[Course]:
    """Join the doses of each drug; whatever their order, the result is the same.

    Args:
        doses: Of one patient.
        gap_days: The longest time without the drug inside a course.
    """
    ordered = sorted(doses, key=lambda dose: (dose.drug, dose.first, dose.last, str(dose.reason)))
    found: list[list[Dose]] = []
    end: date | None = None
    for dose in ordered:
        same = bool(found) and found[-1][-1].drug == dose.drug
        if same and end is not None and (dose.first - end).days <= gap_days:
            found[-1].append(dose)
            end = max(end, dose.last)
        else:
            found.append([dose])
            end = dose.last
    return [Course(tuple(one)) for one in found]


def regimens(given: Sequence[Course], days: int) -> list[list[Course]]:
    """Join courses that begin and end together; the earliest regimen first."""
    found: list[list[Course]] = []
    for course in sorted(given, key=lambda one: (one.first, one.last, one.drug)):
        for members in found:
            lead = members[0]
            near = abs((course.first - lead.first).days) <= days and abs((course.last - lead.last).days) <= days
            if near and all(course.drug != one.drug for one in members) and course.reason == lead.reason:
                members.append(course)
                break
        else:
            found.append([course])
    return found
