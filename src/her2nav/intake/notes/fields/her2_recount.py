"""A second observer's count of ISH: its cells, group and blinding stand beside the first count, which stays the sample's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.her2_ish import BLINDED
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_OBSERVER = Gated(
    r"\b(?:second|another|independent|blinded)(?: (?:blinded|independent))? (?:observer|reader|scientist|pathologist|technologist)\b[^.;]{0,60}?\b(?:counted|scored|enumerated|evaluated)"
    r"[^.;]{0,48}?(?P<c>\d{2,3})\s(?:additional |further |more |extra |other )?(?:invasive |tumou?r )?(?:nuclei|cells)"
    r"|\b(?:re-?count\w*\b(?! here| by us| in (?:our|this))|second count)\b[^.;]{0,80}?(?P<f>\d{2,3}) (?:nuclei|cells)"
    r"|\brecounted (?:\w+ )?by (?:a |an )?(?:second|another|independent|blinded) \w+[^.;\d]{0,30}?(?P<e>\d{2,3}) (?:nuclei|cells)"
    r"|\b(?:second|another|independent|blinded)(?: (?:blinded|independent))? (?:observer|reader)\s?[:,(]\s?(?P<h>\d{2,3}) (?:nuclei|cells)"
    r"|\bre-?count\w*\s(?:performed\s|done\s)?by (?:a |an )?(?:second|another|independent|blinded)\b"
    r"|\b(?:additional|further|extra)\s(?P<a>\d{2,3})\s(?:nuclei|cells)\b[^.;]{0,40}\bby (?:a |an )?(?:\w+\s){0,2}(?:observer|reader|scientist|pathologist|technologist)\b"
    r"|\b(?P<d>\d{2,3}) (?:additional|further|more|extra) (?:invasive |tumou?r )?(?:nuclei|cells)\b[^.;]{0,40}\bby (?:a |an )?(?:second|another|independent|blinded)\b"
)
_GROUP = re.compile(r"\bgroup (?P<g>[1-5])\b")
_SAME_GROUP = Gated(
    r"\b(?:category|group|classification|result)\s(?:(?:stayed|remained) in the same group|did not change|(?:was |is |remain\w* |stay\w* )?(?:unchanged|the same|confirmed))"
)
"""The second count left the group as it was."""
_COUNTS = frozenset({"her2_cep17_ratio", "her2_copy_number", "cep17_copy_number", "cells_counted"})


def recounted(note: Note, sentence: Sentence, found: list[Token], sample: Sample | None) -> list[Token]:
    """Return the results of a sentence; of a second observer's count the numbers only where no first one is given."""
    earlier = list(sample.results) if sample is not None else []
    kept = found
    again = _OBSERVER.search(note.plain, sentence.start, sentence.end)
    if again is not None:
        first = {one.key for one in [*earlier, *found] if one.test == "ish" and one.span[0] < again.start()}
        kept = [one for one in found if one.key not in _COUNTS or one.span[0] < again.start() or not first]
        kept += _told(note, sentence, again, alone=not first)
    return [*kept, *_same_group(note, sentence, [*earlier, *kept])]


def counted(samples: list[Sample]) -> Sample | None:
    """Return the sample whose signals were counted last."""
    known = [(one.span[0], i) for i, sample in enumerate(samples) for one in sample.results if one.key in _COUNTS]
    return samples[max(known)[1]] if known else None


def _told(note: Note, sentence: Sentence, again: re.Match[str], *, alone: bool) -> Iterator[Token]:
    """Yield what is said of the second count; `alone` is true where the first one is not given: then it is the sample's."""
    cells = next((key for key in "cedfha" if again[key]), None)
    if cells == "f" and alone and again[0].startswith("re"):
        yield Token("ish", "cells_counted", int(again[cells]), again.span(cells))
    elif cells is not None:
        yield Token("ish", "recount.cells", int(again[cells]), again.span(cells))
    group = _GROUP.search(note.plain, again.end(), sentence.end)
    if group:
        yield Token("ish", "recount.group", int(group["g"]), group.span())
    blinded = BLINDED.search(note.plain, sentence.start, sentence.end)
    if blinded:
        yield Token("ish", "recount.blinded", True, blinded.span())


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
