"""Truths of many patients as bitsets: 64 patients in a word, two rows of words for each node of a program."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.tri import Bits, Tri
from her2nav.matching.program import TRUE, Level, Program, References

Words = NDArray[np.uint64]
_WORD = 64
_FEW = 4
"""Up to so many words a row, all groups of a level are reduced in one call; beyond, one call for each group."""


class Packed(NamedTuple):
    """Truth of one node: where it is met and where not, 64 patients in a word."""

    met: Words
    not_met: Words


def words_for(size: int) -> int:
    """Return how many words hold so many patients."""
    return -(-size // _WORD)


def blank(program: Program, size: int) -> Words:
    """Return the rows of every node, unknown but for the node that is true of everybody."""
    rows = np.zeros((2 * program.size, words_for(size)), np.uint64)
    rows[TRUE] = np.iinfo(np.uint64).max
    return rows


def put(rows: Words, node: int, truth: Tri) -> None:
    """Write the truth of a leaf into its two rows."""
    octets = rows.view(np.uint8)
    for row, bits in ((2 * node, truth.met), (2 * node + 1, truth.not_met)):
        packed = np.packbits(bits, bitorder="little")
        octets[row, : len(packed)] = packed


_BITS = np.array([number.bit_count() for number in range(1 << 16)], np.uint8)
"""How many bits each number of sixteen bits has."""


def counted(sets: Words) -> NDArray[np.intp]:
    """Return how many bits each row has."""
    found: NDArray[np.intp] = _BITS[sets.view(np.uint16)].sum(axis=1, dtype=np.intp)
    return found


def packed_rows(where: NDArray[np.bool_]) -> Words:
    """Return rows of truths as words, one bit for each column."""
    octets = np.zeros((len(where), 8 * words_for(where.shape[1])), np.uint8)
    bits = np.packbits(where, axis=1, bitorder="little")
    octets[:, : bits.shape[1]] = bits
    return octets.view(np.uint64)


def unpack(row: Words, size: int) -> Bits:
    """Return one entry per patient."""
    return np.unpackbits(row.view(np.uint8), count=size, bitorder="little").view(np.bool_)


def count(row: Words, size: int) -> int:
    """Return how many patients a row names; bits behind the last patient do not count."""
    return int(np.count_nonzero(unpack(np.ascontiguousarray(row), size)))


def run(program: Program, rows: Words) -> None:
    """Fill the rows of every group from those of the leaves."""
    for level in program.levels:
        if rows.shape[1] <= _FEW:
            _together(level, rows)
        else:
            _one_by_one(level, rows)
        for node, least, parts in level.counts:
            rows[2 * node] = at_least_packed(least, rows[parts])
            rows[2 * node + 1] = ~at_least_packed(least, ~rows[parts ^ 1])


def _together(level: Level, rows: Words) -> None:
    if not len(level.starts):
        return
    first, last = 2 * level.first, 2 * (level.first + len(level.starts))
    rows[first:last:2] = np.bitwise_and.reduceat(rows[level.parts], level.starts, axis=0)
    rows[first + 1 : last : 2] = np.bitwise_or.reduceat(rows[level.parts ^ 1], level.starts, axis=0)


def _one_by_one(level: Level, rows: Words) -> None:
    negated = level.parts ^ 1
    ends = [*level.starts[1:].tolist(), len(level.parts)]
    for node, (start, end) in enumerate(zip(level.starts.tolist(), ends, strict=False), level.first):
        np.bitwise_and.reduce(rows[level.parts[start:end]], axis=0, out=rows[2 * node])
        np.bitwise_or.reduce(rows[negated[start:end]], axis=0, out=rows[2 * node + 1])


def at_least_packed(least: int, parts: Words) -> Words:
    """Return where `least` of the rows are set: reached[k] says where k of those seen so far are."""
    reached: list[Words] = [np.zeros_like(parts[0]) for _ in range(least)]
    for part in parts:
        for k in range(least - 1, 0, -1):
            reached[k] |= reached[k - 1] & part
        reached[0] |= part
    return reached[-1]


def take(rows: Words, references: References) -> Packed:
    """Return the truths of several references, one row each."""
    return Packed(rows[references], rows[references ^ 1])


class Counts:
    """A count for each bit of a row, held as binary digits: a row of bits for each digit, the lowest first."""

    def __init__(self, words: int) -> None:
        self._digits: list[Words] = []
        self._words = words

    def add(self, where: Words, many: int = 1) -> None:
        """Add to the counts of the bits that are set."""
        for place in range(many.bit_length()):
            if many >> place & 1:
                self._carry(where, place)

    def _carry(self, where: Words, place: int) -> None:
        while where.any():
            while len(self._digits) <= place:
                self._digits.append(np.zeros(self._words, np.uint64))
            both = self._digits[place] & where
            self._digits[place] ^= where
            where, place = both, place + 1

    def most(self) -> Words:
        """Return the bits with the greatest count; all of them where nothing was counted."""
        found = np.full(self._words, np.iinfo(np.uint64).max, np.uint64)
        for digit in reversed(self._digits):
            here = found & digit
            if here.any():
                found = here
        return found
