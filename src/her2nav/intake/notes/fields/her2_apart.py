"""Results that would be put to one sample though the labels beside them name two."""

from __future__ import annotations

import re
from collections.abc import Callable

from her2nav.intake.notes.fields.her2_marks import Token, withdrawn
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import of_label
from her2nav.intake.notes.fields.her2_split import by_label, differ, label, labelled, named, segments
from her2nav.intake.notes.fields.sample_words import SAMPLE
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

Owner = Callable[[Token], Sample]
"""The sample that a result would be put to; it may add one to the samples of the note."""


def told_apart(
    note: Note,
    sentence: Sentence,
    samples: list[Sample],
    found: list[Token],
    named: list[Anchor],
    owner: Owner,
) -> dict[Span, Sample]:
    """Return the samples of results of which two would else be put to one, by the labels beside their scores."""
    scores = _pivots(found)
    if not scores or any(withdrawn(note, sentence, one) for one in scores):
        return {}
    before = list(samples)
    owners = [(owner(one), str(one.value)) for one in scores]
    samples[:] = before
    found_in = segments(note, sentence, [one.span for one in scores])
    told = [anchor for _, anchor in found_in]
    shared = any(one is two and mine != theirs for i, (one, mine) in enumerate(owners) for two, theirs in owners[:i])
    if shared and not told:
        return _in_contrast(note, sentence, samples, found, scores)
    # Where days alone tell them apart, what else stands beside each score says more.
    finer = bool(told) and all(anchor.date and (anchor.organ or anchor.lesion) for anchor in told)
    if not shared and (not finer or any(anchor.kind for anchor in named)):
        return {}
    for anchor in told if len(named) == 1 and named[0].start < scores[0].span[0] else ():
        if anchor.part and not anchor.organ:
            _of_both_said(anchor, named[0])
    own = [(place, of_label(samples, anchor)) for place, anchor in found_in]
    given: dict[Span, Sample] = {}
    for one in found:
        for (start, end), sample in own:
            if not start <= one.span[0] < end:
                continue
            score = next(two for two in scores if start <= two.span[0] < end)
            again = SAMPLE.search(note.plain, score.span[1], one.span[0]) if one.test != "ihc" else None
            # "core 2+, excision 1+, FISH on the core negative": what names another sample is of that one.
            meant = [two for _, two in own if again and two.anchor.kind == again.lastgroup]
            given[one.span] = meant[0] if meant else sample
    return given


def _of_both_said(anchor: Anchor, above: Anchor) -> None:
    """Give a part what its sentence says of all: "two liver lesions were biopsied: segment 4 is 0, segment 7 is 2+"."""
    anchor.kind, anchor.organ = anchor.kind or above.kind, anchor.organ or above.organ
    anchor.date, anchor.lesion = anchor.date or above.date, anchor.lesion or above.lesion
    anchor.spans = {**(above.spans or {}), **(anchor.spans or {})}


_CONTRAST = re.compile(r";\s|\s(?:but|while|whereas|in contrast to|compared with)\s")


def _in_contrast(
    note: Note, sentence: Sentence, samples: list[Sample], found: list[Token], scores: list[Token]
) -> dict[Span, Sample]:
    """Return the sample of the results of a clause that names it, against those of one that names none.

    "It is 2+, whereas the primary of 2018 was 1+": nothing names the first, and it cannot be the second.
    """
    first, last = scores[0], scores[-1]
    cuts = list(_CONTRAST.finditer(note.plain, first.span[1], last.span[0]))
    if len(scores) != _TWO or len(cuts) != 1:
        return {}
    own = label(note, cuts[0].end(), last.span[0], last.span[0])
    own = own if named(own) else label(note, last.span[1], sentence.end, last.span[1])
    other = label(note, sentence.start, first.span[0], first.span[0])
    if labelled(other) or not named(own):
        return {}
    sample = of_label(samples, own)
    return {one.span: sample for one in found if one.span[0] >= cuts[0].end()}


_TWO = 2
_BOTH = Gated(r"\bboth\b")
_BEHIND = re.compile(r"\s(?:of\s)?(?:the\s|her\s|his\s)?(?P<a>[^.;:]{3,60}?)\sand\s(?P<b>[^.;:]{3,60})")
_AHEAD = re.compile(
    r"(?:^|[;:.]\s)\s?(?:the\s|her\s|his\s)?(?P<a>[^.;:]{3,60}?)\sand\s(?P<b>[^.;:]{3,60}?)\s(?:had|have|has|were|are|was|is)\s$"
)
_YEAR = re.compile(r"\s(?:in|of)\s(?:19|20)\d\d\s?$")


def of_both(note: Note, sentence: Sentence, samples: list[Sample], found: list[Token]) -> list[Sample]:
    """Return the two samples that one result is told of: "0 in both the core and the excision"; empty where it is no such one."""
    told = [one for one in found if one.key in ("score", "result")]
    both = _BOTH.search(note.plain, sentence.start, sentence.end)
    if both is None or not told or len({(one.key, str(one.value)) for one in told}) != len({one.key for one in told}):
        return []
    if max(one.span[1] for one in told) <= both.start():
        names = _BEHIND.match(note.plain, both.end(), sentence.end)
    else:
        first = min(one.span[0] for one in told)
        names = _AHEAD.search(note.plain[sentence.start : both.start()]) if both.end() <= first else None
    if names is None:
        return []
    shift = 0 if names.string is note.plain else sentence.start
    spans = [(names.start(group) + shift, names.end(group) + shift) for group in "ab"]
    one, two = (label(note, start, end, start) for start, end in spans)
    if not (labelled(one) and labelled(two) and differ(one, two)):
        return []
    if one.date is None and two.date is not None and _YEAR.search(note.plain, *spans[1]):
        one.date = two.date
        (one.spans or {})["collected"] = (two.spans or {})["collected"]
    return [of_label(samples, one), of_label(samples, two)]


def _pivots(found: list[Token]) -> list[Token]:
    """Return the results of one kind that exclude each other: scores, else what ISH showed."""
    for key in ("score", "result", "her2_cep17_ratio"):
        same = sorted((one for one in found if one.key == key), key=lambda one: one.span)
        if len({str(one.value) for one in same}) > 1:
            return same
    return []


def of_other(note: Note, samples: list[Sample], found: list[Token], owner: Owner) -> dict[Span, Sample]:
    """Return a sample of their own for results that contradict those of another sentence, where labels tell the two apart."""
    before = list(samples)
    for one in found:
        anchor = by_label(note, owner(one), one)
        if anchor is not None:
            own = of_label(samples, anchor)
            return {token.span: own for token in found}
    samples[:] = before
    return {}
