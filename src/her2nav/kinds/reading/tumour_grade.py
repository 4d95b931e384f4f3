"""Histological grade, pathological complete response that was or was not reached.

No kind compares the grade, so a person answers with the grade before them. What was left of the tumour after treatment
is on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

TOPIC = "whether the tumour is of this grade"

_DEGREE = r"(?:[1-3]|i{1,3}|low|intermediate|moderate|high|well|poor)"
_SORT = r"(?:histological|histologic|nuclear|tumou?r|pathological|pathologic|nottingham|elston|sbr|bloom[ -]richardson|scarff-bloom-richardson)"
_GRADE = Sought(
    rf"\b{_SORT}(?:(?:[ ,/]|\b(?:and/or|and|or|combined|histologic)\b)+{_SORT})* grades? (?:(?:of|is|>|≥|at least) ?)?{_DEGREE}\b(?:(?:[ ,/-]|\b(?:or|to|and|grade)\b)+{_DEGREE}\b)*"
    rf"|(?<![\w-])(?:low|intermediate)(?:(?:[ ,/-]|\b(?:or|to|and|grade)\b)+(?:intermediate|high))*[ -]grade\b(?= (?:dcis|ductal|in[ -]situ|breast|invasive))|\A\W*(?:low|intermediate|high)[ -]grade tumou?rs?(?=\W*\Z)"
)
_COMPLETE = r"(?:(?:pathological(?:ly)? |pathologic )complete (?:response|remission)(?: \(pcr\))?|complete pathologic(?:al)? (?:response|remission)(?: \(pcr\))?|pathologic(?:al)? cr(?: \(pcr\))?|\bpcr\b)"
_BEHIND = r"(?: (?:following|after|at|with|to|from) (?:completion of |the |prior )*(?:(?:neo-?adjuvant|pre-?operative|systemic|chemo\w*|surgery|treatment|therapy|definitive) ?)+)?"
_LEFT = Sought(
    rf"{_COMPLETE} (?:was |has |were )?not (?:been )?(?:achieved|reached|obtained|attained)\b{_BEHIND}"
    rf"|\b(?:not (?:have )?|did not |without |absence of |lack of |failure to |failed to )(?:achiev\w+|reach\w*|attain\w*|obtain\w*)? ?(?:a )?{_COMPLETE}{_BEHIND}|\bnon-pcr\b{_BEHIND}"
)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for found in _GRADE.finditer(sentence.text):
        said = " ".join(found[0].split())
        yield Stretched(*found.span(), leaf("judgement", topic=f"{TOPIC}: {said}"))


def _left(sentence: Sentence) -> Iterator[Stretched]:
    for found in _LEFT.finditer(sentence.text):
        end = found.start() + len(found[0].rstrip())
        yield Stretched(found.start(), end, leaf("disease_setting", residual="residual"))


SCANNERS = (
    Scanner(
        "judgement.grade",
        ("grade", "grades"),
        _scan,
        priority=1,
        sought=(_GRADE,),
        texts=(
            ("Nuclear grade 3", {"judgement": {"topic": f"{TOPIC}: nuclear grade 3"}}),
            ("Grade 3 neuropathy", None),
        ),
    ),
    Scanner(
        "disease_setting.no_complete_response",
        ("response", "pcr", "cr", "remission"),
        _left,
        priority=3,
        sought=(_LEFT,),
        texts=(
            (
                "A pathological complete response was not achieved after neoadjuvant therapy",
                {"disease_setting": {"residual": "residual"}},
            ),
            ("Pathological complete response", None),
        ),
    ),
)
