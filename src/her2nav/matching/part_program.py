"""A few targets of a program, with many suppositions at once: one column of codes for each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.matching.bitsets import Words, run, words_for
from her2nav.matching.program import TRUE, Level, Program, Reference, References

_ALL = np.uint64(np.iinfo(np.uint64).max)
_WORDS_AT_A_TIME = 4
"""Words of 64 suppositions that are evaluated at a time, so that memory stays small."""


@dataclass(frozen=True, eq=False)
class Part:
    """The nodes that some targets rest on, numbered anew.

    Attributes:
        program: Those nodes alone.
        leaves: Where each leaf stands among those of the whole program.
        targets: References of the targets in it.
        codes: What each reference is on the record as it stands; one entry for each.
    """

    program: Program
    leaves: References
    targets: References
    codes: single.Codes

    def leaf_codes(self) -> single.Codes:
        """Return the code of each leaf."""
        found: single.Codes = self.codes[2 : 2 * (1 + len(self.program.leaves)) : 2]
        return found


def part_of(program: Program, codes: Sequence[int] | single.Codes, targets: Sequence[Reference]) -> Part:
    """Return the part of a program that targets rest on.

    Args:
        program: Of all trials.
        codes: The code of every reference.
        targets: References.
    """
    wanted = np.asarray(targets, np.intp)
    under = nodes_under(program, wanted >> 1)
    under[0] = True
    number = np.full(program.size, -1, np.intp)
    kept = np.flatnonzero(under)
    number[kept] = np.arange(len(kept))

    def renamed(references: References) -> References:
        found: References = 2 * number[references >> 1] + (references & 1)
        return found

    levels = []
    for level in program.levels:
        plain = np.arange(level.first, level.first + len(level.starts))
        inside = under[plain]
        sizes = np.diff(level.starts, append=len(level.parts))
        parts = renamed(level.parts[np.repeat(inside, sizes)])
        lengths = sizes[inside]
        counts = tuple((int(number[n]), least, renamed(of)) for n, least, of in level.counts if under[n])
        if len(lengths) or counts:
            first = int(number[plain[inside][0]]) if len(lengths) else counts[0][0]
            levels.append(Level(first, parts, (np.cumsum(lengths) - lengths).astype(np.intp), counts))
    places = kept[(kept > 0) & (kept <= len(program.leaves))] - 1
    leaves = tuple(program.leaves[place] for place in places.tolist())
    rows = np.repeat(2 * kept, 2)
    rows[1::2] += 1
    notes = program.notes.taken(places.astype(np.intp)) if program.notes is not None else None
    small = Program(leaves, len(kept), tuple(levels), notes)
    return Part(small, places, renamed(wanted), np.asarray(codes, np.uint8)[rows])


def evaluate(part: Part, aside: NDArray[np.bool_], leaves: References, truths: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the code of each target, with one column for each supposition.

    Args:
        part: The targets.
        aside: Which leaves are put aside, since only a person can answer them: a group is read without them, and one
            that holds nothing else is put aside itself. A target of nothing else counts as met.
        leaves: Positions of the leaves that suppositions change.
        truths: Their codes, a row for each leaf and a column for each supposition.
    """
    met, not_met = packed(truths == single.MET), packed(truths == single.NOT_MET)
    return evaluate_packed(part, aside, leaves, met, not_met)[:, : truths.shape[1]]


def evaluate_packed(
    part: Part, aside: NDArray[np.bool_], leaves: References, met: Words, not_met: Words
) -> NDArray[np.uint8]:
    """Return the same, the codes given as rows of bits; with a column for each bit of the words."""
    program = _without(part.program, aside)
    here = ~aside[leaves]
    put, met, not_met = leaves[here], met[here], not_met[here]
    step = _WORDS_AT_A_TIME
    found = [
        _evaluate(part, program, put, met[:, start : start + step], not_met[:, start : start + step])
        for start in range(0, max(met.shape[1], 1), step)
    ]
    return np.concatenate(found, axis=1)


def packed(where: NDArray[np.bool_]) -> Words:
    """Return rows of truths as words, one bit for each column."""
    octets = np.zeros((len(where), 8 * words_for(where.shape[1])), np.uint8)
    bits = np.packbits(where, axis=1, bitorder="little")
    octets[:, : bits.shape[1]] = bits
    return octets.view(np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class _Without:
    """A program whose groups leave out what is put aside.

    Attributes:
        program: What is left.
        gone: Which nodes are put aside.
    """

    program: Program
    gone: NDArray[np.bool_]


def _without(program: Program, aside: NDArray[np.bool_]) -> _Without:
    gone = np.zeros(program.size, np.bool_)
    gone[1 : 1 + len(aside)] = aside
    levels = []
    for level in program.levels:
        parts, starts = level.parts, level.starts
        if len(starts):
            left = ~gone[parts >> 1]
            sizes = np.add.reduceat(left, starts, dtype=np.intp)
            gone[level.first : level.first + len(starts)] = sizes == 0
            # A group that is put aside is never looked at; its place is kept by a part that is true of everybody.
            left[starts[sizes == 0]] = True
            sizes = np.maximum(sizes, 1)
            parts = np.where(gone[parts >> 1], TRUE, parts)[left]
            starts = (np.cumsum(sizes) - sizes).astype(np.intp)
        counts = tuple((node, *_fewer(least, of, gone)) for node, least, of in level.counts)
        levels.append(Level(level.first, parts, starts, counts))
    return _Without(Program(program.leaves, program.size, tuple(levels), program.notes), gone)


def _fewer(least: int, parts: References, gone: NDArray[np.bool_]) -> tuple[int, References]:
    """Return what is left of "at least" where what is put aside counts as met."""
    left = parts[~gone[parts >> 1]]
    least -= len(parts) - len(left)
    return (least, left) if least > 0 else (1, np.array([TRUE], np.intp))


def _evaluate(part: Part, without: _Without, leaves: References, met: Words, not_met: Words) -> NDArray[np.uint8]:
    program, wide = without.program, met.shape[1]
    rows = np.zeros((2 * program.size, wide), np.uint64)
    rows[part.codes == single.MET] = _ALL
    rows[2 * (leaves + 1)] = met
    rows[2 * (leaves + 1) + 1] = not_met
    run(program, rows)
    targets = part.targets
    codes = np.full((len(targets), 64 * wide), single.UNKNOWN, np.uint8)
    codes[_bits(rows[targets ^ 1])] = single.NOT_MET
    codes[_bits(rows[targets])] = single.MET
    codes[without.gone[targets >> 1]] = single.MET
    return codes


def group_finder(program: Program) -> Callable[[int], tuple[int, Sequence[Reference]] | None]:
    """Return what gives least number (0: all of them) and parts of a group by its node, and None for a leaf.

    For a program of which few groups are looked at, once; `Program.groups` holds all of them.
    """
    leaves = len(program.leaves)
    firsts = [level.first for level in program.levels]
    levels = [(level.parts.tolist(), [*level.starts.tolist(), len(level.parts)]) for level in program.levels]
    counts = {node: (least, parts) for level in program.levels for node, least, parts in level.counts}

    def group(node: int) -> tuple[int, Sequence[Reference]] | None:
        if node <= leaves:
            return None
        counted = counts.get(node)
        if counted is not None:
            return counted[0], counted[1].tolist()
        at = bisect_right(firsts, node) - 1
        parts, ends = levels[at]
        place = node - firsts[at]
        return 0, parts[ends[place] : ends[place + 1]]

    return group


def _bits(rows: Words) -> NDArray[np.bool_]:
    return np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little").view(np.bool_)


def nodes_under(program: Program, nodes: References) -> NDArray[np.bool_]:
    """Return which nodes are among some, or parts of them."""
    found = np.zeros(program.size, np.bool_)
    found[nodes] = True
    for level in reversed(program.levels):
        if len(level.starts):
            sizes = np.diff(level.starts, append=len(level.parts))
            inside = np.repeat(found[level.first : level.first + len(level.starts)], sizes)
            found[level.parts[inside] >> 1] = True
        for node, _, parts in level.counts:
            if found[node]:
                found[parts >> 1] = True
    return found
