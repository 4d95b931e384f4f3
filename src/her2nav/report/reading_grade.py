"""The reading grade of a text by the Flesch-Kincaid formula.

Grade = 0.39 x words per sentence + 11.8 x syllables per word - 15.59 (Kincaid and others, 1975). Syllables are groups
of vowels, without a silent e. Names that cannot be put in other words (of drugs, tests, genes, trials) and numbers
count as one short word, since no rewriting changes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html.parser import HTMLParser

FORMULA = "Flesch-Kincaid"
TARGET = 8
"""Plain pages stay at this grade or below."""

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<![aeiouyl])e$|(?<=[^aeiouydt])ed$|(?<=[^aeiouyscxzhg])es$")
_NAMES = re.compile(
    r"NCT\d{8}|her2nav\b[\w. -]*|\b[A-Z][A-Za-z]*\d[\w./-]*|\b[A-Z]{2,}[\w./-]*|\b\d[\d.,/%+-]*|\([^)]*\d[^)]*\)|https?://\S+"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_TOKEN = re.compile(r"\w+")
_END = re.compile(r"[.!?](?=\s|$)")
_BLOCKS = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "td", "th", "dt", "dd", "caption", "title", "div", "section", "tr", "header"}
)
_UNREAD = frozenset({"style", "script", "title", "svg", "code"})
_MEANINGS = ("class", "meanings")
"""Of the section that explains the words of a page, for who asks; it is not part of what a page tells."""


def grade(sentences: Iterable[str], names: Iterable[str] = ()) -> float:
    """Return the grade of sentences; 0 of none.

    Args:
        sentences: One or more sentences each; the end of an entry ends a sentence.
        names: Names that count as one short word, beside those that are seen from their form.

    >>> round(grade(["The test tells us what to do next."]), 1)
    -0.7
    """
    texts = list(sentences)
    pattern = _pattern(tuple(sorted(_named(texts, names), key=len, reverse=True)))
    words = ends = syllables = 0
    for text in texts:
        plain = _NAMES.sub(" it ", pattern.sub(" it ", text) if pattern is not None else text)
        for part in _END.split(plain):
            found = _WORD.findall(part)
            if found:
                ends += 1
                words += len(found)
                syllables += sum(map(_syllables, found))
    return 0.39 * words / ends + 11.8 * syllables / words - 15.59 if words else 0.0


def _named(texts: Iterable[str], names: Iterable[str]) -> set[str]:
    """Return the names that may stand in the texts: of thousands that are known, a page holds a few."""
    whole = "\n".join(texts).casefold()
    words = set(_TOKEN.findall(whole))
    found = set()
    for name in set(names):
        folded = name.casefold()
        first = _TOKEN.match(folded)
        if (first is None or first[0] in words) and folded in whole:
            found.add(name)
    return found


@lru_cache(maxsize=4)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b", re.IGNORECASE) if names else None


@lru_cache(maxsize=8192)
def _syllables(word: str) -> int:
    return sum(max(1, len(_VOWELS.findall(_SILENT.sub("", part.lower())))) for part in re.split(r"[-'’]", word) if part)


class _Reader(HTMLParser):
    """Collects the text of a page block by block; names, marked `data-name`, and meanings of words are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self._left_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._left_out or tag in _UNREAD or any(one[0] == "data-name" or one == _MEANINGS for one in attrs):
            if tag not in ("br", "meta", "link", "img", "hr", "input"):
                self._left_out.append(tag)
        elif tag in _BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            self._left_out.pop()
        elif tag in _BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self.blocks[-1] += data


def text_of(page: str) -> list[str]:
    """Return the text of an HTML page, block by block; styles, pictures and names of trials are left out."""
    reader = _Reader()
    reader.feed(page)
    return [text for block in reader.blocks if (text := " ".join(block.split()))]


def page_grade(page: str, names: Iterable[str] = ()) -> float:
    """Return the grade of an HTML page; headings and cells of fewer than four words are labels and are left out."""
    return grade([block for block in text_of(page) if len(block.split()) > _LABEL], names)


_LABEL = 3
