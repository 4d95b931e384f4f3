"""What a laboratory makes of its counts: the word for the whole in the lines on ISH, and the copies of a list of variants."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.her2_ish import stated_result
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_BY_GROUP = re.compile(
    r"\b(?:reported|regarded|classified|considered|called|signed out|interpreted|final(?: result)?)[\s:]+(?:as\s|to be\s|is\s)?(?:overall\s)?her-?2[\s-](?P<w>negative|positive)\b"
    r"|\b(?:her-?2(?: (?:gene|ish|fish))? (?:status|result)|(?:final|overall) her-?2 (?:status|result|interpretation))\s?(?:is|:|=)\s?(?:her-?2[\s-])?(?P<v>negative)\b(?!\sfor\b)"
    r"|\b(?:conclusion|interpretation|final (?:result|status|interpretation)|overall)\s?(?:is|:|=)\s?her-?2[\s-](?P<u>negative|positive)\b"
    r"|\bher-?2 (?:is|was) (?:therefore |overall |finally )?(?:reported|regarded|classified|considered|called|signed out|interpreted) as (?P<s>negative|positive)\b"
    r"|\bfinal\s?:\s?(?:her-?2[\s-])?(?P<r>negative|positive)\b"
    r"|\bher-?2[\s-](?P<t>negative|positive)\s\(?(?:per|by|according to|under)\s(?:the\s)?asco\b"
)
"""What a laboratory makes of counts and IHC together, in the lines on ISH."""
_CALLED = re.compile(
    r"\W*with (?:an? )?ihc (?:score )?(?:of )?[0-3]\s?\+,? this (?:is|was) (?:called |reported as )?(?P<e>equivocal|negative|positive)\b"
    r"|\W*(?:(?:this (?:is|was)|it (?:is|was)|is|was)\s)?(?:reported|regarded|classified|considered|called|interpreted|signed out)\s(?:as|to be)\s(?:her-?2\s)?(?P<w>negative|positive|not amplified|non-?amplified|amplified)\b(?!\sby\b)"
    r"|\W*(?:final\s|overall\s)?her-?2(?:/neu)?(?:\sstatus)?[\s:=-]{1,3}(?P<n>negative)[\s.]*$"
)
"""The word for counts, in the sentence behind them: "Reported as negative"."""
_COPY_LINE = Gated(
    r"^[\s>*•-]*(?:copy number(?: \w+)?\s?:|(?:erbb2|her-?2)(?: \(\w+\))? (?:gene )?(?:copy number|cnv|cna)\b|(?:no )?erbb2 (?:gene )?(?:amplification\b|(?:is |was )?not amplified\b))(?![^.;]*\b(?:d?-?d?(?:fish|cish|sish|ish)|ihc|cells?|cep ?17|ratio)\b)"
)
_COUNTS = frozenset({"her2_cep17_ratio", "her2_copy_number"})


def of_whole(note: Note, sentence: Sentence, sample: Sample | None, *, counted: bool) -> Token | None:
    """Return the result of ISH that the word for the whole gives, in the lines on ISH or under counts without a word."""
    if not counted and not _waits(note, sentence, sample):
        return None
    verdict = _BY_GROUP.search(note.plain, sentence.start, sentence.end)
    called = _CALLED.match(note.plain, sentence.start, sentence.end) if verdict is None else None
    if called is not None and _waits(note, sentence, sample):
        word = called["w"] or called["e"] or called["n"]
        said = "positive" if word in ("positive", "amplified") else "equivocal" if word == "equivocal" else "negative"
        if (said != "negative" or not _amplified(sample)) and stated_result(
            note, called.span(), negative=said == "negative"
        ):
            return Token("ish", "result", said, called.span(next(group for group in "wen" if called[group])))
    if verdict is None:
        return None
    said = verdict["w"] or verdict["v"] or verdict["u"] or verdict["t"] or verdict["s"] or verdict["r"]
    if said == "negative" and _amplified(sample):
        return None
    if not stated_result(note, verdict.span(), negative=said == "negative"):
        return None
    return Token("ish", "result", said, verdict.span())


def _amplified(sample: Sample | None) -> bool:
    """True for counts that ISH alone does not make negative: a word against them is of something else, or a slip."""
    told = {one.key: float(str(one.value)) for one in (sample.results if sample else []) if one.key in _COUNTS}
    ratio, copies = told.get("her2_cep17_ratio", 0.0), told.get("her2_copy_number", 0.0)
    return (ratio >= _RATIO and copies >= _COPIES) or copies >= _MANY


_RATIO, _COPIES, _MANY = 2.0, 4.0, 6.0
"""Counts of groups 1 and 3 of ASCO/CAP 2018: the word for the whole may be that of the stain."""


def _waits(note: Note, sentence: Sentence, sample: Sample | None) -> bool:
    """True under the counts of a sample that nothing was called yet, in their paragraph or the next."""
    told = [one for one in sample.results if one.test == "ish"] if sample is not None else []
    if not any(one.key in _COUNTS for one in told) or any(one.key == "result" for one in told):
        return False
    return 0 <= sentence.paragraph - note.sentence(told[-1].span[0]).paragraph <= 1


def copies_of_panel(note: Note, sentence: Sentence, sample: Sample | None) -> bool:
    """True for the line on copies of a list of variants: "Copy number: ERBB2 not amplified"."""
    if not note.panel_report and (sample is None or not sample.variants):
        return False
    return _COPY_LINE.pattern.match(note.plain[sentence.start : sentence.end]) is not None
