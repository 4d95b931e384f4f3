"""Town and state in the head of a note, where it is not said whose they are: "Tampa, FL"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.residence import LIVES
from her2nav.intake.notes.found import Found
from her2nav.intake.notes.note import Note

_CITY_STATE = re.compile(
    r"(?P<city>[A-Z][A-Za-z.'-]{1,20}(?: [A-Z][A-Za-z.'-]{1,20}){0,2}),? (?P<state>[A-Z]{2})(?![A-Za-z])"
)
_HEAD, _LONGEST_PLACE = 400, 80
_LABORATORY = re.compile(r"\b(?:patholog\w+|laborator\w+|diagnostics|genomics?|cytogenetics|histolog\w+|clia)\b")
"""The head of a report names the town of its laboratory, to which samples are sent from anywhere."""


_OF_ANOTHER = re.compile(
    r"\b(?:son|daughter|brother|sister|cousin|mother|father|parents|friend|children)s?,?\s(?:who\s|now\s){0,2}(?:lives?|living|is) in\s$"
    r"|\b(?:(?:will|going to|planning to|plans to|hopes to) move to\s$|(?:biops\w+|blocks?|slides?|seen|treated|done|records?|reviewed|performed|read|sent|hospitali[sz]ed|admitted|faxed|diagnosed)\b[^.;\n]{0,24}\s(?:in|at|from|to)\s$)"
)
"""What else may be in a town or from it: a relative, a biopsy, an earlier treatment."""


def read_head_place(note: Note) -> Iterator[Found]:
    """Read town and state in the head of a note or behind "lives in"; a street's line and a laboratory's head are none."""
    head = note.line_starts[min(5, len(note.line_starts) - 1)] if len(note.line_starts) > 5 else len(note.shown)
    # Further down a place counts only behind "lives in".
    last = len(note.shown) if LIVES.search(note.plain) else min(head, _HEAD) + _LONGEST_PLACE
    for match in _CITY_STATE.finditer(note.shown, 0, last):
        place = match.start()
        lives = LIVES.search(note.plain, max(0, place - 16), place + 1)
        if not lives and (place > min(head, _HEAD) or _LABORATORY.search(note.plain, 0, head)):
            continue
        if _OF_ANOTHER.search(note.plain, max(0, place - 40), place):
            continue
        line = note.text[note.line_starts[note.line(place) - 1] :].split("\n", 1)[0]
        at = note.place(place)
        if any(start <= at + 60 and end >= at - 60 for start, end in note.hidden) and re.search(
            r"\d{5}|[Ss]treet|[Rr]oad|[Aa]ve", line
        ):
            continue
        city = note.words.city(match["city"], match["state"])
        if city:
            start = match.end("city") - len(city)
            yield Found(
                "demographics.location", {"city": city, "state": match["state"], "country": "US"}, (start, match.end())
            )
            return
