"""Three-valued truth over many patients: two bitmaps, met and not met; where neither is set it is unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from her2nav.model.truth import Truth, from_bounds

Bits = NDArray[np.bool_]
Floats = NDArray[np.float64]
T = TypeVar("T")


class Tri(NamedTuple):
    """Truth of one leaf or row condition, one entry per patient or row."""

    met: Bits
    not_met: Bits

    def at(self, index: int) -> Truth:
        """Return the truth of one entry."""
        return from_bounds(bool(self.met[index]), bool(self.not_met[index]))

    def __invert__(self) -> Tri:
        return Tri(self.not_met, self.met)

    def __and__(self, other: Tri) -> Tri:
        if len(self.met) == 1:
            return _single(self.met.item() and other.met.item(), self.not_met.item() or other.not_met.item())
        return Tri(self.met & other.met, self.not_met | other.not_met)

    def __or__(self, other: Tri) -> Tri:
        if len(self.met) == 1:
            return _single(self.met.item() or other.met.item(), self.not_met.item() and other.not_met.item())
        return Tri(self.met | other.met, self.not_met & other.not_met)

    def take(self, entries: NDArray[np.intp]) -> Tri:
        """Return the entries at these positions; a position may come more than once."""
        return Tri(self.met[entries], self.not_met[entries])

    def part(self, start: int, stop: int) -> Tri:
        """Return the entries from `start` to `stop`."""
        return Tri(self.met[start:stop], self.not_met[start:stop])


def _frozen(value: bool) -> Bits:
    bits = np.array([value])
    bits.flags.writeable = False
    return bits


_ONE = {truth: Tri(_frozen(truth is Truth.MET), _frozen(truth is Truth.NOT_MET)) for truth in Truth}
"""The three truths of a single entry, shared: one patient asks for hundreds of them, and NumPy is slow for few."""
_ONE_MET, _ONE_NOT_MET, _ONE_UNKNOWN = _ONE[Truth.MET], _ONE[Truth.NOT_MET], _ONE[Truth.UNKNOWN]


def _single(met: bool, not_met: bool) -> Tri:
    if met:
        return _ONE_MET
    return _ONE_NOT_MET if not_met else _ONE_UNKNOWN


def constant(truth: Truth, size: int) -> Tri:
    """Return one truth for every entry."""
    if size == 1:
        return _ONE[truth]
    return Tri(np.full(size, truth is Truth.MET), np.full(size, truth is Truth.NOT_MET))


def known(values: Bits) -> Tri:
    """Return a truth that is known everywhere."""
    return Tri(values, ~values)


def judged(judge: Callable[[T], Truth], codes: NDArray[np.intp], table: Sequence[T]) -> Tri:
    """Return the truth of each entry, whose thing `table` holds at the position `codes` says; each is judged once."""
    if len(codes) < len(table):
        return from_truths([judge(table[code]) for code in codes.tolist()])
    return from_truths([judge(item) for item in table]).take(codes)


_CODES = {Truth.UNKNOWN: 0, Truth.MET: 1, Truth.NOT_MET: 2}


_FEW = 8
"""Up to so many truths are shared: the few courses or specimens of one patient."""


@cache
def _few(size: int, met: int, not_met: int) -> Tri:
    """Return so many truths from the bits of two numbers, the last entry in the lowest bit."""
    entries = range(size - 1, -1, -1)
    found = Tri(np.array([met >> i & 1 for i in entries], bool), np.array([not_met >> i & 1 for i in entries], bool))
    for bits in found:
        bits.flags.writeable = False
    return found


def from_truths(truths: Sequence[Truth]) -> Tri:
    """Return the bitmaps of a list."""
    if len(truths) == 1:
        return _ONE[truths[0]]
    if len(truths) <= _FEW:
        met = not_met = 0
        for truth in truths:
            met += met + (truth is Truth.MET)
            not_met += not_met + (truth is Truth.NOT_MET)
        return _few(len(truths), met, not_met)
    codes = np.frombuffer(bytes(map(_CODES.__getitem__, truths)), np.uint8)
    return Tri(codes == _CODES[Truth.MET], codes == _CODES[Truth.NOT_MET])


def compare(op: str, value: float, low: Floats, high: Floats) -> Tri:
    """Compare intervals with a number: met when the whole interval satisfies, not met when none of it does."""
    if len(low) == 1:
        return _compare_one(op, value, low.item(), high.item())
    if op == ">=":
        return Tri(low >= value, high < value)
    if op == ">":
        return Tri(low > value, high <= value)
    if op == "<=":
        return Tri(high <= value, low > value)
    if op == "<":
        return Tri(high < value, low >= value)
    raise ValueError(f"no such comparison: {op}")


def _compare_one(op: str, value: float, low: float, high: float) -> Tri:
    if op == ">=":
        return _single(low >= value, high < value)
    if op == ">":
        return _single(low > value, high <= value)
    if op == "<=":
        return _single(high <= value, low > value)
    if op == "<":
        return _single(high < value, low >= value)
    raise ValueError(f"no such comparison: {op}")


def between(minimum: float | None, maximum: float | None, low: Floats, high: Floats) -> Tri:
    """Return whether an interval lies between two bounds, both included; None is no bound."""
    least = -np.inf if minimum is None else minimum
    most = np.inf if maximum is None else maximum
    if len(low) == 1:
        first, last = low.item(), high.item()
        return _single(first >= least and last <= most, last < least or first > most)
    return Tri((low >= least) & (high <= most), (high < least) | (low > most))


def exists(rows: Tri, patient: NDArray[np.intp], closed: Bits) -> Tri:
    """Reduce row truths to patients: met when a row is, not met when the list is complete and no row can be."""
    if len(closed) == 1:
        return _single(True in rows.met.tolist(), closed.item() and False not in rows.not_met.tolist())
    met = np.zeros(len(closed), bool)
    possible = np.zeros(len(closed), bool)
    met[patient[rows.met]] = True
    possible[patient[~rows.not_met]] = True
    return Tri(met, closed & ~possible)


def count_at_least(n: int, rows: Tri, patient: NDArray[np.intp], closed: Bits) -> Tri:
    """Reduce row truths to patients: met when n rows are, not met when the list is complete and n cannot be reached."""
    if n == 1:
        return exists(rows, patient, closed)
    met = np.bincount(patient[rows.met], minlength=len(closed))
    possible = np.bincount(patient[~rows.not_met], minlength=len(closed))
    return Tri(met >= n, closed & (possible < n))
