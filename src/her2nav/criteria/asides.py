"""What a sentence says beside its demand: what the trial would rather have, what holds elsewhere, and whom it frees.

"At least 16 years (in the US: 18)", "a solid tumour, preferably of the lung", "bilirubin normal, with the following
exception: …": the demand is read, the rest stays open.
"""

from __future__ import annotations

from typing import NamedTuple

from her2nav.kinds.reading.base import Section
from her2nav.language.sought import Sought

_REGION_BEHIND = Sought(
    r"(?s)(?P<what>\S[^()]{3,400})\((?P<where>(?:in|for) (?:the )?(?:eu|europe|us|u\.s\.|usa|united states|uk|united kingdom|france|germany|italy|spain|japan|china|korea|taiwan|canada|australia|india|brazil)\b[^()]{3,200})\)[\s.;,]*"
)
"""What holds in a country, in brackets behind what holds elsewhere."""
_PREFERENCE = Sought(
    r"[\s,;(]*\b(?:priority|preference) (?:(?:will|shall|should|may|would|can) be|is|was) (?:also )?given\b.*"
)
"""Whom a trial would rather take: it asks nobody for that."""
_PREFERABLY = Sought(r",? \(?(?:but )?(?:preferably|ideally)\b[^.;()]*\)?(?=[\s.;]*\Z)")
"""What a trial would rather have."""
_WITH_EXCEPTION = Sought(
    r"(?s)(?P<what>(?:[^.;]|\.(?=\d)){4,300}?),? with the following exceptions?\s*:\s*(?!(?:\d+|one|two|three|four|six)[ -]?(?:weeks?|days?|months?|half)\b)(?P<but>\S.*)"
)
"""A demand and, behind a colon, those whom it does not bind; other times for some treatments are read with the demand."""
_OF_CANCERS = Sought(r"\b(?:malignanc(?:y|ies)|cancers?|neoplasms?)\b")
"""Which of them are meant is read with the exceptions."""
_MEASURED_SO = Sought(
    r"\W*(?:the )?(?:(?!\b(?:must|should|has|have|consent|lesions?|disease)\b)[^.;:()]){3,90}? (?:will|can|may|is to|are to|is going to) be (?:\w+ly )?(?:tracked|assessed|measured|evaluated|scored|graded|performed|analy[sz]ed|tested|collected|obtained|monitored)\b(?![^.;]*\b(?:must|required|positive|eligible|excluded)\b)"
)
"""How something will be done, which asks nothing of the patient."""
_DISCUSSED = Sought(r"\bmust be (?:discussed|reviewed|agreed) with\b")
"""What somebody has to talk over binds no patient."""


class Aside(NamedTuple):
    """Where a demand and what is said beside it stand in a sentence.

    Attributes:
        what: Stretch of the demand; empty where nothing else is said.
        rest: Stretch of what stays open.
        frees: Whether whoever is meant by the rest need not meet the demand.
        empty: Whether the rest asks for nothing, so that it may be left out.
    """

    what: tuple[int, int]
    rest: tuple[int, int]
    frees: bool = False
    empty: bool = False


def aside_of(written: str, section: Section) -> Aside | None:
    """Return what a plain sentence says beside its demand.

    >>> aside_of("solid tumours, preferably of the lung", "inclusion")
    Aside(what=(0, 13), rest=(13, 37), frees=False, empty=True)
    """
    excepting = _WITH_EXCEPTION.fullmatch(written)
    if excepting is not None and _OF_CANCERS.search(excepting["what"]) is None:
        return Aside(excepting.span("what"), excepting.span("but"), frees=True)
    if section == "exclusion":
        return Aside((0, 0), (0, len(written))) if _DISCUSSED.search(written) else None
    if _DISCUSSED.search(written) or _MEASURED_SO.match(written):
        return Aside((0, 0), (0, len(written)))
    behind = _REGION_BEHIND.fullmatch(written)
    if behind is not None:
        return Aside(behind.span("what"), behind.span("where"))
    rather = _PREFERENCE.search(written) or _PREFERABLY.search(written)
    return Aside((0, rather.start()), (rather.start(), len(written)), empty=True) if rather is not None else None
