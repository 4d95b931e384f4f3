"""A name and its short form in brackets are one thing: "absolute neutrophil count (ANC)".

Where a rule has read one of the two, the other says nothing more. A short form is known by its letters: they stand in
their order in the words before the bracket, the first of them at the start of a word (Schwartz and Hearst 2003).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from her2nav.criteria.readings import Reading
from her2nav.kinds.reading.base import Sentence

_SHORT = re.compile(r"(?<=[a-z]) ?\((?P<name>[a-z][a-z/&. -]{1,9})\)")
_CHANGES = re.compile(
    r"[,;:.()\[\]<>≥≤=]|\d|\b(?:no|not|non|nor|or|without|never|neither|except|unless|other|than|excluding|if|when|any|all|at|least|un\w*|within|prior|previous|before|after)\b"
)
"""What a name does not hold: words and signs that turn or widen what is said."""
_MOST_WORDS = 8


def repeated(sentence: Sentence, readings: Sequence[Reading]) -> Iterator[tuple[int, int]]:
    """Yield the long or the short form of a name of which a rule has read the other."""
    text = sentence.text
    if "(" not in text or not readings:
        return
    for found in _SHORT.finditer(text):
        start = long_form(text[: found.start()], found["name"])
        if start is None:
            continue
        inside = any(reading.start <= found.start("name") < reading.end for reading in readings)
        before = any(reading.start < found.start() and reading.end > start for reading in readings)
        if inside and not before:
            yield start, found.start()
        elif before and not inside and any(reading.end == found.start() for reading in readings):
            yield found.span()


def long_form(before: str, short: str) -> int | None:
    """Return where the long form of a short one begins that stands behind it; None where the words do not fit.

    >>> long_form("an eastern cooperative oncology group", "ecog"), long_form("no other disease", "ecog")
    (3, None)
    """
    letters = [char for char in short if char.isalpha()]
    if len(letters) < 2:
        return None
    at = len(before)
    for place in range(len(letters) - 1, -1, -1):
        at = before.rfind(letters[place], 0, at)
        while place == 0 and at > 0 and before[at - 1].isalnum():
            at = before.rfind(letters[0], 0, at)
        if at < 0:
            return None
    name = before[at:]
    if name.count(" ") >= min(_MOST_WORDS, len(letters) + 3) or _CHANGES.search(name):
        return None
    return at
