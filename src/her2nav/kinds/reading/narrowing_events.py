"""Clauses that narrow an event or a value behind which they stand: a person answers whether they hold.

"Major surgery within four weeks without complete recovery" shuts out those alone who have not recovered.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

_CLAUSES = (
    (
        Sought(r"\bwithout (?:(?:complete|full|adequate|sufficient|satisfactory) )?recovery\b(?! (?:of|to|from)\b)"),
        "recovery from surgery",
    ),
    (Sought(r"\b(?:in the )?absence of therapeutic anti-?coagulation\b"), "whether it is so without anticoagulation"),
    (
        Sought(r"\b(?:with )?(?:[>≥] ?\d\d ?% direct bilirubin|direct bilirubin [>≥] ?\d\d ?%)(?! of)"),
        "the share of direct bilirubin",
    ),
)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for words, topic in _CLAUSES:
        for found in words.finditer(sentence.text):
            yield Stretched(*found.span(), leaf("judgement", topic=topic))


SCANNERS = (
    Scanner(
        "judgement.narrowed_event",
        ("recovery", "absence", "bilirubin", "variable"),
        _scan,
        priority=9,
        section="exclusion",
        sought=tuple(words for words, _ in _CLAUSES),
        texts=(
            ("A large operation without complete recovery", {"judgement": {"topic": "recovery from surgery"}}),
            (
                "Clotting that is poor in the absence of therapeutic anticoagulation",
                {"judgement": {"topic": "whether it is so without anticoagulation"}},
            ),
            ("Without recovery of hair", None),
        ),
    ),
)
