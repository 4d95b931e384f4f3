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
from her2nav.matching.leaf_notes import effort_of, may_be_dated
from her2nav.matching.program import Program, Reference, References

NOT_STATED = 6
"""Weight of an open criterion that does not say how hard the answer is to get."""
NO_EFFORT = 255
"""Stands where nothing is open, or nothing open says how hard it is."""
Efforts = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Weights:
    """Of each node.

    Attributes:
        open: The least effort among the open leaves that keep it open.
        dated: Whether a leaf under it that stands against it is of a kind that a date may change.
    """

    open: Efforts
    dated: NDArray[np.bool_]

    def each(self, references: References) -> list[int]:
        """Return the weights of open criteria."""
        found = self.open[references >> 1]
        weights: list[int] = np.where(found != NO_EFFORT, found, NOT_STATED).tolist()
        return weights

    def may_wait(self, reference: Reference) -> bool:
        """Return False where no date changes what stands against a trial."""
        return bool(self.dated[reference >> 1])


def weights(compiled: CompiledTrials, codes: single.Codes, knowledge: Knowledge) -> Weights:
    """Return the weights of the nodes of criteria for one patient; what joins criteria has none.

    Args:
        compiled: The trials.
        codes: The code of every reference.
        knowledge: How hard laboratory values are to get, and which kinds a date may change.
    """
    program = compiled.program
    efforts, waits = _of_leaves(program, knowledge)
    effort = np.full(program.size, NO_EFFORT, np.uint8)
    dated = np.zeros(program.size, np.bool_)
    stop = 1 + len(program.leaves)
    of_leaves = codes[2 : 2 * stop : 2]
    effort[1:stop] = np.where(of_leaves == single.UNKNOWN, efforts, NO_EFFORT)
    dated[1:stop] = waits & (of_leaves != single.UNKNOWN)
    for step in criteria_steps(compiled):
        if len(step.starts):
            below = step.parts >> 1
            waiting = np.where(codes.take(step.parts) == single.UNKNOWN, effort.take(below), NO_EFFORT)
            effort[step.nodes] = np.minimum.reduceat(waiting, step.starts)
            dated[step.nodes] = np.logical_or.reduceat(dated.take(below), step.starts)
        for node, parts in step.counts:
            effort[node] = np.where(codes[parts] == single.UNKNOWN, effort[parts >> 1], NO_EFFORT).min()
            dated[node] = dated[parts >> 1].any()
    return Weights(effort, dated)


@lru_cache(maxsize=8)
def _of_leaves(program: Program, knowledge: Knowledge) -> tuple[Efforts, NDArray[np.bool_]]:
    """Return the effort of each leaf, and whether a date may change it."""
    if program.notes is not None:
        return program.notes.efforts.astype(np.uint8), program.notes.dated
    efforts = np.array([effort_of(kind, params, knowledge) for kind, params in program.leaves], np.uint8)
    return efforts, np.array([may_be_dated(kind, params, knowledge) for kind, params in program.leaves], np.bool_)
