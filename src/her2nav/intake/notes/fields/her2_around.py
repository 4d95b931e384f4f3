"""What a note says away from a result of HER2 that belongs to it: the antibody, and the share of tumour in the tissue."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.her2_marks import laboratories
from her2nav.intake.notes.fields.sample_words import SAMPLE
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

if TYPE_CHECKING:
    from her2nav.intake.notes.fields.her2_sample import Sample

import re


def _elsewhere(note: Note, own: Sentence, other: Sentence) -> bool:
    """True for an antibody that stands with a score of its own: on a later line or of another laboratory it is not shared."""
    if _ANOTHER_SCORE.search(note.plain, other.start, other.end) is None:
        return False
    if laboratories(note, own) or laboratories(note, other) or other.paragraph != own.paragraph:
        return True
    dated = note.dates.within(own.start, own.end) and note.dates.within(other.start, other.end)
    return bool(dated) and (other.start > own.start or note.line(other.start) != note.line(own.start))


_ANOTHER_SCORE = re.compile(r"(?<![\w+])[0-3]\s?\+")


def antibody(note: Note, sample: Sample, others: list[Sample]) -> tuple[str, Span] | None:
    """Return the antibody named near the score, else the only one that the report names where it scores one sample alone."""
    alone = not others
    scored = [one.span[1] for one in sample.results if one.key == "score"]
    if scored and _UNKNOWN.search(note.plain, min(sample.anchor.start, *scored), max(scored)):
        return None
    near = _near(note, sample, others)
    if near is not None or sample.measured_by.get("ihc") == "outside":
        return near
    named = note.named("assay")
    if alone:
        named = [hit for hit in named if _OF_HER2.search(note.plain, max(0, hit.start - _BEFORE), hit.end)]
    else:
        named = [hit for hit in named if _ALL.search(note.plain, note.sentence(hit.start).start, hit.start)]
    one = len({hit.id("assay") for hit in named}) == 1 and not context(note, named[0].start, named[0].end).family
    return (str(named[0].id("assay")), (named[0].start, named[0].end)) if one else None


_UNKNOWN = re.compile(
    r"\b(?:clone|antibody)\s(?:is\s|was\s)?(?:unknown|not (?:known|stated|given|reported))|\bnot? know (?:the|which|what) (?:clone|antibody)|\btheir (?:own )?(?:antibody|clone)\b"
)
"""The antibody of another laboratory, which the note does not name."""


def _line(note: Note, place: int) -> Span:
    sentence = note.sentence(place)
    return sentence.start, sentence.end


_ALL = Gated(
    r"\b(?:all|both|each)\b[^.;]{0,40}\b(?:re-?)?(?:stained|tested|scored)\b|\b(?:re-?)?(?:stained|tested|scored)\s(?:all|both|each)\b"
    r"|\ball\s(?:with\s|by\s|were\s|done\s|in\s){0,3}(?:the\s)?(?:clone\s)?$"
)
"""One antibody for all samples: "all three were restained with ..."."""
_OF_HER2 = Gated(r"\bher-?2[^.;]{0,60}$")
_BEFORE = 70


def _scored(others: list[Sample], sentence: Sentence) -> bool:
    """True for a sentence with the score of another sample: an antibody that stands there is of that one."""
    return any(
        token.key == "score" and sentence.start <= token.span[0] < sentence.end
        for one in others
        for token in one.results
    )


def _near(note: Note, sample: Sample, others: list[Sample]) -> tuple[str, Span] | None:
    """Return the antibody named near the score, or by the words that lead a line of scores: "HER2 (HercepTest): ..."."""
    for token in sample.results:
        if token.key == "score":
            sentence = note.sentence(token.span[0])
            for hit in note.hits_in(max(0, sentence.start - _HEADED), sentence.end + 300, "assay"):
                inside = sentence.start <= hit.start < sentence.end
                if hit.start < sentence.start - _NEAR and not _heads(note, sentence, hit.start):
                    continue
                if hit.start > sentence.end and _another_head(note, sentence, hit.start):
                    continue
                near = note.sentence(hit.start).paragraph == sentence.paragraph or sentence.section == "pathology"
                leads = _LEADS.match(note.plain, hit.end) and note.line(hit.start) == note.line(sentence.start)
                if leads and hit.start < sentence.start and sample.measured_by.get("ihc") != "outside":
                    return str(hit.id("assay")), (hit.start, hit.end)
                if not inside and (
                    sample.measured_by.get("ihc") == "outside"
                    or _elsewhere(note, sentence, note.sentence(hit.start))
                    or (
                        _scored(others, note.sentence(hit.start))
                        and not _ALL.search(note.plain, *_line(note, hit.start))
                    )
                ):
                    continue
                if (inside or near) and not context(note, hit.start, hit.end).family:
                    return str(hit.id("assay")), (hit.start, hit.end)
    return None


_LEADS = re.compile(r"[)\]]?[^:.;\n]{0,40}:\s(?!(?:score\s|equivocal\s|negative\s|positive\s)?\(?(?:[0-3]\s?\+|0\b))")
_NEAR = 200
_HEADED = 900


def _heads(note: Note, sentence: Sentence, place: int) -> bool:
    """True for an antibody in the line that heads the paragraph of a score: "HER2 (4B5), read by the gastric rules:"."""
    heading = note.sentence(place)
    return heading.paragraph == sentence.paragraph and not _ANOTHER_SCORE.search(note.plain, heading.start, heading.end)


def _another_head(note: Note, sentence: Sentence, place: int) -> bool:
    """True for an antibody behind the score on a line that names another sample or day: it is of that one."""
    if note.line(place) == note.line(sentence.end - 1):
        return False
    line = note.line_starts[note.line(place) - 1]
    return bool(note.dates.within(line, place)) and SAMPLE.search(note.plain, line, place) is not None


_TUMOUR_SHARE = Gated(
    r"\b(?:tumou?r|neoplastic) (?:cells?(?=\s?[:=])|(?:cell|nuclei|nuclear) (?:content|fraction|percentage)|fraction|purity|content|percentage|cellularity)(?: estimate)?[\s:=]{0,3}(?:of |is |was |approx\.? |~)?(?P<f>\d{1,3})\s?%"
)


_BLOOD = Gated(r"\b(?:plasma|blood|liquid|ct-?dna|cf-?dna|guardant\w*|circulating)\b")


def _of_blood(note: Note, place: int) -> bool:
    """True for the share of tumour DNA in plasma, which says nothing of tissue."""
    sentence = note.sentence(place)
    return _BLOOD.search(note.plain, sentence.start, sentence.end) is not None


def tumour_share(note: Note, samples: list[Sample]) -> tuple[str, Span] | None:
    """Return the share of tumour cells in the tissue that was sequenced, where the note gives one and no other.

    A share that was put to the plasma among the samples is none of tissue.
    """
    of_plasma = {one.span[0] for sample in samples if sample.anchor.kind == "blood" for one in sample.results}
    found = [
        one
        for one in _TUMOUR_SHARE.finditer(note.plain)
        if one.start() not in of_plasma and not context(note, *one.span()).template and not _of_blood(note, one.start())
    ]
    if len({one["f"] for one in found}) != 1:
        return None
    return f"{(Decimal(found[0]['f']) / 100).normalize():f}", found[0].span()
