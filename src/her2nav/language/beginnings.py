"""Which expressions can match where certain signs stand: found from the form of each, sign by sign.

Walks over a sentence ask at every word for many expressions of which hardly any can begin with that word.

Everything here errs on the safe side: an expression is left out only where no match of it can begin with the signs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from re import _constants as _sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from her2nav.language.pieces import Form

SIGNS = 3
"""Signs that are looked at: more tell little more and are seldom the same."""
_OFTEN = 8
"""Times that signs are met before it is worked out what can begin with them."""
_MOST_KNOWN = 20_000
_REPEATS = (_sre.MAX_REPEAT, _sre.MIN_REPEAT, _sre.POSSESSIVE_REPEAT)
_NO_SIGN = (_sre.AT, _sre.ASSERT, _sre.ASSERT_NOT)
Masks = dict[int, int]
"""For each sign, by its number, the places where it stands: one bit for each place."""


class Beginning:
    """Tells of one expression whether a match of it can begin with given signs."""

    def __init__(self, written: str) -> None:
        self._written = written
        self._tree: Any = None

    def possible(self, signs: str) -> bool:
        r"""Return whether a match can begin with these signs, or is shorter and they begin with it.

        >>> beginning = Beginning(r"no(?:t|ne)?\b|any [a-z]+")
        >>> [beginning.possible(signs) for signs in ("not", "now", "any", "and", "an")]
        [True, True, True, False, True]
        """
        if self._tree is None:
            self._tree = _parser.parse(self._written)
        masks: Masks = {}
        for place, sign in enumerate(signs):
            masks[ord(sign)] = masks.get(ord(sign), 0) | 1 << place
        end = 1 << len(signs)
        return bool(self._tree.state.flags & re.IGNORECASE) or _sequence(self._tree.data, masks, end, 1) != 0


class _Possible:
    """Tells of several expressions which can begin with given signs: a few of those that can begin with all but the last."""

    def __init__(self, written: Iterable[str]) -> None:
        self._beginnings = [Beginning(one) for one in written]
        self._known: dict[str, tuple[int, ...]] = {"": tuple(range(len(self._beginnings)))}

    def places(self, signs: str) -> tuple[int, ...]:
        """Return the places of the expressions, in order."""
        known = self._known.get(signs)
        if known is None:
            before = self.places(signs[:-1])
            known = self._known[signs] = tuple(place for place in before if self._beginnings[place].possible(signs))
        return known


def starting(**expressions: str | tuple[str, ...]) -> Callable[[str], frozenset[str]]:
    """Return what tells, for the signs where a walk stands, the names of the expressions that can match there.

    Under a name may stand several expressions, of which one is enough.
    It errs on the safe side: for signs that were seldom asked for it may name all of them.
    """
    rows = [
        (name, one)
        for name, written in expressions.items()
        for one in ((written,) if isinstance(written, str) else written)
    ]
    possible = _Possible(one for _, one in rows)
    every = frozenset(expressions)
    known: dict[str, frozenset[str]] = {}
    asked: dict[str, int] = {}

    def names(signs: str) -> frozenset[str]:
        found = known.get(signs)
        if found is not None:
            return found
        if not _often(signs, asked, known):
            return every
        found = known[signs] = frozenset(rows[place][0] for place in possible.places(signs))
        return found

    return names


def _often(signs: str, asked: dict[str, int], known: Mapping[str, object]) -> bool:
    """Whether signs are met often enough for it to be worth the time to work out what begins with them."""
    times = asked[signs] = asked.get(signs, 0) + 1
    if len(asked) > _MOST_KNOWN:
        asked.clear()
    return times >= _OFTEN and len(known) < _MOST_KNOWN


class BySign:
    """Alternatives with names, of which at a place only those are tried that can begin with the signs there.

    It is asked as a compiled expression is; `lastgroup` of a match is the name. A match has the groups of the
    alternative that it is of.
    """

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._rows = [(f"(?P<{name}>{written})", Form.of(written).first) for name, written in rows]
        self._possible = _Possible(row for row, _ in self._rows)
        self.pattern = "|".join(row for row, _ in self._rows)
        self._whole = re.compile(
            "|".join(row if first is None else f"(?={first.pattern}){row}" for row, first in self._rows)
        )
        self._asked: dict[str, int] = {}
        self._known: dict[str, tuple[re.Pattern[str], ...]] = {}
        self._compiled: dict[int, re.Pattern[str]] = {}

    def match(self, text: str, at: int, end: int = 1 << 60) -> re.Match[str] | None:
        """As of a compiled expression."""
        signs = text[at : at + SIGNS]
        known = self._known.get(signs)
        if known is None:
            if not _often(signs, self._asked, self._known):
                return self._whole.match(text, at, end)
            known = self._known[signs] = tuple(self._beginning_with(signs))
        for expression in known:
            found = expression.match(text, at, end)
            if found is not None:
                return found
        return None

    def _beginning_with(self, signs: str) -> Iterable[re.Pattern[str]]:
        """Yield the alternatives that can begin with signs, in order."""
        for place in self._possible.places(signs):
            row, first = self._rows[place]
            if first is None or not signs or signs[0] in first:
                if place not in self._compiled:
                    self._compiled[place] = re.compile(row)
                yield self._compiled[place]


def _sequence(elements: Iterable[Any], masks: Masks, end: int, places: int) -> int:
    """Return the places that may be reached when a sequence ends; from the end of the signs on nothing more is asked."""
    for kind, value in elements:
        if places & end or not places:
            return places
        if kind is _sre.LITERAL:
            places = (places & masks.get(value, 0)) << 1
        else:
            places = _element(kind, value, masks, end, places)
    return places


def _element(kind: Any, value: Any, masks: Masks, end: int, places: int) -> int:
    if kind is _sre.BRANCH:
        reached = 0
        for branch in value[1]:
            elements = branch.data
            if elements and elements[0][0] is _sre.LITERAL and not places & masks.get(elements[0][1], 0):
                continue
            reached |= _sequence(elements, masks, end, places)
            if reached & end:
                break
        return reached
    if kind is _sre.SUBPATTERN and not value[1] & re.IGNORECASE:
        return _sequence(value[3].data, masks, end, places)
    if kind is _sre.IN:
        return sum(mask & places for sign, mask in masks.items() if mask & places and _is_in(value, chr(sign))) << 1
    if kind in _NO_SIGN:
        return places
    if kind in _REPEATS:
        return _repeated(value, masks, end, places)
    if kind is _sre.ATOMIC_GROUP:
        return _sequence(value.data, masks, end, places)
    return end  # any sign, or what is not known


def _repeated(value: Sequence[Any], masks: Masks, end: int, places: int) -> int:
    least, most, inside = value
    reached = places if least == 0 else 0
    while most and places and not reached & end:
        places = _sequence(inside.data, masks, end, places) & ~reached
        reached |= places
        most -= 1
    return reached


def _is_in(items: Sequence[Any], sign: str) -> bool:
    """Return whether a sign is of a character class."""
    negated = items[0][0] is _sre.NEGATE
    return any(_is_one(kind, value, sign) for kind, value in items[negated:]) is not negated


def _is_one(kind: Any, value: Any, sign: str) -> bool:
    if kind is _sre.LITERAL:
        return bool(ord(sign) == value)
    if kind is _sre.RANGE:
        return bool(value[0] <= ord(sign) <= value[1])
    return _CATEGORIES[value].match(sign) is not None


_CATEGORIES = {
    _sre.CATEGORY_DIGIT: re.compile(r"\d"),
    _sre.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    _sre.CATEGORY_SPACE: re.compile(r"\s"),
    _sre.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    _sre.CATEGORY_WORD: re.compile(r"\w"),
    _sre.CATEGORY_NOT_WORD: re.compile(r"\W"),
}
