"""Metastases in an organ, bone-only disease, and visceral crisis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading import tumour_words
from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf

_SPREAD = re.compile(r"metasta|\bmets\b|malignant pleural effusion")
_BEHIND = re.compile(r"[ -]+(?:only )?(?:metastas[ei]s|mets|metastatic disease|involvement by (?:tumou?r|cancer))\b")
_ONLY = re.compile(
    r"\bbones?[ -]only (?:metasta\w+|disease|metastatic disease|lesions?)|\bmetastas[ei]s (?:limited|confined) to (?:the )?bones?\b|\bonly bone metastas[ei]s\b"
)
_REGIONAL = re.compile(
    r"axill|sentinel|regional|supraclavicular|mammary|\b\d(?:\.\d+)? ?mm\b|\bp?n[0-3]\b|node[ -](?:positive|negative)"
)
_ELSEWHERE = frozenset({"brain", "leptomeninges"})
_TNM = re.compile(r"\btumou?rs?[\s,/-]+(?:and )?$")
"""Before "node metastasis": the name of the staging system."""
_LEFT = re.compile(r"(?:\b(?:known|documented|presence of|evidence of|current|active|any|with|has|have)\b ?)+$")


_CRISIS_LEFT = re.compile(
    r"(?:\b(?:symptomatic|impending|current|active|known|evidence of|presence of|advanced|has|have|a|or)\b ?)+$"
)


def _sites(sentence: Sentence) -> Iterator[Stretched]:
    """Sites with metastases; the brain and its lining have rules of their own."""
    text = sentence.text
    for found in _ONLY.finditer(text):
        yield Stretched(found.start(), found.end(), leaf("metastatic_site", any_of=["bone"], only=True))
    for hit in sentence.hits:
        ids = [item for item in hit.ids("site") if item not in _ELSEWHERE]
        if not ids or len(ids) < len(hit.ids("site")):
            continue
        behind = _BEHIND.match(text, hit.end)
        if not behind and not _SPREAD.search(text, hit.start, hit.end):
            continue
        if "lymph_node" in ids and _REGIONAL.search(text):
            # Nodes of the region are the stage of the tumour, not distant metastases.
            continue
        if _TNM.search(text, max(0, hit.start - 14), hit.start):
            continue
        if tumour_words.DENIED_BEFORE.search(text, max(0, hit.start - 90), hit.start):
            continue
        left = _LEFT.search(text, 0, hit.start)
        yield Stretched(
            left.start() if left else hit.start,
            behind.end() if behind else hit.end,
            leaf("metastatic_site", any_of=ids),
        )


def _crisis(sentence: Sentence) -> Iterator[Stretched]:
    """Names of the state in the vocabulary of conditions."""
    for hit in sentence.hits:
        if hit.id("condition") == "visceral_crisis":
            left = _CRISIS_LEFT.search(sentence.text, 0, hit.start)
            yield Stretched(left.start() if left else hit.start, hit.end, leaf("visceral_crisis"))


SCANNERS = (
    Scanner(
        "visceral_crisis.named",
        ("condition",),
        _crisis,
        priority=1,
        texts=(
            ("Visceral crisis", {"visceral_crisis": {}}),
            ("symptomatic visceral crisis", {"visceral_crisis": {}}),
        ),
    ),
    Scanner(
        "metastatic_site.named",
        ("site",),
        _sites,
        priority=-1,
        texts=(
            ("documented liver metastases", {"metastatic_site": {"any_of": ["liver"]}}),
            ("Bone-only disease", {"metastatic_site": {"any_of": ["bone"], "only": True}}),
            ("radiotherapy for bone metastases", None),
        ),
    ),
)
