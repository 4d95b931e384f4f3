"""Truths of a block of patients, as far as a screening needs them.

Numbers and look-ups come first. What takes longer is derived only for the patients of whom some trial is not closed
for good by those: of most patients and most criteria it is. Where nothing hangs on a leaf it stays unknown, and nobody
looks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from her2nav.app.screen_waiting import hard_references
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.specimens import SpecimenTable
from her2nav.facts.therapy_table import TherapyTable
from her2nav.facts.tri import Tri, from_truths
from her2nav.kinds.registry import kinds
from her2nav.matching.bitsets import Words, blank, put, run
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.evaluate import rows_of
from her2nav.matching.plan import fill, plan, resting_on
from her2nav.model.truth import Truth

Bools = NDArray[np.bool_]


class Rows:
    """Evaluates one set of trials over blocks."""

    def __init__(self, compiled: CompiledTrials) -> None:
        self._compiled = compiled

    @cached_property
    def _hard(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return hard_references(self._compiled)

    def closed_for_good(self, rows: Words) -> Words:
        """Return, with a row for each trial, where it is closed by what no date changes."""
        references, starts = self._hard
        found: Words = np.bitwise_or.reduceat(rows[references ^ 1], starts, axis=0)
        return found

    def every(self, block: Block) -> Words:
        """Return the rows of every node over a block."""
        return rows_of(self._compiled.program, block)

    def needed(self, block: Block, concerned: Bools | None) -> Words:
        """Return the rows of every node, true to what decides about the trials that are not closed for good.

        Args:
            block: The patients.
            concerned: For each trial and patient whether it is judged at all; None: all are.
        """
        program = self._compiled.program
        how = plan(program, block.knowledge)
        rows = blank(program, block.size)
        how.fill_limits(rows, block)
        fill(program, how.cheap, rows, block)
        run(program, rows)
        closed = np.unpackbits(self.closed_for_good(rows).view(np.uint8), axis=1, bitorder="little")
        open_ = closed[:, : block.size] == 0
        if concerned is not None:
            open_ &= concerned
        # A product of matrices: of each leaf and patient how many open trials rest on it.
        asked = self._rests(how.others) @ open_.astype(np.float32) > 0
        memory: dict[Hashable, tuple[Bools, Tri]] = {}
        for node, mask in zip(how.others, asked, strict=True):
            if mask.any():
                kind, params = program.leaves[node - 1]
                put(rows, node, kinds()[kind].evaluate(params, _Some(block, mask, memory)))
        run(program, rows)
        return rows

    def _rests(self, others: tuple[int, ...]) -> NDArray[np.float32]:
        """Return which trials rest on which leaves, a row for each leaf."""
        if self._known is None:
            words = resting_on(self._compiled.program, self._compiled.verdicts, others)
            bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")[:, : len(others)]
            self._known = np.ascontiguousarray(bits.T).astype(np.float32)
        return self._known

    _known: NDArray[np.float32] | None = None


class _Some(Block):
    """A block in which truths that are derived from records are derived for some patients only."""

    def __init__(self, whole: Block, mask: Bools, memory: dict[Hashable, tuple[Bools, Tri]]) -> None:
        self.__dict__.update(whole.__dict__)
        self._whole, self._mask, self._memory = whole, mask, memory

    def truths(self, key: Hashable, derive: Callable[[Case], Truth]) -> Tri:
        """Return the column, unknown for the others; what was derived for more patients before is taken."""
        known = self._memory.get(key)
        if known is not None:
            if not np.any(self._mask & ~known[0]):
                return known[1]
            mask = self._mask | known[0]
        else:
            mask = self._mask
        cases = self._records(key)
        found = from_truths([derive(case) if one else Truth.UNKNOWN for case, one in zip(cases, mask, strict=True)])
        self._memory[key] = (mask, found)
        return found

    @property
    def specimens(self) -> SpecimenTable:
        """Every tissue specimen, kept with the whole block."""
        return self._whole.specimens

    @property
    def therapies(self) -> TherapyTable:
        """Every course, kept with the whole block."""
        return self._whole.therapies
