"""Days as people read them."""

from __future__ import annotations

from datetime import date


def day(value: date) -> str:
    """Return a day without room for a mix-up of day and month.

    >>> day(date(2026, 1, 5))
    '5 Jan 2026'
    """
    return f"{value.day} {value:%b %Y}"
