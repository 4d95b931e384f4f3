"""Many criteria on the courses of one patient: each condition on a course is judged once and joined for all."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.terms import TermSet
from her2nav.facts.therapy_table import TherapyTable
from her2nav.facts.tri import Tri
from her2nav.kinds.therapy_match import Condition, meets
from her2nav.model.truth import Truth

Codes = NDArray[np.uint8]
"""Truths as numbers: "all of" is "or" of the codes of its parts, "any of" is "and"."""
Numbers = NDArray[np.intp]
CODE_MET, CODE_UNKNOWN, CODE_NOT_MET = 0, 1, 3
CODES = {Truth.MET: CODE_MET, Truth.UNKNOWN: CODE_UNKNOWN, Truth.NOT_MET: CODE_NOT_MET}
_OPEN = 255
"""Stands for a truth that is not known yet."""
_MOST = 2048
"""So many combinations of drugs are kept, whoever was given them."""


def code_of(truth: Tri) -> Codes:
    """Return the code of each entry."""
    # As MET, UNKNOWN and NOT_MET are 0, 1 and 3.
    found: Codes = (truth.not_met.view(np.uint8) << 1) + (truth.met.view(np.uint8) ^ 1)
    return found


def any_code(rows: Codes, closed: bool) -> Codes:
    """Reduce courses to the patient, a row for each criterion: only a complete list says that there is none."""
    found: Codes = np.bitwise_and.reduce(rows, axis=1, initial=CODE_NOT_MET)
    if not closed:
        found[found == CODE_NOT_MET] = CODE_UNKNOWN
    return found


class CourseConditions:
    """What each of many criteria asks of a course; a condition that several ask is one."""

    def __init__(self, asked_of_each: Sequence[Sequence[Condition]]) -> None:
        numbers: dict[Hashable, int] = {}
        self._conditions: list[Condition] = []
        each = []
        for own in asked_of_each:
            for one in own:
                if numbers.setdefault(one[0], len(self._conditions)) == len(self._conditions):
                    self._conditions.append(one)
                each.append(numbers[one[0]])
        self._each = np.array(each, np.intp)
        self._by_drugs = np.array([one.of_drugs is not None for one in self._conditions], np.bool_)
        self._of_drugs: dict[tuple[TermSet, ...], Codes] = {}
        self._sizes = np.array([len(own) for own in asked_of_each], np.intp)
        self._begins = np.cumsum(self._sizes) - self._sizes

    def codes(self, places: Numbers, table: TherapyTable) -> Codes:
        """Return the codes of the courses, a row for each of some criteria, a column for each course."""
        sizes = self._sizes[places]
        ends = np.cumsum(sizes)
        starts = ends - sizes
        mine = self._each[np.repeat(self._begins[places] - starts, sizes) + np.arange(ends[-1] if len(ends) else 0)]
        if not len(places) or not table.size:
            return np.zeros((len(places), table.size), np.uint8)
        wanted = np.zeros(len(self._conditions), np.bool_)
        wanted[mine] = True
        asked = np.flatnonzero(wanted & self._by_drugs)
        of_each = np.stack([self._known(drugs, asked) for drugs in table.drug_sets], axis=1)[:, table.drug_ids]
        for number in np.flatnonzero(wanted & ~self._by_drugs).tolist():
            of_each[number] = code_of(meets(self._conditions[number], table))
        found: Codes = np.bitwise_or.reduceat(of_each[mine], starts, axis=0)
        return found

    def _known(self, drugs: tuple[TermSet, ...], asked: Numbers) -> Codes:
        """Return the codes of the conditions that a combination of drugs decides; those asked for are among them."""
        known = self._of_drugs.get(drugs)
        if known is None:
            if len(self._of_drugs) >= _MOST:
                self._of_drugs.clear()
            known = self._of_drugs[drugs] = np.full(len(self._conditions), _OPEN, np.uint8)
        for number in asked[known[asked] == _OPEN].tolist():
            judge = self._conditions[number].of_drugs
            assert judge is not None
            known[number] = CODES[judge(drugs)]
        return known
