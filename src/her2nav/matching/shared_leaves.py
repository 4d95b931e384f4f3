"""The leaves of several programs numbered together, so that each is looked at once, whoever asks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from her2nav.facts.limits import Limit
from her2nav.knowledge.load import Knowledge
from her2nav.matching.gates import GatedKind, gated
from her2nav.matching.leaf_notes import LeafNotes, joined
from her2nav.matching.plan import limits_of
from her2nav.matching.program import Program, References


@dataclass(frozen=True, slots=True)
class LeafKey:
    """A leaf.

    Attributes:
        kind, params: What it says.
        limit: The comparison of one number that it is; None: it is more than that.
        gate: The gate of its kind and its place there (`matching/gates.py`); None: its kind has none.
    """

    kind: str
    params: Any
    limit: Limit | None = None
    gate: tuple[GatedKind, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SharedLeaves:
    """The unique leaves of several programs.

    Attributes:
        keys: The leaves.
        numbers: Of each program: the position in `keys` of each of its leaves.
    """

    keys: tuple[LeafKey, ...]
    numbers: tuple[References, ...]


@lru_cache(maxsize=16)
def shared_leaves(programs: tuple[Program, ...], knowledge: Knowledge) -> SharedLeaves:
    """Return the leaves of programs, each once; to find out which are equal takes longer than most that is asked."""
    known: dict[tuple[str, Any], int] = {}
    limits: list[Limit | None] = []
    numbers = []
    for program in programs:
        own = []
        for leaf, limit in zip(program.leaves, limits_of(program, knowledge), strict=True):
            number = known.setdefault(leaf, len(limits))
            if number == len(limits):
                limits.append(limit)
            own.append(number)
        numbers.append(np.array(own, np.intp))
    joint = Program(tuple(known), 1 + len(known), (), _notes(programs, numbers, knowledge))
    behind, _ = gated(joint, [node for node, limit in enumerate(limits, 1) if limit is None], knowledge)
    gates = {node: (kind, place) for kind in behind for place, node in enumerate(kind.nodes.tolist())}
    keys = (
        LeafKey(*leaf, limit, gates.get(node)) for node, (leaf, limit) in enumerate(zip(known, limits, strict=True), 1)
    )
    return SharedLeaves(tuple(keys), tuple(numbers))


def _notes(programs: Sequence[Program], numbers: Sequence[References], knowledge: Knowledge) -> LeafNotes | None:
    """Return what is noted of the leaves that are numbered together; None where no program has notes.

    Args:
        programs: The programs.
        numbers: Of each: the number of each of its leaves.
        knowledge: The vocabularies.
    """
    if all(program.notes is None for program in programs):
        return None
    every = np.concatenate(numbers)
    places = np.empty(int(every.max()) + 1, np.intp)
    places[every] = np.arange(len(every))
    return joined([program.notes or LeafNotes.of(program.leaves, knowledge) for program in programs]).taken(places)
