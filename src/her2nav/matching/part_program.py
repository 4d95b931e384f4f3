"""A few targets of a program, with many suppositions at once: one column of codes for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.matching.program import Level, Program, Reference, References

_NEGATED = np.array([single.NOT_MET, single.UNKNOWN, single.UNKNOWN, single.MET], np.uint8)
_COLUMNS = 256
"""Suppositions evaluated at a time, so that memory stays small."""


@dataclass(frozen=True, eq=False)
class Part:
    """The nodes that some targets rest on, numbered anew.

    Attributes:
        program: Those nodes alone.
        targets: References of the targets in it.
        codes: What each reference is on the record as it stands; one entry for each.
    """

    program: Program
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
    leaves = tuple(program.leaves[n - 1] for n in kept[(kept > 0) & (kept <= len(program.leaves))].tolist())
    rows = np.repeat(2 * kept, 2)
    rows[1::2] += 1
    small = Program(leaves, len(kept), tuple(levels))
    return Part(small, renamed(wanted), np.asarray(codes, np.uint8)[rows])


def evaluate(part: Part, aside: NDArray[np.bool_], leaves: References, truths: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the code of each target, with one column for each supposition.

    Args:
        part: The targets.
        aside: Which leaves are put aside, since only a person can answer them: a group is read without them, and one
            that holds nothing else is put aside itself. A target of nothing else counts as met.
        leaves: Positions of the leaves that suppositions change.
        truths: Their codes, a row for each leaf and a column for each supposition.
    """
    wide = truths.shape[1]
    found = [
        _evaluate(part, aside, leaves, truths[:, start : start + _COLUMNS])
        for start in range(0, max(wide, 1), _COLUMNS)
    ]
    return np.concatenate(found, axis=1)


def _evaluate(part: Part, aside: NDArray[np.bool_], leaves: References, truths: NDArray[np.uint8]) -> NDArray[np.uint8]:
    program = part.program
    codes = np.repeat(part.codes[:, None], truths.shape[1], axis=1)
    nodes = leaves + 1
    codes[2 * nodes] = truths
    codes[2 * nodes + 1] = _NEGATED[truths]
    gone = np.zeros(program.size, np.bool_)
    gone[1 : 1 + len(aside)] = aside
    put = np.flatnonzero(gone)
    codes[2 * put] = codes[2 * put + 1] = single.MET
    for level in program.levels:
        if len(level.starts):
            first = level.first
            last = first + len(level.starts)
            made = np.bitwise_or.reduceat(codes[level.parts], level.starts, axis=0)
            empty = np.logical_and.reduceat(gone[level.parts >> 1], level.starts)
            gone[first:last] = empty
            codes[2 * first : 2 * last : 2] = made
            codes[2 * first + 1 : 2 * last : 2] = np.where(empty[:, None], single.MET, _NEGATED[made])
        for node, least, parts in level.counts:
            of = codes[parts]
            sure, possible = (of == single.MET).sum(0), (of != single.NOT_MET).sum(0)
            code = np.where(
                sure >= least, single.MET, np.where(possible < least, single.NOT_MET, single.UNKNOWN)
            ).astype(np.uint8)
            codes[2 * node], codes[2 * node + 1] = code, _NEGATED[code]
    found: NDArray[np.uint8] = codes[part.targets]
    return found


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
