"""A pattern that is tried only where one of its words stands: looking for a word is far cheaper than a pattern."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import ClassVar

from ahocorasick_rs import AhoCorasick


class Gate:
    """The gate of several patterns: False means that none of them can match in a stretch.

    >>> gate = Gate(Gated(re.compile("smok(?:er|es)"), "smok"))
    >>> gate.near("an ex-smoker", 0, 12), gate.near("an ex-smoker", 0, 4)
    (True, False)
    """

    __slots__ = ("_inner",)

    def __init__(self, *patterns: Gated) -> None:
        words = {word for one in patterns for word in one.words}
        # A word that begins with another one of the gate adds no place that is not found already.
        needed = [word for word in words if not any(other != word and word.startswith(other) for other in words)]
        self._inner = Gated(_NOTHING, *needed)

    def near(self, text: str, start: int, end: int) -> bool:
        """True when a word of the gate begins inside a stretch."""
        inner = self._inner
        places = inner._places if inner._text is text else inner._look(text)
        if not places or places[-1] < start:
            return False
        return places[bisect_left(places, start)] < end


_NOTHING = re.compile(r"(?!)")


class Gated:
    """A compiled pattern with words of which one stands in every text that it matches.

    Where the words stand is looked up once for a text and remembered until `forget`; after `scan` the words of all patterns
    of a text are known from one pass.

    >>> Gated(re.compile("smok(?:er|es)"), "smok").search("an ex-smoker")[0]
    'smoker'
    """

    __slots__ = ("_places", "_text", "pattern", "words")
    _all: ClassVar[list[Gated]] = []
    _automaton: ClassVar[tuple[int, AhoCorasick, list[str]] | None] = None
    _scanned: ClassVar[tuple[str, dict[str, list[int]]]] = ("", {})

    def __init__(self, pattern: re.Pattern[str], *words: str) -> None:
        self.pattern = pattern
        self.words = words
        self._text = ""
        self._places: list[int] = []
        Gated._all.append(self)

    @classmethod
    def forget(cls) -> None:
        """Drop the texts that patterns remember: they speak of patients."""
        for one in cls._all:
            one._text, one._places = "", []
        cls._scanned = ("", {})

    @classmethod
    def scan(cls, text: str) -> None:
        """Find the words of all patterns in one pass over a text."""
        if cls._automaton is None or cls._automaton[0] != len(cls._all):
            words = sorted({word for one in cls._all for word in one.words})
            cls._automaton = (len(cls._all), AhoCorasick(words), words)
        _, automaton, words = cls._automaton
        places: list[list[int]] = [[] for _ in words]
        for index, start, _ in automaton.find_matches_as_indexes(text, overlapping=True):
            places[index].append(start)
        cls._scanned = (text, dict(zip(words, places, strict=True)))

    def _look(self, text: str) -> list[int]:
        places: list[int] = []
        known, at_words = Gated._scanned
        if known is text:
            for word in self.words:
                places += at_words.get(word, ())
        else:
            for word in self.words:
                at = text.find(word)
                while at >= 0:
                    places.append(at)
                    at = text.find(word, at + 1)
        places.sort()
        self._text, self._places = text, places
        return places

    # The gate stands in both methods: they are called thousands of times for a note, and mostly say no.
    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the first match, as `re.Pattern.search` does."""
        places = self._places if self._text is text else self._look(text)
        if not places or places[-1] < start:
            return None
        stop = len(text) if end is None else end
        index = bisect_left(places, start)
        return self.pattern.search(text, start, stop) if places[index] < stop else None

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterable[re.Match[str]]:
        """Return the matches, as `re.Pattern.finditer` does."""
        places = self._places if self._text is text else self._look(text)
        if not places or places[-1] < start:
            return ()
        stop = len(text) if end is None else end
        index = bisect_left(places, start)
        return self.pattern.finditer(text, start, stop) if places[index] < stop else ()
