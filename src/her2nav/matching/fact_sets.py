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
from her2nav.matching.bitsets import Counts, Words, counted, packed_rows, words_for
from her2nav.matching.fact import Fact
from her2nav.matching.part_program import Part, gone, group_finder
from her2nav.matching.program import Reference

Solution = dict[int, int]
"""The answers that will do (one bit each) of each fact that is needed."""

Needs = Sequence[Sequence[tuple[int, ...]]]
"""Of each target, the sets of facts that clear it."""

_ANY_ANSWER = -1
_NOTHING_NEEDED: list[Solution] = [{}]
_EVERY = np.uint64(np.iinfo(np.uint64).max)
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
        without = gone(part.program, aside)
        self._gone: list[bool] = without.tolist()
        done = np.repeat(without, 2) | (part.codes == single.MET)
        self._done: list[bool] = done.tolist()
        self._possible: list[bool] = _possible(part, without, done, ways).tolist()
        self._ways = ways.finder()
        self._known: dict[Reference, list[Solution]] = {}

    def of(self, reference: Reference) -> list[Solution]:
        found = self._known.get(reference)
        if found is None:
            if self._done[reference]:
                found = _NOTHING_NEEDED
            else:
                found = self._solve(reference) if self._possible[reference] else []
            self._known[reference] = found
        return found

    def _solve(self, reference: Reference) -> list[Solution]:
        group = self._group(reference >> 1)
        if group is None:
            return self._leaf(reference)
        least, parts = group
        negated = bool(reference & 1)
        if least == 0:
            if not negated:
                return self._all(parts)
            possible, gone = self._possible, self._gone
            found: list[Solution] = []
            for part in parts:
                if possible[part ^ 1] and not gone[part >> 1]:
                    found += self.of(part ^ 1)
            return _fewest(found)
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
                if one is not _NOTHING_NEEDED and one != _NOTHING_NEEDED:
                    found.append(one)
        return _all(found)

    def _leaf(self, reference: Reference) -> list[Solution]:
        return self._ways((reference >> 1) - 1, single.NOT_MET if reference & 1 else single.MET)


def _possible(part: Part, gone: NDArray[np.bool_], done: NDArray[np.bool_], ways: Ways) -> NDArray[np.bool_]:
    """Return which references answers to at most MOST_FACTS facts may make met.

    Were every fact free to answer each leaf in its own way, the facts of which no way can do without one are those that
    any part of "all of" needs, and that every part of "any of" needs.
    """
    found = done.copy()
    needed = np.zeros((len(done), words_for(len(ways.facts))), np.uint64)
    for side, facts in enumerate(ways.settling()):
        references = 2 * (ways.leaves + 1) + side
        found[references] |= facts.any(axis=1)
        alone = counted(facts) == 1
        needed[references] = np.where((alone & ~done[references])[:, None], facts, 0)
    for level, groups in zip(part.program.levels, part.by_size, strict=True):
        if len(level.starts):
            nodes = 2 * (level.first + groups.order)
            turned = groups.parts ^ 1
            others = found[turned] & ~gone[groups.parts >> 1]
            common = needed.take(turned, axis=0)
            # What is no way takes nothing from what the others have in common.
            common[~others] = _EVERY
            for into, join, truths, sets in (
                (nodes, np.logical_and, found[groups.parts], needed.take(groups.parts, axis=0)),
                (nodes + 1, np.logical_or, others, common),
            ):
                own = groups.reduced(np.bitwise_or if join is np.logical_and else np.bitwise_and, sets)
                own[done[into]] = 0
                needed[into] = own
                found[into] = (found[into] | groups.reduced(join, truths)) & (counted(own) <= MOST_FACTS)
        for node, least, parts in level.counts:
            others = found[parts ^ 1] & ~gone[parts >> 1]
            found[2 * node] |= np.count_nonzero(found[parts]) >= least
            found[2 * node + 1] |= np.count_nonzero(others) > len(parts) - least
    return found


def _all(parts: Sequence[list[Solution]]) -> list[Solution]:
    if not parts:
        return _NOTHING_NEEDED
    # Those with one way first: they cut the others down.
    alone = _one_way([one[0] for one in parts if len(one) == 1])
    if alone is None:
        return []
    found = [alone]
    for one in sorted((one for one in parts if len(one) > 1), key=len):
        found = _fewest([joined for left in found for right in one if (joined := _joined(left, right)) is not None])
        if not found:
            break
    return found


def _one_way(each: Sequence[Solution]) -> Solution | None:
    """Return what all of some solutions need together; None where it cannot be."""
    found: Solution = {}
    for one in each:
        joined = _joined(found, one)
        if joined is None:
            return None
        found = joined
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
    if not one or not other:
        return other or one
    found = one.copy()
    for fact, mask in other.items():
        if fact in found:
            mask &= found[fact]
            if not mask:
                return None
        found[fact] = mask
    return found if len(found) <= MOST_FACTS else None


def _fewest(found: list[Solution]) -> list[Solution]:
    """Drop solutions that need as much as another and leave fewer answers; keep those with the fewest facts."""
    if len(found) < 2:
        return found
    if not all(found):
        return [{}]
    kept: list[Solution] = []
    for one in sorted(found, key=_size):
        for better in kept:
            if _covers(better, one):
                break
        else:
            kept.append(one)
            if len(kept) == MOST_SOLUTIONS:
                break
    return kept


def _size(solution: Solution) -> tuple[int, list[int]]:
    """Return how many facts are needed, and which."""
    return len(solution), [*solution] if len(solution) == 1 else sorted(solution)


def _covers(better: Solution, one: Solution) -> bool:
    # Of a fact that is not needed every answer will do, so that no mask takes them all in.
    return not any(one.get(fact, _ANY_ANSWER) & ~mask for fact, mask in better.items())


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
def _holding(of: int, size: int) -> Words:
    """Return for each thing which combinations hold it, one bit for each combination."""
    chosen = _combinations(of, size)
    return packed_rows(np.stack([(chosen == one).any(axis=1) for one in range(of)]))


def _every(useful: Sequence[int], needs: Needs, facts: Sequence[Fact], size: int) -> tuple[int, ...]:
    chosen, holding = _combinations(len(useful), size), _holding(len(useful), size)
    position = {fact: i for i, fact in enumerate(useful)}
    counts = Counts(holding.shape[1])
    for ways, many in Counter(tuple(ways) for ways in needs if ways).items():
        cleared = _all_held(holding, [position[fact] for fact in ways[0]])
        for way in ways[1:]:
            cleared |= _all_held(holding, [position[fact] for fact in way])
        counts.add(cleared, many)
    best = np.flatnonzero(np.unpackbits(counts.most().view(np.uint8), count=len(chosen), bitorder="little"))
    effort = np.array([facts[fact].effort.weight for fact in useful])[chosen[best]].sum(axis=1)
    return tuple(useful[i] for i in chosen[best[np.argmin(effort)]].tolist())


def _all_held(holding: Words, wanted: Sequence[int]) -> Words:
    """Return which combinations hold all of some things."""
    found: Words = holding[wanted[0]].copy()
    for one in wanted[1:]:
        found &= holding[one]
    return found


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
