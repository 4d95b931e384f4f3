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
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            phrase, border_before, border_behind = self._phrases[index]
            if border_before and start and (text[start - 1].isalnum() or text[start - 1] == "_"):
                continue
            if border_behind and end < size and (text[end].isalnum() or text[end] == "_"):
                continue
            found.append((start, end, phrase))
        found.sort(key=_first_and_longest)
        kept: list[tuple[int, int, str]] = []
        done = 0
        for one in found:
            if one[0] >= done:
                kept.append(one)
                done = one[1]
        return kept


def _first_and_longest(one: tuple[int, int, str]) -> tuple[int, int]:
    return one[0], -one[1]
