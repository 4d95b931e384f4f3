"""Bullets and numbers in front of items, and lists that a line runs together."""

from __future__ import annotations

import itertools
import re

BULLET = re.compile(
    r"(?P<mark>(?:[*•-] *)?\(?\d{1,2} ?[.)](?=\s)|(?:[*•-] *)?\d{1,2}(?:\.\d{1,2}){2,3}(?=\s+[a-z])|[*•·‣▪◦●○■□§>]|-(?=\s)|o(?=\s{1,4}\S)|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.):](?=\s|[a-z(])|\(\d{1,2}\)|\(?[a-z][.)](?=\s)|"
    r"\([a-z]\)|\(?[ivx]{1,5}[.)](?=\s))\s*",
)
_MARK = re.compile(r"[-*•\d](?<!\S.)(?:(?<!\d)(?=\s)|(?<=\d)\d?[.)](?=\s))")
"""A dash, a star or a number behind a space or at the beginning."""
_MARKED = re.compile(r"(?:(?<=\s)|(?<=:)|^)\(?(?P<label>\d{1,2}|[a-z]|[ivx]{1,4})[.)](?=\s)")


_FEWEST_NUMBERS = 3


def run_together(low: str, start: int, end: int, inline: bool) -> list[tuple[int, int]]:
    """Cut a paragraph that runs several bullets together: "- a - b" or "1. a 2. b".

    A line of its own is cut only at numbers that count up from one, or from the number of its own bullet.
    """
    marks = [m.start() for m in _MARK.finditer(low[start:end])]
    if len(marks) < 2:
        return [(start, end)]
    if not inline:
        numbers = [int(found[0]) if (found := re.match(r"\d+", low[start + at : end])) else 0 for at in marks]
        marks = [at for i, at in enumerate(marks) if numbers[i]]
        counted = [number for number in numbers if number]
        own = low[start:end][: marks[0]].strip() == "" if marks else False
        first = counted[0] if own else 1
        if counted != list(range(first, first + len(marks))) or len(marks) < _FEWEST_NUMBERS:
            return [(start, end)]
    cuts = [0, *marks, end - start]
    return [(start + a, start + b) for a, b in itertools.pairwise(cuts) if low[start + a : start + b].strip()]


def inner_list(low: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """Return (mark, first, last) of the entries of a list within a line: "…: (a) x (b) y"; empty where there is none."""
    colon = low.find(":", start, end)
    if colon < 0:
        return []
    marks: list[re.Match[str]] = []
    for found in _MARKED.finditer(low, colon + 1, end):
        if _counts(found["label"], len(marks)):
            marks.append(found)
    if len(marks) < 2 or low[colon + 1 : marks[0].start()].strip(" ("):
        return []
    ends = [*(mark.start() for mark in marks[1:]), end]
    return [(mark.start(), mark.end(), last) for mark, last in zip(marks, ends, strict=True)]


_DASH = re.compile(r"(?<=[\w.;:,)%]) +- +(?=[A-Z≥≤<>])")
_FEWEST_DASHES = 2


def dashed(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Cut a line that runs entries together at dashes: (first, last, whether it stands under the entry before it).

    Only a dash between blanks in front of a capital letter counts, outside brackets, and only where there are several.

    >>> line = "Adequate function: - ANC at least 1.5 - Platelets at least 100"
    >>> [(line[a:b], under) for a, b, under in dashed(line, 0, len(line))]
    [('Adequate function:', False), ('ANC at least 1.5', True), ('Platelets at least 100', True)]
    """
    marks = [
        found.span()
        for found in _DASH.finditer(text, start, end)
        if text.count("(", start, found.start()) <= text.count(")", start, found.start())
    ]
    if len(marks) < _FEWEST_DASHES:
        return []
    firsts, lasts = [start, *(mark[1] for mark in marks)], [*(mark[0] for mark in marks), end]
    under = False
    out: list[tuple[int, int, bool]] = []
    for first, last in zip(firsts, lasts, strict=True):
        leads = text[first:last].rstrip().endswith(":")
        out.append((first, last, under and not leads))
        under = under or leads
    return out


def _counts(label: str, place: int) -> bool:
    """Whether a label is the one due at a place: 3, c or iii."""
    return label in (str(place + 1), chr(ord("a") + place), ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")[min(place, 9)])  # fmt: skip


def rank(mark: str) -> int:
    """Order marks that stand at the same indent: numbers above letters above dashes."""
    if mark[0] in "*•-":
        return 1
    inside = mark.strip("().: ")
    if inside[:1].isdigit():
        return 1
    if inside.isalpha() and inside != "o":
        return 2
    return 3
