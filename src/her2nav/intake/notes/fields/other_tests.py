"""What a report of a panel tells of other tests: no result of the panel."""

from __future__ import annotations

import re

from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_OTHER_TEST = Gated(
    r"\binsufficient|\bpending\b|\bawait\w*|\bto follow\b|\bnot (?:tested|part of|performed|carried out|done|reported|covered|evaluable|assessable)\b|\bfailed\b|\b(?:is|are) advised\b|\badvised for\b|\bihc|\bicc\b|\bimmuno(?:histo|cyto|perox)|\b(?:d?d?(?:fish|cish|sish)|ish)\b"
)
_STAINED = re.compile(r"\b(?:ihc|icc|immuno\w+|stains?)\b")


def of_other_test(note: Note, sentence: Sentence) -> bool:
    """True for what a report of a panel tells of other tests, in its own words or by the heading of its list."""
    if _OTHER_TEST.search(note.plain, sentence.start, sentence.end):
        return True
    for row in range(note.line(sentence.start) - 2, -1, -1):
        start, end = note.line_starts[row], note.line_starts[row + 1] - 1
        line = note.plain[start:end].strip()
        if not line:
            return False
        if line.endswith(":"):
            return _STAINED.search(line) is not None
    return False
