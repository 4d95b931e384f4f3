"""What the ejection fraction fell to under earlier treatment: "a decline of the LVEF to below 50 % on trastuzumab".

Whoever had no trouble with the left ventricle did not have it; of the others a person knows when it was and how deep.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf

_LVEF = r"(?:lvef|(?:left ventricular )?ejection fraction(?: \((?:lvef|ef)\))?)"
_FALL = r"(?:declines?|decreases?|drops?|reductions?|falls?|deteriorations?|decreased|dropped|fell|declined)"
_FELL = Sought(
    rf"\b(?:(?:an? )?(?:absolute )?(?:{_LVEF} {_FALL}|{_FALL} (?:of|in) (?:the )?{_LVEF}))\b"
    r"(?P<rest>(?:[ ,()]|[≥≤<>%]|\d{1,2}(?=\D)|\b(?:of|to|by|from|below|under|less than|greater than|more than|at least|or equal to|percent(?:age)?|points?|absolute|ejection|baseline|the|an?|any|during|while|on|with|after|following|or|and|prior|previous|earlier|past|receiving|"
    r"adjuvant|neo-?adjuvant|treatment|therapy|therapies|exposure to|administration of|anti-?her-?2|her-?2[- ](?:targeted|directed)|agents?|drugs?)\b|{drug})+)"
    .replace("{drug}", r"(?:[a-z]+mab(?:[ -](?:deruxtecan|emtansine))?|herceptin|lapatinib|neratinib|tucatinib|pyrotinib|anthracyclines?|t-dm1|t-dxd)\b")
)  # fmt: skip
_TREATED = Sought(
    r"\b(?:during|while|on|with|after|following)\b[^.;]*\b(?:mab|herceptin|tinib|anthracycline|t-dm1|t-dxd|therapy|treatment|[a-z]+mab|[a-z]+tinib|anthracyclines)\b"
)
WHEN = "whether it fell so far then"


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for found in _FELL.finditer(sentence.text):
        said = found[0].rstrip(" ,(")
        for end in (" or", " and", " the", " with", " on", " after"):
            said = said.removesuffix(end).rstrip(" ,(")
        if (
            not any(char.isdigit() for char in said)
            or _TREATED.search(said) is None
            or said.count("(") != said.count(")")
        ):
            continue
        open_ = leaf("judgement", topic=f"{WHEN}: {' '.join(said.split())}")
        ailing = leaf("cardiac_history", any_of=["left_ventricular_dysfunction"])
        yield Stretched(found.start(), found.start() + len(said), AllOf((ailing, open_)))


SCANNERS = (
    Scanner(
        "cardiac_history.fell",
        ("decline", "declines", "decrease", "decreased", "drop", "drops", "reduction", "fall", "fell", "dropped", "declined", "deterioration", "condition", "lvef"),
        _scan,
        priority=5,
        section="exclusion",
        texts=(
            (
                "Decline in LVEF to below 50% during trastuzumab",
                {
                    "all_of": [
                        {"cardiac_history": {"any_of": ["left_ventricular_dysfunction"]}},
                        {"judgement": {"topic": "whether it fell so far then: decline in lvef to below 50% during trastuzumab"}},
                    ]
                },
            ),
            ("A decline in LVEF of unknown cause", None),
        ),
    ),
)  # fmt: skip
