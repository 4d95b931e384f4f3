"""What the nodes of a program are about: HER2, the tumour, earlier lines; worked out once for a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from her2nav.matching.program import Program


@dataclass(frozen=True, eq=False)
class Topics:
    """Which topics the leaves under each node belong to, as bits."""

    names: tuple[str, ...]
    bits: NDArray[np.uint8]

    def named(self, bits: int) -> tuple[str, ...]:
        """Return the topics of some bits."""
        return tuple(name for i, name in enumerate(self.names) if bits >> i & 1)


def topics(program: Program, kinds_of: Mapping[str, tuple[str, ...]]) -> Topics:
    """Return the topics of every node.

    Args:
        program: The trials.
        kinds_of: Criterion kinds of each topic; at most eight topics.
    """
    return _topics(program, tuple((name, tuple(kinds)) for name, kinds in kinds_of.items()))


@lru_cache(maxsize=8)
def _topics(program: Program, kinds_of: tuple[tuple[str, tuple[str, ...]], ...]) -> Topics:
    bit_of = {kind: 1 << i for i, (_, kinds) in enumerate(kinds_of) for kind in kinds}
    bits = np.zeros(program.size, np.uint8)
    bits[1 : 1 + len(program.leaves)] = [bit_of.get(kind, 0) for kind, _ in program.leaves]
    for level in program.levels:
        if len(level.starts):
            bits[level.first : level.first + len(level.starts)] = np.bitwise_or.reduceat(
                bits[level.parts >> 1], level.starts
            )
        for node, _, parts in level.counts:
            bits[node] = np.bitwise_or.reduce(bits[parts >> 1])
    return Topics(tuple(name for name, _ in kinds_of), bits)
