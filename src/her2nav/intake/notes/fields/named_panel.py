"""A short sentence that only names a sequencing test, before what it found: "Guardant360 on blood. ESR1 D538G at 2.3%"."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.sequencing import SEQUENCING
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_TEST = Gated(rf"(?<!\w){SEQUENCING}(?!\w)")
_OPEN = re.compile(
    r"\b(?:sent|pending|awaited|ordered|requested|planned|to follow|fail\w*|insufficient|declined|not|no|without|before|if|consider\w*|recommend\w*|went off|out|back|isn.t|wasn.t|result)\b"
)
"""A test that is still out, or that gave nothing."""
_OTHER_TEST = re.compile(r"\b(?:d?-?d?(?:fish|cish|sish|ish)|ihc|immunohisto\w*|pcr|germline|sanger)\b")
_LONGEST = 80


def panel_named_before(note: Note, sentence: Sentence) -> Sentence | None:
    """Return the sentence right before, on the same line, that does nothing but name the test of what this one tells."""
    if sentence.start < 2 or _OTHER_TEST.search(note.plain, sentence.start, sentence.end):
        return None
    before = note.sentence(sentence.start - 1)
    same = before.start < sentence.start and note.line(before.start) == note.line(sentence.start)
    if not same or before.end - before.start > _LONGEST or note.hits_in(before.start, before.end, "gene"):
        return None
    test = _TEST.search(note.plain, before.start, before.end)
    if test is None or _OPEN.search(note.plain, before.start, before.end) or not context(note, *test.span()).stated:
        return None
    return before
