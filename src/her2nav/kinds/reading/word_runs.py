"""The run of known words in which a telling word stands."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Sentence


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
