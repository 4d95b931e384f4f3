"""How hard what is open is to find out, and what time alone may change, for every node at once.

Ranking thousands of trials needs no reasons, only these two; the reasons of a criterion are made when it is looked at.
Both follow from the kind of a leaf and its parameters, so they are worked out once for a program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from her2nav.facts.tri import Floats
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge
from her2nav.matching import single
from her2nav.matching.program import Program, Reference, References
from her2nav.matching.rank_rules import rank_rules

NOT_STATED = 6
"""Weight of an open criterion that does not say how hard the answer is to get."""
_NO_EFFORT = 9.0
_NOT_ASKED = (None, False)
_TIME = re.compile("day|week|month|year|half_li|within|since|recent")


@dataclass(frozen=True, slots=True)
class Weights:
    """Of each node.

    Attributes:
        open: The least effort among the open leaves that keep it open.
        dated: Whether a leaf under it that stands against it is of a kind that a date may change.
    """

    open: Floats
    dated: NDArray[np.bool_]

    def each(self, references: References) -> list[int]:
        """Return the weights of open criteria."""
        found = self.open[references >> 1]
        weights: list[int] = np.where(found < _NO_EFFORT, found, NOT_STATED).astype(np.intp).tolist()
        return weights

    def may_wait(self, reference: Reference) -> bool:
        """Return False where no date changes what stands against a trial."""
        return bool(self.dated[reference >> 1])


def weights(program: Program, codes: single.Codes, knowledge: Knowledge) -> Weights:
    """Return the weights of every node for one patient.

    Args:
        program: The trials.
        codes: The code of every reference.
        knowledge: How hard laboratory values are to get, and which kinds a date may change.
    """
    efforts, waits = _of_leaves(program, knowledge)
    effort = np.full(program.size, np.inf)
    dated = np.zeros(program.size, np.bool_)
    stop = 1 + len(program.leaves)
    of_leaves = codes[2 : 2 * stop : 2]
    effort[1:stop] = np.where(of_leaves == single.UNKNOWN, efforts, np.inf)
    dated[1:stop] = waits & (of_leaves != single.UNKNOWN)
    for level in program.levels:
        if len(level.starts):
            nodes = slice(level.first, level.first + len(level.starts))
            below = level.parts >> 1
            waiting = np.where(codes[level.parts] == single.UNKNOWN, effort[below], np.inf)
            effort[nodes] = np.minimum.reduceat(waiting, level.starts)
            dated[nodes] = np.logical_or.reduceat(dated[below], level.starts)
        for node, _, parts in level.counts:
            effort[node] = np.where(codes[parts] == single.UNKNOWN, effort[parts >> 1], np.inf).min()
            dated[node] = dated[parts >> 1].any()
    return Weights(effort, dated)


@lru_cache(maxsize=8)
def _of_leaves(program: Program, knowledge: Knowledge) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the effort of each leaf, and whether a date may change it."""
    known, table = kinds(), knowledge.variables.variables
    rules = rank_rules(knowledge)
    always, waits = set(rules.waits_always), set(rules.waits)
    efforts = np.empty(len(program.leaves))
    dated = np.empty(len(program.leaves), np.bool_)
    for i, (kind, params) in enumerate(program.leaves):
        # As a model is asked for what it lacks, it makes an error first.
        variable = table.get(params.__dict__.get("variable") or "")
        efforts[i] = (variable.effort if variable is not None else known[kind].effort).weight
        dated[i] = kind in always or (kind in waits and _has_time(params))
    return efforts, dated


@cache
def _is_time(name: str) -> bool:
    return _TIME.search(name) is not None


def _has_time(params: Any) -> bool:
    """Return whether a criterion names a length of time; where it names none, time does not change it."""
    return any(value not in _NOT_ASKED for name, value in params if _is_time(name)) or any(
        _has_time(item)
        for _, value in params
        for item in (value if isinstance(value, tuple) else (value,))
        if isinstance(item, BaseModel)
    )
