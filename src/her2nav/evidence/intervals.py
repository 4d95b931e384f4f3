"""Shares as counts, their intervals recomputed, and what is printed compared with both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist
from typing import Literal

from her2nav.evidence.rows import Row
from her2nav.knowledge.studies import MEASURES, Amount, Result

DEFAULT_LEVEL = Decimal(95)
Verdict = Literal["clopper_pearson", "wilson", "both", "differs", "no_interval_printed", "not_attainable", "ambiguous"]
Method = Literal["clopper_pearson", "wilson"]
_METHODS: tuple[Method, ...] = ("clopper_pearson", "wilson")
_SMALL = 1e-18
"""Terms of a sum that are smaller than this part of it change nothing."""


def rounded(value: Decimal, like: Decimal) -> Decimal:
    """Round half up to as many decimals as another number is printed with."""
    exponent = like.as_tuple().exponent
    assert isinstance(exponent, int)
    return value.quantize(Decimal(1).scaleb(min(exponent, 0)), ROUND_HALF_UP)


def attainable(percent: Decimal, n: int) -> tuple[int, ...]:
    """Return the counts of n patients whose share rounds to a printed percentage.

    >>> attainable(Decimal("38.1"), 84), attainable(Decimal("38.1"), 86), attainable(Decimal("55.8"), 18)
    ((32,), (), ())
    """
    return tuple(k for k in range(n + 1) if rounded(Decimal(100 * k) / n, percent) == percent)


def events_of(row: Row, result: Result) -> tuple[int, ...]:
    """Return the counts that a printed share can stand for: those printed, else those found by arithmetic."""
    n = row.patients(result)
    if n is None or not isinstance(result.value, Decimal) or MEASURES[result.measure].shape != "proportion":
        return ()
    found = attainable(result.value, n)
    if result.events is not None:
        return (result.events,) if result.events in found else ()
    return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval in percent."""

    low: Decimal
    high: Decimal


def interval(events: int, n: int, level: Decimal = DEFAULT_LEVEL, method: Method = "clopper_pearson") -> Bounds:
    """Return the interval of a share.

    Args:
        events: Patients with the event.
        n: All patients.
        level: In percent.
        method: `clopper_pearson` (exact) or `wilson`.

    Sources: Clopper and Pearson 1934; Wilson 1927.
    """
    beyond = float(1 - level / 100) / 2
    low, high = _exact(events, n, beyond) if method == "clopper_pearson" else _wilson(events, n, beyond)
    return Bounds(*(Decimal(repr(100 * edge)) for edge in (low, high)))


def _exact(events: int, n: int, beyond: float) -> tuple[float, float]:
    """Return the shares under which so many events or more, or so many or fewer, have just this chance."""
    return _least(events, n, beyond), 1.0 - _least(n - events, n, beyond)


def _least(events: int, n: int, chance: float) -> float:
    """Return the share under which so many events or more have just this chance, by halving."""
    if events == 0:
        return 0.0
    low, high = 0.0, events / n
    while True:
        share = (low + high) / 2
        if share in (low, high):
            return share
        if _at_least(events, n, share) < chance:
            low = share
        else:
            high = share


def _at_least(events: int, n: int, share: float) -> float:
    """Return the chance of so many events or more, where the share is no greater than theirs."""
    term = math.exp(math.log(math.comb(n, events)) + events * math.log(share) + (n - events) * math.log1p(-share))
    total, odds = 0.0, share / (1 - share)
    for count in range(events, n + 1):
        total += term
        term *= (n - count) / (count + 1) * odds
        if term < total * _SMALL:
            break
    return total


def _wilson(events: int, n: int, beyond: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf(1 - beyond)
    share, wide = events / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / wide
    half = z / wide * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At no event, and at none but events, the end is that share itself.
    return (0.0 if events == 0 else middle - half), (1.0 if events == n else middle + half)


@dataclass(frozen=True, slots=True)
class Check:
    """One printed share beside what its counts give.

    Attributes:
        row: The arm.
        result: As printed.
        n: Patients; None where none is known.
        events: The count, where exactly one gives the printed share.
        level: In percent.
        exact: Clopper-Pearson.
        wilson: Wilson.
        verdict: Which of them the printed interval is, or why it cannot be said.
    """

    row: Row
    result: Result
    n: int
    events: int | None
    level: Decimal
    exact: Bounds | None
    wilson: Bounds | None
    verdict: Verdict


def check(row: Row, result: Result) -> Check | None:
    """Recompute the interval of a share; None where there is no share or no number of patients."""
    n = row.patients(result)
    shape = MEASURES[result.measure].shape
    if n is None or shape != "proportion" or not isinstance(result.value, Decimal) or result.sign is not None:
        return None
    level = result.level or DEFAULT_LEVEL
    counts = events_of(row, result)
    if len(counts) != 1:
        return Check(row, result, n, None, level, None, None, "ambiguous" if counts else "not_attainable")
    exact, wilson = (interval(counts[0], n, level, method) for method in _METHODS)
    return Check(row, result, n, counts[0], level, exact, wilson, _verdict(result, exact, wilson))


def _verdict(result: Result, exact: Bounds, wilson: Bounds) -> Verdict:
    if result.low is None or result.high is None:
        return "no_interval_printed"
    is_exact, is_wilson = (_same(result.low, result.high, found) for found in (exact, wilson))
    if is_exact and is_wilson:
        return "both"
    return "clopper_pearson" if is_exact else "wilson" if is_wilson else "differs"


def _same(low: Amount, high: Amount, found: Bounds) -> bool:
    """True when both ends round to what is printed."""
    return all(
        isinstance(printed, Decimal) and rounded(edge, printed) == printed
        for printed, edge in ((low, found.low), (high, found.high))
    )
