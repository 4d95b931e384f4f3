"""Small helpers on arrays. `np.unique` would load masked arrays, which costs a start a tenth of a second."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

S = TypeVar("S", bound=np.generic)


def distinct(values: NDArray[S]) -> NDArray[S]:
    """Return the values in rising order, each once.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    return ordered[_first(ordered)]


def distinct_inverse(values: NDArray[S]) -> tuple[NDArray[S], NDArray[np.intp]]:
    """Return the values in rising order, each once, and for each entry its position among them.

    >>> [part.tolist() for part in distinct_inverse(np.array([3, 1, 3]))]
    [[1, 3], [1, 0, 1]]
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = _first(ordered)
    inverse = np.empty(len(values), np.intp)
    inverse[order] = np.cumsum(first) - 1
    return ordered[first], inverse


def starts_of(counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return where each of several runs begins, and where the last ends.

    >>> starts_of(np.array([2, 1])).tolist()
    [0, 2, 3]
    """
    return np.concatenate([np.zeros(1, np.intp), np.cumsum(counts, dtype=np.intp)])


def spans(begins: NDArray[Any], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the positions of several runs, one after the other.

    >>> spans(np.array([7, 2]), np.array([2, 1])).tolist()
    [7, 8, 2]
    """
    ends = np.cumsum(counts, dtype=np.intp)
    total = int(ends[-1]) if len(ends) else 0
    found: NDArray[np.intp] = np.repeat(begins - (ends - counts), counts) + np.arange(total)
    return found


def _first(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    found = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=found[1:])
    return found
