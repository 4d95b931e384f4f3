"""HER2 results as rows, one per specimen that was tested, each with the truths still possible."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.case import Case
from her2nav.facts.missing import MissingColumn
from her2nav.facts.tri import Bits, Tri, from_truths, judged
from her2nav.interpret.results import SpecimenHer2
from her2nav.model.truth import Truth


@dataclass(frozen=True, slots=True)
class Result:
    """What one specimen says, as sets of possible truths; equal results are judged once.

    Attributes:
        ihc: Possible subscores.
        ish: Possible ISH calls.
        status: Possible HER2 statuses.
        expression: Possible expression categories.
        amplification: amplified, not_amplified; both when unknown.
        called: The status as called, for criteria that ask for an equivocal result.
    """

    ihc: frozenset[str]
    ish: frozenset[str]
    status: frozenset[str]
    expression: frozenset[str]
    amplification: frozenset[str]
    called: str


def result_of(specimen: SpecimenHer2, scoring: str | None) -> Result:
    """Return a specimen's result, its IHC read in the scoring system a criterion names."""
    ihc = specimen.ihc
    if scoring is not None and scoring != specimen.scoring:
        ihc = specimen.ihc_by_scoring.get(scoring, frozenset(("0_no_staining", "0_faint_le10", "1+", "2+", "3+")))
    return Result(
        ihc=ihc,
        ish=specimen.ish,
        status=specimen.status.possible or frozenset(("positive", "negative")),
        expression=specimen.expression.possible,
        amplification=specimen.amplification.possible or frozenset(("amplified", "not_amplified")),
        called=specimen.status.value,
    )


@dataclass(frozen=True, slots=True, eq=False)
class SpecimenTable:
    """Tested specimens of many patients as rows, sorted by patient.

    Attributes:
        patient: Position of the patient in the block.
        patients: The number of patients.
        informative: Rows with a protein, ISH or reported result.
        current: Rows that stand for their patient's current status: the one that governs, or rivals of one rank of
            which none does; what a criterion asks of the current status must hold of all of them.
        central: Rows tested in a central laboratory.
        results: Per scoring system (None: that of the tumour): position in a table of distinct results, and the table.
        records: Each row with its case; None: the table was built from columns.
    """

    patient: NDArray[np.intp]
    patients: int
    informative: Bits
    current: Bits
    central: Bits
    results: dict[str | None, tuple[NDArray[np.intp], tuple[Result, ...]]]
    records: list[tuple[SpecimenHer2, Case]] | None = None
    _truths: dict[Hashable, Tri] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, cases: Sequence[Case]) -> SpecimenTable:
        """Return the tested tissue specimens of every patient."""
        found = [
            (i, specimen, case)
            for i, case in enumerate(cases)
            if case.her2 is not None
            for specimen in case.her2.specimens
            if specimen.tissue
        ]
        return cls(
            patient=np.array([i for i, _, _ in found], np.intp),
            patients=len(cases),
            informative=np.array([row.informative for _, row, _ in found], bool),
            current=np.array(
                [case.her2 is not None and row.path in case.her2.overall.standing for _, row, case in found], bool
            ),
            central=np.array([row.laboratory == "central" for _, row, _ in found], bool),
            results={},
            records=[(row, case) for _, row, case in found],
        )

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.patient)

    @property
    def rows(self) -> list[SpecimenHer2]:
        """The specimens themselves, which only a table made from records has."""
        return [row for row, _ in self._recorded("specimens")]

    def part(self, start: int, stop: int) -> SpecimenTable:
        """Return the specimens of the patients from `start` to `stop`."""
        first, last = np.searchsorted(self.patient, [start, stop]).tolist()
        rows = slice(first, last)
        return SpecimenTable(
            self.patient[rows] - start,
            len(range(self.patients)[start:stop]),
            self.informative[rows],
            self.current[rows],
            self.central[rows],
            {scoring: (codes[rows], table) for scoring, (codes, table) in self.results.items()},
            None if self.records is None else self.records[rows],
        )

    def truths(self, key: Hashable, derive: Callable[[SpecimenHer2, Case], Truth]) -> Tri:
        """Return a truth per row, kept under the key."""
        found = self._truths.get(key)
        if found is None:
            found = self._truths[key] = from_truths([derive(row, case) for row, case in self._recorded(key)])
        return found

    def kept(self, key: Hashable, derive: Callable[[], Tri]) -> Tri:
        """Return a truth per patient that follows from truths per row, kept under the key."""
        found = self._truths.get(("patients", key))
        if found is None:
            found = self._truths["patients", key] = derive()
        return found

    def judged(self, key: Hashable, scoring: str | None, judge: Callable[[Result], Truth]) -> Tri:
        """Return a truth per row that depends on the result alone; equal results are judged once."""
        found = self._truths.get((key, scoring))
        if found is None:
            codes, table = self._results(scoring)
            found = self._truths[key, scoring] = judged(judge, codes, table)
        return found

    def _results(self, scoring: str | None) -> tuple[NDArray[np.intp], tuple[Result, ...]]:
        found = self.results.get(scoring)
        if found is None:
            index: dict[Result, int] = {}
            rows = self._recorded(("specimens", scoring))
            codes = [index.setdefault(result_of(row, scoring), len(index)) for row, _ in rows]
            found = self.results[scoring] = (np.array(codes, np.intp), tuple(index))
        return found

    def _recorded(self, column: Hashable) -> list[tuple[SpecimenHer2, Case]]:
        if self.records is None:
            raise MissingColumn(column)
        return self.records
