"""Every answer of every fact side by side, so that all targets are judged with all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.matching.arrays import distinct
from her2nav.matching.bitsets import Words
from her2nav.matching.fact import Fact
from her2nav.matching.part_program import packed
from her2nav.matching.program import References

Masks = dict[int, int]
"""Which answers of a fact give a leaf a code, one bit for each."""


@dataclass(frozen=True, slots=True, eq=False)
class AnswerTable:
    """The leaves that some answer of some fact changes; a column for the record as it stands, then for each answer.

    Attributes:
        facts: What can be found out.
        leaves: Those leaves.
        met, not_met: A row for each leaf, a bit for each column.
        starts: The column of the first answer of each fact, then the number of columns.
    """

    facts: tuple[Fact, ...]
    leaves: References
    met: Words
    not_met: Words
    starts: References

    @classmethod
    def of(cls, facts: Sequence[Fact], codes: single.Codes) -> AnswerTable:
        """Return the answers of facts; `codes` holds those of all leaves on the record as it stands."""
        leaves = distinct(np.concatenate([fact.leaves for fact in facts])) if facts else np.zeros(0, np.intp)
        starts = np.cumsum([1, *(fact.truths.shape[1] for fact in facts)], dtype=np.intp)
        truths = np.repeat(codes[leaves][:, None], int(starts[-1]), axis=1)
        for fact, start, stop in zip(facts, starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            truths[np.searchsorted(leaves, fact.leaves), start:stop] = fact.truths
        return cls(tuple(facts), leaves, packed(truths == single.MET), packed(truths == single.NOT_MET), starts)

    @property
    def wide(self) -> int:
        """The number of columns."""
        return int(self.starts[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Which answers settle which leaf; facts that repeat a test are left out: they change what is known.

    Attributes:
        leaves: The leaves that some answer settles.
        each: Of each of them: the facts that may answer it, with the answers that give it a code.
        met, not_met: Of each of them: the facts with an answer that gives it that code, as bits.
    """

    leaves: References
    each: tuple[tuple[tuple[int, Masks], ...], ...]
    met: Words
    not_met: Words

    def within(self, place: References, size: int) -> Ways:
        """Return the ways of the leaves of one part.

        Args:
            place: The position of each leaf of the part among all; several may be one.
            size: The number of all.
        """
        rows = np.full(size, -1, np.intp)
        rows[self.leaves] = np.arange(len(self.leaves))
        of_leaves = rows[place]
        mine = np.flatnonzero(of_leaves >= 0)
        own = of_leaves[mine]
        return Ways(mine, tuple(self.each[row] for row in own.tolist()), self.met[own], self.not_met[own])


def ways_of(facts: Sequence[Fact]) -> Ways:
    """Return which answers of facts settle which leaf."""
    found: dict[int, list[tuple[int, Masks]]] = {}
    for number, fact in enumerate(facts):
        if not fact.repeat and len(fact.leaves):
            masks = zip(*(_masks(fact.truths == code) for code in (single.MET, single.NOT_MET)), strict=True)
            for leaf, (met, not_met) in zip(fact.leaves.tolist(), masks, strict=True):
                found.setdefault(leaf, []).append((number, {single.MET: met, single.NOT_MET: not_met}))
    leaves = sorted(found)
    each = tuple(tuple(found[leaf]) for leaf in leaves)
    return Ways(
        np.array(leaves, np.intp), each, *(_bits(each, code, len(facts)) for code in (single.MET, single.NOT_MET))
    )


def _bits(each: Sequence[Sequence[tuple[int, Masks]]], code: int, count: int) -> Words:
    pairs = [(row, number) for row, own in enumerate(each) for number, masks in own if masks[code]]
    found = np.zeros((len(each), count), np.bool_)
    if pairs:
        rows, numbers = zip(*pairs, strict=True)
        found[rows, numbers] = True
    return packed(found)


def _masks(where: NDArray[np.bool_]) -> list[int]:
    """Return each row as one number, a bit for each column."""
    bits = np.packbits(where, axis=1, bitorder="little")
    if bits.shape[1] == 1:
        alone: list[int] = bits[:, 0].tolist()
        return alone
    return [int.from_bytes(row.tobytes(), "little") for row in bits]
