"""Verdicts alone, without the truth of each criterion: one patient lazily, many patients in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.kinds.registry import kinds
from her2nav.matching.bitsets import Words, take, unpack
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.evaluate import Verdict, leaf_truths, rows_of
from her2nav.matching.program import TRUE, Program, Reference

BLOCK = 16384
"""Patients evaluated at a time: a column of numbers (128 KB) and the bitsets of a trial stay in the cache of a core."""
_NOT_MET, _UNKNOWN, _MET = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Verdicts of many patients for many trials, packed: a row for each trial, 64 patients in a word.

    Attributes:
        fits: Where the trial fits.
        closed: Where it does not; where neither is set it may fit.
        size: The number of patients.
    """

    fits: Words
    closed: Words
    size: int

    def of(self, trial: int) -> NDArray[np.int8]:
        """Return the verdict of every patient for one trial."""
        fits, closed = unpack(self.fits[trial], self.size), unpack(self.closed[trial], self.size)
        return (Verdict.POSSIBLE + fits.view(np.int8) - closed.view(np.int8)).astype(np.int8)

    def counts(self) -> dict[Verdict, int]:
        """Return how many pairs of patient and trial have each verdict."""
        fits, closed = (
            sum(int(np.count_nonzero(unpack(row, self.size))) for row in rows) for rows in (self.fits, self.closed)
        )
        every = self.size * len(self.fits)
        return {Verdict.INELIGIBLE: closed, Verdict.POSSIBLE: every - fits - closed, Verdict.ELIGIBLE: fits}


def block_verdicts(compiled: CompiledTrials, block: Block) -> Verdicts:
    """Return the verdicts of one block of patients; criteria that do not decide are not looked at."""
    program, trials = compiled.deciding
    rows = rows_of(program, block.size, leaf_truths(program, block))
    return Verdicts(*take(rows, trials), block.size)


def verdicts(
    compiled: CompiledTrials, block: Block, *, at_a_time: int = BLOCK, processes: int = 1
) -> Iterator[Verdicts]:
    """Yield the verdicts of a block part by part, in order.

    Args:
        compiled: The trials.
        block: The patients.
        at_a_time: Patients in a part, a multiple of 64.
        processes: How many processes share the parts; each gets trials and patients once.
    """
    starts = range(0, block.size, at_a_time)
    if processes == 1 or len(starts) <= 1:
        for start in starts:
            yield block_verdicts(compiled, block.part(start, start + at_a_time))
        return
    with ProcessPoolExecutor(processes, initializer=_hold, initargs=(compiled, block)) as pool:
        yield from pool.map(_held_part, ((start, start + at_a_time) for start in starts))


_HELD: list[tuple[CompiledTrials, Block]] = []
"""What a worker process was given when it started."""


def _hold(compiled: CompiledTrials, block: Block) -> None:
    _HELD[:] = [(compiled, block)]


def _held_part(ends: tuple[int, int]) -> Verdicts:
    compiled, block = _HELD[0]
    return block_verdicts(compiled, block.part(*ends))


def patient_verdicts(compiled: CompiledTrials, block: Block) -> list[Verdict]:
    """Return one patient's verdict for each trial; a leaf is evaluated only where a verdict still hangs on it."""
    program, trials = compiled.deciding
    judge = _Lazily(program, block)
    return [Verdict(judge.truth(reference)) for reference in trials.tolist()]


class _Lazily:
    """Truths of nodes for a block of one patient, each found at most once and only when asked for."""

    def __init__(self, program: Program, block: Block) -> None:
        self._program = program
        self._groups = program.groups
        self._block = block
        self._kinds = kinds()
        self._known: list[int] = [-1] * program.size
        self._known[TRUE] = _MET

    def truth(self, reference: Reference) -> int:
        """Return the truth of a reference as a number, which is also the number of its verdict."""
        node = reference >> 1
        found = self._known[node]
        if found < 0:
            found = self._known[node] = self._leaf(node) if node <= len(self._program.leaves) else self._group(node)
        return _MET - found if reference & 1 else found

    def _leaf(self, node: int) -> int:
        kind, params = self._program.leaves[node - 1]
        truth = self._kinds[kind].evaluate(params, self._block)
        return _UNKNOWN + truth.met.item() - truth.not_met.item()

    def _group(self, node: int) -> int:
        least, parts = self._groups[node]
        if least:
            found = [self.truth(part) for part in parts]
            if found.count(_MET) >= least:
                return _MET
            return _UNKNOWN if len(found) - found.count(_NOT_MET) >= least else _NOT_MET
        lowest = _MET
        for part in parts:
            one = self.truth(part)
            if one == _NOT_MET:
                return _NOT_MET
            lowest = min(lowest, one)
        return lowest
