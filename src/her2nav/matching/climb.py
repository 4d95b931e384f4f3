"""From the leaves up through some nodes of a program only: which groups, level by level, and their parts.

What ranking asks of criteria hangs on few nodes: those under criteria, and of these those that hold a leaf of a topic.
Which they are is the same for all patients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from her2nav.kinds.registry import kinds
from her2nav.matching import single
from her2nav.matching.arrays import starts_of
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.part_program import nodes_under
from her2nav.matching.plan import SETTLED_FOR_GOOD
from her2nav.matching.program import Program, Reference, References


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Groups of one level.

    Attributes:
        nodes: The "all of" groups.
        parts: References of their parts, group after group.
        starts: Where each group begins in `parts`.
        group: Of each part: the position of its group in `nodes`.
        counts: (node, references of the parts) of each "at least" group.
    """

    nodes: References
    parts: References
    starts: References
    group: References
    counts: tuple[tuple[int, References], ...]


def steps(program: Program, wanted: NDArray[np.bool_], looked_at: NDArray[np.bool_] | None = None) -> tuple[Step, ...]:
    """Return the groups among some nodes, level by level.

    Args:
        program: The trials.
        wanted: By node.
        looked_at: By node: the parts that are looked at, at least one of every group; None: all.
    """
    found = []
    for level in program.levels:
        nodes = level.first + np.flatnonzero(wanted[level.first : level.first + len(level.starts)])
        parts, sizes = program.parts.of(nodes), program.parts.sizes[nodes]
        group = np.repeat(np.arange(len(nodes)), sizes)
        if looked_at is not None:
            mine = looked_at[parts >> 1]
            parts, group = parts[mine], group[mine]
            sizes = np.bincount(group, minlength=len(nodes))
        counts = tuple((node, of_node) for node, _, of_node in level.counts if wanted[node])
        if len(nodes) or counts:
            found.append(Step(nodes, parts, starts_of(sizes)[:-1], group, counts))
    return tuple(found)


@lru_cache(maxsize=8)
def under_criteria(compiled: CompiledTrials) -> NDArray[np.bool_]:
    """Return which nodes are criteria of trials or stand under one: all but those that join criteria."""
    return nodes_under(compiled.program, compiled.references >> 1)


@lru_cache(maxsize=8)
def criteria_steps(compiled: CompiledTrials) -> tuple[Step, ...]:
    """Return the groups of criteria."""
    return steps(compiled.program, under_criteria(compiled))


@lru_cache(maxsize=8)
def tested(program: Program) -> bytes:
    """Return of each node whether it holds a leaf of a kind of which a test may change what is settled."""
    known = kinds()
    leaves = np.array([known[kind].evaluated and kind not in SETTLED_FOR_GOOD for kind, _ in program.leaves], np.bool_)
    return leading_up(program, leaves).tobytes()


def settled_by_tests(program: Program, codes: Sequence[int] | single.Codes, reference: Reference) -> bool:
    """Return whether a settled reference rests on a settled leaf that a test may change."""
    node = reference >> 1
    if codes[reference] == single.UNKNOWN or not tested(program)[node]:
        return False
    if node <= len(program.leaves):
        return True
    begin, size = int(program.parts.begins[node]), int(program.parts.sizes[node])
    return any(settled_by_tests(program, codes, part) for part in program.parts.every[begin : begin + size].tolist())


def leading_up(program: Program, leaves: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which nodes are one of some leaves or hold one.

    Args:
        program: The trials.
        leaves: By leaf.
    """
    found = np.zeros(program.size, np.bool_)
    found[1 : 1 + len(leaves)] = leaves
    for level in program.levels:
        if len(level.starts):
            nodes = slice(level.first, level.first + len(level.starts))
            found[nodes] = np.logical_or.reduceat(found[level.parts >> 1], level.starts)
        for node, _, parts in level.counts:
            found[node] = found[parts >> 1].any()
    return found
