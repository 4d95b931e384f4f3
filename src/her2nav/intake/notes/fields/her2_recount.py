"""A second observer's count of ISH: its cells, group and blinding stand beside the first count, which stays the sample's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.her2_ish import BLINDED
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_WHO = (
    r"observer|reader|scorer|counter|scientist|pathologist|technologist|technician|cytogeneticist|operator|person|bms"
)
_OTHER = r"second|2nd|another|independent|blinded|different"
_AGAIN = Gated(
    rf"\b(?:{_OTHER})(?:,? (?:blinded|independent|trained|experienced))? (?:{_WHO})\b"
    r"|\b(?:second|2nd|repeat|repeated|blinded) (?:ish |fish )?count(?:ing|s)?\b|\bcount(?:ing|s|ed)? (?:was |were )?(?:repeated|again)\b(?! here| by us)"
    r"|\bre-?count\w*\b(?! here| by us| in (?:our|this))"
)
"""Who counted again, or that it was counted again."""
_CELLS = re.compile(
    r"(?P<c>\d{2,3})\s(?:additional |further |more |extra |other )?(?:invasive |tumou?r )?(?:nuclei|cells)\b(?!\s?%)"
)
_ADDED = re.compile(
    r"\b(?:additional|further|more|extra|another)\s(?:\d{2,3}\s)?(?:invasive |tumou?r )?(?:nuclei|cells)\b"
)
_GROUP = re.compile(r"\b(?:group|gp|grp)\.? (?P<g>[1-5])\b")
_SAME_GROUP = Gated(
    r"\b(?:category|group|classification|result)\s(?:(?:stayed|remained) in the same group|did not change|(?:was |is |remain\w* |stay\w* )?(?:unchanged|the same|confirmed))"
    r"|\b(?:it|this|the (?:result|count)) (?:is|was|stays|stayed|remains|remained) (?:again |still )?(?=group [1-5]\b)"
)
"""The second count left the group as it was."""
_COUNTS = frozenset({"her2_cep17_ratio", "her2_copy_number", "cep17_copy_number", "cells_counted"})


def recounted(note: Note, sentence: Sentence, found: list[Token], sample: Sample | None) -> list[Token]:
    """Return the results of a sentence; of a second observer's count the numbers only where no first one is given."""
    earlier = list(sample.results) if sample is not None else []
    kept = found
    again = _AGAIN.search(note.plain, sentence.start, sentence.end)
    told = _told(note, sentence, again) if again is not None else []
    if again is not None and told:
        start = min([again.start(), *[one.span[0] for one in told if one.key == "recount.cells"]])
        first = {one.key for one in [*earlier, *found] if one.test == "ish" and one.span[0] < start}
        kept = [one for one in found if one.key not in _COUNTS or one.span[0] < start or not first]
        if (
            not first
            and again[0].startswith(("recount", "re-count"))
            and not _BY_OTHER.match(note.plain, again.start())
        ):
            # "Recounted, 60 cells": where no first count is told, it is the sample's own.
            told = [one._replace(key="cells_counted") if one.key == "recount.cells" else one for one in told]
        kept += told
    return [*kept, *_same_group(note, sentence, [*earlier, *kept])]


def counted(samples: list[Sample]) -> Sample | None:
    """Return the sample whose signals were counted last."""
    known = [(one.span[0], i) for i, sample in enumerate(samples) for one in sample.results if one.key in _COUNTS]
    return samples[max(known)[1]] if known else None


def _told(note: Note, sentence: Sentence, again: re.Match[str]) -> list[Token]:
    """Return what is said of the second count: its cells, its group, and whether it was blinded."""
    # "2+, agreed by a second pathologist, FISH 40 cells": what stands behind the test is its first count.
    test = _TEST.search(note.plain, again.end(), sentence.end)
    stop = test.start() if test is not None else sentence.end
    behind = _CELLS.search(note.plain, again.end(), stop)
    before = list(_CELLS.finditer(note.plain, max(sentence.start, again.start() - _BESIDE), again.start()))
    cells = behind
    if cells is None and before and _ADDED.search(note.plain, max(0, before[-1].start() - 12), before[-1].end()):
        cells = before[-1]  # "an additional 20 nuclei were counted by a second observer"
    group = _GROUP.search(note.plain, again.end(), stop)
    same = _SAME_GROUP.search(note.plain, again.end(), stop)
    by_other = _BY_OTHER.match(note.plain, again.start(), sentence.end)
    if cells is None and group is None and same is None and by_other is None:
        return []  # another reader of the stain, or another opinion
    told = [Token("ish", "recount.cells", int(cells["c"]), cells.span("c"))] if cells is not None else []
    if group:
        told.append(Token("ish", "recount.group", int(group["g"]), group.span()))
    blinded = BLINDED.search(note.plain, sentence.start, sentence.end)
    if blinded:
        told.append(Token("ish", "recount.blinded", True, blinded.span()))
    return told


_TEST = re.compile(r"\b(?:d?-?d?(?:fish|cish|sish|ish)|in[- ]situ)\b(?! group)")
_BY_OTHER = re.compile(rf"re-?count\w*\s(?:performed\s|done\s)?by (?:a |an )?(?:{_OTHER})\b")
_BESIDE = 60
"""So far before the second observer the cells may stand that he counted."""


def _same_group(note: Note, sentence: Sentence, told: list[Token]) -> Iterator[Token]:
    """Read "the category did not change": the group is the one named before."""
    same = _SAME_GROUP.search(note.plain, sentence.start, sentence.end)
    keys = {one.key for one in told} if same is not None else frozenset()
    if same is None or "recount.cells" not in keys or "recount.group" in keys:
        return
    before = list(_GROUP.finditer(note.plain, max(0, sentence.start - _NEAR), same.start()))
    group = before[-1] if before else _GROUP.search(note.plain, same.end(), sentence.end)
    if group:
        yield Token("ish", "recount.group", int(group["g"]), group.span())


_NEAR = 600
