"""Results whose own words name another tissue or another day than the sample that they would be put to."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.note import Note, Sentence

_CUT = re.compile(r";\s|\.\s|\n|,\s(?:but|while|whereas)\s")
_NO_SAMPLE = re.compile(
    r"\b(?:report\w*|signed|review\w*|addend\w*|amend\w*|receiv\w*|mdt|board|clinic|discuss\w*|stain\w*|tested|test|performed|done|repeat\w*|since|until|from|started|completed|progress\w*|recurr\w*|relaps\w*|diagnos\w*|ct|pet|mri|scan|fish|ish)\b[^;]{0,24}$"
)
"""Words before a day on which no sample was taken, or before an organ in which the disease is."""
_APART = 60


def astray(
    note: Note, sentence: Sentence, token: Token, sample: Sample, named: list[Anchor], here: list[Sample]
) -> bool:
    """True for a result of a listed report behind words that cannot be of the sample: it is asked about."""
    place = token.span[0]
    own = [one.end for one, owner in zip(named, here, strict=True) if owner is sample and one.start <= place]
    if any(one.start > max(own, default=-1) and one.start <= place for one in named):
        return False  # the nearest sample is another one, and was weighed before
    low = max([sentence.start, *own])
    low = max((cut.end() for cut in _CUT.finditer(note.plain, low, place)), default=low)
    return _other_organ(note, sample, low, place) or _other_day(note, sample, low, place)


_LABEL = re.compile(r"[ \t>*•-]*(?:\((?P<a>[1-9]|[a-h])\)|(?P<b>[1-9]|[a-h])[).]|(?P<c>[#s][1-9]))[ :]")


def other_label(note: Note, sentence: Sentence, sample: Sample, samples: list[Sample]) -> bool:
    """True for a result on a line that opens with a letter or number of its own, which is none of the sample's, where there are several."""
    line = note.line_starts[note.line(sentence.start) - 1]
    opened = _LABEL.match(note.plain, line)
    known = [one for one in samples if one.anchor.kind is not None and one.anchor.kind != "blood"]
    if opened is None or len(known) < _SEVERAL or sample.anchor.start >= line:
        return False
    return sample.anchor.part not in (opened["a"], opened["b"], opened["c"])


_SEVERAL = 2


def _other_organ(note: Note, sample: Sample, low: int, place: int) -> bool:
    mine = sample.anchor.organ
    if mine is None:
        return False
    said = [(hit, organ) for hit, organ in organs_in(note, low, place) if organ != "other"]
    if not said or any(organ == mine for _, organ in said):
        return False
    hit, organ = said[-1]
    return (
        organ not in note.present_tumours and _NO_SAMPLE.search(note.plain, max(low, hit.start - 40), hit.start) is None
    )


def _other_day(note: Note, sample: Sample, low: int, place: int) -> bool:
    mine = sample.anchor.date
    days = [one for one in note.dates.within(low, place) if one.value and one.exact_order]
    if mine is None or not days:
        return False
    day = days[-1]
    if day.value is None or _NO_SAMPLE.search(note.plain, max(low, day.start - 40), day.start):
        return False
    earlier, later = sorted((mine, day.value), key=lambda one: one.low)
    return earlier.high < later.low and (later.low - earlier.high).days > _APART
