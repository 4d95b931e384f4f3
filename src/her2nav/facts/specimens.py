"""HER2 results as rows, one per specimen that was tested, each with the truths still possible."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from her2nav.facts.case import Case
from her2nav.facts.tri import Bits, Tri, from_truths
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


class SpecimenTable:
    """Tested specimens of many patients as rows."""

    def __init__(self, cases: Sequence[Case]) -> None:
        rows: list[tuple[int, SpecimenHer2]] = []
        for i, case in enumerate(cases):
            if case.her2 is not None:
                rows += [(i, specimen) for specimen in case.her2.specimens if specimen.tissue]
        self.rows = [specimen for _, specimen in rows]
        self.size = len(rows)
        self.patients = len(cases)
        self.cases = [cases[i] for i, _ in rows]
        self.patient = np.fromiter((i for i, _ in rows), np.intp, len(rows))
        self._truths: dict[Hashable, Tri] = {}

    def truths(self, key: Hashable, derive: Callable[[SpecimenHer2, Case], Truth]) -> Tri:
        """Return a truth per row, kept under the key."""
        found = self._truths.get(key)
        if found is None:
            judged = [derive(row, case) for row, case in zip(self.rows, self.cases, strict=True)]
            found = self._truths[key] = from_truths(judged)
        return found

    def judged(self, key: Hashable, scoring: str | None, judge: Callable[[Result], Truth]) -> Tri:
        """Return a truth per row that depends on the result alone; equal results are judged once."""
        known: dict[Result, Truth] = {}

        def derive(row: SpecimenHer2, case: Case) -> Truth:
            result = result_of(row, scoring)
            if result not in known:
                known[result] = judge(result)
            return known[result]

        return self.truths((key, scoring), derive)

    @property
    def informative(self) -> Bits:
        """Rows with a protein, ISH or reported result."""
        return np.fromiter((row.informative for row in self.rows), bool, self.size)

    @property
    def current(self) -> Bits:
        """Rows that govern their patient's current status."""
        flags = (
            case.her2 is not None and case.her2.overall.specimen == row.path
            for row, case in zip(self.rows, self.cases, strict=True)
        )
        return np.fromiter(flags, bool, self.size)
