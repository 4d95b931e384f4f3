"""Single words that narrow what stands behind them and that no parameter holds: a person answers whether they hold.

"Untreated", "ipsilateral", "recent" in front of a name; "or an equivalent" behind one. The words stand in
`data/criteria/modifiers.csv`, with what they stand beside and what a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.sought import Sought
from her2nav.model.base import Frozen
from her2nav.model.values import Several

MODIFIERS = "criteria/modifiers.csv"


class ModifierTerm(Frozen):
    """A row of `data/criteria/modifiers.csv`.

    Attributes:
        id: What it is called.
        words: The words, parted by a bar.
        beside: Vocabularies of the names that must stand directly behind it.
        also: Words that may stand there as well.
        topic: What a person is asked.
        section: Only among these criteria; empty: among all.
    """

    id: str
    words: Several[str]
    beside: Several[str]
    also: Several[str] = ()
    topic: str
    section: str = ""


class _Modifier(NamedTuple):
    expression: re.Pattern[str]
    topic: str
    section: str


_BETWEEN = (
    r"(?:(?:prior|previous|concurrent|concomitant|current|systemic|major|minor|locally|advanced|metastatic|invasive|recurrent|relapsed|primary|operable|resectable|unresectable|"
    r"early|late|chronic|acute|active|malignant|aggressive|indolent|limited|extensive|cytotoxic|hormonal|endocrine|biologic|anti-?cancer|investigational|adjuvant|neoadjuvant|"
    r"stages? [ivx\d]{1,4}[abc]?\d?(?: ?(?:-|to|or|,) ?[ivx\d]{1,4}[abc]?\d?)?|\([^()]{1,30}\)|histologically|cytologically|confirmed|documented|or|and|and/or)[ ,/-]+)*"
)
"""Words that may stand between a modifier and the name."""
_NOT_ALONE = re.compile(r"(?:\b(?:no|any|all|each|every|than|e\.g\.|such as)|\bno longer)\W*\Z")
_EQUIVALENT = Sought(r"\bor (?:its |an? |the |their )?(?:bio-?)?equivalents?\b(?! (?:of|to|dose|daily|per)\b)(?! ?\d)")
_OTHER = Sought(r"(?<!any )\bother(?= +(?:prior|previous) )")
OTHER = "whether it is another treatment than those that the trial names"
_DOSE = re.compile(r"\d ?m?g\b")
_REACH = 45
EQUIVALENT = "whether a medicine is equivalent to those named"


@lru_cache(maxsize=2)
def _modifiers(knowledge: Knowledge) -> tuple[_Modifier, ...]:
    words = dictionary(knowledge)
    out = []
    for row in knowledge.table(MODIFIERS, ModifierTerm):
        marks = "".join(sorted({mark for name in row.beside for mark in words.marks(name)}))
        near = "|".join([f"[{marks}]", *(rf"{re.escape(one)}\b" for one in row.also)])
        said = "|".join(re.escape(one) for one in sorted(row.words, key=len, reverse=True))
        out.append(_Modifier(re.compile(rf"(?<![\w-])(?:{said})(?=[ ,]+{_BETWEEN}(?:{near}))"), row.topic, row.section))
    return tuple(out)


def _before(sentence: Sentence) -> Iterator[Stretched]:
    """A word in front of a name."""
    for item in _modifiers(sentence.knowledge):
        if item.section and item.section != sentence.section:
            continue
        for found in item.expression.finditer(sentence.masked):
            yield Stretched(*found.span(), leaf("judgement", topic=item.topic))


@lru_cache(maxsize=2)
def _treatment(knowledge: Knowledge) -> re.Pattern[str]:
    words = dictionary(knowledge)
    marks = "".join(sorted({mark for name in ("drug", "regimen", "technique") for mark in words.marks(name)}))
    return re.compile(
        rf" +(?:prior|previous) +{_BETWEEN}(?:[{marks}]|(?:radiotherapy|radiation|irradiation|surgery|therap(?:y|ies)|treatments?)\b)"
    )


def _other(sentence: Sentence) -> Iterator[Stretched]:
    """Which chemotherapy the trial lets stand a person sees: "no other prior chemotherapy"."""
    for found in _OTHER.finditer(sentence.text):
        if _treatment(sentence.knowledge).match(sentence.masked, found.end()):
            yield Stretched(*found.span(), leaf("judgement", topic=OTHER))


def _behind(sentence: Sentence) -> Iterator[Stretched]:
    """What stands behind the name of a medicine: "or an equivalent"."""
    for found in _EQUIVALENT.finditer(sentence.text):
        behind = len(sentence.text[: found.start()].rstrip(" ,"))
        if _DOSE.search(sentence.text, max(0, behind - _REACH), behind):
            continue  # it is the dose that is equivalent
        if any(hit.end == behind and hit.ids("drug") for hit in sentence.hits):
            yield Stretched(found.start() + len("or "), found.end(), leaf("judgement", topic=EQUIVALENT))


SCANNERS = (
    Scanner(
        "judgement.modifier",
        (
            "untreated", "naive", "naïve", "ipsilateral", "sided", "proven", "spontaneous", "debilitating",
            "pending", "impending", "imminent", "recent", "stable", "grade", "osteoporotic", "fragility", "osteoporosis",
        ),
        _before,
        priority=-4,
        texts=(
            ("No ipsilateral pneumothorax", {"judgement": {"topic": "whether it is on the side of the cancer"}}),
            ("Untreated thymoma", {"judgement": {"topic": "whether the cancer is untreated so far"}}),
            ("Untreated hypertension", None),
        ),
    ),
    Scanner(
        "judgement.other_treatment",
        ("other",),
        _other,
        priority=-4,
        section="inclusion",
        sought=(_OTHER,),
        texts=(("No other prior chemotherapy", {"judgement": {"topic": OTHER}}),),
    ),
    Scanner(
        "judgement.equivalent",
        ("equivalent", "equivalents"),
        _behind,
        priority=-4,
        texts=(("warfarin or its equivalent", {"judgement": {"topic": EQUIVALENT}}),),
    ),
)  # fmt: skip
