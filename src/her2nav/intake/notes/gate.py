"""A pattern that is tried only where one of its words stands: looking for a word is far cheaper than a pattern."""

from __future__ import annotations

import re
import sys
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from her2nav.intake.notes.literals import Literals, literals


class _Everything:
    """What holds every number."""

    def __contains__(self, _: object) -> bool:
        return True


_EVERYWHERE: Container[int] = _Everything()
_NOWHERE: Container[int] = frozenset()
_UNSEEN: tuple[str, list[int]] = ("", [])
_END = sys.maxsize


class _Automaton(NamedTuple):
    """One automaton for the words of all patterns: how many they are, whose each word is, and those that have words."""

    size: int
    words: AhoCorasick
    owners: list[tuple[list[int], list[int]]]
    """Whose a word is wherever it stands, and whose at the beginning of a word: places in `watches`."""
    watches: list[Watch]


class Group:
    """Patterns whose words are looked for together, in one pass over a text."""

    def __init__(self) -> None:
        self.watches: list[Watch] = []
        self._automaton: _Automaton | None = None

    def scan(self, text: str) -> None:
        """Find the words of all patterns in one pass over a text."""
        if self._automaton is None or self._automaton[0] != len(self.watches):
            self._automaton = _automaton(self.watches)
        _, automaton, owners, watches = self._automaton
        words: defaultdict[int, list[int]] = defaultdict(list)
        for index, start, _ in automaton.find_matches_as_indexes(text, overlapping=True):
            words[index].append(start)
        found: list[list[int] | None] = [None] * len(watches)
        several: list[int] = []
        for index, starts in words.items():
            free, edged = owners[index]
            for one in free:
                known = found[one]
                if known is None:
                    found[one] = starts
                else:
                    found[one] = known + starts
                    several.append(one)
            if edged:
                starts = [at for at in starts if not (at and ((sign := text[at - 1]).isalnum() or sign == "_"))]
                for one in edged if starts else ():
                    known = found[one]
                    if known is None:
                        found[one] = starts
                    else:
                        found[one] = known + starts
                        several.append(one)
        for one in set(several):
            found[one].sort()  # type: ignore[union-attr]  # the places of a single word are in order already
        nowhere: tuple[str, list[int]] = (text, [])
        for watch, places in zip(watches, found, strict=True):
            watch._seen = nowhere if places is None else (text, places)

    def forget(self) -> None:
        """Drop the text that was scanned last: it speaks of a patient."""
        for one in self.watches:
            one._seen = _UNSEEN


NOTES = Group()
"""The patterns of the fields."""


class Watch(ABC):
    """Words whose places in the text that its group scanned last are known."""

    __slots__ = ("_known", "_seen", "first", "lead")

    def __init__(self, group: Group = NOTES) -> None:
        self._known: Literals | None = None
        self._seen = _UNSEEN
        self.first = False
        self.lead = 0
        group.watches.append(self)

    @property
    def known(self) -> Literals:
        """The words, worked out when they are first asked for."""
        known = self._known
        if known is None:
            known = self._known = self._words()
        return known

    @abstractmethod
    def _words(self) -> Literals:
        """Work the words out."""

    def among(self, text: str, starts: list[int]) -> Container[int]:
        """Return those stretches, each by its start, in which a word begins; all of them in a text not scanned."""
        seen, places = self._seen
        if seen is not text:
            return _EVERYWHERE
        return frozenset([starts[bisect_right(starts, one) - 1] for one in places]) if places else _NOWHERE


def _automaton(watches: list[Watch]) -> _Automaton:
    owners: dict[str, tuple[list[int], list[int]]] = {}
    known = [one for one in watches if one.known.words]
    for place, one in enumerate(known):
        one.first, one.lead = one.known.first, one.known.lead
        for word in one.known.words:
            owners.setdefault(word, ([], []))[word in one.known.edged].append(place)
    return _Automaton(len(watches), AhoCorasick(list(owners)), list(owners.values()), known)


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
        known = [one.known for one in self._patterns]
        if not all(one.words for one in known):
            return Literals()
        words = {word for one in known for word in one.words}
        free = {word for one in known for word in one.words if word not in one.edged}
        return Literals(words, edged=words - free)

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

    The words are read off the pattern, and how far behind the beginning of a match they stand. `scan` finds those of all
    patterns in one pass over a text; in that text a pattern is tried only where its words stand, in any other everywhere.
    `forget` drops what is remembered of the text.

    >>> smokes, text = Gated("smok(?:er|es)"), "an ex-smoker"
    >>> Gated.scan(text)
    >>> smokes.search(text)[0]
    'smoker'
    """

    __slots__ = ("pattern",)

    def __init__(self, pattern: str, group: Group = NOTES) -> None:
        super().__init__(group)
        self.pattern = re.compile(pattern)

    def _words(self) -> Literals:
        return literals(self.pattern)

    scan = staticmethod(NOTES.scan)
    forget = staticmethod(NOTES.forget)

    # The gate stands in both methods: they are called thousands of times for a note, and mostly say no.
    def search(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """Return the first match, as `re.Pattern.search` does."""
        seen, places = self._seen
        if seen is not text:
            return self.pattern.search(text, start, end)
        if not places or places[-1] < start:
            return None
        index = bisect_left(places, start)
        if places[index] >= end:
            return None
        if not self.first:
            low = places[index] - self.lead
            return self.pattern.search(text, low if low > start else start, end)
        match = self.pattern.match
        for place in places[index : bisect_left(places, end, index)]:
            found = match(text, place, end)
            if found is not None:
                return found
        return None

    def finditer(self, text: str, start: int = 0, end: int = _END) -> Iterable[re.Match[str]]:
        """Return the matches, as `re.Pattern.finditer` does."""
        seen, places = self._seen
        if seen is not text:
            return self.pattern.finditer(text, start, end)
        if not places or places[-1] < start:
            return ()
        index = bisect_left(places, start)
        if places[index] >= end:
            return ()
        matches: list[re.Match[str]] = []
        if not self.first:
            while index < len(places) and places[index] < end:
                low = places[index] - self.lead
                found = self.pattern.search(text, low if low > start else start, end)
                if found is None:
                    break
                matches.append(found)
                start = found.end()
                index = bisect_left(places, start, index)
            return matches
        match = self.pattern.match
        done = start
        for place in places[index : bisect_left(places, end, index)]:
            if place >= done and (found := match(text, place, end)) is not None:
                matches.append(found)
                done = found.end()
        return matches

    def fullmatch(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """Return the match of a whole stretch, as `re.Pattern.fullmatch` does."""
        return self.pattern.fullmatch(text, start, end)

    def match(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """Return the match at a place, as `re.Pattern.match` does."""
        return self.pattern.match(text, start, end)
