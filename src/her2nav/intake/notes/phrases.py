"""Many fixed phrases looked for in one pass over a text."""

from __future__ import annotations

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick


class Phrases:
    """Phrases that count only where they stand as whole words.

    Args:
        phrases: In lower case.
        borders: True: a phrase that begins with a sign needs a border before it too.

    >>> Phrases(["no", "no evidence of"], borders=True).find("note: no evidence of it, no")
    [(6, 20, 'no evidence of'), (25, 27, 'no')]
    """

    __slots__ = ("_automaton", "_phrases")

    def __init__(self, phrases: Iterable[str], *, borders: bool) -> None:
        ordered = sorted(set(phrases), key=len, reverse=True)
        self._phrases = [(one, borders or one[0].isalnum(), one[-1].isalnum()) for one in ordered]
        self._automaton = AhoCorasick(ordered)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return the phrases with their places; of those that overlap the first, of these the longest."""
        found: list[tuple[int, int, str]] = []
        size = len(text)
        phrases = self._phrases
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            phrase, before, behind = phrases[index]
            if before and start and ((sign := text[start - 1]).isalnum() or sign == "_"):
                continue
            if behind and end < size and ((sign := text[end]).isalnum() or sign == "_"):
                continue
            found.append((start, -end, phrase))
        found.sort()
        kept: list[tuple[int, int, str]] = []
        done = 0
        for start, end, phrase in found:
            if start >= done:
                done = -end
                kept.append((start, done, phrase))
        return kept
