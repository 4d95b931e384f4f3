"""How a course ended: as planned, by a relapse told behind its last day, or not yet."""

from __future__ import annotations

import re

from her2nav.intake.notes.context import context
from her2nav.intake.notes.found import Entry
from her2nav.intake.notes.note import Note

DONE_AS_PLANNED = re.compile(r"\b(?:finished|completed|stopped|ended)(?:\s\w+){0,3}?\sas planned\b")
OTHER_DONE = re.compile(
    r"\b(?:radio\w*|radiation|rt|xrt|irradiation|surgery|operation)\b(?:[^,;.]{0,30}|[^,;.]{0,40},\s)$"
)
_CAME_BACK = re.compile(
    r",?\s(?:when|at which (?:point|time)|by which time)\s(?:she|he|i|we|the|it|a|ct|pet|scans?|new|bone|liver|lung|brain)\b[^.;]{0,50}?"
    r"\b(?:metasta(?:ses|sis|tic)|mets|relaps\w+|recurr\w+|progress\w+|spread|came back|come back|returned|grew|grown|growing)\b"
)
"""What is told of the day on which a course ended: "until May 2024, when she came with bone metastases"."""


def came_back(note: Note, entry: Entry, high: int) -> None:
    """Take the last day of a course for that of the progression that is told right behind it."""
    span = entry.spans.get("end")
    match = _CAME_BACK.match(note.plain, span[1], high) if span is not None else None
    if span is None or match is None or entry.values.get("reason_stopped") not in (None, "progression"):
        return
    said = context(note, match.end() - 1, match.end())
    if not (said.negated or said.unsure or said.hypothetical or said.family):
        entry.put("reason_stopped", "progression", match.span())
        entry.put("progression_date", entry.values["end"], span)


TO_COME = re.compile(
    r"\b(?:will|intends?|plan(?:s|ned)?|continue|carry on|going to|aim|to be (?:given|continued)|should)\b[^.;]{0,70}\b(?:until|till)\s(?:[a-z]+\s){0,2}$"
)
"""A treatment that is to go on: "we intend to carry on until progression"."""
