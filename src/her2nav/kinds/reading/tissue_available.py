"""Tumour tissue for testing: archival, or a new biopsy."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Found, Rule, days_of, leaf
from her2nav.language.patterns import MACROS
from her2nav.model.tree import Node

_ARCHIVAL = re.compile(
    r"\barchiv\w+|\bexisting\b|\bpreviously (?:collected|obtained)\b|\bffpe\b|\bparaffin\b|\bblocks?\b|\bslides?\b|\bstored\b|\bprior biopsy\b|\bbanked\b"
)
_FRESH = re.compile(
    r"\bfresh(?:ly)?\b|\bnew(?:ly)?\b|\b(?:undergo|pre[- ]?treatment|repeat|perform|core(?: needle)?|excisional|baseline) (?:\w+ ){0,5}?biops|\bre-?biops|\bbiops\w+ (?:at|during|prior to) (?:screening|baseline)"
)
_OPEN = re.compile(
    r"\boptional\b|\bif available\b|\bwhere available\b|\bnot (?:required|mandatory)\b|\bwhen(?:ever)? (?:available|possible)\b|\bwithout archival\b|\bexceptions?\b|\bregardless\b|\bmay\b|\bcohort\b|\bon treatment\b|\bon-treatment\b|\bpost"
)
_AGE = re.compile(
    rf"(?:within|no(?:t)? (?:older|more) than|less than|≤|<|in the last|in the past|up to)(?: the)?(?: last| past| previous)? (?P<time>{MACROS['time']})"
)


_REACHED = re.compile(
    r"\b(?:amenable|accessible) (?:to|for) (?:an? |the )?(?:(?:core|needle|research|percutaneous|repeat|serial|safe|image-guided) )*biops"
)
_GIVEN = re.compile(
    r"\barchiv|\bprovi[ds]|\bsubmi|\bundergo|\bwilling|\bagree|\bconsent|\bavailab|\bfresh|\bblock|\bslide"
)
"""Words of tissue that is handed over."""


def _tissue(found: Found) -> Node | None:
    return tissue_asked(found.sentence.text)


def tissue_asked(words: str) -> Node | None:
    """What a plain sentence asks for; None where it leaves it to chance."""
    if _OPEN.search(words) or re.search(
        r"\bunwilling|\binability|\brefus|\bunable|\bno (?:archiv|tissue|tumou?r|prior)\w*|\b(?:do|does|is|are|has|have|can|did) ?not\b",
        words,
    ):
        return None
    if _REACHED.search(words) and not _GIVEN.search(words):
        return None  # a lesion that can be reached, and no tissue
    archival, fresh = _ARCHIVAL.search(words), _FRESH.search(words)
    either = bool(archival and fresh and re.search(r"\bor\b|\bif\b", words))
    ages = [days_of(item["time"]) for item in _AGE.finditer(words)]
    if len(ages) > 1 or (ages and (ages[0] or 0) < 90):
        return None
    return leaf(
        "tissue_available",
        any_of=["archival"] if archival else ["fresh"] if fresh else [],
        max_age_days=ages[0] if ages else None,
        new_biopsy_instead=either,
    )


_SAMPLE = "(archival|archived|ffpe|formalin|paraffin|fresh|tumor|tumour|biopsy|representative)"
_THING = "(tissue|tissues|sample|samples|specimen|specimens|block|blocks|slides|biopsy)"

RULES = (
    Rule(
        "tissue_available.asked",
        (
            f"(available|availability|sufficient|adequate|provide|provided|provides|submit|submission|must have|access to|willing|willingness|consent|agree|able) ..80 {_SAMPLE} ..30 {_THING}",
            f"{_SAMPLE} ..40 {_THING} ..60 (available|availability|provided|submitted|required|must be|obtained)",
        ),
        _tissue,
        priority=-1,
        section="inclusion",
        whole=True,
        texts=(
            ("Archival tumour tissue available", {"tissue_available": {"any_of": ["archival"]}}),
            (
                "Must provide archival tumour tissue no older than 2 years or be willing to undergo a new biopsy",
                {"tissue_available": {"any_of": ["archival"], "max_age_days": 730, "new_biopsy_instead": True}},
            ),
            ("Archival tissue, if available", None),
        ),
    ),
)
