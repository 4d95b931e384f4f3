"""Facts of a case that several criteria ask for, derived once per case."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from her2nav.facts.case import Case

T = TypeVar("T")


def once(derive: Callable[[Case], T]) -> Callable[[Case], T]:
    """Keep what was derived from a case for as long as the case lives."""
    kept: WeakKeyDictionary[Case, T] = WeakKeyDictionary()

    @wraps(derive)
    def derived(case: Case) -> T:
        if case not in kept:
            kept[case] = derive(case)
        return kept[case]

    return derived
