"""What rules have read of a sentence, and which of it is taken where it overlaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from her2nav.model.tree import Node


class Reading(NamedTuple):
    """A stretch of a sentence that a rule has read."""

    start: int
    end: int
    node: Node
    rule: str
    priority: int = 0
    whole: bool = False


Spanned = Callable[[int, int], tuple[int, int]]


def choose(readings: Sequence[Reading]) -> list[Reading]:
    """Return readings that do not overlap, in order: higher priority first, then the longer, then the earlier."""
    taken: list[Reading] = []
    for reading in sorted(readings, key=lambda r: (-r.priority, r.start - r.end, r.start)):
        if all(reading.end <= other.start or reading.start >= other.end for other in taken):
            taken.append(reading)
    return sorted(taken, key=lambda r: r.start)
