"""What a note says of inherited variants: of a test of the germline, and of single ones in a list of the tumour's."""

from __future__ import annotations

import re

from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_TEST = Gated(
    r"\b(?:germ-?\s?line|hereditary|inherited|constitutional|familial)\b(?:\s(?:cancer|gene|genetic|dna|brca|multigene|blood|risk))*"
    r"(?:\s(?:panel|test\w*|screen\w*|sequenc\w*|analysis|stud\w+|result\w*|report|status|findings?|work-?up|genetics|sample)\b|(?=\s?[:(=]|\s(?:on|of|in|from)\s(?:19|20|blood|saliva)))"
    r"|\b(?:invitae|myriad|ambry|saliva|buccal)\b"
)
"""A test of what is inherited, from here to the end of its sentence."""
_TUMOUR = Gated(r"\b(?:somatic|tumou?r (?:ngs|sequencing|panel|tissue)|tissue (?:ngs|panel))\b")
_SAID = re.compile(r"\b(?:germ-?\s?line|inherited|constitutional|polymorphism)\b")
_DENIED = re.compile(
    r"\b(?:not|no|non|never|exclud\w*|rule out|ruled out|somatic or|without|cannot|whether|unlikely|either)\b[^;.]{0,30}$"
)
_ASKED = re.compile(
    r"\s(?:test\w*|panel|origin|confirm\w*|counsel\w*|referral|analysis|status|genetics)\b(?! (?:was|is) (?:confirmed|proven))"
)
_ROW_ENDS = re.compile(r";\s|\.\s|\n")


def of_inherited_test(note: Note, sentence: Sentence, place: int) -> bool:
    """True for a variant that a test of the germline found: "germline panel: ERBB2 I655V, uncertain"."""
    test = _TEST.search(note.plain, sentence.start, place)
    return test is not None and _TUMOUR.search(note.plain, test.end(), place) is None


def origin_of(note: Note, sentence: Sentence, end: int, stop: int) -> str | None:
    """Return `germline` where the words behind a variant, up to a stop, say that it is inherited."""
    cut = _ROW_ENDS.search(note.plain, end, stop)
    last = cut.start() if cut else stop
    said = _SAID.search(note.plain, end, last)
    if said is None or _DENIED.search(note.plain, end, said.start()) or _ASKED.match(note.plain, said.end()):
        return None
    return "germline"
