"""Every answer of every fact side by side, so that all targets are judged with all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.matching.arrays import distinct, distinct_inverse, spans, starts_of
from her2nav.matching.bitsets import Words, packed_rows
from her2nav.matching.fact import Fact
from her2nav.matching.program import References


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
        return cls(
            tuple(facts), leaves, packed_rows(truths == single.MET), packed_rows(truths == single.NOT_MET), starts
        )

    @property
    def wide(self) -> int:
        """The number of columns."""
        return int(self.starts[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Which answers settle which leaf; facts that repeat a test are left out: they change what is known.

    Attributes:
        facts: What can be found out.
        leaves: The leaves that some answer settles.
        places, owners, rows: Of each leaf that a fact may answer, leaf after leaf: its place in `leaves`, the fact, and
            its row there.
        met, not_met: Of each of these: whether an answer gives the leaf that code.
    """

    facts: tuple[Fact, ...]
    leaves: References
    places: References
    owners: References
    rows: References
    met: NDArray[np.bool_]
    not_met: NDArray[np.bool_]

    def settling(self) -> tuple[Words, Words]:
        """Return, of each of the leaves, the facts whose answers may meet it, and that may break it, as bits."""
        both = []
        for settled in (self.met, self.not_met):
            found = np.zeros((len(self.leaves), len(self.facts)), np.bool_)
            found[self.places[settled], self.owners[settled]] = True
            both.append(packed_rows(found))
        return both[0], both[1]

    def finder(self) -> Callable[[int, int], list[dict[int, int]]]:
        """Return what gives, for a leaf and a code, each fact with the answers that give it the code."""
        place_of = dict(zip(self.leaves.tolist(), range(len(self.leaves)), strict=True))
        bounds = np.searchsorted(self.places, np.arange(len(self.leaves) + 1)).tolist()
        owners, rows = self.owners.tolist(), self.rows.tolist()
        masks: dict[tuple[int, int], tuple[bytes, int]] = {}

        def found(leaf: int, code: int) -> list[dict[int, int]]:
            place = place_of.get(leaf)
            ways = []
            for at in range(bounds[place], bounds[place + 1]) if place is not None else ():
                owner = owners[at]
                of_fact = masks.get((owner, code))
                if of_fact is None:
                    packed = np.packbits(self.facts[owner].truths == code, axis=1, bitorder="little")
                    of_fact = masks[owner, code] = packed.tobytes(), packed.shape[1]
                body, wide = of_fact
                mask = int.from_bytes(body[rows[at] * wide : (rows[at] + 1) * wide], "little")
                if mask:
                    ways.append({owner: mask})
            return ways

        return found


def ways_of(facts: Sequence[Fact]) -> Ways:
    """Return which answers of facts settle which leaf."""
    asked = [number for number, fact in enumerate(facts) if not fact.repeat and len(fact.leaves)]
    if not asked:
        none, never = np.zeros(0, np.intp), np.zeros(0, np.bool_)
        return Ways(tuple(facts), none, none, none, none, never, never)
    lengths = np.array([len(facts[number].leaves) for number in asked], np.intp)
    of_pairs = np.concatenate([facts[number].leaves for number in asked])
    owners = np.repeat(np.array(asked, np.intp), lengths)
    rows = spans(np.zeros(len(asked), np.intp), lengths)
    leaves, places = distinct_inverse(of_pairs)
    order = np.argsort(places, kind="stable")
    flat = np.concatenate([facts[number].truths.ravel() for number in asked])
    wide = np.repeat([facts[number].truths.shape[1] for number in asked], lengths)
    begins = starts_of(wide)[:-1]
    # The least code is that of MET, the greatest that of NOT_MET.
    met, not_met = np.minimum.reduceat(flat, begins) == single.MET, np.maximum.reduceat(flat, begins) == single.NOT_MET
    return Ways(tuple(facts), leaves, places[order], owners[order], rows[order], met[order], not_met[order])
