"""Criteria that compare one number of the patient with two ends: many of them are answered together.

For one patient all limits are one comparison of vectors. For many patients a column is sorted once; each limit then
differs from the one before by the few patients whose values lie between the two.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import inf, nextafter

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.tri import Floats, Tri, between

_SORT_FROM = 64
"""From so many limits of a column on, sorting it is cheaper than comparing it with each."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A column of numbers: its key and how a record gives it."""

    key: Hashable
    derive: Callable[[Case], Interval]

    def of(self, block: Block) -> tuple[Floats, Floats]:
        """Return the low and high column."""
        return block.numbers(self.key, self.derive)

    def of_one(self, block: Block) -> Interval:
        """Return the same of a block of one patient, as two numbers."""
        return block.interval(self.key, self.derive)


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """P: the number lies between `least` and `most`, both included, and is not older than `within` days.

    A number that is too old or undated neither meets nor breaks it.
    """

    number: Number
    least: float = -inf
    most: float = inf
    age: Number | None = None
    within: float = inf

    def truth(self, block: Block) -> Tri:
        """Return the truth for every patient."""
        answer = between(self.least, self.most, *self.number.of(block))
        if self.age is None:
            return answer
        fresh = self.age.of(block)[1] <= self.within
        return Tri(answer.met & fresh, answer.not_met & fresh)


def compared(limits: Sequence[Limit], block: Block) -> Tri:
    """Return the truths of several limits on one number, of one age: a row for each."""
    age = limits[0].age
    return compared_with(limits, *limits[0].number.of(block), None if age is None else age.of(block)[1])


def compared_with(limits: Sequence[Limit], low: Floats, high: Floats, age: Floats | None) -> Tri:
    """Return the same, told the number and, where the limits ask for its age, the most days that it may be old."""
    least = np.array([[limit.least] for limit in limits])
    most = np.array([[limit.most] for limit in limits])
    met, not_met = (low >= least) & (high <= most), (high < least) | (low > most)
    if age is None:
        return Tri(met, not_met)
    fresh = age <= np.array([[limit.within] for limit in limits])
    return Tri(met & fresh, not_met & fresh)


def ends(op: str, value: float) -> tuple[float, float]:
    """Return the least and greatest number that compares as said.

    >>> ends("<=", 3.0)
    (-inf, 3.0)
    """
    if op == ">=":
        return value, inf
    if op == ">":
        return nextafter(value, inf), inf
    if op == "<=":
        return -inf, value
    if op == "<":
        return -inf, nextafter(value, -inf)
    raise ValueError(f"no such comparison: {op}")


def reaching(values: Floats, limits: Floats) -> NDArray[np.uint8]:
    """Return, for each limit in rising order, the packed bits of the values that are at least as great."""
    packed = np.empty((len(limits), -(-len(values) // 8)), np.uint8)
    if len(limits) < _SORT_FROM:
        for i, limit in enumerate(limits.tolist()):
            packed[i] = np.packbits(values >= limit, bitorder="little")
        return packed
    order = np.argsort(values)
    mask = np.ones(len(values), bool)
    done = 0
    for i, position in enumerate(np.searchsorted(values[order], limits).tolist()):
        if position > done:
            mask[order[done:position]] = False
            done = position
        packed[i] = np.packbits(mask, bitorder="little")
    return packed
