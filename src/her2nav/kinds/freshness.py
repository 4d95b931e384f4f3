"""How old a result is against the age a criterion allows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from her2nav.model.dates import PartialDate, plus_days
from her2nav.model.truth import Truth, from_bounds


def within(measured: PartialDate | None, days: int | None, as_of: date) -> Truth:
    """Return whether a result is no older than `days` on the patient's day; no limit is always MET.

    A result without a date is UNKNOWN against a limit; the last day of the window counts as inside.
    """
    if days is None:
        return Truth.MET
    if measured is None:
        return Truth.UNKNOWN
    least, most = measured.days_before(as_of)
    return from_bounds(most <= days, least > days)


def fresh_until(measured: PartialDate | None, days: int | None) -> date | None:
    """Return the last day on which a result is fresh enough; None where no limit or no date is given."""
    return None if measured is None or days is None else plus_days(measured.low, days)


def inside_until(happened: Iterable[PartialDate | None], days: int | None) -> date | None:
    """Return the last day on which the latest of several events is within `days` for certain; None: it always is."""
    known = list(happened)
    if days is None or not known or any(day is None for day in known):
        return None
    return max(plus_days(day.low, days) for day in known if day is not None)


def dated(measured: PartialDate | None, as_of: date) -> str:
    """Say when a result was taken and how old it is, for people."""
    if measured is None:
        return "undated"
    least, most = measured.days_before(as_of)
    if least != most:
        return str(measured)
    if least == 0:
        return f"{measured}, today"
    return f"{measured}, {least} days ago" if least > 0 else str(measured)
