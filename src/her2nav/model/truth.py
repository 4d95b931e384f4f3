"""Kleene's three truth values."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """MET, NOT_MET, or UNKNOWN. Missing is UNKNOWN, never NOT_MET."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"

    def negated(self) -> Truth:
        """Kleene NOT: unknown stays unknown."""
        if self is Truth.MET:
            return Truth.NOT_MET
        return Truth.MET if self is Truth.NOT_MET else Truth.UNKNOWN


def all_of(values: Iterable[Truth]) -> Truth:
    """Kleene AND: any NOT_MET decides, else any UNKNOWN, else MET (also of nothing)."""
    result = Truth.MET
    for value in values:
        if value is Truth.NOT_MET:
            return Truth.NOT_MET
        if value is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """Kleene OR: any MET decides, else any UNKNOWN, else NOT_MET (also of nothing)."""
    result = Truth.NOT_MET
    for value in values:
        if value is Truth.MET:
            return Truth.MET
        if value is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result


def at_least(n: int, values: Iterable[Truth]) -> Truth:
    """MET when n are MET for certain, NOT_MET when n cannot be reached, else UNKNOWN."""
    counted = list(values)
    met = sum(value is Truth.MET for value in counted)
    possible = met + sum(value is Truth.UNKNOWN for value in counted)
    if met >= n:
        return Truth.MET
    return Truth.NOT_MET if possible < n else Truth.UNKNOWN


def from_bounds(certain: bool, impossible: bool) -> Truth:
    """Turn the two bitmaps of a leaf into a truth value."""
    if certain:
        return Truth.MET
    return Truth.NOT_MET if impossible else Truth.UNKNOWN
