"""Terms in text, found by one automaton over all vocabularies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

_NOT_WORD = re.compile(r"[^a-z0-9α-ω]+")
_OPENS = ("(", "[")
_CLOSES = re.compile(r" ?[)\]]")
_FIRST_MARK = 0xE000


class _Folded(dict[int, str]):
    """Every sign of which no name consists as a space."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = found = " " if _NOT_WORD.match(sign) else sign
        return found


_FOLDED = _Folded()


class Term(NamedTuple):
    """A name in a vocabulary: what it is called there and what it means."""

    category: str
    id: str


class Hit(NamedTuple):
    """A name found in a text."""

    start: int
    end: int
    terms: tuple[Term, ...]

    def id(self, category: str) -> str | None:
        """Return the meaning in one vocabulary, or None."""
        for term in self.terms:
            if term.category == category:
                return term.id
        return None

    def ids(self, category: str) -> tuple[str, ...]:
        """Return all meanings in one vocabulary: some names mean several things."""
        terms = self.terms
        if len(terms) == 1:
            return (terms[0].id,) if terms[0].category == category else ()
        return tuple([term.id for term in terms if term.category == category])


def fold(name: str) -> str:
    """Return a name as the automaton compares it: words with single spaces.

    >>> fold("Anti-HER2/neu  therapy")
    'anti her2 neu therapy'
    """
    return _NOT_WORD.sub(" ", name.lower()).strip()


def _as_in_text(name: str, folded: str) -> str:
    """Return a name with other signs in it as a text holds it, sign by sign: "St. John's wort", "lack of A (B) and C"."""
    return folded if name.endswith((")", "]")) else name.lower().translate(_FOLDED).strip()


class Dictionary:
    """All names of all vocabularies; only whole words are names.

    Args:
        entries: (category, name, id).
    """

    def __init__(self, entries: Iterable[tuple[str, str, str]]) -> None:
        terms: dict[str, dict[Term, None]] = {}
        for category, name, identifier in entries:
            folded = fold(name)
            if len(folded) > 1:
                for written in {folded, _as_in_text(name, folded)}:
                    terms.setdefault(written, {})[Term(category, identifier)] = None
        for folded in [name for name in terms if name[-1].isalpha() and not name.endswith("s") and len(name) > 3]:
            ending = folded + ("es" if folded.endswith(("x", "ch", "sh")) else "s")
            if ending not in terms:
                terms[ending] = terms[folded]
        self._sizes = [len(name) for name in terms]
        self._terms = [tuple(found) for found in terms.values()]
        self._automaton = AhoCorasick([f" {name} " for name in terms])
        combinations = {frozenset(term.category for term in found) for found in self._terms}
        ordered = sorted(combinations, key=sorted)
        self._mark_of = {combination: chr(_FIRST_MARK + i) for i, combination in enumerate(ordered)}
        self._marks_in: dict[str, str] = {}
        self._marks = [self._mark_of[frozenset(term.category for term in found)] for found in self._terms]

    def __len__(self) -> int:
        """How many names there are."""
        return len(self._sizes)

    def marks(self, category: str) -> str:
        """Return the signs that stand in a masked text for names of a vocabulary."""
        known = self._marks_in.get(category)
        if known is None:
            found = [mark for combination, mark in self._mark_of.items() if category in combination]
            known = self._marks_in[category] = "".join(found)
        return known

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of all vocabularies."""
        return tuple(sorted({category for combination in self._mark_of for category in combination}))

    def hits(self, text: str) -> list[Hit]:
        """Return the names in a plain text, as `find` does."""
        return self._found(text)[0]

    def _found(self, text: str) -> tuple[list[Hit], list[str]]:
        """Return the names in a plain text, each with the sign of its vocabulary."""
        folded = f" {text.translate(_FOLDED)} "
        sizes = self._sizes
        found = [
            (start, -sizes[index], index)
            for index, start, _ in self._automaton.find_matches_as_indexes(folded, overlapping=True)
        ]
        found.sort()
        hits: list[Hit] = []
        marks: list[str] = []
        done = 0
        for start, size, index in found:
            if start < done:
                continue
            done = start - size
            hits.append(Hit(start, done, self._terms[index]))
            marks.append(self._marks[index])
        return _with_abbreviations(text, hits, marks)

    def find(self, text: str) -> tuple[list[Hit], str]:
        """Return the names in a plain text and the text with every name painted over by the sign of its vocabulary.

        A name counts only where it stands as whole words; of names that overlap the one that begins first is taken,
        the longest of them.
        """
        hits, marks = self._found(text)
        if not hits:
            return [], text
        masked: list[str] = []
        done = 0
        for hit, mark in zip(hits, marks, strict=True):
            masked += (text[done : hit.start], mark * (hit.end - hit.start))
            done = hit.end
        masked.append(text[done:])
        return hits, "".join(masked)


def _with_abbreviations(text: str, hits: list[Hit], marks: list[str]) -> tuple[list[Hit], list[str]]:
    """Make one name of "ejection fraction (LVEF)": a name and, in brackets behind it, another for the same thing."""
    gaps = zip([hit.end for hit in hits], [hit.start for hit in hits[1:]], strict=False)
    if not any([text[end:start].strip() in _OPENS for end, start in gaps]):  # noqa: C419 - a list is made faster
        return hits, marks
    joined: list[Hit] = []
    kept: list[str] = []
    for hit, mark in zip(hits, marks, strict=True):
        before = joined[-1] if joined else None
        if before is not None and text[before.end : hit.start].strip() in _OPENS:
            closes = _CLOSES.match(text, hit.end)
            shared = tuple(term for term in before.terms if term in hit.terms)
            if closes and shared:
                joined[-1] = Hit(before.start, closes.end(), shared)
                continue
        joined.append(hit)
        kept.append(mark)
    return joined, kept
