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
    return _kept(derive, None)


def once_from(*sections: str) -> Callable[[Callable[[Case], T]], Callable[[Case], T]]:
    """Keep the same, and hand it on to a case in which none of some sections of the record differs.

    A test holds that nothing else of the record is read.

    Args:
        sections: All fields of the patient that it is derived from, beside the day and the knowledge.
    """
    return lambda derive: _kept(derive, frozenset(sections))


def _kept(derive: Callable[[Case], T], sections: frozenset[str] | None) -> Callable[[Case], T]:
    @wraps(derive)
    def derived(case: Case) -> T:
        if derived not in case.kept:
            case.kept[derived] = derive(case)
            if sections is not None:
                case.handed_on[derived] = sections
        found: T = case.kept[derived]
        return found

    return derived
