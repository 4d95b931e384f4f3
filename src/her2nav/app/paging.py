"""Long lists cut into pages: which rows a page shows, of how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """A page of a list.

    Attributes:
        rows: What it shows.
        number: Of the page, from 1.
        pages: How many there are, at least one.
        total: Rows of the whole list.
        before: Rows that stand before this page.
    """

    rows: Sequence[T]
    number: int
    pages: int
    total: int
    before: int

    @property
    def told(self) -> str:
        """Say where we are: `rows 51-100 of 340`; `1 row`; `no rows`.

        >>> paged(range(340), 50, 2).told, paged("a", 50).told, paged("", 50).told
        ('rows 51–100 of 340', '1 row', 'no rows')
        """
        if self.pages == 1:
            return f"{self.total or 'no'} {'row' if self.total == 1 else 'rows'}"
        return f"rows {self.before + 1}–{self.before + len(self.rows)} of {self.total:,}"


def paged(items: Sequence[T], most: int, number: int = 1) -> Paged[T]:
    """Return a page, counted from 1; before the first is the first, beyond the last is the last."""
    pages = max(1, -(-len(items) // most))
    at = min(max(number, 1), pages)
    before = (at - 1) * most
    return Paged(items[before : before + most], at, pages, len(items), before)
