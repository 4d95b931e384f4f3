"""How hard what is open is to find out, and what time alone may change, for every node at once.

Ranking thousands of trials needs no reasons, only these two; the reasons of a criterion are made when it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.tri import Floats
from her2nav.matching import single
from her2nav.matching.program import Program, Reference, References
from her2nav.model.finding import ChangeBy, Finding
from her2nav.model.tree import Leaf

NOT_STATED = 6
"""Weight of an open criterion that does not say how hard the answer is to get."""
_NO_EFFORT = 9.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Of each node.

    Attributes:
        open: The least effort among the open leaves that keep it open.
        dated: Whether a leaf under it changes with a date.
    """

    open: Floats
    dated: NDArray[np.bool_]

    def weight(self, reference: Reference) -> int:
        """Return the weight of an open criterion."""
        found = self.open[reference >> 1]
        return int(found) if found < _NO_EFFORT else NOT_STATED

    def may_wait(self, reference: Reference) -> bool:
        """Return False where no date changes what stands against a trial."""
        return bool(self.dated[reference >> 1])


def weights(program: Program, codes: single.Codes, criteria: References, finding: Callable[[Leaf], Finding]) -> Weights:
    """Return the weights of every node under a criterion that is open or not met, for one patient.

    Args:
        program: The trials.
        codes: The code of every reference.
        criteria: References of the criteria.
        finding: Explains a leaf.
    """
    asked = _under(program, criteria[codes[criteria] != single.MET] >> 1)
    effort = np.full(program.size, np.inf)
    dated = np.zeros(program.size, np.bool_)
    for node, (kind, params) in enumerate(program.leaves, 1):
        change = finding(Leaf(kind, params)).change if asked[node] else None
        if change is None:
            continue
        if codes[2 * node] == single.UNKNOWN:
            effort[node] = change.effort.weight if change.effort else _NO_EFFORT
        else:
            dated[node] = change.by is ChangeBy.DATE
    for level in program.levels:
        if len(level.starts):
            nodes = slice(level.first, level.first + len(level.starts))
            below = level.parts >> 1
            waits = np.where(codes[level.parts] == single.UNKNOWN, effort[below], np.inf)
            effort[nodes] = np.minimum.reduceat(waits, level.starts)
            dated[nodes] = np.logical_or.reduceat(dated[below], level.starts)
        for node, _, parts in level.counts:
            waits = np.where(codes[parts] == single.UNKNOWN, effort[parts >> 1], np.inf)
            effort[node] = waits.min()
            dated[node] = dated[parts >> 1].any()
    return Weights(effort, dated)


def _under(program: Program, nodes: References) -> NDArray[np.bool_]:
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
