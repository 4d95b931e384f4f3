"""Tells the language of a text by its letters, else by its commonest words."""

from __future__ import annotations

import re
from functools import lru_cache

from her2nav.intake.notes.vocabulary import LanguageRow

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = {code: chr(code).lower() if chr(code).isalpha() else " " for code in range(128)}
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "with",
        "for",
        "was",
        "is",
        "in",
        "to",
        "on",
        "no",
        "has",
        "had",
        "her",
        "she",
        "he",
        "his",
        "by",
        "not",
        "from",
        "at",
        "are",
        "were",
        "patient",
        "biopsy",
        "this",
        "who",
        "negative",
        "positive",
        "breast",
        "cancer",
        "stage",
        "history",
        "report",
        "treatment",
        "specimen",
        "tumor",
        "tumour",
        "cells",
        "diagnosis",
        "date",
        "lung",
        "metastatic",
        "labs",
        "review",
        "plan",
        "performance",
        "status",
        "score",
        "carcinoma",
        "adenocarcinoma",
        "invasive",
        "left",
        "right",
        "liver",
    ]
)
_SCRIPTS = {
    "kana": re.compile(r"[\u3040-\u30ff]"),
    "hangul": re.compile(r"[\uac00-\ud7af]"),
    "han": re.compile(r"[\u4e00-\u9fff]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "greek": re.compile(r"[\u0391-\u03c9]{3}"),
    "arabic": re.compile(r"[\u0600-\u06ff]"),
    "hebrew": re.compile(r"[\u0590-\u05ff]"),
}
_SCRIPT_SHARE = 0.08
_LEAST = 3
_HEAD = 20_000


def language_of(text: str, rows: tuple[LanguageRow, ...]) -> LanguageRow | None:
    """Return the language of a text; None: English, or too little of it to tell."""
    head = text[:_HEAD]
    if not head.isascii():
        letters = max(1, sum(1 for sign in head if sign.isalpha()))
        for script, pattern in _SCRIPTS.items():
            if len(pattern.findall(head)) > letters * _SCRIPT_SHARE:
                return next((row for row in rows if row.script == script), None)
    words = frozenset(head.translate(_LETTERS).split() if head.isascii() else _WORD.findall(head.lower()))
    if len(words & _all_words(tuple([(*row.common, *row.further) for row in rows]))) < _LEAST:
        return None
    english = len(words & _ENGLISH)
    best: LanguageRow | None = None
    most = 0
    for row in rows:
        # How often a word stands says less than how many of a language's words there are.
        found = len(_own_words((*row.common, *row.further)) & words)
        if found > most:
            best, most = row, found
    return best if most >= _LEAST and most > english else None


def foreign_parts(text: str, rows: tuple[LanguageRow, ...]) -> list[tuple[int, int, LanguageRow]]:
    """Return the paragraphs of an English text that stand in another language: a report pasted into a letter."""
    head = text[:_HEAD]
    known = frozenset(head.translate(_LETTERS).split() if head.isascii() else _WORD.findall(head.lower()))
    if len(known & _all_words(tuple([row.common for row in rows]))) < _LEAST:
        return []
    suspected = [row for row in rows if len(_own_words(row.common) & known) >= _LEAST]
    if not suspected:
        return []
    found: list[tuple[int, int, LanguageRow]] = []
    for match in _PARAGRAPH.finditer(text):
        words = frozenset(_WORD.findall(match[0].lower()))
        english = len(words & _ENGLISH)
        best = max(suspected, key=lambda row: len(_own_words(row.common) & words))
        own = len(_own_words(best.common) & words)
        if own > english and own >= (_LEAST if english else _LEAST - 1):
            found.append((match.start(), match.end(), best))
    return found


_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]*)*")


@lru_cache(maxsize=2)
def _all_words(languages: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    """Return the words of all languages that are told apart from English."""
    return frozenset(word for words in languages for word in words) - _ENGLISH


@lru_cache(maxsize=64)
def _own_words(common: tuple[str, ...]) -> frozenset[str]:
    return frozenset(common) - _ENGLISH


def latin_only(text: str) -> str:
    """Return a text whose letters of other scripts are blanks, as long as it was.

    >>> latin_only("免疫组化HER2（3+）")
    '    HER2（3+）'
    """
    return "".join(" " if sign > "\u0370" and sign.isalpha() else sign for sign in text)
