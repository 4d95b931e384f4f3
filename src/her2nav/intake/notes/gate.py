"""A pattern that is tried only where one of its words stands: looking for a word is far cheaper than a pattern."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable
from typing import ClassVar

from ahocorasick_rs import AhoCorasick

from her2nav.intake.notes.literals import Literals, literals


class _Everything:
    """What holds every number."""

    def __contains__(self, _: object) -> bool:
        return True


_EVERYWHERE: Container[int] = _Everything()
_NOWHERE: Container[int] = frozenset()
_UNSEEN: tuple[str, list[int]] = ("", [])


class Watch(ABC):
    """Words whose places in the text that was scanned last are known."""

    __slots__ = ("_known", "_seen")
    _all: ClassVar[list[Watch]] = []
    _automaton: ClassVar[tuple[int, AhoCorasick, list[list[int]]] | None] = None

    def __init__(self) -> None:
        self._known: Literals | None = None
        self._seen = _UNSEEN
        Watch._all.append(self)

    @property
    def known(self) -> Literals:
        """The words, worked out when they are first asked for."""
        if self._known is None:
            self._known = self._words()
        return self._known

    @abstractmethod
    def _words(self) -> Literals:
        """Work the words out."""

    def among(self, text: str, starts: list[int]) -> Container[int]:
        """Return those stretches, each by its start, in which a word begins; all of them in a text not scanned."""
        seen, places = self._seen
        if seen is not text:
            return _EVERYWHERE
        return frozenset([starts[bisect_right(starts, one) - 1] for one in places]) if places else _NOWHERE


class Gate(Watch):
    """The gate of several patterns: False means that none of them can match in a stretch.

    >>> gate, text = Gate(Gated("smok(?:er|es)")), "an ex-smoker"
    >>> Gated.scan(text)
    >>> gate.near(text, 0, 12), gate.near(text, 0, 4)
    (True, False)
    """

    __slots__ = ("_patterns",)

    def __init__(self, *patterns: Watch) -> None:
        super().__init__()
        self._patterns = patterns

    def _words(self) -> Literals:
        known = [one.known.words for one in self._patterns]
        return Literals({word for words in known for word in words} if all(known) else ())

    def near(self, text: str, start: int, end: int) -> bool:
        """True when a word of the gate begins inside a stretch."""
        seen, places = self._seen
        if seen is not text:
            return True
        if not places or places[-1] < start:
            return False
        return places[bisect_left(places, start)] < end


class Gated(Watch):
    """A compiled pattern that knows words of which one stands in every text that it matches.

    The words are read off the pattern. `scan` finds those of all patterns in one pass over a text; in that text a pattern
    is tried only where its words stand, in any other everywhere. `forget` drops what is remembered of the text.

    >>> smokes, text = Gated("smok(?:er|es)"), "an ex-smoker"
    >>> Gated.scan(text)
    >>> smokes.search(text)[0]
    'smoker'
    """

    __slots__ = ("pattern",)

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self.pattern = re.compile(pattern)

    def _words(self) -> Literals:
        return literals(self.pattern)

    @staticmethod
    def forget() -> None:
        """Drop the text that was scanned last: it speaks of a patient."""
        for one in Watch._all:
            one._seen = _UNSEEN

    @staticmethod
    def scan(text: str) -> None:
        """Find the words of all patterns in one pass over a text."""
        watches = Watch._all
        if Watch._automaton is None or Watch._automaton[0] != len(watches):
            owners: dict[str, list[int]] = {}
            for number, one in enumerate(watches):
                for word in one.known.words:
                    owners.setdefault(word, []).append(number)
            Watch._automaton = (len(watches), AhoCorasick(list(owners)), list(owners.values()))
        _, automaton, owned = Watch._automaton
        places: list[list[int]] = [[] for _ in watches]
        for index, start, _ in automaton.find_matches_as_indexes(text, overlapping=True):
            for number in owned[index]:
                places[number].append(start)
        for one, found in zip(watches, places, strict=True):
            found.sort()
            one._seen = (text, found) if one.known.words else _UNSEEN

    # The gate stands in both methods: they are called thousands of times for a note, and mostly say no.
    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the first match, as `re.Pattern.search` does."""
        seen, places = self._seen
        stop = len(text) if end is None else end
        if seen is not text:
            return self.pattern.search(text, start, stop)
        if not places or places[-1] < start:
            return None
        first = bisect_left(places, start)
        if places[first] >= stop:
            return None
        if not self.known.first:
            return self.pattern.search(text, start, stop)
        for place in places[first : bisect_left(places, stop, first)]:
            found = self.pattern.match(text, place, stop)
            if found is not None:
                return found
        return None

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterable[re.Match[str]]:
        """Return the matches, as `re.Pattern.finditer` does."""
        seen, places = self._seen
        stop = len(text) if end is None else end
        if seen is not text:
            return self.pattern.finditer(text, start, stop)
        if not places or places[-1] < start:
            return ()
        first = bisect_left(places, start)
        if places[first] >= stop:
            return ()
        if not self.known.first:
            return self.pattern.finditer(text, start, stop)
        matches: list[re.Match[str]] = []
        done = start
        for place in places[first : bisect_left(places, stop, first)]:
            found = self.pattern.match(text, place, stop) if place >= done else None
            if found is not None:
                matches.append(found)
                done = found.end()
        return matches

    def fullmatch(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the match of a whole stretch, as `re.Pattern.fullmatch` does."""
        return self.pattern.fullmatch(text, start, len(text) if end is None else end)

    def match(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the match at a place, as `re.Pattern.match` does."""
        return self.pattern.match(text, start, len(text) if end is None else end)
