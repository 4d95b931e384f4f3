"""What of a note was not used: whole lines, and in lines that gave a value the numbers and HER2 words that did not."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.identifiers import MASK, masked
from her2nav.intake.notes.note import Note
from her2nav.intake.reading import Unused

_NUMBER = re.compile(r"[<>≥≤~\d](?<![\w.,].)(?:(?<=\d)\d*|(?<=[<>≥≤~])\s?\d+)(?:[.,/:-]\d+)*\s?[+%]?(?!\w*[a-z]\d)")
_HER2 = Gated(r"her-?2|erbb-?2|\b(?:ihc|d?d?(?:fish|cish|sish)|ish)\b")
_WORDS = Gated(
    r"\b(?:(?:not |non-?|un|co-?)?\s?amplif\w*|positive|negative|equivocal|indeterminate|over-?express\w*|ultra-?low|low|heterogen\w*"
    r"|polysom\w*|monosom\w*|cluster\w*|mutat\w*|insertion|exon 20|failed|insufficient|discordan\w*|lost|loss|group [1-5])\b"
)
_AGAIN = re.compile(r"[\s(:-]{0,3}(?:score[\s:]{0,2})?")
_BULLET = re.compile(r"[\s>*•-]*\d{1,2}[.)]\s")
_EDGE = re.compile(r"[,;|\t\n()]|\.\s|:\s")
_NAMED = (
    "assay", "ngs_assay", "gene", "site", "organ", "drug", "regimen", "lab", "technique", "condition", "tumour", "histology",
)  # fmt: skip
_LONGEST = 70


def left_over(note: Note, spans: list[Span]) -> list[Unused]:
    """Return the lines that gave nothing, then what was left of the others; persons' identifiers are masked."""
    mention = note.day_mention
    taken = _merged(spans if mention is None else [*spans, (mention.start, mention.end)])
    used = _lines(note.line_starts, taken)
    shown = masked(note.original, note.hidden, MASK).split("\n")
    found = [
        Unused(note.name, number, " ".join(line.split()))
        for number, line in enumerate(shown, start=1)
        if line.strip() and number not in used
    ]
    return sorted(found + list(_parts(note, taken, used)), key=lambda one: one.line)


def _merged(spans: list[Span]) -> list[Span]:
    if not spans:
        return []
    joined: list[Span] = []
    ordered = sorted(set(spans))
    low, high = ordered[0]
    for start, end in ordered:
        if start > high:
            joined.append((low, high))
            low, high = start, end
        elif end > high:
            high = end
    joined.append((low, high))
    return joined


def _lines(starts: list[int], taken: list[Span]) -> set[int]:
    """Return the numbers of the lines on which stretches lie."""
    used: set[int] = set()
    for start, end in taken:
        first = bisect_right(starts, start)
        used.add(first)
        if first < len(starts) and starts[first] < end:
            used.update(range(first + 1, bisect_right(starts, end - 1, first) + 1))
    return used


def _parts(note: Note, taken: list[Span], used: set[int]) -> Iterator[Unused]:
    starts = [start for start, _ in taken]
    for number in sorted(used):
        low = note.line_starts[number - 1]
        high = note.line_starts[number] - 1 if number < len(note.line_starts) else len(note.plain)
        phrases: dict[Span, None] = {}
        for start, end in _words(note, low, high):
            index = bisect_right(starts, end - 1) - 1
            free = index < 0 or taken[index][1] <= start
            if free and not (note.plain[start].isalpha() and _beside(note, taken, index, start, end)):
                phrases[_phrase(note, taken, starts, start, end, low, high)] = None
        if phrases:
            text = "; ".join(note.shown[start:end].strip(" \t,:-–|") for start, end in phrases)
            yield Unused(note.name, number, " ".join(text.split()), part=True)


def _beside(note: Note, taken: list[Span], index: int, start: int, end: int) -> bool:
    """True for a word that says again what stands beside it: "equivocal (score 2+)", "negative (not amplified)"."""
    before = note.plain[taken[index][1] : start] if index >= 0 else "-" * 9
    after = note.plain[end : taken[index + 1][0]] if index + 1 < len(taken) else "-" * 9
    return _AGAIN.fullmatch(before) is not None or _AGAIN.fullmatch(after) is not None


def _words(note: Note, low: int, high: int) -> Iterator[Span]:
    """Yield the numbers of a line that are part of no name, and its words of HER2 results."""
    plain = note.plain
    bullet = _BULLET.match(plain, low, high)
    numbers = [match.span() for match in _NUMBER.finditer(plain, bullet.end() if bullet else low, high)]
    if numbers:
        names = note.hits_in(low, high, *_NAMED)
        starts = [one.start for one in names]
        for start, end in numbers:
            index = bisect_right(starts, start) - 1
            if index < 0 or end > names[index].end:
                yield start, end
    if _HER2.search(plain, low, high):
        for match in _WORDS.finditer(plain, low, high):
            yield match.span()


def _phrase(note: Note, taken: list[Span], starts: list[int], start: int, end: int, low: int, high: int) -> Span:
    """Return the words around a place, up to the next sign or to what was used."""
    index = bisect_right(starts, start) - 1
    floor = max(low, taken[index][1] if index >= 0 else low, start - _LONGEST)
    ceiling = min(high, taken[index + 1][0] if index + 1 < len(taken) else high, end + _LONGEST)
    edges = [match.end() for match in _EDGE.finditer(note.plain, floor, start)]
    behind = _EDGE.search(note.plain, end, ceiling)
    return (edges[-1] if edges else floor), (behind.start() if behind else max(end, ceiling))
