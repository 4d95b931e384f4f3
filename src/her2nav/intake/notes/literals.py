"""Words of which one stands in every text that a pattern matches, read off the pattern itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # another interpreter: patterns are then tried everywhere
    parser = None

_MOST = 200
"""So many words at most stand for one pattern."""
_LONGEST = 12
_CHOICES = 6
"""A class of so many signs at most is read as a choice of letters."""
_ENOUGH = 4
"""Longer words find no fewer places worth speaking of."""
_FAR = 1 << 30
"""So many signs stand for no limit."""
_NOTHING = frozenset({""})
Words = frozenset[str]
Part = tuple[Any, Any]
_NO_WORDS: tuple[Words, int] = (frozenset(), 0)


class Literals:
    """What is known of the words of a pattern.

    Attributes:
        words: One of them stands in every match; empty: nothing is known.
        first: True: every match begins with one of them.
        edged: Those of them that count only at the beginning of a word.
        lead: So many signs at most stand in a match before the first of them.
    """

    __slots__ = ("edged", "first", "lead", "words")

    def __init__(
        self, words: Iterable[str] = (), *, first: bool = False, edged: Iterable[str] = (), lead: int = 0
    ) -> None:
        self.words = tuple(sorted(words))
        self.first = first
        self.edged = frozenset(edged)
        self.lead = lead


def literals(pattern: re.Pattern[str]) -> Literals:
    r"""Return the words of a pattern; nothing for one that is case-insensitive.

    >>> literals(re.compile(r"\b(?:ex-?)?smok(?:er|es)\b")).words
    ('ex-smoker', 'ex-smokes', 'exsmoker', 'exsmokes', 'smoker', 'smokes')
    >>> literals(re.compile(r"\d+ ?mg|\d+ ?ml")).words
    ('mg', 'ml')
    """
    if parser is None or pattern.flags & re.IGNORECASE:
        return Literals()
    search = _Search()
    tree = list(parser.parse(pattern.pattern, pattern.flags))
    opening, _ = search.opening(tree)
    if _worth(opening) > 1:
        words = _shortest(opening)
        return Literals(words, first=True, edged=filter(_is_word, words) if _edged(tree) else ())
    needed, lead = search.needed(tree)
    return Literals(_shortest(needed), lead=lead) if _worth(needed) else Literals()


def _width(tree: Sequence[Part]) -> int:
    """Return how many signs parts match at most; a large number stands for no limit."""
    return min(sum(_width_of(str(kind), value) for kind, value in tree), _FAR)


def _width_of(kind: str, value: Any) -> int:
    if kind in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
        return 1
    if kind in ("AT", "ASSERT", "ASSERT_NOT"):
        return 0
    if kind == "SUBPATTERN":
        return _width(value[3])
    if kind == "BRANCH":
        return max(map(_width, value[1]))
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        return min(int(value[1]), _FAR) * _width(value[2])
    return _FAR


def _is_word(word: str) -> bool:
    return word[0].isalnum() or word[0] == "_"


def _edged(tree: Sequence[Part]) -> bool:
    """True when every match begins where a word does: the pattern opens with a border, or with no word before it."""
    for part in tree:
        kind, value = str(part[0]), part[1]
        if kind == "AT":
            if str(value) == "AT_BOUNDARY":
                return True
        elif kind == "ASSERT_NOT":
            if value[0] < 0 and _any_of_a_word(value[1]):
                return True
        elif kind == "SUBPATTERN":
            return _edged(value[3])
        elif kind == "BRANCH":
            return all(_edged(one) for one in value[1])
        elif kind != "ASSERT":
            return False
    return False


def _any_of_a_word(tree: Sequence[Part]) -> bool:
    """True for one sign that may be any sign of a word."""
    if len(tree) != 1 or str(tree[0][0]) != "IN":
        return False
    kinds = [(str(kind), str(what)) for kind, what in tree[0][1]]
    return ("CATEGORY", "CATEGORY_WORD") in kinds and kinds[0][0] != "NEGATE"


def _worth(words: Words) -> int:
    """Return how rare words are by the shortest of them; a single letter or figure stands everywhere."""
    if not words:
        return 0
    shortest = min(words, key=len)
    if len(shortest) > 1:
        return min(len(shortest), _ENOUGH)
    return 0 if any(word.isalnum() for word in words if len(word) == 1) else len(shortest)


def _shortest(words: Words) -> Words:
    """Leave out words that begin with another one: they add no place."""
    return frozenset(word for word in words if not any(word[:size] in words for size in range(1, len(word))))


class _Search:
    """The way through the parts of one pattern; what is known of a part is kept."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Words, bool]] = {}

    def opening(self, tree: Sequence[Part]) -> tuple[Words, bool]:
        """Return words with one of which every match begins, and whether they are whole matches."""
        words = _NOTHING
        for part in tree:
            more, whole = self._words_of(part)
            if more is not _NOTHING:
                if len(words) * len(more) > _MOST:
                    return words, False
                words = frozenset([(one + other)[:_LONGEST] for one in words for other in more])
            if not whole or max(map(len, words)) >= _LONGEST:
                return words, False
        return words, True

    def needed(self, tree: Sequence[Part]) -> tuple[Words, int]:
        """Return the best words of which one stands somewhere in every match, and how far behind its beginning at most."""
        best: Words = frozenset()
        lead = 0
        value = (0, 0)
        for i, part in enumerate(tree):
            letter = str(part[0]) == "LITERAL"
            if letter and i and str(tree[i - 1][0]) == "LITERAL":
                continue  # the run of letters was read from its beginning
            for words, inner in ((self.opening(tree[i:])[0], 0), _NO_WORDS if letter else self._inside(part)):
                if (_worth(words), -len(words)) > value:
                    best, value = words, (_worth(words), -len(words))
                    lead = min(_width(tree[:i]) + inner, _FAR)
            if value == (_ENOUGH, -1):
                break
        return best, lead

    def _words_of(self, part: Part) -> tuple[Words, bool]:
        known = self._known.get(id(part))
        if known is None:
            known = self._known[id(part)] = self._read(part)
        return known

    def _read(self, part: Part) -> tuple[Words, bool]:
        kind, value = str(part[0]), part[1]
        if kind == "LITERAL":
            return frozenset({chr(value)}), True
        if kind in ("AT", "ASSERT", "ASSERT_NOT"):
            return _NOTHING, True
        if kind == "IN":
            signs = _signs(value)
            return (signs, True) if signs else (_NOTHING, False)
        if kind == "SUBPATTERN":
            return self.opening(value[3])
        if kind == "BRANCH":
            found = [self.opening(one) for one in value[1]]
            words: Words = frozenset().union(*(one for one, _ in found))
            return (words, all(whole for _, whole in found)) if len(words) <= _MOST else (_NOTHING, False)
        if kind in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inner = value
            words, whole = self.opening(inner)
            if least == 0:
                return words | _NOTHING, whole and most == 1
            return words, whole and least == most == 1
        return _NOTHING, False

    def _inside(self, part: Part) -> tuple[Words, int]:
        kind, value = str(part[0]), part[1]
        if kind == "SUBPATTERN":
            return self.needed(value[3])
        if kind in ("MAX_REPEAT", "MIN_REPEAT") and value[0]:
            return self.needed(value[2])
        if kind == "BRANCH":
            found = [self.needed(one) for one in value[1]]
            words: Words = frozenset().union(*(one for one, _ in found))
            known = all(_worth(one) for one, _ in found) and len(words) <= 2 * _MOST
            return (words, max(lead for _, lead in found)) if known else _NO_WORDS
        return _NO_WORDS


def _signs(value: Sequence[Part]) -> Words | None:
    """Return the signs of a small class; None: a large one, or one that is open."""
    found: set[str] = set()
    for kind, what in value:
        if str(kind) == "LITERAL":
            found.add(chr(what))
        elif str(kind) == "RANGE" and what[1] - what[0] < _CHOICES:
            found.update(map(chr, range(what[0], what[1] + 1)))
        else:
            return None
    return frozenset(found) if 0 < len(found) <= _CHOICES else None
