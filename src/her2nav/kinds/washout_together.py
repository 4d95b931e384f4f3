"""Time since the last dose: many criteria on the courses and medicines of one patient, judged together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from her2nav.facts.block import Block
from her2nav.facts.therapy_table import TherapyTable
from her2nav.facts.tri import Floats
from her2nav.kinds.course_conditions import (
    CODE_MET,
    CODE_NOT_MET,
    CODE_UNKNOWN,
    CODES,
    Codes,
    CourseConditions,
    Numbers,
    any_code,
    code_of,
)
from her2nav.kinds.washout_judge import Params, conditions, lists, lists_closed, taken_now, wait, window, within
from her2nav.knowledge.drugs import DrugNames
from her2nav.knowledge.load import Knowledge


class _Alike:
    """Criteria numbered by something that several of them share; the first of each stands for the others."""

    def __init__(self, params: Sequence[Params], shared: Callable[[Params], Hashable]) -> None:
        numbers: dict[Hashable, int] = {}
        self.first: list[Params] = []
        of_each = []
        for one in params:
            key = shared(one)
            if numbers.setdefault(key, len(self.first)) == len(self.first):
                self.first.append(one)
            of_each.append(numbers[key])
        self.numbers = np.array(of_each, np.intp)

    def among(self, places: Numbers) -> list[int]:
        """Return the numbers of the criteria at some places, each once."""
        found: list[int] = np.flatnonzero(np.bincount(self.numbers[places], minlength=1)).tolist()
        return found


_MOST = 2048
"""So many ways to write the drugs of a course are kept, whoever was given them."""


class Together:
    """Many criteria on the courses and medicines of one patient."""

    def __init__(self, params: Sequence[Params], knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._courses = CourseConditions([conditions(one, knowledge) for one in params])
        self._lists, self._waits = _Alike(params, lists), _Alike(params, wait)
        self._known: dict[tuple[DrugNames, ...], Floats] = {}

    def of_one(self, places: Numbers, block: Block) -> Codes:
        """Return the codes of the criteria at some places; the same as `truth` says of each."""
        table = block.therapies
        rows = self._courses.codes(places, table) | np.where(table.doubtful, CODE_UNKNOWN, CODE_MET)
        rows |= self._inside(places, table)
        case, mine = block.cases[0], self._lists.numbers[places]
        medicines, closed = np.zeros(len(self._lists.first), np.uint8), np.zeros(len(self._lists.first), np.bool_)
        for number in self._lists.among(places):
            first = self._lists.first[number]
            medicines[number], closed[number] = CODES[taken_now(first, case)], lists_closed(first, case)
        inside = any_code(rows, closed=True) & medicines[mine]
        outside = (inside == CODE_NOT_MET) & closed[mine]
        found = np.where(inside == CODE_MET, CODE_NOT_MET, np.where(outside, CODE_MET, CODE_UNKNOWN))
        return found.astype(np.uint8)

    def _inside(self, places: Numbers, table: TherapyTable) -> Codes:
        """Return whether the last dose of each course lies inside the window of each criterion."""
        if not table.size:
            return np.zeros((len(places), 0), np.uint8)
        numbers = self._waits.among(places)
        windows = np.stack([self._of_course(course.written, numbers) for course in table.rows], axis=2)
        return code_of(within(table, windows[0], windows[1]))[self._waits.numbers[places]]

    def _of_course(self, written: tuple[DrugNames, ...], numbers: Sequence[int]) -> Floats:
        """Return the least and the greatest window of a course; those of the numbers asked for are among them."""
        known = self._known.get(written)
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[written] = np.full((2, len(self._waits.first)), np.nan)
        for number in numbers:
            if known[0, number] != known[0, number]:
                known[:, number] = window(self._waits.first[number], written, self._knowledge)
        return known
