"""Lists and tables of side effects that give the grade as a bare number: "nausea 2 / vomiting 1", rows of a log."""

from __future__ import annotations

import re
from typing import NamedTuple

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.lab_table import columns
from her2nav.intake.notes.found import Entry, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

ASKS = Gated(r"\b(?:grades?|ctc(?:ae)?|toxicit(?:y|ies)|adverse events?|ae log|side effects?)\b")
"""What stands above, or in front of, a list of bare grades."""
_BARE = re.compile(r"[\s:=|.]{1,6}(?P<g>[0-5])(?=\s*(?:[/|,;)\n]|$|\.(?!\d))|\s)")
_UNITS = re.compile(r"\s?(?:%|x\b|mg|kg|days?|weeks?|months?|times|cycles?|/\s?(?:day|7|52|12))")
_LASTS = re.compile(r"\b(?:ongoing|continuing|continues|persist\w*|not resolved|unresolved)\b")
_ENDED = re.compile(r"\b(?:resolved|recovered|ended)\b")


class Row(NamedTuple):
    """A side effect of a list, with what its row says."""

    grade: int
    span: Span
    date: Mention | None
    ongoing: bool | None


def graded_row(note: Note, sentence: Sentence, hit: Hit, reach: int) -> Row | None:
    """Return the bare grade behind a name in a list of grades; None: there is none, or it is no such list."""
    match = _BARE.match(note.plain, hit.end, min(reach, sentence.end) + 1)
    if match is None or _UNITS.match(note.plain, match.end("g")) or note.dates.around(match.start("g")):
        return None
    wide = "\t" in note.text[match.end("g") : match.end("g") + 2] or "\t" in note.text[hit.end : match.start("g")]
    ends = note.plain[match.end("g") : match.end("g") + 2].strip()[:1] in ("", "/", "|", ",", ";", ".", ")")
    if not (wide or ends) or sentence.paragraph not in _asking(note):
        return None
    span = match.span("g")
    several = columns(note, hit.end) if wide else None
    if several is not None:
        if len(several) != 1 or not note.plain[slice(*several[0].span)].isdigit():
            return None  # two grades, and no heading says which is that of now
        span = several[0].span
    line = note.text.find("\n", hit.end)
    stop = min(line if line >= 0 else len(note.text), sentence.end) if wide else match.end("g")
    days = [one for one in note.dates.within(match.end("g"), stop) if one.value and one.exact_order]
    ongoing: bool | None = None
    if _LASTS.search(note.plain, match.end("g"), stop):
        ongoing = True
    elif len(days) > 1 or _ENDED.search(note.plain, match.end("g"), stop):
        ongoing = False
    return Row(int(note.plain[slice(*span)]), span, days[0] if days else None, ongoing)


def put_row(entry: Entry, row: Row, span: Span) -> None:
    """Give an entry what its row says; a list of now tells what is there."""
    entry.put("grade", row.grade, row.span)
    if row.date is not None:
        entry.put("date", str(row.date.value), (row.date.start, row.date.end))
    if row.date is None or row.ongoing is not None:
        entry.put("ongoing", True if row.ongoing is None else row.ongoing, span)


def _asking(note: Note) -> frozenset[int]:
    """Return the paragraphs that hold a word that asks for grades."""
    found: frozenset[int] | None = note.memory.get("graded paragraphs")
    if found is None:
        cued = note.cued(ASKS)
        found = note.memory["graded paragraphs"] = frozenset(
            [
                one.paragraph
                for one in note.sentences
                if one.start in cued and ASKS.search(note.plain, one.start, one.end) is not None
            ]
        )
    return found
