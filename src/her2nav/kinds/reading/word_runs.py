"""The runs of known words in which telling words stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from her2nav.kinds.reading.base import Sentence, Stretched
from her2nav.language.sought import Sought

Read = Callable[[re.Match[str], re.Match[str]], Stretched | None]
"""Reads a run with the telling word in it."""


def read_runs(sentence: Sentence, telling: Sought, known: re.Pattern[str], read: Read) -> Iterator[Stretched]:
    """Read the runs of known words around telling ones, each once.

    Args:
        sentence: The sentence.
        telling: A word that tells what a run is about.
        known: A run of words, signs and names of the matter.
        read: What a run says, or None.
    """
    end = -1
    for found in telling.finditer(sentence.text):
        run = run_around(sentence, known, found) if found.start() >= end else None
        item = read(run, found) if run is not None else None
        if item is not None:
            end = item.end
            yield item


def run_around(sentence: Sentence, known: re.Pattern[str], found: re.Match[str]) -> re.Match[str] | None:
    """Return the run of known words that holds the whole of a telling word; None where a word of it is not known.

    Args:
        sentence: Its masked text is looked at.
        known: A run of such words, signs and names.
        found: The telling word.
    """
    inside = (run for run in known.finditer(sentence.masked) if run.start() <= found.start() < run.end())
    run = next(inside, None)
    return run if run is not None and found.end() <= run.end() else None
