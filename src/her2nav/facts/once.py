"""Facts of a case that several criteria ask for, derived once per case."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from her2nav.facts.case import Case

T = TypeVar("T")


def once(derive: Callable[[Case], T]) -> Callable[[Case], T]:
    """Keep what was derived from a case for as long as the case lives.

    It is kept on the case: in a table of its own, what refers back to the case would keep both for ever.
    """

    @wraps(derive)
    def derived(case: Case) -> T:
        if derived not in case.kept:
            case.kept[derived] = derive(case)
        found: T = case.kept[derived]
        return found

    return derived
