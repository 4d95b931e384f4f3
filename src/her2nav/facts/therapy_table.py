"""Courses of therapy of many patients as rows of columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.case import Case
from her2nav.facts.lines import doubtful, unlisted
from her2nav.facts.missing import MissingColumn
from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import SETTINGS, Course
from her2nav.facts.tri import Bits, Floats, Tri, from_truths, judged
from her2nav.model.truth import Truth

T = TypeVar("T")


class WordColumn(NamedTuple):
    """A recorded word per row: its position in `words`, -1 where none is recorded."""

    codes: NDArray[np.int16]
    words: tuple[str, ...]

    def among(self, wanted: Collection[str]) -> Bits:
        """Return where the word is one of those wanted."""
        found = np.zeros(len(self.codes), bool)
        for number, word in enumerate(self.words):
            if word in wanted:
                found |= self.codes == number
        return found

    @property
    def missing(self) -> Bits:
        """Where no word is recorded."""
        return self.codes < 0


@dataclass(frozen=True, slots=True, eq=False)
class TherapyTable:
    """Courses of therapy, sorted by patient. Days are ordinals; an unknown first day is minus infinity.

    Attributes:
        patient: Position of the patient in the block.
        closed: Per patient: the list of treatments is marked complete.
        as_of: Per row: the patient's day.
        setting_bits: The possible settings, one bit for each of SETTINGS.
        drug_ids: Position in `drug_sets`, which holds each combination of drugs once.
        cycles: -1 where not recorded.
        doubtful: Rows that may not have been given.
        start_high: Last day that each start can be; None: not supplied, so that only the end bounds it.
        relapse_low, relapse_high: Relapse after a (neo)adjuvant course without progression of its own; not a number
            where none is recorded. None: no row has one.
        beside: Cancer drugs that stand outside the list (patient, position in `beside_sets`), sorted by patient.
        rows: The courses, in one order with the columns; None: the table was built from columns.
    """

    patient: NDArray[np.intp]
    closed: Bits
    as_of: Floats
    start_low: Floats
    end_low: Floats
    end_high: Floats
    progression_low: Floats
    progression_high: Floats
    progressed: Tri
    setting_bits: NDArray[np.uint8]
    maintenance: Bits
    drug_ids: NDArray[np.intp]
    drug_sets: tuple[tuple[TermSet, ...], ...]
    stopped_for: WordColumn
    response: WordColumn
    cycles: NDArray[np.int64]
    doubtful: Bits
    beside: tuple[NDArray[np.intp], NDArray[np.intp]] = field(
        default_factory=lambda: (np.zeros(0, np.intp), np.zeros(0, np.intp))
    )
    beside_sets: tuple[tuple[TermSet, ...], ...] = ()
    start_high: Floats | None = None
    relapse_low: Floats | None = None
    relapse_high: Floats | None = None
    courses: list[Course] | None = None
    _drugs: dict[Hashable, Tri] = field(default_factory=dict, repr=False)
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.patient)

    @property
    def ongoing(self) -> Bits:
        """Rows of therapy that still runs."""
        return self.kept("ongoing", lambda: np.array([course.ongoing is True for course in self.rows], bool))

    @property
    def unclear(self) -> Bits:
        """Rows of which nobody knows whether they still run."""
        return self.kept("unclear", lambda: np.array([course.ongoing is None for course in self.rows], bool))

    @property
    def rows(self) -> list[Course]:
        """The courses themselves, which only a table made from records has."""
        if self.courses is None:
            raise MissingColumn("courses")
        return self.courses

    @classmethod
    def of(cls, cases: Sequence[Case]) -> TherapyTable:
        """Return the courses of every patient."""
        owners = [(i, case) for i, case in enumerate(cases) for _ in case.courses]
        rows = [course for case in cases for course in case.courses]
        index: dict[tuple[TermSet, ...], int] = {}
        ids = np.array([index.setdefault(course.drugs, len(index)) for course in rows], np.intp)
        bits = {name: 1 << i for i, name in enumerate(SETTINGS)}
        outside = [(i, group) for i, case in enumerate(cases) for group in unlisted(case)]
        groups: dict[tuple[TermSet, ...], int] = {}
        outside_ids = np.array([groups.setdefault(group, len(groups)) for _, group in outside], np.intp)
        relapses = [course.relapse or (None, None) for course in rows]
        progressions = [course.progression or (None, None) for course in rows]
        return cls(
            patient=np.array([i for i, _ in owners], np.intp),
            closed=np.array([case.patient.complete.therapies for case in cases], bool),
            as_of=_days([case.as_of for _, case in owners], np.nan),
            start_low=_days([course.start[0] for course in rows], -np.inf),
            end_low=_days([course.end[0] for course in rows], -np.inf),
            end_high=_days([course.end[1] for course in rows], np.inf),
            progression_low=_days([first for first, _ in progressions], -np.inf),
            progression_high=_days([last for _, last in progressions], np.inf),
            progressed=from_truths([_truth(course.progressed) for course in rows]),
            setting_bits=np.array([sum(bits[s] for s in course.settings) for course in rows], np.uint8),
            maintenance=np.array([course.maintenance for course in rows], bool),
            drug_ids=ids,
            drug_sets=tuple(index),
            stopped_for=word_column([course.stopped_for for course in rows]),
            response=word_column([course.response for course in rows]),
            cycles=np.array([-1 if course.cycles is None else course.cycles for course in rows], np.int64),
            doubtful=np.array([course.index in doubtful(case) for case in cases for course in case.courses], bool),
            beside=(np.array([i for i, _ in outside], np.intp), outside_ids),
            beside_sets=tuple(groups),
            start_high=_days([course.start[1] for course in rows], np.inf),
            relapse_low=_days([first for first, _ in relapses], np.nan),
            relapse_high=_days([last for _, last in relapses], np.nan),
            courses=rows,
        )

    def part(self, start: int, stop: int) -> TherapyTable:
        """Return the courses of the patients from `start` to `stop`."""
        first, last = np.searchsorted(self.patient, [start, stop]).tolist()
        rows = slice(first, last)
        outside = slice(*np.searchsorted(self.beside[0], [start, stop]).tolist())
        return replace(
            self,
            patient=self.patient[rows] - start,
            closed=self.closed[start:stop],
            as_of=self.as_of[rows],
            start_low=self.start_low[rows],
            end_low=self.end_low[rows],
            end_high=self.end_high[rows],
            progression_low=self.progression_low[rows],
            progression_high=self.progression_high[rows],
            progressed=self.progressed.part(first, last),
            setting_bits=self.setting_bits[rows],
            maintenance=self.maintenance[rows],
            drug_ids=self.drug_ids[rows],
            stopped_for=self.stopped_for._replace(codes=self.stopped_for.codes[rows]),
            response=self.response._replace(codes=self.response.codes[rows]),
            cycles=self.cycles[rows],
            doubtful=self.doubtful[rows],
            beside=(self.beside[0][outside] - start, self.beside[1][outside]),
            start_high=None if self.start_high is None else self.start_high[rows],
            relapse_low=None if self.relapse_low is None else self.relapse_low[rows],
            relapse_high=None if self.relapse_high is None else self.relapse_high[rows],
            courses=None if self.courses is None else self.courses[rows],
            _drugs={},
            _kept={},
        )

    def kept(self, key: Hashable, derive: Callable[[], T]) -> T:
        """Return what was derived from the columns under a key; many criteria ask for the same."""
        if key not in self._kept:
            self._kept[key] = derive()
        found: T = self._kept[key]
        return found

    def drugs(self, key: Hashable, judge: Callable[[tuple[TermSet, ...]], Truth]) -> Tri:
        """Return a truth per row that depends only on the row's drugs; each combination is judged once."""
        found = self._drugs.get(key)
        if found is None:
            found = self._drugs[key] = judged(judge, self.drug_ids, self.drug_sets)
        return found

    @property
    def unsettled(self) -> Bits:
        """Patients whose list holds a doubtful course, or beside whose list a cancer drug stands."""
        return self.kept("unsettled", self._unsettled)

    def _unsettled(self) -> Bits:
        found = np.zeros(len(self.closed), bool)
        found[self.patient[self.doubtful]] = True
        found[self.beside[0]] = True
        return found

    def elsewhere(self, key: Hashable, judge: Callable[[tuple[TermSet, ...]], Truth]) -> Bits:
        """Return the patients with a drug outside the list that is meant or may be."""
        rows = self._drugs.get(key)
        if rows is None:
            rows = self._drugs[key] = judged(judge, self.beside[1], self.beside_sets)
        found = np.zeros(len(self.closed), bool)
        found[self.beside[0][~rows.not_met]] = True
        return found

    def settings(self, wanted: Sequence[str]) -> Tri:
        """Return whether the setting of each row is one of those wanted."""
        return self.kept(("settings", tuple(wanted)), lambda: self._settings(wanted))

    def _settings(self, wanted: Sequence[str]) -> Tri:
        bits = np.uint8(sum(1 << i for i, name in enumerate(SETTINGS) if name in wanted))
        inside = (self.setting_bits & bits) == self.setting_bits
        outside = (self.setting_bits & bits) == 0
        if "maintenance" in wanted:
            inside, outside = inside | self.maintenance, outside & ~self.maintenance
        return Tri(inside, outside)


def word_column(values: Sequence[str | None]) -> WordColumn:
    """Return the column of a list of words."""
    index: dict[str, int] = {}
    codes = [-1 if word is None else index.setdefault(word, len(index)) for word in values]
    return WordColumn(np.array(codes, np.int16), tuple(index))


def _days(values: Sequence[date | None], unknown: float) -> Floats:
    return np.array([unknown if day is None else day.toordinal() for day in values], np.float64)


def _truth(value: bool | None) -> Truth:
    if value is None:
        return Truth.UNKNOWN
    return Truth.MET if value else Truth.NOT_MET
