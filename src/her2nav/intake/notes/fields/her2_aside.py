"""What the request form of a report quotes: results of other laboratories, behind which the report's own material is spoken of again."""

from __future__ import annotations

import re
from bisect import bisect_right

from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence

_MATERIAL = re.compile(
    r"(?:^|\n)[ \t>*•-]*(?:materials?|specimens?(?:\(s\))?|samples?|tissues?)(?: (?:received|submitted|type|source|site|sent))?[ \t]*[:(]",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:^|\n)[ \t>*•-]*(?:request(?: form| text)?|clinical (?:information|details|history|data|summary|indication|notes|diagnosis|question)|clinical|indication|from your letter|question|anamnesis)[ \t]*(?:[:.]|(?=\n))[ \t]*(?=(?P<w>[^\n]*))",
    re.IGNORECASE,
)
_QUOTES = '"“”„»«'
_LONGEST = 900


def asides(note: Note) -> list[Span]:
    """Return the stretches in which a report quotes what others asked and found."""
    found: list[Span] | None = note.memory.get("asides")
    if found is None:
        found = note.memory["asides"] = []
        if _MATERIAL.search(note.text):
            found += [_stretch(note, match) for match in _REQUEST.finditer(note.text)]
    return found


def _stretch(note: Note, match: re.Match[str]) -> Span:
    """Return the line of a request; its paragraph where the heading stands alone, its quotation where one opens."""
    text, start = note.text, match.start("w")
    end = match.end("w")
    if not match["w"].strip():
        blank = text.find("\n\n", end)
        return start, blank if blank >= 0 else len(text)
    opened = next((i for i, sign in enumerate(match["w"]) if sign in _QUOTES), None)
    if opened is not None and not any(sign in _QUOTES for sign in match["w"][opened + 1 :]):
        closed = re.compile(f"[{_QUOTES}]").search(text, start + opened + 1, start + _LONGEST)
        end = text.find("\n", closed.end()) if closed else end
    return start, end if end >= 0 else len(text)


class Aside:
    """The sample spoken of before a request, which is spoken of again behind it."""

    def __init__(self, note: Note) -> None:
        self.spans = asides(note)
        self.starts = [start for start, _ in self.spans]
        self.inside = False
        self.before: Sample | None = None

    def current(self, sentence: Sentence, current: Sample | None) -> Sample | None:
        """Return the sample that a sentence speaks of at its beginning."""
        if not self.spans:
            return current
        at = bisect_right(self.starts, sentence.start + 1) - 1
        inside = at >= 0 and sentence.start < self.spans[at][1]
        if inside and not self.inside:
            self.before = current
        elif self.inside and not inside:
            current = self.before
        self.inside = inside
        return current
