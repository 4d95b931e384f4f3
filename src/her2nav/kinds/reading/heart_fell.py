"""What the ejection fraction fell to under earlier treatment: "a decline of the LVEF to below 50 % on trastuzumab".

A fall without complaints need not be on record as an illness, so that a person says whether there was one.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

_LVEF = r"(?:lvef|(?:left ventricular )?ejection fraction(?: \((?:lvef|ef)\))?)"
_FALL = r"(?:declines?|decreases?|drops?|reductions?|falls?|deteriorations?|decreased|dropped|fell|declined)"
_FELL = Sought(
    rf"\b(?:(?:an? )?(?:absolute )?(?:{_LVEF} {_FALL}|{_FALL} (?:of|in) (?:the )?{_LVEF}))\b"
    r"(?P<rest>(?:[ ,()]|[≥≤<>%]|\d{1,2}(?=\D)|\b(?:of|to|by|from|below|under|less than|greater than|more than|at least|or equal to|percent(?:age)?|points?|absolute|ejection|baseline|the|an?|any|during|while|on|with|after|following|or|and|prior|previous|earlier|past|receiving|"
    r"adjuvant|neo-?adjuvant|treatment|therapy|therapies|exposure to|administration of|anti-?her-?2|her-?2[- ](?:targeted|directed)|agents?|drugs?)\b|¤+)+)"
)  # fmt: skip
_TREATED = Sought(r"\b(?:during|while|on|with|after|following)\b[^.;]*(?:¤|\b(?:therapy|treatment)\b)")
WHEN = "whether it fell so far then"


def _with_drugs_hidden(sentence: Sentence) -> str:
    """Return the text with every name of a drug as a run of one sign."""
    text = sentence.text
    for hit in sentence.hits:
        if hit.ids("drug"):
            text = f"{text[: hit.start]}{'¤' * (hit.end - hit.start)}{text[hit.end :]}"
    return text


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    hidden = _with_drugs_hidden(sentence)
    for found in _FELL.finditer(hidden):
        said = found[0].rstrip(" ,(")
        for word in (" or", " and", " the", " with", " on", " after"):
            said = said.removesuffix(word).rstrip(" ,(")
        if (
            not any(char.isdigit() for char in said)
            or _TREATED.search(said) is None
            or said.count("(") != said.count(")")
        ):
            continue
        end = found.start() + len(said)
        told = " ".join(sentence.text[found.start() : end].split())
        yield Stretched(found.start(), end, leaf("judgement", topic=f"{WHEN}: {told}"))


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
                {"judgement": {"topic": "whether it fell so far then: decline in lvef to below 50% during trastuzumab"}},
            ),
            ("A decline in LVEF of unknown cause", None),
        ),
    ),
)  # fmt: skip
