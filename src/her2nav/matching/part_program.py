"""A few targets of some programs, with many suppositions at once: one column of codes for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.matching.arrays import distinct, spans, starts_of
from her2nav.matching.bitsets import Words, at_least_packed, packed_rows
from her2nav.matching.program import TRUE, Level, Program, Reference, References

T = TypeVar("T", bound=np.generic)
_ALL = np.uint64(np.iinfo(np.uint64).max)
_WORDS_AT_A_TIME = 64
"""Words of 64 suppositions that are evaluated at a time, so that memory stays small."""


@dataclass(frozen=True, eq=False)
class Part:
    """The nodes that some targets rest on, numbered anew.

    Attributes:
        program: Those nodes alone.
        leaves: Where each leaf stands among those of the whole program, or among those of all programs.
        targets: References of the targets in it.
        codes: What each reference is on the record as it stands; one entry for each.
        held: Of each program: which of the leaves it holds.
    """

    program: Program
    leaves: References
    targets: References
    codes: single.Codes
    held: tuple[References, ...]

    @cached_property
    def by_size(self) -> tuple[BySize, ...]:
        """The groups of each level of the program by how many parts they have."""
        return tuple(BySize.of(level.parts, level.starts) for level in self.program.levels)

    def leaf_codes(self) -> single.Codes:
        """Return the code of each leaf."""
        found: single.Codes = self.codes[2 : 2 * (1 + len(self.program.leaves)) : 2]
        return found


class Source(NamedTuple):
    """Targets of one program.

    Attributes:
        codes: The code of every reference of the program.
        targets: References.
        numbers: The number of each leaf of the program among those of all programs.
    """

    program: Program
    codes: Sequence[int] | single.Codes
    targets: Sequence[Reference]
    numbers: References


def part_of(program: Program, codes: Sequence[int] | single.Codes, targets: Sequence[Reference]) -> Part:
    """Return the part of a program that targets rest on.

    Args:
        program: Of all trials.
        codes: The code of every reference.
        targets: References.
    """
    return joint_part([Source(program, codes, targets, np.arange(len(program.leaves), dtype=np.intp))])


def joint_part(sources: Sequence[Source]) -> Part:
    """Return the parts of several programs as one, with leaves of one number as one leaf; target after target."""
    targets = [np.asarray(one.targets, np.intp) for one in sources]
    unders = [nodes_under(one.program, own >> 1) for one, own in zip(sources, targets, strict=True)]
    places = [
        np.flatnonzero(under[1 : 1 + len(one.program.leaves)]) for one, under in zip(sources, unders, strict=True)
    ]
    numbers = [one.numbers[place] for one, place in zip(sources, places, strict=True)]
    leaves = distinct(np.concatenate(numbers))
    renamed = [np.zeros(one.program.size, np.intp) for one in sources]
    names: dict[int, tuple[str, object]] = {}
    for one, new, place, number in zip(sources, renamed, places, numbers, strict=True):
        new[1 + place] = 1 + np.searchsorted(leaves, number)
        of_program = one.program.leaves
        names.update({n: of_program[at] for n, at in zip(number.tolist(), place.tolist(), strict=True)})
    size, levels = 1 + len(leaves), []
    for depth in zip_longest(*(one.program.levels for one in sources)):
        level = _level(size, depth, sources, unders, renamed)
        if len(level.starts) or level.counts:
            levels.append(level)
            size += len(level.starts) + len(level.counts)
    codes = np.full(2 * size, single.UNKNOWN, np.uint8)
    codes[TRUE], codes[TRUE + 1] = single.MET, single.NOT_MET
    for one, under, new in zip(sources, unders, renamed, strict=True):
        kept = np.flatnonzero(under)
        whole = single.as_array(one.codes)
        codes[2 * new[kept]], codes[2 * new[kept] + 1] = whole[2 * kept], whole[2 * kept + 1]
    return Part(
        Program(tuple(names[number] for number in leaves.tolist()), size, tuple(levels)),
        leaves,
        np.concatenate([2 * new[own >> 1] + (own & 1) for new, own in zip(renamed, targets, strict=True)]),
        codes,
        tuple(np.searchsorted(leaves, number) for number in numbers),
    )


def _level(
    first: int,
    depth: Sequence[Level | None],
    sources: Sequence[Source],
    unders: Sequence[NDArray[np.bool_]],
    renamed: Sequence[References],
) -> Level:
    """Return the groups of one level of several programs that are wanted, and write their new numbers."""
    size, parts, sizes = first, [], []
    for level, one, under, new in zip(depth, sources, unders, renamed, strict=True):
        if level is not None:
            nodes = level.first + np.flatnonzero(under[level.first : level.first + len(level.starts)])
            new[nodes] = size + np.arange(len(nodes))
            size += len(nodes)
            old = one.program.parts.of(nodes)
            parts.append(2 * new[old >> 1] + (old & 1))
            sizes.append(one.program.parts.sizes[nodes])
    counts = []
    for level, under, new in zip(depth, unders, renamed, strict=True):
        for node, least, old in level.counts if level is not None else ():
            if under[node]:
                new[node] = size
                counts.append((size, least, 2 * new[old >> 1] + (old & 1)))
                size += 1
    return Level(first, np.concatenate(parts), starts_of(np.concatenate(sizes))[:-1], tuple(counts))


def evaluate(part: Part, aside: NDArray[np.bool_], leaves: References, truths: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the code of each target, with one column for each supposition.

    Args:
        part: The targets.
        aside: Which leaves are put aside, since only a person can answer them: a group is read without them, and one
            that holds nothing else is put aside itself. A target of nothing else counts as met.
        leaves: Positions of the leaves that suppositions change.
        truths: Their codes, a row for each leaf and a column for each supposition.
    """
    found = evaluate_packed(
        part, aside, leaves, packed_rows(truths == single.MET), packed_rows(truths == single.NOT_MET)
    )
    codes = np.where(found.met, single.MET, np.where(found.not_met, single.NOT_MET, single.UNKNOWN)).astype(np.uint8)
    return codes[:, : truths.shape[1]]


class Truths(NamedTuple):
    """Where targets are met and where not: a row for each target, a column for each supposition."""

    met: NDArray[np.bool_]
    not_met: NDArray[np.bool_]


def evaluate_packed(part: Part, aside: NDArray[np.bool_], leaves: References, met: Words, not_met: Words) -> Truths:
    """Return the same, the codes given as rows of bits; with a column for each bit of the words."""
    without, here = gone(part.program, aside), ~aside[leaves]
    put, met, not_met = leaves[here], met[here], not_met[here]
    step = _WORDS_AT_A_TIME
    found = [
        _evaluate(part, without, put, met[:, start : start + step], not_met[:, start : start + step])
        for start in range(0, max(met.shape[1], 1), step)
    ]
    return found[0] if len(found) == 1 else Truths(*(np.concatenate(one, axis=1) for one in zip(*found, strict=True)))


def gone(program: Program, aside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which nodes hold nothing but leaves that are put aside; "at least" is read with them counted as met."""
    found = np.zeros(program.size, np.bool_)
    found[1 : 1 + len(aside)] = aside
    for level in program.levels:
        if len(level.starts):
            last = level.first + len(level.starts)
            found[level.first : last] = np.logical_and.reduceat(found[level.parts >> 1], level.starts)
    return found


def _fewer(least: int, parts: References, gone: NDArray[np.bool_]) -> tuple[int, References]:
    """Return what is left of "at least" where what is put aside counts as met."""
    left = parts[~gone[parts >> 1]]
    least -= len(parts) - len(left)
    return (least, left) if least > 0 else (1, np.array([TRUE], np.intp))


def _evaluate(part: Part, gone: NDArray[np.bool_], leaves: References, met: Words, not_met: Words) -> Truths:
    program, wide = part.program, met.shape[1]
    rows = np.zeros((2 * program.size, wide), np.uint64)
    of_leaves = 2 * (1 + len(program.leaves))
    rows[:of_leaves][part.codes[:of_leaves] == single.MET] = _ALL
    rows[2 * (leaves + 1)] = met
    rows[2 * (leaves + 1) + 1] = not_met
    for level, groups in zip(program.levels, part.by_size, strict=True):
        if len(level.starts):
            # What is put aside is read as true of everybody, which changes no "all of".
            mine = np.where(gone[groups.parts >> 1], TRUE, groups.parts)
            nodes = 2 * (level.first + groups.order)
            rows[nodes] = groups.reduced(np.bitwise_and, rows.take(mine, axis=0))
            rows[nodes + 1] = groups.reduced(np.bitwise_or, rows.take(mine ^ 1, axis=0))
        for node, least, parts in level.counts:
            least, left = _fewer(least, parts, gone)
            rows[2 * node] = at_least_packed(least, rows[left])
            rows[2 * node + 1] = ~at_least_packed(least, ~rows[left ^ 1])
    targets = part.targets
    found = Truths(_bits(rows[targets]), _bits(rows[targets ^ 1]))
    nothing = gone[targets >> 1]
    found.met[nothing], found.not_met[nothing] = True, False
    return found


@dataclass(frozen=True, slots=True, eq=False)
class BySize:
    """Groups sorted by how many parts they have, so that those of few parts are joined part by part, all at once.

    To join group by group costs each a step; most groups have two parts.

    Attributes:
        order: The groups as they stand here: the small ones, the largest of them first; then the large ones.
        parts: First the first parts of all small groups, then the second of those that have two, and so on; then the
            parts of the large groups, group after group.
        counts: How many of the small groups have so many parts or more.
        starts: Where each large group begins among the parts of all.
    """

    order: References
    parts: References
    counts: tuple[int, ...]
    starts: References

    @classmethod
    def of(cls, parts: References, starts: References) -> BySize:
        """Sort groups, each given by where its parts begin; none is empty."""
        sizes = np.diff(starts, append=len(parts))
        small, large = np.flatnonzero(sizes <= _SMALL), np.flatnonzero(sizes > _SMALL)
        small = small[np.argsort(-sizes[small], kind="stable")]
        counts = [int(np.count_nonzero(sizes[small] > at)) for at in range(_SMALL)]
        steps = [starts[small[:count]] + at for at, count in enumerate(counts)]
        begins = sum(counts) + starts_of(sizes[large])[:-1]
        places = np.concatenate([*steps, spans(starts[large], sizes[large])])
        return cls(np.concatenate([small, large]), parts[places], tuple(counts), begins)

    def reduced(self, join: np.ufunc, taken: NDArray[T]) -> NDArray[T]:
        """Return the rows of the groups, in their order here; `taken` holds those of the parts and is written over."""
        small = self.counts[0]
        found = taken[:small]
        at = small
        for count in self.counts[1:]:
            join(found[:count], taken[at : at + count], out=found[:count])
            at += count
        if not len(self.starts):
            return found
        return np.concatenate([found, join.reduceat(taken, self.starts, axis=0)])


_SMALL = 4
"""Groups of so many parts are joined part by part."""


def group_finder(program: Program) -> Callable[[int], tuple[int, Sequence[Reference]] | None]:
    """Return what gives least number (0: all of them) and parts of a group by its node, and None for a leaf.

    For a program of which few groups are looked at, once; `Program.groups` holds all of them.
    """
    leaves, own = len(program.leaves), program.parts
    begins, sizes, every = own.begins.tolist(), own.sizes.tolist(), own.every.tolist()
    counts = {node: least for level in program.levels for node, least, _ in level.counts}

    def group(node: int) -> tuple[int, Sequence[Reference]] | None:
        if node <= leaves:
            return None
        begin = begins[node]
        return counts.get(node, 0), every[begin : begin + sizes[node]]

    return group


def _bits(rows: Words) -> NDArray[np.bool_]:
    return np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little").view(np.bool_)


def nodes_under(program: Program, nodes: References) -> NDArray[np.bool_]:
    """Return which nodes are among some, or parts of them."""
    found = np.zeros(program.size, np.bool_)
    found[nodes] = True
    newly = np.flatnonzero(found)
    while len(newly):
        below = np.zeros(program.size, np.bool_)
        below[program.parts.of(newly) >> 1] = True
        below &= ~found
        found |= below
        newly = np.flatnonzero(below)
    return found
