"""Antibiotics that were given against an infection: "treatment of an infection with antibiotics within 2 weeks".

The infection may be over by then: what counts is that the medicine was taken, and what for a person sees.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of, leaf
from her2nav.kinds.reading.disease_words import WINDOW
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf

_TREATED = Sought(
    r"\b(?:treatment|therapy|treated) (?:for|of) (?:an? |any )?(?:[\w-]+ ){0,3}infections? with (?:(?:therapeutic|systemic|[\w-]*spectrum) )*(?=(?:oral|iv|intravenous|parenteral|anti))"
)
_MEDICINES = frozenset({"antibiotic", "intravenous_antibiotic"})
WHAT_FOR = "whether it was for an infection as the trial means it"


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for found in _TREATED.finditer(sentence.text):
        hit = next((item for item in sentence.hits if item.start == found.end()), None)
        taken = hit.id("medication") if hit is not None else None
        if hit is None or taken not in _MEDICINES:
            continue
        window = WINDOW.match(sentence.masked, hit.end)
        params = {"any_of": [taken]}
        days = days_of(window["time"]) if window is not None else None
        medicine = leaf("concomitant_medication", **params, **({} if days is None else {"within_days": days}))
        end = window.end() if window is not None and days is not None else hit.end
        end = found.start() + len(sentence.text[found.start() : end].rstrip(" ,"))
        yield Stretched(found.start(), end, AllOf((medicine, leaf("judgement", topic=WHAT_FOR))))


SCANNERS = (
    Scanner(
        "concomitant_medication.antibiotics",
        ("medication",),
        _scan,
        priority=4,
        sought=(_TREATED,),
        texts=(
            (
                "Treatment for a serious infection with oral or IV antibiotics within 2 weeks",
                {
                    "all_of": [
                        {"concomitant_medication": {"any_of": ["antibiotic"], "within_days": 14}},
                        {"judgement": {"topic": WHAT_FOR}},
                    ]
                },
            ),
            ("Infection that requires antibiotics", None),
        ),
    ),
)
