"""Lung function as tests give it: diffusing capacity, spirometry, oxygen saturation and oxygen at rest.

No parameter holds a share of the predicted value, so a physician answers, with the test and its limit before them.
Oxygen saturation is a vital sign where its number and comparison are written.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought

_TEST = (
    r"(?:(?:carbon monoxide |lung )?diffus(?:ing|ion) capacity(?: (?:of|for) (?:the )?(?:lungs?|carbon monoxide))*|\bdlco\b|\bforced expiratory volume(?: in (?:one|1) second)?|\bfev_?\s?1\b|\bforced vital capacity|\bfvc\b|\btotal lung capacity|\btlc\b|\bspirometry\b|"
    r"\b(?:resting )?(?:room air )?(?:o_?2|0_?2|oxygen) sat(?:uration)?s?\b)"
)
_SHORT = r"(?:\s*\((?:dlco|fev_?1|fvc|tlc|spo2|sao2|o2 sat)(?:[;,] (?:adjusted|corrected) for ha?emoglobin)?\))?"
_LIMIT = (
    rf"(?:[\s,(]|\b(?:that|which|of|is|are|was|be|as|defined|measured|corrected|adjusted|for|ha?emoglobin|the|at|a|value|values|must|should)\b)*(?:{MACROS['op']}\s*)?\d{{2,3}}\s?(?:%|percent)"
    r"(?:[\s,]|\b(?:or (?:less|more|greater|lower|below)|of|the|normal|predicted|expected|value|values|at|rest|on|in|room air|by pulse oximetry|without oxygen)\b)*"
)
_VALUE = Sought(
    rf"(?:{_TEST}{_SHORT}(?:[\s,/]*(?:\band/or\b|\band\b|\bor\b|,)?[\s,/]*{_TEST}{_SHORT})*{_LIMIT}(?:[\s,/]*(?:\band/or\b|\band\b|\bor\b)[\s,/]*{_TEST}{_SHORT}{_LIMIT})*)"
)
_ROOM = " ,;("


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    for found in _VALUE.finditer(text):
        said = found[0].rstrip(_ROOM)
        if said.count("(") != said.count(")"):
            continue
        topic = f"whether this holds of the lung function: {' '.join(said.split())}"
        yield Stretched(found.start(), found.start() + len(said), leaf("judgement", topic=topic))


SCANNERS = (
    Scanner(
        "judgement.lung_function",
        ("capacity", "dlco", "fev1", "fev_1", "fev", "spirometry", "fvc", "tlc", "sat", "saturation"),
        _scan,
        priority=1,
        texts=(
            (
                "DLCO below 60% of the predicted value",
                {
                    "judgement": {
                        "topic": "whether this holds of the lung function: dlco below 60% of the predicted value"
                    }
                },
            ),
            ("Spirometry before every visit", None),
        ),
    ),
)
