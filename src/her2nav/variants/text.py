"""Make text comparable: one kind of dash and space, single items of a list, words, and phrases found among words."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_DASHES = re.compile("[\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\\\\]")
_ARROWS = re.compile("[\u2192\u27a1\u27f6\u2794\u21d2]|-+>|=>")
_DELTA = re.compile("[\u0394\u03b4\u2206]")
_SPACES = re.compile(r"[^\S\n]+")
_LINK = r"(?:\s*(?:,|/|&|-|\bto\b|\band/or\b|\bor\b|\band\b))+\s*"
_EXON_LIST = re.compile(rf"\b(exons?|ex)\s*\.?\s*([0-9]{{1,2}}(?:{_LINK}[0-9]{{1,2}}\b)+)", re.IGNORECASE)
_SEPARATORS = re.compile(r"[;\n|\u2022\u00b7]+|,(?![0-9])|\s(?:and/or|and|or)\s|\s[&+/]\s", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+")


def clean(text: str) -> str:
    """Return the text with one kind of dash, arrow and space, and nothing invisible."""
    text = html.unescape(text)
    text = _INVISIBLE.sub("", text)
    text = _DASHES.sub("-", text)
    text = _DELTA.sub("delta", unicodedata.normalize("NFKC", text))
    text = _ARROWS.sub(">", text.replace("\r", "\n"))
    return _SPACES.sub(" ", text).strip()


def split(text: str) -> list[str]:
    """Return the items of a list; a list of exon numbers stays together.

    >>> split("S310F, L755S and exon 19 or 20 mutation")
    ['S310F', 'L755S', 'exon 19/20 mutation']
    """
    joined = _EXON_LIST.sub(lambda match: f"{match[1]} {_numbers(match[2])}", text)
    return [item.strip() for item in _SEPARATORS.split(joined) if item and item.strip(" .-_/()[]\t'\"")]


def _numbers(written: str) -> str:
    ranges = re.sub(r"\s*(?:-|\bto\b)\s*", "-", written, flags=re.IGNORECASE)
    return re.sub(r"[^0-9-]+", "/", ranges)


def words(text: str) -> list[str]:
    """Return the words in lower case, of letters and digits only."""
    return _WORD.findall(text.lower())


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase found: its meaning and its words [start, end)."""

    meaning: T
    start: int
    end: int


class Phrases(Generic[T]):
    """Phrases with a meaning, found among words; longer ones win."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._meanings = {tuple(words(phrase)): meaning for phrase, meaning in meanings.items() if words(phrase)}
        self._longest = max((len(phrase) for phrase in self._meanings), default=0)

    def find(self, among: list[str], taken: Iterable[int] = ()) -> list[Hit[T]]:
        """Return hits left to right that do not overlap each other nor the words already taken."""
        used = set(taken)
        hits: list[Hit[T]] = []
        i = 0
        while i < len(among):
            for size in range(min(self._longest, len(among) - i), 0, -1):
                phrase = tuple(among[i : i + size])
                if phrase in self._meanings and used.isdisjoint(range(i, i + size)):
                    hits.append(Hit(self._meanings[phrase], i, i + size))
                    i += size - 1
                    break
            i += 1
        return hits
