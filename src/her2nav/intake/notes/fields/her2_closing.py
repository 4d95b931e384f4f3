"""What the end of a note adds to its samples: the day in the head of the report, and questions about results not used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from her2nav.intake.notes.fields.her2_aside import asides
from her2nav.intake.notes.fields.her2_entries import ASKED
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_parts import Parts
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import new
from her2nav.intake.notes.fields.specimens import Anchor, collected
from her2nav.intake.notes.found import Asked, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

_ASKED_OF = frozenset({"score", "result", "her2_cep17_ratio", "amplification_call", "her2_reported"})
"""Results about which a person is asked where several specimens could own them."""
_HEAD = 400
"""Where the head of a report has ended."""
_TISSUE = frozenset({"biopsy", "resection", "cytology_block", "block"})


Head = tuple[PartialDate, Span] | None
"""When the samples of a report were taken, as its head says, and where."""


class _State(Protocol):
    head: Head
    current: Sample | None
    samples: list[Sample]
    parts: Parts


def dated(note: Note, sentence: Sentence, here: list[Sample], state: _State) -> tuple[Head, Sample | None]:
    """Give a sample the day of a line that says when it was taken; return the day of the head, and the sample spoken of."""
    head, current = state.head, state.current
    taken = collected(note, sentence)
    if taken is None:
        return head, current
    if not here and current is not None and _is_earlier(note, sentence, current, taken):
        day, place = taken
        spans = {"collected": place, "kind": (current.anchor.spans or {}).get("kind", place)}
        anchor = Anchor(sentence.start, sentence.end, kind=current.anchor.kind, date=day, spans=spans)
        return head, new(state.samples, anchor)
    under = current is not None and current.anchor.part is not None
    if not here and head is None and ((state.parts.listed and under) or (asides(note) and current is None)):
        return taken, current  # "Collected:" under a list of specimens, or over what a request quotes
    if not here:
        head = head or (taken if not any(one.anchor.kind for one in state.samples) else None)
        current = current or new(state.samples, Anchor(sentence.start, sentence.end, spans={}))
        if current.anchor.date is None:
            current.anchor.date = taken[0]
            (current.anchor.spans or {})["collected"] = taken[1]
        return head, current
    one = here[0].anchor
    apart = one.organ or one.part or (one.lesion and not _operated(note, taken)) or one.kind == "blood"
    if state.parts.listed and head is None and not apart:
        head = taken  # "Date of biopsy" over a list of specimens
    if len(here) == 1 and one.date is None:
        one.absorb(Anchor(*taken[1], date=taken[0], spans={"collected": taken[1]}))
    return head, current


_EARLIER = Gated(r"\b(?:prior|previous|earlier|preceding)\b[^.;\n]{0,40}\b(?:result|report|sample|test|assay)\b")


def _is_earlier(note: Note, sentence: Sentence, current: Sample, taken: tuple[PartialDate, Span]) -> bool:
    """True for the line of a report that gives the result of an earlier sample of the same kind with its day."""
    own = current.anchor.date
    told = bool(current.results or current.variants) and own is not None and taken[0].high < own.low
    return told and _EARLIER.search(note.plain, sentence.start, sentence.end) is not None


_OPERATED = Gated(r"\b(?:date of (?:operation|surgery)|(?:operation|surgery) date)\s?[:|]?\s{0,6}$")
"""The label of the day on which everything of a list was taken out."""


def _operated(note: Note, taken: tuple[PartialDate, Span]) -> bool:
    return _OPERATED.search(note.plain, max(0, taken[1][0] - 30), taken[1][0]) is not None


def date_parts(note: Note, samples: list[Sample], head: tuple[PartialDate, Span] | None) -> None:
    """Give all parts of a report, and the only sample with results, the day of "collected" in its head."""
    if head is None:
        return
    day, place = head
    for sample in samples:
        if sample.anchor.part is not None and sample.anchor.date is None:
            sample.anchor.date = day
            sample.anchor.spans = {**(sample.anchor.spans or {}), "collected": place}
            if sample.anchor.kind is None and _operated(note, head):
                sample.anchor.kind, sample.anchor.spans["kind"] = "resection", place
    told = [sample for sample in samples if sample.results]
    labelled = [one for one in told if one.anchor.labelled and one.anchor.date is None]
    if len(labelled) == 1 and place[0] <= _HEAD:  # "taken 14 August" in the head, "Material: needle biopsy" below
        labelled[0].anchor.date = day
        labelled[0].anchor.spans = {**(labelled[0].anchor.spans or {}), "collected": place}
    if len(told) != 1 or place[0] > _HEAD:
        return
    others = {one.anchor.date for one in samples if not _of_history(one, told[0])} - {None, day}
    if told[0].anchor.kind in _TISSUE and told[0].anchor.date is None and not others:
        told[0].anchor.date = day
        told[0].anchor.spans = {**(told[0].anchor.spans or {}), "collected": place}


def _of_history(one: Sample, told: Sample) -> bool:
    """True for a sample of another organ that only the history names: the head does not give its day."""
    return bool(not one.results and one.anchor.organ and told.anchor.organ and one.anchor.organ != told.anchor.organ)


def questions(samples: list[Sample], asked: list[Token], nobody: Sample) -> Iterator[Item]:
    """Yield what is asked about results that were not used; `nobody` holds those that two specimens could own."""
    tokens = [token for sample in samples for token in sample.results]
    keys = {token.key for token in tokens}
    told = not keys.isdisjoint({"result", "amplification_call"})
    for token in asked:
        if token.key != "her2_amplified" or not told:
            yield Asked("her2_method", ASKED[token.key], token.span)
    given = {(one.test, one.key, str(one.value)) for one in tokens}
    for token in nobody.results:
        if token.key in _ASKED_OF and (token.test, token.key, str(token.value)) not in given:
            yield Asked("her2_sample", ASKED["sample"], token.span)
