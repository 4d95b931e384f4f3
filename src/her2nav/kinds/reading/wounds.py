"""Wounds, ulcers and fractures that do not heal, named in one breath."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading import disease_words as words
from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

_WOUNDS = Sought(
    r"(?:\b(?:any|a|an|history of|has|have|had|presence of|evidence of|with|current|patients?)\b\s*)*(?:\b(?:serious|significant|severe|chronic|major|active|open)\b[\s,/]*(?:\b(?:or|and|and/or)\b\s*)?)*\b(?:non-? ?healing|non-? ?healed|unhealed|slow[ -]healing)\b(?:\s+(?:surgical|skin|open|chronic)\b)*\s+wounds?\b"
    r"[\s,/]*(?:\b(?:or|and|and/or)\b\s*)?(?:\b(?:active|peptic|skin|non-? ?healing)\b[\s,]*)*ulcers?\b[\s,/]*(?:\b(?:or|and|and/or)\b\s*)?(?:\b(?:a|an|untreated|non-? ?healing|unhealed|pathological)\b\s*)*(?:bone )?fractures?\b"
)
"""What must heal before some drugs: "non-healing" is said once for all three."""


def _wounds(sentence: Sentence) -> Iterator[Stretched]:
    if sentence.section == "inclusion" and not sentence.permits and not words.TURNED.search(sentence.text):
        return
    for found in _WOUNDS.finditer(sentence.text):
        days, end = words.window(sentence, found.end()) or (None, found.end())
        ids = ["non_healing_wound", "non_healing_ulcer", "non_healing_fracture"]
        yield Stretched(found.start(), end, leaf("comorbidity", any_of=ids, within_days=days))


SCANNERS = (
    Scanner(
        "comorbidity.wounds",
        ("wound", "wounds", "healing", "ulcer", "condition"),
        _wounds,
        priority=2,
        sought=(_WOUNDS,),
        texts=(
            (
                "No serious, non-healing wound, ulcer, or bone fracture",
                {"comorbidity": {"any_of": ["non_healing_wound", "non_healing_ulcer", "non_healing_fracture"]}},
            ),
        ),
    ),
)
