"""Treatments that were talked of, offered, asked for or awaited, and of which nothing says that they were given."""

from __future__ import annotations

from her2nav.intake.notes.context import clause
from her2nav.intake.notes.fields.courses import Group
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

TALKS = ("discussion", "options", "treatment options", "options discussed", "questions", "question")
"""Headings under which treatments are weighed."""
STOPPING = Gated(r"\b(?:(?:re|about|regarding|consider|discuss|\?)\s?stopping|whether to (?:stop|continue))\s$")
WAITS = Gated(
    r"\b(?:wish(?:es|ed)? to (?:wait|think|discuss)|wants? to (?:wait|think)|prefers? to wait|undecided|not keen|thinking (?:it|about)|hesitan\w+|reluctan\w+|declin\w+|refus\w+|turned (?:it |this )?down)\b"
)
WAS_GIVEN = Gated(
    r"\b(?:received|receives|receiving|start(?:ed|s)|began|begun|commenced|initiated|continu\w+|remain(?:s|ed)|progressed|progression on|completed"
    r"|tolerat\w+|cycles?|last dose|s/p|currently|since|responded|switched|treated with|maintenance|stopped|discontinued)\b"
)
ARRANGED = Gated(r"\b(?:consent(?:ed|s)?|ordered|booked|approv(?:ed|al)|first dose|start date|to start|start)\b")
"""Words of a treatment that is arranged, though not begun."""
HOPED = Gated(r"\b(?:hop(?:e|es|ed|ing)|aim(?:s|ing)?|expect(?:s|ed|ing)?)\sto\s(?:start|begin|commence|give|treat)\b")


def only_talked(note: Note, sentence: Sentence, group: Group, low: int, high: int) -> bool:
    """True for a treatment that was talked of, asked for or awaited, and of which nothing says that it was given."""
    first, last = clause(note, sentence, group.start, group.end)
    for cue in note.cues_in(first, min(last, high), "talked"):
        # "FOLFOX 2025 (insurance refused bevacizumab)": what stands behind a date or in brackets is of another drug.
        between = note.plain[group.end : cue.start]
        if cue.start < group.end or not ("(" in between or note.dates.within(group.end, cue.start)):
            return WAS_GIVEN.search(note.plain, max(low, first), min(high, last)) is None
    return False


def ahead(note: Note, low: int, high: int) -> bool:
    """True when all dates of a stretch lie behind the day of the note."""
    day = note.day
    days = [one.value for one in note.dates.within(low, high) if one.value]
    own = [one for one in days if day is None or one != day]
    return day is not None and bool(own) and all(one.low > day.high for one in own)
