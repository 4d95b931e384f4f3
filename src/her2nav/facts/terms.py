"""Sets of terms with what is certain and what is possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from her2nav.model.truth import Truth


@dataclass(frozen=True, slots=True)
class TermSet:
    """Terms that hold for certain, and those that may hold.

    Attributes:
        has: Certain terms.
        could: Possible terms, the certain ones included; None: anything.
    """

    has: frozenset[str]
    could: frozenset[str] | None

    def any_of(self, terms: Iterable[str]) -> Truth:
        """Whether one of the terms holds."""
        wanted = terms if isinstance(terms, (tuple, frozenset)) else frozenset(terms)
        if not self.has.isdisjoint(wanted):
            return Truth.MET
        if self.could is None or not self.could.isdisjoint(wanted):
            return Truth.UNKNOWN
        return Truth.NOT_MET


ANYTHING = TermSet(frozenset(), None)
"""Nothing is known."""


def exactly(terms: Iterable[str]) -> TermSet:
    """Return a set that is wholly known."""
    known = frozenset(terms)
    return TermSet(known, known)
