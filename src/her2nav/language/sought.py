"""Expressions that are tried only where they can match.

Most expressions of the reader match in few sentences, and to find that out by trying them costs more than all that
follows. From the form of an expression one can tell pieces of text of which one stands in every match ("contracept",
"condom" …). The pieces of all expressions are looked for at once; an expression none of whose pieces occurs is not
tried. The answer is always the one that the expression alone would give. RE2 does the same (`FilteredRE2`).

Which expressions a text may hold is one whole number, in which every expression has a bit, so that to ask for one of
them, or for many at once, is one operation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from threading import Lock

from ahocorasick_rs import AhoCorasick

from her2nav.language.pieces import BOUND, MOST_NEEDS, Form, Signs, alternatives, flagged

_WORD = re.compile(r"[a-z0-9]+")
_END = 1 << 60
_KEPT = 4096
"""Texts of which is remembered what they may hold: expressions of every stage ask for the sentences of one trial."""
_KEPT_WORDS = 50_000
_LONGEST = 20_000
"""Characters; what is longer is no sentence, is asked for seldom, and is not kept: it may hold every piece."""
_EVERYTHING = -1
_MOST_BRANCHES = 2
"""Alternatives that are joined anew; where a text may hold more of them the whole expression is tried."""


class _Held(dict[str, int]):
    """What the words between two spaces may hold, found once for each."""

    def __init__(self, find: Callable[[str], int]) -> None:
        self._find = find

    def __missing__(self, written: str) -> int:
        if len(self) >= _KEPT_WORDS:
            self.clear()
        found = self[written] = self._find(written)
        return found


class _Pieces:
    """The pieces of all expressions and what finds them.

    Every expression has a bit. A piece is a number in which the bit of an expression stands as many times as the
    expression has sets of pieces, once for each set, side by side: it is set where the piece is of that set.
    """

    def __init__(self) -> None:
        self._asked: list[Asked] = []
        self._new: list[Asked] = []
        self._lock = Lock()
        self.kept: dict[str, int] = {}
        """What texts may hold; a new one with every new expression, so that it is never older than they are."""
        self._find: Callable[[str], int] | None = None

    def add(self, asked: Asked) -> None:
        """Take in an expression; its form is looked at when the first text is read."""
        self._new.append(asked)
        self._find = None
        self.kept = {}

    def settle(self) -> Callable[[str], int]:
        """Learn the form of what has been added and make the automaton anew where it lacks something."""
        with self._lock:
            find = self._find
            if find is not None and not self._new:
                return find
            while self._new:
                asked = self._new[0]
                asked.learn()
                asked.bit = 1 << len(self._asked)
                self._asked.append(asked)
                self._new.pop(0)
            find = self._find = _finder(self._asked)
            return find

    def held(self, text: str) -> int:
        """Return what a text may hold."""
        kept = self.kept
        find = self._find
        if find is None or self._new:
            find = self.settle()
        if len(text) > _LONGEST:
            return _EVERYTHING
        if len(kept) >= _KEPT:
            kept.clear()
        found = kept[text] = find(text)
        return found


def _finder(asked: Sequence[Asked]) -> Callable[[str], int]:
    """Return what tells, for a text, the bits of those of which it may hold a match."""
    size = len(asked)
    pieces: dict[str, int] = {}
    always = 0
    for place, one in enumerate(asked):
        for layer in range(MOST_NEEDS):
            bit = 1 << (layer * size + place)
            if layer >= len(one.needs):
                always |= bit
                continue
            for piece in one.needs[layer]:
                pieces[piece] = pieces.get(piece, 0) | bit
    words = {piece.strip(BOUND): bits for piece, bits in pieces.items() if piece.startswith(BOUND)}
    inner = {piece: bits for piece, bits in pieces.items() if not piece.startswith(BOUND) and _is_of_one_word(piece)}
    across = {piece: bits for piece, bits in pieces.items() if not piece.startswith(BOUND) and piece not in inner}
    within, over = AhoCorasick(list(inner), store_patterns=True), AhoCorasick(list(across), store_patterns=True)
    inside = words.keys()
    every = (1 << size) - 1

    def of_word(written: str) -> int:
        parts = set(within.find_matches_as_strings(f" {written} ", overlapping=True))
        found = inside & set(_WORD.findall(written))
        return reduce(or_, [*map(inner.__getitem__, parts), *map(words.__getitem__, found)], 0)

    known = _Held(of_word)

    def find(text: str) -> int:
        bits = reduce(or_, map(known.__getitem__, text.split()), always)
        bits = reduce(or_, map(across.__getitem__, over.find_matches_as_strings(text, overlapping=True)), bits)
        return bits & (bits >> size) & (bits >> 2 * size) & every

    return find


def _is_of_one_word(piece: str) -> bool:
    """Whether a piece stands within one word and the spaces beside it: words are met again and again, texts are not."""
    return len(piece.split()) == 1 and piece in f" {piece.strip()} "


_PIECES = _Pieces()


def held_in(text: str) -> int:
    """Return what a text may hold as bits."""
    held = _PIECES.kept.get(text)
    return held if held is not None else _PIECES.held(text)


def settle() -> None:
    """Learn the form of every expression made so far: else the first text does it."""
    _PIECES.settle()


class Asked:
    """Something of which a text may hold a match, as the pieces in the text tell.

    Attributes:
        needs: Sets of pieces; a text that holds a match holds a piece of each. Known once a text has been read.
        bit: Stands in `held_in` of every text that may hold a match.
    """

    __slots__ = ("bit", "needs")

    def __init__(self, needs: tuple[frozenset[str], ...] = ()) -> None:
        self.needs = needs
        self.bit = 0
        _PIECES.add(self)

    @classmethod
    def of_words(cls, words: Iterable[str]) -> Asked:
        """Return what asks for one of several whole words, or of signs that stand for names of a vocabulary."""
        return cls(
            (frozenset(word if len(word) == 1 and not word.isalnum() else f"{BOUND}{word}{BOUND}" for word in words),)
        )

    def learn(self) -> None:
        """Find out what is needed."""

    def possible(self, text: str) -> bool:
        """Whether a text may hold a match."""
        held = _PIECES.kept.get(text)
        return ((_PIECES.held(text) if held is None else held) & self.bit) != 0


class Sought(Asked):
    """An expression that is tried only where it can match; it is used as a compiled expression is.

    Attributes:
        expression: The compiled expression; it is compiled when it is first tried.
        first: Signs with which a match can begin; None: any, or a match may be empty.
    """

    __slots__ = ("expression", "first", "pattern")

    def __init__(self, written: str) -> None:
        self.pattern = written
        self.expression: re.Pattern[str]
        self.first: Signs | None = None
        super().__init__()

    def __getattr__(self, name: str) -> re.Pattern[str]:
        if name != "expression":
            raise AttributeError(name)
        # A sign that cannot begin a match is passed over at once.
        guarded = self.first is not None and not flagged(self.pattern)
        self.expression = re.compile(f"(?={self.first.pattern})(?:{self.pattern})" if guarded else self.pattern)  # type: ignore[union-attr]
        return self.expression

    def learn(self) -> None:
        """Find out what the expression needs.

        Raises:
            re.error: It is not well formed.
        """
        form = Form.of(self.pattern)
        self.needs = form.needs
        self.first = form.first

    def search(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """As of a compiled expression."""
        held = _PIECES.kept.get(text)
        if not (_PIECES.held(text) if held is None else held) & self.bit:
            return None
        return self.expression.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """As of a compiled expression."""
        held = _PIECES.kept.get(text)
        if not (_PIECES.held(text) if held is None else held) & self.bit:
            return None
        if self.first is not None and not self.first.known[text[start : start + 1]]:
            return None
        return self.expression.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """As of a compiled expression."""
        held = _PIECES.kept.get(text)
        if not (_PIECES.held(text) if held is None else held) & self.bit:
            return None
        if self.first is not None and not self.first.known[text[start : start + 1]]:
            return None
        return self.expression.fullmatch(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = _END) -> Iterator[re.Match[str]]:
        """As of a compiled expression."""
        return self.expression.finditer(text, start, end) if self.possible(text) else iter(())

    def sub(self, put: str | Callable[[re.Match[str]], str], text: str) -> str:
        """As of a compiled expression."""
        return self.expression.sub(put, text) if self.possible(text) else text


class Family:
    """Expressions that are asked for together: those that a text cannot hold are left out at once, not one by one."""

    def __init__(self, members: Sequence[Asked]) -> None:
        self._members = tuple(members)
        self._mask = 0
        self._places: dict[int, list[int]] = {}

    def possible(self, text: str) -> list[int]:
        """Return the places of the members of which a text may hold a match, in order."""
        held = held_in(text)
        if not self._places:
            self._settle()
        left = held & self._mask
        places: list[int] = []
        while left:
            bit = left & -left
            places += self._places[bit.bit_length()]
            left ^= bit
        places.sort()
        return places

    def _settle(self) -> None:
        for place, member in enumerate(self._members):
            self._places.setdefault(member.bit.bit_length(), []).append(place)
            self._mask |= member.bit


class Several:
    """Expressions asked together where most texts hold none: the places of those that match, in order."""

    def __init__(self, expressions: Sequence[Sought]) -> None:
        self._expressions = tuple(expressions)
        self._family = Family(self._expressions)

    def match(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Yield the matches at the beginning of a text, each behind the place of its expression."""
        for place in self._family.possible(text):
            if (found := self._expressions[place].match(text)) is not None:
                yield place, found

    def fullmatch(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Yield the matches of a whole text."""
        for place in self._family.possible(text):
            if (found := self._expressions[place].fullmatch(text)) is not None:
                yield place, found

    def search(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Yield the first match of each anywhere in a text."""
        for place in self._family.possible(text):
            if (found := self._expressions[place].expression.search(text)) is not None:
                yield place, found


class Alternatives:
    """Expressions asked for together, of which only the places of their matches are wanted.

    Of each expression only those of its alternatives are tried that a text may hold: the others match nowhere in it.
    """

    def __init__(self, written: Sequence[str]) -> None:
        self._written = tuple(written)
        branches = [(place, Sought(branch)) for place, one in enumerate(written) for branch in alternatives(one)]
        self._of = [place for place, _ in branches]
        self._branches = [branch for _, branch in branches]
        self._family = Family(self._branches)
        self._joined: dict[tuple[int, ...], re.Pattern[str]] = {}

    def possible(self, text: str) -> dict[int, tuple[int, ...]]:
        """Return the places of the expressions that a text may hold, each with those of its alternatives, in order."""
        found: dict[int, tuple[int, ...]] = {}
        for branch in self._family.possible(text):
            place = self._of[branch]
            found[place] = (*found.get(place, ()), branch)
        return found

    def expression(self, place: int, branches: tuple[int, ...]) -> re.Pattern[str]:
        """Return an expression that finds, where only these alternatives can match, what the whole would find."""
        if len(branches) == 1:
            return self._branches[branches[0]].expression
        key = branches if len(branches) <= _MOST_BRANCHES else (-1, place)
        joined = self._joined.get(key)
        if joined is None:
            written = "|".join(self._branches[branch].pattern for branch in branches)
            joined = self._joined[key] = re.compile(written if key is branches else self._written[place])
        return joined


class Wholes:
    """Forms of a whole text, of which it may have any: each is tried only where the text can have it.

    Args:
        before: What may stand in front of each form.
        forms: Alternatives.
        behind: What may stand behind each.
    """

    def __init__(self, before: str, forms: str, behind: str) -> None:
        self._forms = [Sought(f"{before}(?:{form}){behind}") for form in alternatives(forms)]
        self._family = Family(self._forms)

    def holds(self, text: str) -> bool:
        """Return whether a text as a whole has one of the forms."""
        return any(self._forms[place].fullmatch(text) is not None for place in self._family.possible(text))


class Signals:
    """Alternatives of which a text may hold any: each is looked for by itself, and only where it can stand."""

    def __init__(self, written: str) -> None:
        self._signals = [Sought(one) for one in alternatives(written)]
        self._family = Family(self._signals)

    def occur(self, text: str) -> bool:
        """Return whether one of them stands in a text."""
        return any(self._signals[place].expression.search(text) is not None for place in self._family.possible(text))
