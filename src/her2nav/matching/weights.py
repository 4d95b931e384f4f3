"""How hard what is open is to find out, and what time alone may change, for every node at once.

Ranking thousands of trials needs no reasons, only these two; the reasons of a criterion are made when it is looked at.
Both follow from the kind of a leaf and its parameters, so they are worked out once for a program.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from her2nav.knowledge.load import Knowledge
from her2nav.matching import single
from her2nav.matching.climb import criteria_steps
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.leaf_notes import LeafNotes
from her2nav.matching.program import Program, References

NOT_STATED = 6
"""Weight of an open criterion that does not say how hard the answer is to get."""
Marks = NDArray[np.uint8]
_DATED = np.uint8(0x80)
_EFFORTS = np.uint8(0x7F)
_LEAST = np.array([NOT_STATED, *((bits & -bits).bit_length() - 1 for bits in range(1, 128))], np.uint8)
"""The least effort of a mark, which has one bit for each."""
_KEPT = np.where(np.arange(4) == single.UNKNOWN, _EFFORTS | _DATED, _DATED).astype(np.uint8)
"""What of a mark counts, by the code of its node: what is not open costs no effort."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of each node a mark: a bit for each effort of the open leaves that keep it open, and one for dates.

    The last says whether a leaf under it that is settled is of a kind that a date may change.
    """

    marks: Marks

    def each(self, references: References) -> Marks:
        """Return how hard each of some open criteria is to find out: the least effort that their kinds state."""
        found: Marks = _LEAST[self.marks.take(references >> 1) & _EFFORTS]
        return found

    def dated(self, references: References) -> NDArray[np.bool_]:
        """Return False of criteria where no date changes what stands against a trial."""
        found: NDArray[np.bool_] = self.marks.take(references >> 1) >= _DATED
        return found


def weights(compiled: CompiledTrials, codes: single.Codes, knowledge: Knowledge) -> Weights:
    """Return the weights of the nodes of criteria for one patient; what joins criteria has none.

    Args:
        compiled: The trials.
        codes: The code of every reference.
        knowledge: How hard laboratory values are to get, and which kinds a date may change.
    """
    program = compiled.program
    marks = np.zeros(program.size, np.uint8)
    stop = 1 + len(program.leaves)
    open_, settled = _of_leaves(program, knowledge)
    marks[1:stop] = np.where(codes[2 : 2 * stop : 2] == single.UNKNOWN, open_, settled)
    for step in criteria_steps(compiled):
        if len(step.starts):
            found = np.bitwise_or.reduceat(marks.take(step.parts >> 1), step.starts)
            marks[step.nodes] = found & _KEPT.take(codes.take(2 * step.nodes))
        for node, parts in step.counts:
            marks[node] = np.bitwise_or.reduce(marks[parts >> 1]) & _KEPT[codes[2 * node]]
    return Weights(marks)


@lru_cache(maxsize=8)
def _of_leaves(program: Program, knowledge: Knowledge) -> tuple[Marks, Marks]:
    """Return the mark of each leaf where it is open, and where it is settled."""
    notes = program.notes or LeafNotes.of(program.leaves, knowledge)
    return np.left_shift(1, notes.efforts.astype(np.uint8)).astype(np.uint8), np.where(notes.dated, _DATED, 0).astype(
        np.uint8
    )
