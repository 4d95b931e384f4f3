"""Many patients as columns: every derived value once per patient, every event once per row.

A block of one patient and a block of a hundred thousand are the same object. Columns are built from the records when a
leaf first asks for them and kept under a key that names their parameters, or they are supplied (`facts/columns.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from her2nav.facts.case import Case
from her2nav.facts.columns import Columns, TermColumn, term_column
from her2nav.facts.missing import MissingColumn
from her2nav.facts.specimens import SpecimenTable
from her2nav.facts.terms import TermSet
from her2nav.facts.therapy_table import TherapyTable
from her2nav.facts.tri import Floats, Tri, constant, from_truths
from her2nav.knowledge.load import Knowledge
from her2nav.model.truth import Truth

Interval = tuple[float, float]
UNKNOWN_NUMBER: Interval = (-np.inf, np.inf)


class Block:
    """Patients as columns; holds nothing of the process it lives in, so it can be sent to another."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.size = len(cases)
        self._cases: Sequence[Case] | None = cases
        self._knowledge = cases[0].knowledge if cases else None
        self._numbers: dict[Hashable, tuple[Floats, Floats]] = {}
        self._intervals: dict[Hashable, Interval] = {}
        self._truths: dict[Hashable, Tri] = {}
        self._terms: dict[Hashable, TermColumn] = {}
        self._therapies: TherapyTable | None = None
        self._specimens: SpecimenTable | None = None

    @classmethod
    def from_columns(cls, columns: Columns) -> Block:
        """Return a block without records; a criterion that asks for a column not supplied raises MissingColumn."""
        block = cls(())
        block.size, block._cases, block._knowledge = columns.size, None, columns.knowledge
        block._numbers, block._truths, block._terms = dict(columns.numbers), dict(columns.truths), dict(columns.terms)
        block._therapies, block._specimens = columns.therapies, columns.specimens
        return block

    def columns(self) -> Columns:
        """Return the columns built so far, to be kept or sent without the records."""
        return Columns(
            self.size,
            self.knowledge,
            {**self._as_columns(), **self._numbers},
            dict(self._truths),
            dict(self._terms),
            self._therapies,
            self._specimens,
        )

    def _as_columns(self) -> dict[Hashable, tuple[Floats, Floats]]:
        """Return the intervals of one patient as columns."""
        return {
            key: (np.array([low], np.float64), np.array([high], np.float64))
            for key, (low, high) in self._intervals.items()
        }

    def part(self, start: int, stop: int) -> Block:
        """Return the patients from `start` to `stop`."""
        if self._cases is not None:
            return Block(self._cases[start:stop])
        return Block.from_columns(self.columns().part(start, stop))

    @property
    def cases(self) -> Sequence[Case]:
        """The records, which a block of supplied columns does not have."""
        if self._cases is None:
            raise MissingColumn("cases")
        return self._cases

    @property
    def recorded(self) -> bool:
        """False for a block of supplied columns, which has no records."""
        return self._cases is not None

    @property
    def knowledge(self) -> Knowledge:
        """What the patients are judged by."""
        if self._knowledge is None:
            raise MissingColumn("knowledge")
        return self._knowledge

    def _records(self, key: Hashable) -> Sequence[Case]:
        if self._cases is None:
            raise MissingColumn(key)
        return self._cases

    def numbers(self, key: Hashable, derive: Callable[[Case], Interval]) -> tuple[Floats, Floats]:
        """Return the low and high column of a derived number; unknown is the whole range."""
        found = self._numbers.get(key)
        if found is None:
            if self.size == 1 and self._cases is not None:
                low, high = self.interval(key, derive)
                found = np.array([low], np.float64), np.array([high], np.float64)
            else:
                each = [derive(case) for case in self._records(key)]
                both = np.array(each, np.float64).reshape(self.size, 2).T.copy()
                found = both[0], both[1]
            self._numbers[key] = found
        return found

    def interval(self, key: Hashable, derive: Callable[[Case], Interval]) -> Interval:
        """Return the same of a block of one patient, as two numbers: arrays are slow to make for so little."""
        found = self._intervals.get(key)
        if found is None:
            if self._cases is None:
                low, high = self.numbers(key, derive)
                found = low.item(), high.item()
            else:
                found = derive(self._cases[0])
            self._intervals[key] = found
        return found

    def truths(self, key: Hashable, derive: Callable[[Case], Truth]) -> Tri:
        """Return the column of a derived truth."""
        found = self._truths.get(key)
        if found is None:
            found = self._truths[key] = from_truths([derive(case) for case in self._records(key)])
        return found

    def terms(self, key: Hashable, derive: Callable[[Case], TermSet], wanted: Sequence[str]) -> Tri:
        """Return whether one of the wanted terms is in a derived term set."""
        asked = (key, tuple(wanted))
        found = self._truths.get(asked)
        if found is None:
            column = self._terms.get(key)
            if column is None:
                column = self._terms[key] = term_column([derive(case) for case in self._records(key)])
            found = self._truths[asked] = column.any_of(wanted)
        return found

    def everybody(self, truth: Truth) -> Tri:
        """Return one truth for every patient."""
        return constant(truth, self.size)

    @property
    def specimens(self) -> SpecimenTable:
        """Every tissue specimen of every patient, interpreted."""
        if self._specimens is None:
            self._specimens = SpecimenTable.of(self._records("specimens"))
        return self._specimens

    @property
    def therapies(self) -> TherapyTable:
        """Every course of every patient."""
        if self._therapies is None:
            self._therapies = TherapyTable.of(self._records("therapies"))
        return self._therapies
