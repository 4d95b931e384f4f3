"""Expressions that are tried only where they can match.

Most expressions of the reader match in few sentences, and to find that out by trying them costs more than all that
follows. From the form of an expression one can tell pieces of text of which one stands in every match ("contracept",
"condom" …). One automaton looks for the pieces of all expressions at once; an expression none of whose pieces occurs is
not tried. The answer is always the one that the expression alone would give. RE2 does the same (`FilteredRE2`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, reduce
from operator import or_
from threading import Lock

from ahocorasick_rs import AhoCorasick

from her2nav.language.pieces import BOUND, Form, Signs

_WORD = re.compile(r"[a-z0-9]+")
_END = 1 << 60
_KEPT = 64
"""Texts whose pieces are remembered: many expressions ask for one text after another."""
_LONGEST = 20_000
"""Characters; what is longer is no sentence, is asked for seldom, and is not kept: it may hold every piece."""
_EVERYTHING = -1


_NO_TEXT = ("no text is this one", _EVERYTHING)
_last: list[tuple[str, int]] = [_NO_TEXT]
"""The text asked for last and its pieces, while these are up to date: many expressions in a row ask for one text."""


class _Pieces:
    """The pieces of all expressions, each with a number, and the automaton that finds them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._known_words: frozenset[str] = frozenset()
        self._parts: dict[str, int] = {}
        self._bits: list[int] = []
        self._automaton: AhoCorasick | None = None
        self._new: list[Sought] = []
        self._lock = Lock()
        self.version = 0
        """Rises with every expression and piece, so that what is remembered of a text is never older than they are."""

    def add(self, sought: Sought) -> None:
        """Take in an expression; it is compiled when the first text is read."""
        self._new.append(sought)
        self._changed()

    def number(self, piece: str) -> int:
        """Return the number of a piece, which is looked for from now on."""
        known = self._numbers.get(piece)
        if known is not None:
            return known
        number = self._numbers[piece] = len(self._numbers)
        self._bits.append(1 << number)
        if piece.startswith(BOUND):
            self._words[piece.strip(BOUND)] = number
        else:
            self._parts[piece] = number
        self._automaton = None
        self._changed()
        return number

    def _changed(self) -> None:
        self.version += 1
        _last[0] = _NO_TEXT

    def settle(self) -> AhoCorasick:
        """Compile what has been added and make the automaton anew where it lacks something."""
        with self._lock:
            while self._new:
                self._new[0].compile()
                self._new.pop(0)
            automaton = self._automaton
            if automaton is None:
                self._known_words = frozenset(self._words)
                automaton = self._automaton = AhoCorasick(list(self._parts), store_patterns=True)
            return automaton

    def find(self, text: str) -> tuple[int, tuple[int, ...]]:
        """Return the pieces that a text holds: as bits and as numbers."""
        automaton = self._automaton
        if self._new or automaton is None:
            automaton = self.settle()
        parts = set(automaton.find_matches_as_strings(text, overlapping=True))
        words = self._known_words.intersection(_WORD.findall(text))
        numbers = (*map(self._parts.__getitem__, parts), *map(self._words.__getitem__, words))
        return reduce(or_, map(self._bits.__getitem__, numbers), 0), numbers


_PIECES = _Pieces()


@lru_cache(maxsize=_KEPT)
def _found_in(text: str, version: int) -> tuple[int, tuple[int, ...]]:
    return _PIECES.find(text)


def pieces_in(text: str) -> tuple[int, ...]:
    """Return the numbers of the pieces that a text holds, in no order."""
    return _found_in(text, _PIECES.version)[1]


def held_in(text: str) -> int:
    """Return the pieces that a text may hold as bits."""
    if len(text) <= _LONGEST:
        version = _PIECES.version
        bits = _found_in(text, version)[0]
        _last[0] = text, bits
        if version != _PIECES.version:
            _last[0] = _NO_TEXT
        return bits
    _PIECES.settle()
    return _EVERYTHING


def word_piece(word: str) -> int:
    """Return the number of a whole word, or of a sign that stands for names of a vocabulary."""
    return _PIECES.number(word if len(word) == 1 and not word.isalnum() else f"{BOUND}{word}{BOUND}")


def settle() -> None:
    """Compile every expression made so far: else the first text does it."""
    _PIECES.settle()


class Sought:
    """An expression that is tried only where it can match; it is used as a compiled expression is.

    Attributes:
        expression: The compiled expression.
        needs: Sets of numbers of pieces; a text that holds a match holds a piece of each.
        first: Signs with which a match can begin; None: any, or a match may be empty.
    """

    __slots__ = ("_bits", "expression", "first", "needs", "pattern")

    def __init__(self, written: str) -> None:
        self.pattern = written
        self.expression: re.Pattern[str]
        self.first: Signs | None = None
        self.needs: tuple[tuple[int, ...], ...] = ()
        self._bits: tuple[int, ...] = ()
        _PIECES.add(self)

    def compile(self) -> None:
        """Compile the expression and learn what it needs.

        Raises:
            re.error: It is not well formed.
        """
        self.expression = re.compile(self.pattern)
        form = Form.of(self.pattern)
        self.needs = tuple(tuple(_PIECES.number(piece) for piece in sorted(pieces)) for pieces in form.needs)
        self._bits = tuple(sum(1 << number for number in numbers) for numbers in self.needs)
        self.first = form.first

    def possible(self, text: str) -> bool:
        """Whether a text may hold a match."""
        last = _last[0]
        held = last[1] if last[0] is text else held_in(text)
        for bits in self._bits:  # noqa: SIM110 - asked so often that a generator would cost more than all else here
            if not bits & held:
                return False
        return True

    def search(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """As of a compiled expression."""
        last = _last[0]
        held = last[1] if last[0] is text else held_in(text)
        for bits in self._bits:
            if not bits & held:
                return None
        return self.expression.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """As of a compiled expression."""
        if self.first is not None and text[start : start + 1] not in self.first:
            return None
        last = _last[0]
        held = last[1] if last[0] is text else held_in(text)
        for bits in self._bits:
            if not bits & held:
                return None
        return self.expression.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """As of a compiled expression."""
        if self.first is not None and text[start : start + 1] not in self.first:
            return None
        return self.expression.fullmatch(text, start, end) if self.possible(text) else None

    def finditer(self, text: str, start: int = 0, end: int = _END) -> Iterator[re.Match[str]]:
        """As of a compiled expression."""
        return self.expression.finditer(text, start, end) if self.possible(text) else iter(())

    def sub(self, put: str | Callable[[re.Match[str]], str], text: str) -> str:
        """As of a compiled expression."""
        return self.expression.sub(put, text) if self.possible(text) else text


class Family:
    """Expressions that are asked for together: those that a text cannot hold are left out at once, not one by one."""

    def __init__(self, members: Sequence[Sought]) -> None:
        self._members = tuple(members)
        self._always: list[int] = []
        self._by_piece: dict[int, list[int]] | None = None

    def possible(self, text: str) -> list[int]:
        """Return the places of the members of which a text may hold a match, in order."""
        if len(text) > _LONGEST:
            _PIECES.settle()
            return list(range(len(self._members)))
        found = pieces_in(text)
        by_piece = self._by_piece if self._by_piece is not None else self._sorted()
        places = set(self._always)
        for piece in by_piece.keys() & found:
            places.update(by_piece[piece])
        return [place for place in sorted(places) if self._members[place].possible(text)] if places else []

    def _sorted(self) -> dict[int, list[int]]:
        by_piece: dict[int, list[int]] = {}
        always: list[int] = []
        for place, member in enumerate(self._members):
            if not member.needs:
                always.append(place)
            for piece in member.needs[0] if member.needs else ():
                by_piece.setdefault(piece, []).append(place)
        self._always, self._by_piece = always, by_piece
        return by_piece
