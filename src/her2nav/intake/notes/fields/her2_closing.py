"""What the end of a note adds to its samples: the day in the head of the report, and questions about results not used."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.intake.notes.fields.her2_entries import ASKED, Sample
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.found import Asked, Item, Span
from her2nav.model.dates import PartialDate

_ASKED_OF = frozenset({"score", "result", "her2_cep17_ratio", "amplification_call", "her2_reported"})
"""Results about which a person is asked where several specimens could own them."""
_HEAD = 400
"""Where the head of a report has ended."""
_TISSUE = frozenset({"biopsy", "resection", "cytology_block", "block"})


def date_parts(samples: list[Sample], head: tuple[PartialDate, Span] | None) -> None:
    """Give all parts of a report, and the only sample with results, the day of "collected" in its head."""
    if head is None:
        return
    day, place = head
    for sample in samples:
        if sample.anchor.part is not None and sample.anchor.date is None:
            sample.anchor.date = day
            sample.anchor.spans = {**(sample.anchor.spans or {}), "collected": place}
    told = [sample for sample in samples if sample.results]
    if len(told) != 1 or place[0] > _HEAD:
        return
    others = {sample.anchor.date for sample in samples} - {None, day}
    if told[0].anchor.kind in _TISSUE and told[0].anchor.date is None and not others:
        told[0].anchor.date = day
        told[0].anchor.spans = {**(told[0].anchor.spans or {}), "collected": place}


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
