"""A result that names no sample behind an event of another day: a relapse, new metastases. Whose it is nobody can tell."""

from __future__ import annotations

import re

from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import DECIDES
from her2nav.intake.notes.fields.her2_split import label, named
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_EVENT = Gated(
    r"\b(?:relaps\w*|recurr\w*|metasta\w+|mets?|came back|come back|(?:is|was|it's) back|spread (?:to|in)|progress(?:ed|ion|ing)|(?:another|a second|a new|a fresh) (?:one|biopsy|sample|piece|test)|new (?:lesions?|nodules?|deposits?|lump|mass))\b"
)
"""What happened to the disease between two samples."""
_DENIED = re.compile(r"\b(?:no|without|not|never|free of|excluded)\b[^.;]{0,40}$")
_APART = 60
"""Days behind a sample within which staging belongs to it."""


def after_event(
    note: Note,
    samples: list[Sample],
    mentions: list[tuple[Anchor, Sample]],
    sample: Sample | None,
    sentence: Sentence,
    found: list[Token],
) -> bool:
    """True where an event of a later day stands between the last word on a sample and results that name none.

    "Mastectomy 2019. Liver metastases in February 2026. HER2 is 1+": nobody can tell that it is the mastectomy's. What
    only says again what a sample showed is no new result.
    """
    own = [one for one in found if one.key in DECIDES and one.test in ("ihc", "ish")]
    if sample is None or sample.anchor.date is None or not own:
        return False
    day = sample.anchor.date
    since = max(
        [sample.anchor.start]
        + [anchor.start for anchor, one in mentions if one is sample]
        + [one.span[1] for one in sample.results]
    )
    told = {(one.test, one.key, str(one.value)) for known in samples for one in known.results}
    if all((one.test, one.key, str(one.value)) in told for one in own):
        return False
    for event in _EVENT.finditer(note.plain, since, sentence.start):
        there = note.sentence(event.start())
        if _DENIED.search(note.plain, there.start, event.start()):
            continue
        days = [one.value for one in note.dates.within(max(since, there.start), there.end) if one.value]
        if any((one.low - day.high).days > _APART for one in days):
            return True
    return False


def of_several(samples: list[Sample], anchor: Anchor) -> bool:
    """True for a sample that only its year names, of which the note tells several: "the 2023 tumour"."""
    if anchor.date is None or anchor.kind or anchor.organ or anchor.lesion or anchor.side or anchor.part:
        return False
    days = [one.anchor.date for one in samples if one.anchor.date is not None and one.anchor.kind != "blood"]
    fits = [one for one in days if one.low <= anchor.date.high and anchor.date.low <= one.high]
    return len(fits) > 1


_CLAUSE = re.compile(r";\s|\s(?:but|while|whereas)\s|,\sand\s(?=(?:the|a|an|that)\s)")
_TAKEN_ON = re.compile(r"\b(?:of|from|on|in|dated|taken)\s(?:the\s)?$")
_NO_SAMPLE = re.compile(
    r"\b(?:review\w*|report\w*|re-?tested|re-?read|repeated|stained|added|issued|done|performed|confirmed|requested|sent|run|counted|letter|again|fish|ish|ihc)\b"
)


def day_of_clause(note: Note, sentence: Sentence, sample: Sample, token: Token) -> Mention | None:
    """Return the day that a clause without a sample's name gives its result, where the sample before it is of another day.

    "The cystectomy of May 2025 is 2+; the one of 3 January 2025 is 3+": the second is not the cystectomy's.
    """
    own = sample.anchor.date
    cuts = [one.end() for one in _CLAUSE.finditer(note.plain, sentence.start, token.span[0])]
    if own is None or not cuts or sample.anchor.start >= cuts[-1]:
        return None
    low = cuts[-1]
    days = [one for one in note.dates.within(low, token.span[0]) if one.value is not None]
    if len(days) != 1 or _NO_SAMPLE.search(note.plain, low, token.span[0]):
        return None
    if named(label(note, low, token.span[0], token.span[0])):
        return None  # "the recurrence in 2024 was 1+" says more than its day
    day = days[0].value
    if day is None or not _TAKEN_ON.search(note.plain, low, days[0].start):
        return None
    return days[0] if day.high < own.low or own.high < day.low else None
