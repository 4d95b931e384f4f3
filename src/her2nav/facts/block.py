"""Many patients as columns: every derived value once per patient, every event once per row.

A block of one patient and a block of a hundred thousand are the same object. Columns are built when a leaf first
asks for them and kept under a key that names their parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.case import Case
from her2nav.facts.specimens import SpecimenTable
from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import SETTINGS, Course
from her2nav.facts.tri import Bits, Floats, Tri, from_truths
from her2nav.model.truth import Truth

Interval = tuple[float, float]
UNKNOWN_NUMBER: Interval = (-np.inf, np.inf)


class Block:
    """Patients as columns."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        self.size = len(cases)
        self._numbers: dict[Hashable, tuple[Floats, Floats]] = {}
        self._truths: dict[Hashable, Tri] = {}

    def numbers(self, key: Hashable, derive: Callable[[Case], Interval]) -> tuple[Floats, Floats]:
        """Return the low and high column of a derived number; unknown is the whole range."""
        found = self._numbers.get(key)
        if found is None:
            pairs = [derive(case) for case in self.cases]
            low = np.fromiter((pair[0] for pair in pairs), np.float64, self.size)
            high = np.fromiter((pair[1] for pair in pairs), np.float64, self.size)
            found = self._numbers[key] = (low, high)
        return found

    def truths(self, key: Hashable, derive: Callable[[Case], Truth]) -> Tri:
        """Return the column of a derived truth."""
        found = self._truths.get(key)
        if found is None:
            found = self._truths[key] = from_truths([derive(case) for case in self.cases])
        return found

    def terms(self, key: Hashable, derive: Callable[[Case], TermSet], wanted: Sequence[str]) -> Tri:
        """Return whether one of the wanted terms is in a derived term set."""
        return self.truths((key, tuple(wanted)), lambda case: derive(case).any_of(wanted))

    @cached_property
    def specimens(self) -> SpecimenTable:
        """Every tissue specimen of every patient, interpreted."""
        return SpecimenTable(self.cases)

    @cached_property
    def therapies(self) -> TherapyTable:
        """Every course of every patient."""
        return TherapyTable(self.cases)


class TherapyTable:
    """Courses of therapy as rows. Days are ordinals; an unknown first day is minus infinity."""

    def __init__(self, cases: Sequence[Case]) -> None:
        rows = [(i, course) for i, case in enumerate(cases) for course in case.courses]
        self.rows: list[Course] = [course for _, course in rows]
        self.size = len(rows)
        self.patient = np.fromiter((i for i, _ in rows), np.intp, len(rows))
        self.closed = np.fromiter((case.patient.complete.therapies for case in cases), bool, len(cases))
        self.as_of = self._days([cases[i].as_of for i, _ in rows], np.nan)
        self.start_low = self._days([course.start[0] for course in self.rows], -np.inf)
        self.end_low = self._days([course.end[0] for course in self.rows], -np.inf)
        self.end_high = self._days([course.end[1] for course in self.rows], np.inf)
        progressions = [course.progression for course in self.rows]
        self.progression_low = self._days([item[0] if item else None for item in progressions], -np.inf)
        self.progression_high = self._days([item[1] if item else None for item in progressions], np.inf)
        self.progressed = from_truths([_truth(course.progressed) for course in self.rows])
        self._drugs: dict[Hashable, Tri] = {}
        self._ids, self._unique = self._unique_drugs()

    @staticmethod
    def _days(values: Sequence[date | None], unknown: float) -> Floats:
        return np.fromiter((unknown if v is None else v.toordinal() for v in values), np.float64, len(values))

    def _unique_drugs(self) -> tuple[NDArray[np.intp], list[tuple[TermSet, ...]]]:
        index: dict[tuple[TermSet, ...], int] = {}
        ids = np.fromiter((index.setdefault(course.drugs, len(index)) for course in self.rows), np.intp, self.size)
        return ids, list(index)

    def drugs(self, key: Hashable, judge: Callable[[tuple[TermSet, ...]], Truth]) -> Tri:
        """Return a truth per row that depends only on the row's drugs; each combination is judged once."""
        found = self._drugs.get(key)
        if found is None:
            unique = from_truths([judge(drugs) for drugs in self._unique])
            met = unique.met[self._ids] if self.size else np.zeros(0, bool)
            not_met = unique.not_met[self._ids] if self.size else np.zeros(0, bool)
            found = self._drugs[key] = Tri(met, not_met)
        return found

    @cached_property
    def _settings(self) -> NDArray[np.uint8]:
        bits = {name: 1 << i for i, name in enumerate(SETTINGS)}
        return np.fromiter((sum(bits[s] for s in course.settings) for course in self.rows), np.uint8, self.size)

    @cached_property
    def _maintenance(self) -> Bits:
        return np.fromiter((course.maintenance for course in self.rows), bool, self.size)

    def settings(self, wanted: Sequence[str]) -> Tri:
        """Return whether the setting of each row is one of those wanted."""
        bits = np.uint8(sum(1 << i for i, name in enumerate(SETTINGS) if name in wanted))
        inside = (self._settings & bits) == self._settings
        outside = (self._settings & bits) == 0
        if "maintenance" in wanted:
            inside, outside = inside | self._maintenance, outside & ~self._maintenance
        return Tri(inside, outside)

    def words(self, field: str, wanted: Sequence[str]) -> Bits:
        """Return whether a recorded word (`stopped_for`, `response`) is one of those wanted."""
        return np.fromiter((getattr(course, field) in wanted for course in self.rows), bool, self.size)

    def missing(self, field: str) -> Bits:
        """Return where a recorded word is absent."""
        return np.fromiter((getattr(course, field) is None for course in self.rows), bool, self.size)


def _truth(value: bool | None) -> Truth:
    if value is None:
        return Truth.UNKNOWN
    return Truth.MET if value else Truth.NOT_MET
