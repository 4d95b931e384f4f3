"""Intervals of decimal numbers and the comparisons that rows of a table write: `>10`, `>=4 & <6`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_COMPARISON = re.compile(r"(>=|<=|>|<|=)?\s*(-?\d+(?:\.\d+)?)")


class Interval(NamedTuple):
    """The numbers between two ends; an open end does not belong to it. Nothing is ever rounded.

    >>> Interval.parse(">=4 & <6", Decimal(0), Decimal(100)).holds(Decimal("5.99"))
    True
    """

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def point(cls, value: Decimal) -> Interval:
        """Return the interval that holds one number."""
        return cls(value, value)

    @classmethod
    def parse(cls, text: str, least: Decimal, most: Decimal) -> Interval:
        """Read comparisons joined by `&`, inside the bounds of the input.

        Raises:
            ValueError: Not a comparison, a bound outside the input's own, or nothing left between the bounds.
        """
        low, high, low_open, high_open = least, most, False, False
        for part in text.split("&"):
            match = _COMPARISON.fullmatch(part.strip())
            if match is None:
                raise ValueError(f"'{text}' is not a comparison; write >10, <=10, >=4 & <6 or a number")
            try:
                value = Decimal(match[2])
            except InvalidOperation:  # pragma: no cover - the pattern admits digits only
                raise ValueError(f"'{match[2]}' is not a number") from None
            if not least <= value <= most:
                raise ValueError(f"'{text}' lies outside {least} to {most}")
            sign = match[1] or "="
            if sign in (">", ">=", "="):
                low, low_open = value, sign == ">"
            if sign in ("<", "<=", "="):
                high, high_open = value, sign == "<"
        result = cls(low, high, low_open, high_open)
        if result.empty:
            raise ValueError(f"'{text}' holds no number")
        return result

    @property
    def empty(self) -> bool:
        """True when no number lies in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    @property
    def exact(self) -> bool:
        """True when it holds one number."""
        return self.low == self.high

    def holds(self, value: Decimal) -> bool:
        """True when the number lies in it."""
        return self.meets(Interval.point(value))

    def meets(self, other: Interval) -> bool:
        """True when a number lies in both."""
        if self.low > other.high or other.low > self.high:
            return False
        if self.low == other.high and (self.low_open or other.high_open):
            return False
        return not (other.low == self.high and (other.low_open or self.high_open))


def cells(least: Decimal, most: Decimal, bounds: set[Decimal]) -> list[Interval]:
    """Cut a range at every bound: each bound by itself and the open stretch between each two.

    Every comparison that uses only these bounds is constant inside one cell, so that a value exactly at, just below
    and just above a cut-off each stand in a cell of their own.
    """
    points = sorted(bounds | {least, most})
    result = []
    for here, there in pairwise(points):
        result += [Interval.point(here), Interval(here, there, True, True)]
    return [*result, Interval.point(points[-1])]


def as_reported(value: Decimal) -> Interval:
    """Return all numbers that round to a reported one: 2.4 stands for 2.35 to 2.45."""
    # Kept by the text: 2.4 and 2.40 are equal numbers, and stand for different ones.
    return _as_reported(str(value))


@lru_cache(maxsize=8192)
def _as_reported(text: str) -> Interval:
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    half = Decimal(5).scaleb(min(exponent, 0) - 1)
    return Interval(max(value - half, Decimal(0)), value + half)


def quotient(top: Interval, bottom: Interval, most: Decimal) -> Interval:
    """Divide two intervals of numbers that are not negative; the result is cut at `most`."""
    low = min(top.low / bottom.high, most) if bottom.high else most
    high = min(top.high / bottom.low, most) if bottom.low else most
    return Interval(low, high)
