"""Bullets and numbers in front of items, and lists that a line runs together."""

from __future__ import annotations

import itertools
import re

BULLET = re.compile(
    r"(?P<mark>(?:[*•-] *)?\(?\d{1,2} ?[.)](?=\s)(?:\s+\d{1,2}(?:\.\d{1,2}){2,3}(?=\s+[a-z]))?|(?:[*•-] *)?\d{1,2}(?:\.\d{1,2}){2,3}(?=\s+[a-z])|[*•·‣▪◦●○■□§]|>(?! ?(?:[=\d(]|or\b|grades?\b|g ?\d|stages?\b|than\b|one\b|two\b|three\b))|-(?=\s)|o(?=\s{1,4}\S)|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.):](?=\s|[a-z(])|\(\d{1,2}\)|\(?[a-z][.)](?=\s)|"
    r"\([a-z]\)|\(?[ivx]{1,5}[.)](?=\s))\s*",
)
_MARK = re.compile(r"[-*•\d](?<!\S.)(?:(?<!\d)(?=\s)|(?<=\d)\d?[.)](?=\s))")
"""A dash, a star or a number behind a space or at the beginning."""
_MARKED = re.compile(r"(?:(?<=\s)|(?<=:)|^)\(?(?P<label>\d{1,2}|[a-z]|[ivx]{1,4})[.)]{1,2}(?=\s)")


_FEWEST_NUMBERS = 3
_FEWEST_WITHOUT_FIRST = 4
_FEWEST_BEFORE_SMALL = 3
_OWN_NUMBER = re.compile(r"\W*(?P<n>\d{1,2})[ \\]?[.)](?=\s)")
_POINT = re.compile(r"(?<!\S)(?P<n>\d{1,2})[ \\]?[.)]\s+(?=[A-Za-z\u2265\u2264<>])")
_GOES_ON = re.compile(
    r"(?::|\b(?:following|including|include|as|either|by|one|both|or|and|then|grades?|class|stages?|phase|part|type|than|least|level|score|cohort|arm|version|item|day|cycle|table|section|no\.?))[\s(]*\Z",
    re.IGNORECASE,
)
"""What stands in front of a number that is no new point: it announces a list, or the number belongs to it."""
_FIRST = re.compile(r"(?<![\d.])1 ?[.)]")


def counted_on(text: str, start: int, end: int, before: int = 0) -> list[tuple[int, int]]:
    """Cut an item at the numbers of the points that follow it: "3. Age 18 or more 4. No seizures 5. No stroke".

    The numbers count on from the item's own, or from two where the first has lost its number; each stands in front of
    a capital letter, or further on in front of a small one. A list that words in front announce is none of these.

    Args:
        text: As the registry gives it.
        start: Where the line begins.
        end: Where it ends.
        before: Number of the point that a line without a number goes on with.

    >>> line = "7. Not pregnant 8. No seizures"
    >>> [line[a:b] for a, b in counted_on(line, 0, len(line))]
    ['7. Not pregnant ', '8. No seizures']
    """
    own = _OWN_NUMBER.match(text, start, end)
    last = int(own["n"]) if own else before or 1
    known = own is not None or before > 0
    cuts: list[int] = []
    for mark in _POINT.finditer(text, own.end() if own else start, end):
        number = int(mark["n"])
        inside = text.count("(", start, mark.start()) > text.count(")", start, mark.start())
        # A small letter begins a point only where the count has gone on for a while.
        small = text[mark.end()].islower() and len(cuts) < _FEWEST_BEFORE_SMALL
        if number == last + 1 and not inside and not small and _GOES_ON.search(text, start, mark.start()) is None:
            cuts.append(mark.start())
            last = number
    if not cuts or (not known and (len(cuts) < _FEWEST_WITHOUT_FIRST - 1 or _FIRST.search(text, start, cuts[0]))):
        return [(start, end)]
    return [(a, b) for a, b in itertools.pairwise([start, *cuts, end]) if text[a:b].strip()]


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


_OR_AT_LAST = re.compile(r"[,\s]or\s*\Z")
_BESIDE = re.compile(
    r";\s+(?:and\s+)?(?=\w)(?!(?:or|unless|except|if|provided|when|where|but|however|these|those|such|they|this|both|with|who)\b)"
)


def behind_alternatives(low: str, cuts: list[tuple[int, int, int]]) -> int:
    """Return where another demand begins behind the last of entries that "or" joins; 0 where none does.

    A semicolon that stands between no two of the entries ends the list: "1) A, or 2) B; C" asks for C in any case.

    >>> line = "Patients with: 1) cancer A, or 2) cancer B; ECOG 0-1"
    >>> line[behind_alternatives(line, inner_list(line, 0, len(line))) :]
    'ECOG 0-1'
    """
    if not cuts or _OR_AT_LAST.search(low, *cuts[-2][1:]) is None:
        return 0
    first, last = cuts[0][1], cuts[-1][0]
    found = _BESIDE.search(low, *cuts[-1][1:])
    if (
        found is None
        or ";" in low[first:last]
        or low.count("(", cuts[-1][1], found.start()) > low.count(")", cuts[-1][1], found.start())
    ):
        return 0
    return found.end()


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
