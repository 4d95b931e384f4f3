"""The size of the primary tumour."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.tumour import stated
from her2nav.intake.notes.found import Found, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate

SIZE = Gated(
    r"(?<![\d.])(?P<n>\d{1,3}(?:\.\d)?)(?:\s?x\s?\d{1,3}(?:\.\d)?){0,2}\s?(?P<u>mm|cm)\b(?=[^.;,]{0,30}\b(?:mass|tumou?r|lesion|lump|primary|carcinoma|idc)\b)|\b(?:tumou?r size|size of (?:the )?(?:tumou?r|invasive \w+))(?:[\s:=]{0,3}greatest dimension of (?:the )?(?:largest )?invasive \w+)?[\s:=]{0,3}(?P<m>\d{1,3}(?:\.\d)?)(?:\s?x\s?\d{1,3}(?:\.\d)?){0,2}\s?(?P<v>mm|cm)\b|\b(?:largest|greatest|maximum|max\.?) (?:diameter|dimension|extent|size|(?:invasive )?foc(?:us|al))(?: of (?:the )?(?:largest )?(?:invasive )?(?:tumou?r|lesion|carcinoma|focus|primary))?(?:[\s:=]|is|was|measur\w+){0,4}(?P<q>\d{1,3}(?:\.\d)?)\s?(?P<x>mm|cm)\b|(?<![\w-])(?<!the )tumou?r(?:[\s:=,]|is|was|of|measur\w+|about){0,4}\s(?P<r>\d{1,3}(?:\.\d)?)(?:\s?x\s?\d{1,3}(?:\.\d)?){0,2}\s?(?P<y>mm|cm)\b(?!\s(?:from|to|beyond|of margin))|\b(?:grade|gd|gr\.?)\s?[1-3],?\s(?:[a-z]{2,12}(?: carcinoma)?,?\s)?(?P<p>\d{1,3}(?:\.\d)?)\s?(?P<w>mm|cm)\b"
)
_MEASURED_IN = re.compile(
    r"\b(?:\w*ectomy|wle|excision|resection|specimen|patholog\w+|histolog\w+|microscop\w+|y?p ?t ?[0-4]|idc|ilc|invasive)\b"
)
_SCANNED = re.compile(r"\b(?:mammogra\w+|ultrasound|uss|us|mri|ct|scan|imaging|palpa\w+|clinical(?:ly)?)\b")
_LEFT_OVER = re.compile(r"\b(?:residual|post[- ]nact|ypt|viable|cellularity)")
_LEFT_REACH = 250
"""What treatment before the operation left is not the size of the tumour."""
_DAY_OPENS = re.compile(r"(?:\(|in|on|at diagnosis in)\s?$")


def dated(note: Note, sentence: Sentence, span: Span) -> tuple[PartialDate | None, Span | None]:
    """Return the day of a finding: in front of it in its sentence, or in brackets behind it."""
    before = [one for one in note.dates.within(max(sentence.start, span[0] - 50), span[0]) if one.value]
    if before and ";" not in note.plain[before[-1].end : span[0]]:
        return before[-1].value, (before[-1].start, before[-1].end)
    behind = [one for one in note.dates.within(span[1], min(sentence.end, span[1] + 30)) if one.value]
    if behind and _DAY_OPENS.search(note.plain[span[1] : behind[0].start]):
        return behind[0].value, (behind[0].start, behind[0].end)
    return None, None


def read_sizes(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read the size of the primary tumour in one sentence."""
    match = SIZE.search(note.plain, sentence.start, sentence.end)
    if match and stated(note, match.span()):
        pairs = (
            (match["n"], match["u"]),
            (match["m"], match["v"]),
            (match["p"], match["w"]),
            (match["q"], match["x"]),
            (match["r"], match["y"]),
        )
        number, unit = next(one for one in pairs if one[0])
        around = note.said(sentence.start, sentence.end)
        if re.search(
            r"liver|brain|lung|node|bone|cyst|metast|segment|nodule|dcis|in situ",
            around[: match.end() - sentence.start + 30],
        ):
            return
        if _LEFT_OVER.search(note.plain, max(0, match.start() - _LEFT_REACH), match.end() + 40):
            return
        size = f"{float(number) * (10 if unit == 'cm' else 1):g}"
        # What was measured under the microscope counts for more than what a scan showed.
        weight = 2 if _MEASURED_IN.search(around) and not _SCANNED.search(around) else 1
        yield Found("cancer.tumour_size_mm", size, match.span(), *dated(note, sentence, match.span()), weight=weight)
