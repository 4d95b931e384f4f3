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


Ways = dict[int, list[tuple[int, Masks]]]
"""By leaf: the facts that may answer it, with the answers that give it a code."""


def ways_of(facts: Sequence[Fact]) -> Ways:
    """Return which answers settle which leaf; facts that repeat a test are left out: they change what is known."""
    found: Ways = {}
    for number, fact in enumerate(facts):
        if not fact.repeat and len(fact.leaves):
            masks = zip(*(_masks(fact.truths == code) for code in (single.MET, single.NOT_MET)), strict=True)
            for leaf, (met, not_met) in zip(fact.leaves.tolist(), masks, strict=True):
                found.setdefault(leaf, []).append((number, {single.MET: met, single.NOT_MET: not_met}))
    return found


def _masks(where: NDArray[np.bool_]) -> list[int]:
    """Return each row as one number, a bit for each column."""
    bits = np.packbits(where, axis=1, bitorder="little")
    if bits.shape[1] == 1:
        alone: list[int] = bits[:, 0].tolist()
        return alone
    return [int.from_bytes(row.tobytes(), "little") for row in bits]
