"""What is left of an earlier cancer beside a window for others: "within 3 years, or any residual disease of an earlier one"."""

from __future__ import annotations

import re
from decimal import Decimal

from her2nav.kinds.reading.base import Sentence, Stretched, days_of, leaf
from her2nav.language.patterns import MACROS
from her2nav.model.tree import AnyOf

_TIME = re.compile(MACROS["time"])
_RESIDUAL = re.compile(
    r",? (?:and/or|or) (?:with |has |have )?(?:any )?(?:evidence of |presence of )?(?:residual|remaining) (?:disease|cancer|tumou?r) (?:from|of) (?:an?|any|the)?(?:other)? ?(?:previously diagnosed|previous|prior|earlier|other|another|second) (?:primary )?(?:malignanc(?:y|ies)|cancers?)\W*\Z"
)
"""Behind the window: what is left of an earlier cancer shuts out whenever that was."""
_SIMPLE = re.compile(
    r"(?:(?:history of|known|any|has|have|had|with|an?)\b ?)*(?:another|other|second|prior|previous) (?:primary |invasive )*(?:malignanc(?:y|ies)|cancers?),? (?:diagnosed )?(?:within|in|during|≤|<|less than)(?: the)?(?: last| past| previous| preceding)* *"
)
_EXCEPTING = re.compile(r"\b(?:except|other than|exclud|unless|apart from|aside from)")


def or_residual(sentence: Sentence, whole: Stretched) -> Stretched | None:
    """Read 'another cancer within 3 years, or any residual disease of an earlier cancer'."""
    residual = _RESIDUAL.search(sentence.text, whole.start)
    time = _TIME.search(sentence.masked, whole.start)
    if residual is None or time is None or time.end() > residual.start():
        return None
    if _SIMPLE.fullmatch(sentence.text, whole.start, time.start()) is None:
        return None
    if _TIME.search(sentence.masked, time.end(), residual.start()) or _EXCEPTING.search(sentence.text, whole.start):
        return None
    days = days_of(time[0])
    if not days:
        return None
    recent = leaf("second_malignancy", within_years=Decimal(days) / 365 if days % 365 else days // 365)
    return whole._replace(node=AnyOf((recent, leaf("second_malignancy", active_only=True))))
