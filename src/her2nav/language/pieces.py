"""What the form of a regular expression tells of its matches: pieces of text that they hold, signs that they begin with.

Everything here errs on the safe side: a piece is named only where every match must hold it.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import _constants as _sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

BOUND = "\x00"
"""Stands in a piece where a word begins or ends; a piece between two of them is a whole word."""
_REPEATS = (_sre.MAX_REPEAT, _sre.MIN_REPEAT, _sre.POSSESSIVE_REPEAT)
_MOST = 200
"""Strings that are followed together; with more, what was found so far is closed."""
_MOST_PIECES = 600
"""Pieces of which one is needed; more are not worth looking for."""
_SHORTEST = 2
_RARE = "≥≤<>"
_MARKS = "\ue000"
"""From here on a sign stands for names of a vocabulary: it alone is a piece."""
COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "had",
        "has",
        "have",
        "in",
        "is",
        "it",
        "must",
        "no",
        "not",
        "of",
        "on",
        "or",
        "other",
        "prior",
        "previous",
        "previously",
        "patient",
        "patients",
        "the",
        "to",
        "with",
        "within",
        "without",
        "who",
        "that",
        "than",
        "treatment",
        "therapy",
        "before",
        "after",
        "history",
        "subject",
        "subjects",
        "disease",
        "study",
    ]
)
"""Words of nearly every sentence."""
MOST_NEEDS = 3
"""Sets of pieces that are looked for; more tell little."""
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Form:
    """What holds for every match of an expression.

    Attributes:
        needs: Sets of pieces; a match holds one piece of each. Empty: nothing is known.
        first: Signs with which it can begin; None where that is not known or it may be empty.
    """

    needs: tuple[frozenset[str], ...]
    first: Signs | None

    @classmethod
    def of(cls, written: str) -> Form:
        """Return what is known of an expression."""
        tree = _parser.parse(written)
        if tree.state.flags & re.IGNORECASE:
            return cls((), None)
        exact, needs = _sequence(tree)
        if exact is not None:
            needs = [*needs, *_closed(exact)]
        ranked = sorted(dict.fromkeys(needs), key=_rarity, reverse=True)
        signs, empty = _first(tree)
        return cls(tuple(ranked[:MOST_NEEDS]), None if signs is None or empty else Signs(signs))


def flagged(written: str) -> bool:
    """Whether an expression begins with flags for the whole of it: "(?s)…"."""
    return written.startswith("(?") and written[2:3].isalpha() and written[2:3] != "P"


def alternatives(written: str) -> tuple[str, ...]:
    r"""Return the alternatives that an expression is made of at its top.

    >>> alternatives(r"a(?:b|c)|[|]|\||d")
    ('a(?:b|c)', '[|]', '\\|', 'd')
    """
    if flagged(written):
        return (written,)
    cuts, depth, at = [-1], 0, 0
    while at < len(written):
        sign = written[at]
        if sign == "\\":
            at += 1
        elif sign == "[":
            at = _class_end(written, at)
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and depth == 0:
            cuts.append(at)
        at += 1
    return tuple(written[one + 1 : other] for one, other in itertools.pairwise([*cuts, len(written)]))


def _class_end(written: str, at: int) -> int:
    """Return the place of the bracket that closes a character class."""
    at += 1 + written.startswith("^", at + 1)
    first = at
    while written[at] != "]" or at == first:
        at += 2 if written[at] == "\\" else 1
    return at


def guarded(written: str) -> str:
    """Return an expression that fails at once where the sign at hand cannot begin it; it matches the same."""
    first = Form.of(written).first
    return written if first is None else f"(?={first.pattern})(?:{written})"


class Signs:
    """A set of signs, given as the inside of a character class; what was asked for once is kept."""

    def __init__(self, inside: frozenset[str]) -> None:
        self.pattern = f"[{''.join(sorted(inside))}]"
        self.known = _Known(re.compile(self.pattern))
        """Whether a sign is of the set; nothing at all is not."""

    def __contains__(self, sign: str) -> bool:
        return self.known[sign]


class _Known(dict[str, bool]):
    """Signs asked for before."""

    def __init__(self, expression: re.Pattern[str]) -> None:
        self._expression = expression

    def __missing__(self, sign: str) -> bool:
        known = self[sign] = self._expression.match(sign) is not None
        return known


_Needs = list[frozenset[str]]
_Exact = frozenset[str] | None


def _sequence(elements: Iterable[Any]) -> tuple[_Exact, _Needs]:
    """Return all strings that a sequence matches, where they are few, else None; and what is needed beside them."""
    whole = True
    run = frozenset({""})
    needs: _Needs = []
    for element in elements:
        exact, inner = _element(*element)
        needs += inner
        if exact is not None and len(run) * len(exact) <= _MOST:
            run = frozenset(one + other for one in run for other in exact)
            continue
        needs += _closed(run)
        whole = False
        run = frozenset({""}) if exact is None else exact
    if whole:
        return run, needs
    return None, needs + _closed(run)


def _element(kind: Any, value: Any) -> tuple[_Exact, _Needs]:
    match kind:
        case _sre.LITERAL:
            return frozenset({chr(value)}), []
        case _sre.AT:
            return frozenset({BOUND if value is _sre.AT_BOUNDARY else ""}), []
        case _sre.ASSERT_NOT if _is_word_end(value):
            return frozenset({BOUND}), []
        case _sre.ASSERT | _sre.ASSERT_NOT:
            return frozenset({""}), []
        case _sre.IN:
            return _few_signs(value), []
        case _sre.SUBPATTERN:
            return (None, []) if value[1] & re.IGNORECASE else _sequence(value[3])
        case _sre.ATOMIC_GROUP:
            return _sequence(value)
        case _sre.BRANCH:
            return _branches([_sequence(branch) for branch in value[1]])
        case _ if kind in _REPEATS:
            return _repeated(*value)
    return None, []


def _is_word_end(value: Any) -> bool:
    """Whether a look ahead or behind says that no letter or digit of a word stands there."""
    inside = value[1]
    if len(inside) != 1 or inside[0][0] is not _sre.IN:
        return False
    ranges = {(chr(item[0]), chr(item[1])) for kind, item in inside[0][1] if kind is _sre.RANGE}
    categories = [item for kind, item in inside[0][1] if kind is _sre.CATEGORY]
    return {("a", "z"), ("0", "9")} <= ranges or _sre.CATEGORY_WORD in categories


def _few_signs(items: Sequence[Any]) -> _Exact:
    if all(kind is _sre.LITERAL for kind, _ in items) and (
        len(items) <= 4 or all(chr(sign) >= _MARKS for _, sign in items)
    ):
        return frozenset(chr(sign) for _, sign in items)
    return None


def _branches(branches: list[tuple[_Exact, _Needs]]) -> tuple[_Exact, _Needs]:
    exacts = [exact for exact, _ in branches]
    if all(exact is not None for exact in exacts):
        joined: frozenset[str] = frozenset().union(*(exact for exact in exacts if exact is not None))
        if len(joined) <= _MOST:
            return joined, []
    best: list[frozenset[str]] = []
    for exact, needs in branches:
        known = [*needs, *(_closed(exact) if exact is not None else [])]
        if not known:
            return None, []
        best.append(max(known, key=_rarity))
    together = frozenset().union(*best)
    return None, [together] if len(together) <= _MOST_PIECES else []


def _repeated(least: int, most: int, inside: Any) -> tuple[_Exact, _Needs]:
    exact, needs = _sequence(inside)
    if least == 0:
        return (exact | {""} if exact is not None and most == 1 else None), []
    if least == most == 1:
        return exact, needs
    return None, needs + (_closed(exact) if exact is not None else [])


def _closed(run: frozenset[str]) -> _Needs:
    """Return what strings of which one is matched need; nothing where one of them says too little."""
    pieces = {_piece(written) for written in run}
    if not all(_tells(piece) for piece in pieces):
        return []
    parts = [piece for piece in pieces if BOUND not in piece]
    return [frozenset(piece for piece in pieces if not any(part != piece and part in piece for part in parts))]


def _piece(written: str) -> str:
    """Return the piece that a string with bounds needs: a whole word, or the string itself."""
    bare = written.replace(BOUND, "")
    if written.startswith(BOUND) and written.endswith(BOUND) and _WORD.fullmatch(bare):
        return f"{BOUND}{bare}{BOUND}"
    return bare


def _tells(piece: str) -> bool:
    return BOUND in piece or len(piece.strip()) >= _SHORTEST or any(sign >= _MARKS or sign in _RARE for sign in piece)


def _rarity(pieces: frozenset[str]) -> float:
    """The longer and the fewer, the rarer."""
    least = min(20 if piece[:1] >= _MARKS else 0 if piece.strip(BOUND) in COMMON else len(piece) for piece in pieces)
    return least - 1.5 * math.log(len(pieces))


def _first(elements: Iterable[Any]) -> tuple[frozenset[str] | None, bool]:
    """Return the insides of character classes with one of which a match begins, and whether it may be empty."""
    signs: frozenset[str] = frozenset()
    for kind, value in elements:
        more, empty = _first_of(kind, value)
        if more is None:
            return None, False
        signs |= more
        if not empty:
            return signs, False
    return signs, True


def _first_of(kind: Any, value: Any) -> tuple[frozenset[str] | None, bool]:
    match kind:
        case _sre.LITERAL:
            return frozenset({re.escape(chr(value))}), False
        case _sre.AT | _sre.ASSERT | _sre.ASSERT_NOT:
            return frozenset(), True
        case _sre.IN:
            return _class(value), False
        case _sre.SUBPATTERN:
            return (None, False) if value[1] & re.IGNORECASE else _first(value[3])
        case _sre.ATOMIC_GROUP:
            return _first(value)
        case _sre.BRANCH:
            found = [_first(branch) for branch in value[1]]
            if any(signs is None for signs, _ in found):
                return None, False
            return frozenset().union(*(signs for signs, _ in found if signs)), any(empty for _, empty in found)
        case _ if kind in _REPEATS:
            signs, empty = _first(value[2])
            return signs, empty or value[0] == 0
    return None, False


_CLASSES = {_sre.CATEGORY_DIGIT: r"\d", _sre.CATEGORY_SPACE: r"\s", _sre.CATEGORY_WORD: r"\w"}


def _class(items: Sequence[Any]) -> frozenset[str] | None:
    inside: set[str] = set()
    for kind, value in items:
        if kind is _sre.LITERAL:
            inside.add(re.escape(chr(value)))
        elif kind is _sre.RANGE:
            inside.add(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        elif kind is _sre.CATEGORY and value in _CLASSES:
            inside.add(_CLASSES[value])
        else:
            return None
    return frozenset(inside)
