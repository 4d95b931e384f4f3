"""Verdicts alone, without the truth of each criterion: one patient lazily, many patients in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.matching import single
from her2nav.matching.bitsets import Words, take, unpack
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.evaluate import VERDICTS, Verdict, rows_of
from her2nav.matching.plan import Plan, plan, resting_on

BLOCK = 16384
"""Patients evaluated at a time: a column of numbers (128 KB) and the bitsets of a trial stay in the cache of a core."""


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
    rows = rows_of(program, block)
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
    """Return one patient's verdict for each trial.

    Numbers and look-ups come first; what takes longer is judged only for trials that those do not close.
    """
    program, trials = compiled.deciding
    how = plan(program, block.knowledge)
    codes = single.blank(program)
    single.put(codes, how.limits.nodes, how.limits.of_one(block))
    single.fill(program, how.cheap, codes, block)
    single.run(program, codes)
    if how.others:
        needed = np.bitwise_or.reduce(_needs(compiled, how)[codes[trials] != single.NOT_MET], axis=0)
        left = [how.others[i] for i in np.flatnonzero(unpack(needed, len(how.others))).tolist()]
        single.fill(program, left, codes, block)
        single.run(program, codes)
    return list(map(VERDICTS.__getitem__, codes[trials].tolist()))


@lru_cache(maxsize=8)
def _needs(compiled: CompiledTrials, how: Plan) -> Words:
    return resting_on(*compiled.deciding, how.others)
