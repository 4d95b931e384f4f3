"""Which few facts, found out together, leave nothing open in most trials.

For each target the smallest sets of facts with whose answers it can be met are worked out along its tree: a solution
names the facts it needs and, for each, the answers that will do, so that one answer has to serve every place that asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.matching.answer_table import Ways, ways_of
from her2nav.matching.bitsets import Words
from her2nav.matching.fact import Fact
from her2nav.matching.part_program import Part, group_finder
from her2nav.matching.program import Reference

Solution = dict[int, int]
"""The answers that will do (one bit each) of each fact that is needed."""

Needs = Sequence[Sequence[tuple[int, ...]]]
"""Of each target, the sets of facts that clear it."""

_NOTHING_NEEDED: list[Solution] = [{}]
MOST_FACTS = 5
"""The largest set that is looked for: nobody chases more at once."""
MOST_SUBSETS = 200_000
"""Up to so many sets every one is tried; beyond, the best is built up step by step."""
MOST_SOLUTIONS = 32
"""Solutions of one place in a tree that are kept, those with the fewest facts first."""


@dataclass(frozen=True, slots=True)
class FactSet:
    """Facts to find out together.

    Attributes:
        facts: Their positions.
        clears: Positions of the targets that may be met with them and nothing else.
        at_most: No set of this size clears more.
        exact: Every set of this size was tried.
    """

    facts: tuple[int, ...]
    clears: tuple[int, ...]
    at_most: int
    exact: bool


def solutions(
    part: Part, aside: NDArray[np.bool_], facts: Sequence[Fact], asked: Sequence[bool] | None = None
) -> list[list[Solution]]:
    """Return the smallest solutions of each target; none where no answers to MOST_FACTS facts can make it met.

    Facts that repeat a test are left out: they would change what is known.

    Args:
        part: The targets.
        aside: Which leaves only a person can answer.
        facts: What can be found out; leaves by their position in the part.
        asked: Which targets are looked at; None: all.
    """
    return solved(part, aside, ways_of(facts), asked)


def solved(
    part: Part, aside: NDArray[np.bool_], ways: Ways, asked: Sequence[bool] | None = None
) -> list[list[Solution]]:
    """Return the same, told which answers settle which leaf of the part (`answer_table.ways_of`)."""
    solver, targets = _Solver(part, aside, ways), part.targets.tolist()
    wanted = [True] * len(targets) if asked is None else asked
    return [solver.of(target) if one else [] for target, one in zip(targets, wanted, strict=True)]


class _Solver:
    def __init__(self, part: Part, aside: NDArray[np.bool_], ways: Ways) -> None:
        self._group = group_finder(part.program)
        # What asks for nothing more, by reference; lists, for single entries of arrays are slow to read.
        gone = _gone(part, aside)
        self._gone: list[bool] = gone.tolist()
        done = np.repeat(gone, 2) | (part.codes == single.MET)
        self._done: list[bool] = done.tolist()
        self._ways = dict(zip(ways.leaves.tolist(), ways.each, strict=True))
        self._possible: list[bool] = _possible(part, gone, done, ways).tolist()
        self._known: dict[Reference, list[Solution]] = {}

    def of(self, reference: Reference) -> list[Solution]:
        found = self._known.get(reference)
        if found is None:
            found = self._known[reference] = self._solve(reference)
        return found

    def _solve(self, reference: Reference) -> list[Solution]:
        if self._done[reference]:
            return _NOTHING_NEEDED
        if not self._possible[reference]:
            return []
        group = self._group(reference >> 1)
        if group is None:
            return self._leaf(reference)
        least, parts = group
        negated = bool(reference & 1)
        if least == 0:
            if not negated:
                return self._all(parts)
            inside = [self.of(part ^ 1) for part in parts if not self._gone[part >> 1]]
            return _fewest([solution for one in inside for solution in one])
        if negated:
            # "Fewer than n" is "enough of the others not"; what is put aside counts as met there as everywhere.
            open_parts = [self.of(part ^ 1) for part in parts if not self._gone[part >> 1]]
            return _some(open_parts, len(parts) - least + 1)
        return _some([self.of(part) for part in parts], least)

    def _all(self, parts: Sequence[Reference]) -> list[Solution]:
        found = []
        for part in parts:
            if not self._done[part]:
                one = self.of(part)
                if not one:
                    return []
                if one != _NOTHING_NEEDED:
                    found.append(one)
        return _all(found)

    def _leaf(self, reference: Reference) -> list[Solution]:
        wanted = single.NOT_MET if reference & 1 else single.MET
        ways = self._ways.get((reference >> 1) - 1, ())
        return [{number: masks[wanted]} for number, masks in ways if masks[wanted]]


def _possible(part: Part, gone: NDArray[np.bool_], done: NDArray[np.bool_], ways: Ways) -> NDArray[np.bool_]:
    """Return which references answers to at most MOST_FACTS facts may make met.

    Were every fact free to answer each leaf in its own way, the facts of which no way can do without one are those that
    any part of "all of" needs, and that every part of "any of" needs.
    """
    found = done.copy()
    needed = np.zeros((len(done), ways.met.shape[1]), np.uint64)
    for side, facts in enumerate((ways.met, ways.not_met)):
        references = 2 * (ways.leaves + 1) + side
        found[references] |= facts.any(axis=1)
        alone = _counted(facts) == 1
        needed[references] = np.where((alone & ~done[references])[:, None], facts, 0)

    every = np.uint64(np.iinfo(np.uint64).max)
    for level in part.program.levels:
        if len(level.starts):
            whole = slice(2 * level.first, 2 * (level.first + len(level.starts)))
            plain, turned = slice(whole.start, whole.stop, 2), slice(whole.start + 1, whole.stop, 2)
            others = found[level.parts ^ 1] & ~gone[level.parts >> 1]
            found[plain] |= np.logical_and.reduceat(found[level.parts], level.starts)
            found[turned] |= np.logical_or.reduceat(others, level.starts)
            needed[plain] = np.bitwise_or.reduceat(needed[level.parts], level.starts)
            needed[turned] = np.bitwise_and.reduceat(
                np.where(others[:, None], needed[level.parts ^ 1], every), level.starts
            )
            needed[whole][done[whole]] = 0
            found[whole] &= _counted(needed[whole]) <= MOST_FACTS
        for node, least, parts in level.counts:
            others = found[parts ^ 1] & ~gone[parts >> 1]
            found[2 * node] |= np.count_nonzero(found[parts]) >= least
            found[2 * node + 1] |= np.count_nonzero(others) > len(parts) - least
    return found


def _counted(sets: Words) -> NDArray[np.intp]:
    """Return how many bits each row has."""
    found: NDArray[np.intp] = np.unpackbits(sets.view(np.uint8), axis=1).sum(axis=1, dtype=np.intp)
    return found


def _gone(part: Part, aside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    gone = np.zeros(part.program.size, np.bool_)
    gone[1 : 1 + len(aside)] = aside
    for level in part.program.levels:
        if len(level.starts):
            last = level.first + len(level.starts)
            gone[level.first : last] = np.logical_and.reduceat(gone[level.parts >> 1], level.starts)
    return gone


def _all(parts: Sequence[list[Solution]]) -> list[Solution]:
    if not parts:
        return _NOTHING_NEEDED
    found: list[Solution] = [{}]
    # Those with one way first: they cut the others down.
    for one in sorted(parts, key=len):
        found = _fewest([joined for left in found for right in one if (joined := _joined(left, right)) is not None])
        if not found:
            break
    return found


def _some(parts: Sequence[list[Solution]], least: int) -> list[Solution]:
    """Return the solutions of "at least so many of these"."""
    reached: list[list[Solution]] = [[{}], *([] for _ in range(least))]
    for one in parts:
        for k in range(least, 0, -1):
            more = [joined for left in reached[k - 1] for right in one if (joined := _joined(left, right)) is not None]
            reached[k] = _fewest([*reached[k], *more])
    return reached[least]


def _joined(one: Solution, other: Solution) -> Solution | None:
    """Return what both need; None where no one answer serves both, or where it is more than anybody looks for."""
    found = dict(one)
    for fact, mask in other.items():
        both = found.get(fact, mask) & mask
        if not both:
            return None
        found[fact] = both
    return found if len(found) <= MOST_FACTS else None


def _fewest(found: list[Solution]) -> list[Solution]:
    """Drop solutions that need as much as another and leave fewer answers; keep those with the fewest facts."""
    if len(found) < 2:
        return found
    if not all(found):
        return [{}]
    kept: list[Solution] = []
    for one in sorted(found, key=lambda item: (len(item), sorted(item))):
        if not any(_covers(better, one) for better in kept):
            kept.append(one)
            if len(kept) == MOST_SOLUTIONS:
                break
    return kept


def _covers(better: Solution, one: Solution) -> bool:
    return all(fact in one and one[fact] & ~mask == 0 for fact, mask in better.items())


def best_sets(found: Sequence[Sequence[Solution]], facts: Sequence[Fact], most: int = MOST_FACTS) -> list[FactSet]:
    """Return, for each size up to `most`, the set that clears most targets; the least effort among equals.

    Up to MOST_SUBSETS sets all are tried. Beyond, sets grow by what one target still needs, where that clears most for
    each fact added; such a set clears at least as many as the best that one target asks for, and `at_most` bounds it.
    """
    needs = [
        sorted({tuple(sorted(one)) for one in solutions_of if 0 < len(one) <= most}, key=lambda way: (len(way), way))
        for solutions_of in found
    ]
    sets: list[FactSet] = []
    tried = 0
    for size in range(1, most + 1):
        # A set that clears more than any smaller one holds nothing but what ways of its size need.
        short = [[way for way in ways if len(way) <= size] for ways in needs]
        useful = sorted({fact for ways in short for way in ways for fact in way})
        if len(useful) < size:
            continue
        tried += comb(len(useful), size)
        exact = tried <= MOST_SUBSETS and len(useful) < 64
        bound = sum(1 for ways in short if ways)
        if not bound:
            continue
        chosen = (_every if exact else _grown)(useful, short, facts, size)
        have = set(chosen)
        clears = tuple(t for t, ways in enumerate(short) if any(have.issuperset(way) for way in ways))
        if sets and len(clears) <= len(sets[-1].clears):
            continue
        sets.append(FactSet(chosen, clears, len(clears) if exact else bound, exact))
    return sets


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """What the targets need, targets of the same ways together.

    Attributes:
        useful: The facts that one of them needs.
        ways: Sets of these facts; target after target.
        holds: Of each way, which of the facts.
        starts: Where the ways of each target begin.
        counts: How many targets there are of each sort.
    """

    useful: tuple[int, ...]
    ways: tuple[tuple[int, ...], ...]
    holds: NDArray[np.float32]
    starts: NDArray[np.intp]
    counts: NDArray[np.intp]

    @classmethod
    def of(cls, needs: Needs, useful: Sequence[int]) -> _Wanted:
        """Return what targets need; those that no set clears are left out."""
        sorts = Counter(tuple(ways) for ways in needs if ways)
        position = {fact: i for i, fact in enumerate(useful)}
        ways = tuple(way for one in sorts for way in one)
        holds = np.zeros((len(ways), len(useful)), np.float32)
        for row, way in enumerate(ways):
            holds[row, [position[fact] for fact in way]] = 1
        lengths = np.array([len(one) for one in sorts], np.intp)
        return cls(tuple(useful), ways, holds, np.cumsum(lengths) - lengths, np.array(list(sorts.values()), np.intp))

    def cleared(self, sets: NDArray[np.float32]) -> NDArray[np.intp]:
        """Return how many targets each set of facts clears; a row for each set, a column for each useful fact."""
        inside = sets @ self.holds.T == self.holds.sum(axis=1)
        found: NDArray[np.intp] = np.logical_or.reduceat(inside, self.starts, axis=1) @ self.counts
        return found


@lru_cache(maxsize=32)
def _combinations(of: int, size: int) -> NDArray[np.uint8]:
    flat = np.fromiter(chain.from_iterable(combinations(range(of), size)), np.uint8, comb(of, size) * size)
    return flat.reshape(-1, size)


@lru_cache(maxsize=32)
def _subsets(of: int, size: int) -> NDArray[np.uint64]:
    """Return each combination as one number, a bit for each."""
    found: NDArray[np.uint64] = np.bitwise_or.reduce(np.uint64(1) << _combinations(of, size).astype(np.uint64), axis=1)
    return found


def _every(useful: Sequence[int], needs: Needs, facts: Sequence[Fact], size: int) -> tuple[int, ...]:
    wanted = _Wanted.of(needs, useful)
    chosen = _combinations(len(wanted.useful), size)
    # The narrowest numbers that hold them: looking at all sets is bound by memory.
    narrow = next(one for one in (np.uint16, np.uint32, np.uint64) if len(wanted.useful) <= 8 * one(0).nbytes)
    subsets = _subsets(len(wanted.useful), size).astype(narrow)
    position = {fact: narrow(1 << i) for i, fact in enumerate(wanted.useful)}
    ends = [*wanted.starts[1:].tolist(), len(wanted.ways)]
    counts = np.zeros(len(chosen), np.intp)
    for start, stop, many in zip(wanted.starts.tolist(), ends, wanted.counts.tolist(), strict=True):
        cleared = np.zeros(len(chosen), np.bool_)
        for way in wanted.ways[start:stop]:
            mask = np.bitwise_or.reduce([position[fact] for fact in way])
            cleared |= (subsets & mask) == mask
        counts += many * cleared
    effort = np.array([facts[fact].effort.weight for fact in wanted.useful])[chosen].sum(axis=1)
    best = int(np.lexsort((effort, -counts))[0])
    return tuple(wanted.useful[i] for i in chosen[best].tolist())


def _grown(useful: Sequence[int], needs: Needs, facts: Sequence[Fact], size: int) -> tuple[int, ...]:
    wanted = _Wanted.of(needs, useful)
    have: frozenset[int] = frozenset()
    held = np.zeros(len(wanted.useful), np.float32)
    each = dict(zip(wanted.ways, wanted.holds, strict=True))
    while len(have) < size:
        ways = [way for way in each if 0 < len(set(way) - have) <= size - len(have)]
        if not ways:
            break
        with_way = np.maximum(np.array([each[way] for way in ways]), held)
        gains = wanted.cleared(with_way) - wanted.cleared(held[None])
        worth = []
        for way, gain in zip(ways, gains.tolist(), strict=True):
            more = set(way) - have
            worth.append((-gain / len(more), sum(facts[fact].effort.weight for fact in more), way))
        way = min(worth)[2]
        have, held = have.union(way), np.maximum(held, each[way])
    return tuple(sorted(have))
