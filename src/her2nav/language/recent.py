"""A memory of bounded size that keeps what was asked for lately."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Remembers values by key; what was long not asked for is forgotten, so that memory stays flat.

    Args:
        most: Values of one generation; up to twice as many are held.

    >>> kept = Recent[str, int](2)
    >>> for place, word in enumerate("abac"):
    ...     kept[word] = place
    >>> kept.get("a"), kept.get("b"), kept.get("d")
    (2, 1, None)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """Return what is remembered; None: nothing."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self[key] = found
        return found

    def __setitem__(self, key: Key, value: Value) -> None:
        if len(self._young) >= self._most and key not in self._young:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def clear(self) -> None:
        """Forget everything."""
        self._young, self._old = {}, {}
