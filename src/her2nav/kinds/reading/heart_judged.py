"""Measures of the heart that no record holds as a number: fractional shortening, the PR interval, a rate in brackets.

A physician answers, with the measure and its limit before them.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought

_OF = r"(?:[\s,(=:]|\b(?:of|is|are|must be|should be|be|that|which|at|a|an|the|rest|baseline|by|echo\w*|greater than/equal to)\b)*"
_SHORTENING = Sought(
    rf"\b(?:left ventricular |normal )?(?:fractional shortening|shortening fraction)(?: \((?:fs|sf|lvsf|lvfs)\))?{_OF}(?:{MACROS['op']}\s*)?\d{{2}}\s?(?:%|percent)"
    r"(?: (?:or (?:more|greater|less|higher|lower)))?(?:,? (?:(?:as )?(?:measured |assessed |determined )?by|on|using) (?:an? )?(?:echo\w*))?"
)
_PR = Sought(
    rf"\b(?:prolonged |prolongation of (?:the )?)?p-?r(?:[ -]interval)?(?: prolongation)?(?: \(?(?:interval)\)?)?{_OF}{MACROS['op']}\s*\d{{3}}\s?(?:ms(?:ecs?)?|milliseconds?)\b(?: \(ms(?:ec)?\))?"
    r"|\bprolong(?:ed|ation of (?:the )?) ?p-?r[ -]interval\b|\bp-?r(?:[ -]interval)? prolongation\b"
)
_RATE = Sought(
    rf"(?<=bradycardia)\s*\(?(?:i\.e\.,? ?|heart rate |defined as |of |rate |resting )*{MACROS['op']}\s*\d{{2}}\s?(?:bpm|beats?(?: per minute|/ ?min(?:ute)?)?|/ ?min(?:ute)?)\b\)?"
    rf"|(?<=tachycardia)\s*\(?(?:i\.e\.,? ?|heart rate |defined as |of |rate |resting )*{MACROS['op']}\s*\d{{3}}\s?(?:bpm|beats?(?: per minute|/ ?min(?:ute)?)?|/ ?min(?:ute)?)\b\)?"
)
_ASSESSED = Sought(
    r"\b(?:clinical )?risk assessment of cardiac function(?: using (?:the )?(?:new york heart association|nyha)(?: functional)? classification)?"
)
_CLASS = Sought(
    r"\b(?:(?:new york heart association|nyha) )?(?:functional )?(?:class (?:ii ?b|2 ?b|ii|2) or better|better than class (?:ii ?b|2 ?b|iii|3))\b"
)
_CARDIOTOXIC = Sought(r"\b(?:treatment|therapy) with cardiotoxic (?:agents|drugs|medications|treatments?)\b")
_SOUGHT = (
    (_ASSESSED, "whether this was done"),
    (_CLASS, "whether this holds of the heart's function"),
    (_CARDIOTOXIC, "whether this was given"),
    (_SHORTENING, "whether this holds of the heart's shortening"),
    (_PR, "whether this holds of the PR interval"),
    (_RATE, "whether this holds of the heart rate then"),
)
_EDGES = " ,;("


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for sought, topic in _SOUGHT:
        for found in sought.finditer(sentence.text):
            said = found[0].strip(_EDGES + ")") if sought is _RATE else found[0].rstrip(_EDGES)
            if said.count("(") == said.count(")"):
                first = found.start() + found[0].index(said[:1]) if said else found.start()
                end = found.end() if sought is _RATE else first + len(said)
                yield Stretched(first, end, leaf("judgement", topic=f"{topic}: {' '.join(said.split())}"))


SCANNERS = (
    Scanner(
        "judgement.heart_measure",
        (
            "shortening",
            "pr",
            "bradycardia",
            "tachycardia",
            "interval",
            "condition",
            "cardiac",
            "class",
            "cardiotoxic",
            "assessment",
        ),
        _scan,
        priority=1,
        texts=(
            (
                "Fractional shortening at least 28% by echocardiography",
                {
                    "judgement": {
                        "topic": "whether this holds of the heart's shortening: fractional shortening at least 28% by echocardiography"
                    }
                },
            ),
            (
                "PR interval > 240 ms",
                {"judgement": {"topic": "whether this holds of the PR interval: pr interval > 240 ms"}},
            ),
            ("A PR-positive tumour", None),
            (
                "NYHA class 2B or better",
                {"judgement": {"topic": "whether this holds of the heart's function: nyha class 2b or better"}},
            ),
        ),
    ),
)
