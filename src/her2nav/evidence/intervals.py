"""Shares as counts, their intervals recomputed, and what is printed compared with both."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from her2nav.evidence.extra import need
from her2nav.evidence.rows import Row
from her2nav.knowledge.studies import MEASURES, Amount, Result

DEFAULT_LEVEL = Decimal(95)
Verdict = Literal["clopper_pearson", "wilson", "both", "differs", "no_interval_printed", "not_attainable", "ambiguous"]
_METHODS = {"clopper_pearson": "beta", "wilson": "wilson"}


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


def interval(events: int, n: int, level: Decimal = DEFAULT_LEVEL, method: str = "clopper_pearson") -> Bounds:
    """Return the interval of a share.

    Args:
        events: Patients with the event.
        n: All patients.
        level: In percent.
        method: `clopper_pearson` (exact) or `wilson`.

    Raises:
        InputError: The extra is not installed.
    """
    proportion = need("statsmodels.stats.proportion", "an interval")
    alpha = float(1 - level / 100)
    low, high = proportion.proportion_confint(events, n, alpha=alpha, method=_METHODS[method])
    return Bounds(*(Decimal(repr(float(100 * edge))) for edge in (low, high)))


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
    """Recompute the interval of a share; None where there is no share or no number of patients.

    Raises:
        InputError: The extra is not installed.
    """
    n = row.patients(result)
    shape = MEASURES[result.measure].shape
    if n is None or shape != "proportion" or not isinstance(result.value, Decimal) or result.sign is not None:
        return None
    level = result.level or DEFAULT_LEVEL
    counts = events_of(row, result)
    if len(counts) != 1:
        return Check(row, result, n, None, level, None, None, "ambiguous" if counts else "not_attainable")
    exact, wilson = (interval(counts[0], n, level, method) for method in ("clopper_pearson", "wilson"))
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
