"""When, and by what, the specimens of a report were taken, where their own lines do not say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.sample_words import SAMPLE
from her2nav.intake.notes.fields.specimen_labels import SAME_EVENT
from her2nav.intake.notes.fields.specimens import Anchor, anchors
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note
from her2nav.model.dates import PartialDate

_EARLIER = re.compile(
    r"\b(?:known|previous\w*|prior|earlier|histor\w+|clinical\w*|request\w*|outside|elsewhere|referr\w+|letter|background|compar\w+|follow\w*|planned|scan|ct|mri|pet|mammogra\w+|ultrasound|receiv\w+|report\w*|signed|validated|printed|authori[sz]ed|issued)\b"
)
"""Words of a line whose event is an earlier one, or none that took tissue."""
_RESULT = re.compile(r"(?<![\w+])[0-3]\s?\+|\bscore\s?[:=]?\s?\d|\bamplif\w*|\b(?:positive|negative)\b")
_OPERATION = re.compile(
    r"\b(?:operation|operated|surgery|surgical procedure|resection)\b[\s:]{0,4}(?:on |of |date[\s:]{0,3})?$"
)
_LED = 26
_LINES = 30
_ALL_TAKEN = re.compile(
    r"\b(?:both|all)\b[^.\n\d]{0,30}\b(?:taken|collected|obtained|sampled|removed|dated|from|of|on)\s(?:on\s)?$"
)
_GROUP = re.compile(r"\((?P<w>[^()\n]{6,120})\)")
_NAMED = re.compile(
    r"(?<![\w./-])(?:(?P<b>[A-L]-?\d{1,2}|\d{1,2}[A-L]\d?)|(?P<c>[A-Z]{1,3}-?\d{2}[-/ ]\d{2,7}))(?![\w/-])"
)
_REACH = 120


class Event(NamedTuple):
    """What took tissue on a day: the kind of sample, the day, and where both are written."""

    kind: str | None
    kind_at: Span | None
    date: PartialDate | None
    date_at: Span | None


def event_above(note: Note, place: int, heads: frozenset[int]) -> Event | None:
    """Return the event whose line stands above the line at a place; None: there is none, or two could be meant.

    `heads` are the lines of the specimens themselves: under the line of an event they are its own.
    """
    row = note.line(place)
    own = note.line_starts[row - 1]
    before = note.plain[own:place]
    told = _RESULT.search(before)
    before = before[: before.rfind(". ", 0, told.start()) + 1] if told else before
    nearest = _event_of(note, own, own + len(before), before) if before.strip() else None
    if nearest is not None:
        return nearest
    beside = True
    for number in range(row - 1, max(0, row - _LINES), -1):
        start = note.line_starts[number - 1]
        end = note.line_starts[number] - 1
        words = note.plain[start:end]
        found = None if number in heads else _event_of(note, start, end, words)
        if found is not None and nearest is None:
            if beside:
                return found
            nearest = found
        elif found is not None and nearest is not None and found.date != nearest.date:
            return None
        goes_on = number in heads or words[:1] in (" ", "\t", "-", "•", "*")
        beside = beside and goes_on and bool(words.strip())
    return nearest


def _event_of(note: Note, start: int, end: int, words: str) -> Event | None:
    """Return the event that a line tells; a line with a result is that of a sample."""
    days = [one for one in note.dates.within(start, end) if one.value]
    for day in days if "\t" in note.text[start:end] else ():
        cell = max(start, note.text.rfind("\t", start, day.start) + 1)
        told = _OPERATION.search(note.plain, cell, day.start)
        if told is not None and not _EARLIER.search(note.plain, cell, day.start):
            return Event("resection", told.span(), day.value, (day.start, day.end))
    if not days or len({one.value for one in days}) > 1 or _EARLIER.search(words) or _RESULT.search(words):
        return None
    day = days[0]
    date, date_at = day.value, (day.start, day.end)
    told = _OPERATION.search(note.plain, max(start, day.start - _LED), day.start)
    if told is not None:
        return Event("resection", told.span(), date, date_at)
    for place in _sentences(note, start, end):
        named = [one for one in anchors(note, note.sentence(place)) if one.kind and start <= one.start < end]
        kinds = [one for one in named if one.date is not None]
        if kinds and len({one.kind for one in kinds}) == 1:
            at = (kinds[0].spans or {}).get("kind", (kinds[0].start, kinds[0].end))
            return Event(kinds[0].kind, at, date, date_at)
    return None


def _sentences(note: Note, start: int, end: int) -> Iterator[int]:
    done = -1
    for place in range(start, end):
        sentence = note.sentence(place)
        if sentence.start != done and sentence.end > place:
            done = sentence.start
            yield place
            if sentence.end >= end:
                return


def day_of_all(note: Note, start: int, end: int) -> Event | None:
    """Return the day of "both taken 10 August 2026" in a stretch."""
    for one in note.dates.within(start, end):
        if one.value and _ALL_TAKEN.search(note.plain, max(start, one.start - 60), one.start):
            return Event(None, None, one.value, (one.start, one.end))
    return None


def grouped(note: Note) -> dict[str, Event]:
    """Return the events that a bracket tells of the blocks and cases before it.

    "Blocks 1D and 2B from S25-22 (parotidectomy, 19 February 2025)".
    """
    found: dict[str, Event] = {}
    done = 0
    for match in _GROUP.finditer(note.text):
        kind = SAMPLE.search(note.plain, *match.span("w"))
        days = [one for one in note.dates.within(*match.span("w")) if one.value]
        low, done = max(done, match.start() - _REACH, note.text.rfind("\n\n", 0, match.start())), match.end()
        if kind is None or len(days) != 1 or (_RESULT.search(note.plain, *match.span("w")) and not days):
            continue
        words = "resection" if kind.lastgroup in ("operated",) else kind.lastgroup
        event = Event(words if words != "block" else None, kind.span(), days[0].value, (days[0].start, days[0].end))
        for one in _NAMED.finditer(note.text, max(0, low), match.start()):
            found.setdefault((one["b"] or one["c"]).lower().replace("-", "") if one["b"] else one["c"].lower(), event)
    return found


class Taken(NamedTuple):
    """A listed specimen: its letter, what is known of it, where its entries begin, and whether it is one focus of an organ."""

    key: str
    anchor: Anchor
    places: list[int]
    focus: bool


def take_events(note: Note, listed: list[Taken], blocks: dict[str, str]) -> None:
    """Give the listed specimens without a day that of the operation or the procedure under which they are listed.

    `listed` are the specimens with the places of their entries, `blocks` the specimen of each block.
    """
    if all(one.anchor.date is not None for one in listed):
        return
    groups = grouped(note)
    heads = frozenset(note.line(place) for one in listed for place in one.places)
    firsts = [one.places[0] for one in listed]
    stop = note.text.find("\n", note.text.find("\n", max(firsts)) + 1)
    shared = day_of_all(note, min(firsts), stop if stop >= 0 else len(note.text))
    for key, anchor, places, focus in listed:
        if anchor.date is not None:
            continue
        names = [key, *(block for block, of in blocks.items() if of == key)]
        event = next((groups[name] for name in names if name in groups), None)
        event = event or shared or _same_event(note, places[0], listed) or event_above(note, places[0], heads)
        if event is None or (anchor.kind and event.kind and anchor.kind != event.kind):
            continue
        spans = anchor.spans = {**(anchor.spans or {})}
        anchor.date = event.date
        if event.date_at is not None:
            spans["collected"] = event.date_at
        if anchor.kind is None and event.kind is not None and event.kind_at is not None:
            anchor.kind, spans["kind"] = event.kind, event.kind_at
        if focus and anchor.organ is None and event.kind_at is not None:
            _of_organ(note, anchor, event.kind_at[0])


def _of_organ(note: Note, anchor: Anchor, place: int) -> None:
    """Give a focus the organ that the line of its operation names."""
    line = note.line(place)
    stop = note.line_starts[line] if line < len(note.line_starts) else len(note.text)
    organs = [one for one in organs_in(note, note.line_starts[line - 1], stop) if one[1] != "lymph_node"]
    if len({organ for _, organ in organs}) == 1:
        hit, anchor.organ = organs[0]
        (anchor.spans or {})["organ"] = (hit.start, hit.end)


def _same_event(note: Note, place: int, listed: list[Taken]) -> Event | None:
    """Return the event of the specimen before one that is "of the same operation"."""
    stop = note.text.find("\n", place)
    again = SAME_EVENT.search(note.plain, place, stop if stop >= 0 else len(note.text))
    before = [(one.places[0], one.anchor) for one in listed if one.places[0] < place]
    if again is None or not before:
        return None
    anchor = max(before, key=lambda one: one[0])[1]
    spans = anchor.spans or {}
    return Event(anchor.kind, spans.get("kind", again.span()), anchor.date, spans.get("collected"))
