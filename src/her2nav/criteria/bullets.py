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


def run_together(low: str, start: int, end: int, inline: bool) -> list[tuple[int, int]]:
    """Cut a paragraph that runs several bullets together: "- a - b" or "1. a 2. b".

    A line of its own is cut only at numbers that count up from one.
    """
    marks = [m.start() for m in _MARK.finditer(low[start:end])]
    if len(marks) < 2:
        return [(start, end)]
    if not inline:
        numbers = [int(found[0]) if (found := re.match(r"\d+", low[start + at : end])) else 0 for at in marks]
        marks = [at for i, at in enumerate(marks) if numbers[i]]
        if [number for number in numbers if number] != list(range(1, len(marks) + 1)) or len(marks) < 3:
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
