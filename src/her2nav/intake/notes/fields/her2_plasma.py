"""The report of a liquid biopsy: what it says of genes was found in the blood that it is about, whatever tissue it recalls."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.genes import CHANGE
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import new
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_TITLE = 200
_OF_BLOOD = re.compile(
    r"\b(?:liquid biops(?:y|ies)|guardant ?360|guardant|tempus xf\+?|(?:foundation ?one|f1) ?liquid(?: ?cdx)?|(?:ct|cf)-?dna|circulating tumou?r dna|cell-free dna|plasma (?:genotyping|ngs|sequencing|panel|profil\w+))\b"
)
_REPORT = re.compile(r"\b(?:reports?|reported|results?|laboratory|institute)\b")
_TALK = re.compile(r"\b(?:dear|clinic|letter|ward|mdt|board|history|referral|consult\w*|follow-?up|from:|subject:)\b")
"""Words of a note that is no laboratory's."""
_DRAWN = re.compile(r"\b(?:blood|plasma|streck|tubes?)\b")


def _first_line(note: Note) -> int:
    return note.line_starts[1] if len(note.line_starts) > 1 else len(note.plain)


def title(note: Note) -> Span | None:
    """Return the words in the head of a report that say that blood was sequenced; None: it is no such report."""
    if "liquid report" not in note.memory:
        named = _OF_BLOOD.search(note.plain, 0, _TITLE)
        fits = (
            named is not None
            and (note.panel_report or CHANGE.search(note.shown) is not None)
            and _REPORT.search(note.plain, 0, _TITLE) is not None
            and _TALK.search(note.plain, 0, _first_line(note)) is None
            and _DRAWN.search(note.plain) is not None
        )
        note.memory["liquid report"] = named.span() if named is not None and fits else None
    found: Span | None = note.memory["liquid report"]
    return found


_EARLIER = re.compile(
    r"\b(?:tissue|tumou?r (?:block|sample|ngs|sequencing|panel)|ffpe|archival|prior|previous(?:ly)?|earlier|outside|history)\b"
)


def own_blood(
    note: Note, sentence: Sentence, samples: list[Sample], head: tuple[PartialDate, Span] | None
) -> Sample | None:
    """Return the blood that a report of a liquid biopsy is about; None in any other note, and for what tissue showed."""
    place = title(note)
    if place is None or _EARLIER.search(note.plain, sentence.start, sentence.end):
        return None
    blood = [one for one in samples if one.anchor.kind == "blood"]
    if len(blood) > 1:
        return None
    unnamed = [
        one for one in samples if not (one.anchor.kind or one.anchor.organ or one.anchor.lesion or one.anchor.part)
    ]
    own = blood[0] if blood else unnamed[0] if unnamed else new(samples, Anchor(*place, spans={}))
    spans = own.anchor.spans = own.anchor.spans or {}
    if own.anchor.kind is None:
        own.anchor.kind, spans["kind"] = "blood", place
    if own.anchor.date is None and head is not None:
        own.anchor.date, spans["collected"] = head
    return own
