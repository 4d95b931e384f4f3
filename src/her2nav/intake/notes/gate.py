"""A pattern that is tried only where one of its words stands: looking for a word is far cheaper than a pattern."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import ClassVar


class Gated:
    """A compiled pattern with words of which one stands in every text that it matches.

    Where the words stand is looked up once for a text and remembered until `forget`.

    >>> Gated(re.compile("smok(?:er|es)"), "smok").search("an ex-smoker")[0]
    'smoker'
    """

    __slots__ = ("_seen", "pattern", "words")
    _all: ClassVar[list[Gated]] = []

    def __init__(self, pattern: re.Pattern[str], *words: str) -> None:
        self.pattern = pattern
        self.words = words
        self._seen: tuple[str, list[int]] = ("", [])
        Gated._all.append(self)

    @classmethod
    def forget(cls) -> None:
        """Drop the texts that patterns remember: they speak of patients."""
        for one in cls._all:
            one._seen = ("", [])

    def _may(self, text: str, start: int, end: int) -> bool:
        seen = self._seen
        if seen[0] is not text:
            places: list[int] = []
            for word in self.words:
                at = text.find(word)
                while at >= 0:
                    places.append(at)
                    at = text.find(word, at + 1)
            places.sort()
            seen = self._seen = (text, places)
        index = bisect_left(seen[1], start)
        return index < len(seen[1]) and seen[1][index] < end

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the first match, as `re.Pattern.search` does."""
        stop = len(text) if end is None else end
        return self.pattern.search(text, start, stop) if self._may(text, start, stop) else None

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Yield the matches, as `re.Pattern.finditer` does."""
        stop = len(text) if end is None else end
        return self.pattern.finditer(text, start, stop) if self._may(text, start, stop) else iter(())
