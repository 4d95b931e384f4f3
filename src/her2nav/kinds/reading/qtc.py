"""The corrected QT interval: one limit, or one for each sex."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.numbers import DENIED, operator
from her2nav.language.patterns import MACROS
from her2nav.model.tree import Node, Not

_MS = r"(?:ms|msec|msecs|milliseconds?|m/sec|seconds?|secs?|s)\b"
_LENGTH = r"(?:[3-6]\d\d|0?\.[3-6]\d{1,2})(?![\d.]\d)"
_SEX = r"(?:[ ,(\[]|\b(?:for|in|if|the|of|subjects|patients|participants)\b)*(?P<{0}>\b(?:males?|men|man|females?|women|woman)\b)(?: subjects?| patients?| participants?)?[)\]]*"
_FRIDERICIA = re.compile(r"fri?e?deri")
_QT = re.compile(r"qtc?[fb]? prolongation|prolonged qtc?[fb]?\b")
_HOW = (
    r"(?:[ ,()\[\]'-]|\b(?:obtained|based|calculated|average[d]?|averaged|on|from|using|by|of|the|a|at|as|per|with|via|and|or|in|during|screening|baseline|triplicate|three|3|consecutive|single|12|lead|"
    r"ecgs?|ekg|electrocardiograms?|fridericia|fridericia's|fridericias|friderica|fredericia|fredericia's|frederica|frederica's|friedericia|friedericia's|bazett|bazett's|formula|correction|method|corrected|mean|resting|demonstrated|confirmed|measured|least|two|2|separate|s|qtcf|qtcb|values?|ms|msecs?|milliseconds?|local|clinic|machine|derived|successive|time|points?|successively|resting|standard|recorded|performed|repeat|repeated|interval|screen|ecg's|determined|as|central|reading|qtcf?)\b)*"
)


@lru_cache(maxsize=2)
def _grammar(knowledge: Knowledge) -> re.Pattern[str]:
    words = dictionary(knowledge)
    qt = rf"(?:[{words.marks('qtc')}]++|\bqtc?[fb]?\b)"
    op = MACROS["op"]
    return re.compile(
        rf"(?:(?:mean|average|resting|baseline|known|prolonged|a|an|any|has|have|history of|triplicate|heart rate|heart-rate|rate|corrected|prolongation of|prolongation|the|ecg|ekg|electrocardiogram|normal ecg|with|showing|demonstrating)[ -]+)*{qt}[^.;]{{0,110}}?(?P<op>{op}) ?(?P<n>{_LENGTH}) ?(?:{_MS})?"
        rf"(?:{_SEX.format('sex')})?"
        rf"(?:(?:[ ,;/]|\band\b|\bor\b)*(?:{op})? ?(?P<other>{_LENGTH}) ?(?:{_MS})?{_SEX.format('second')})?{_HOW}"
    )


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    masked = _open(sentence)
    for found in _grammar(sentence.knowledge).finditer(masked):
        node = _limit(found, sentence.text[found.start() : found.end()])
        if node is not None:
            end = found.start() + len(masked[found.start() : found.end()].rstrip(" ,([-"))
            yield Stretched(found.start(), end, node)
    yield from _lost(sentence)


_BARE = re.compile(
    rf"\bqtc?[fb]?(?: interval| value)?(?: \(qtc?[fb]?\))?(?: (?:of|is|must be))? (?P<n>{_LENGTH}) ?(?:ms|msecs?|milliseconds?)\b"
)
"""A limit that lost its sign, which asks for a short interval."""


def _lost(sentence: Sentence) -> Iterator[Stretched]:
    """Read "QTc 480 ms" among inclusions: the sign that the record lost can only ask for no more."""
    if sentence.section != "inclusion" or _DENIED.search(sentence.text):
        return
    for found in _BARE.finditer(sentence.text):
        formula = "fridericia" if "qtcf" in found[0] else "any"
        yield Stretched(*found.span(), leaf("qtc", op="<=", formula=formula, max_ms=_milliseconds(found["n"])))


_DENIED = re.compile(r"\b(?:no|not|without|exclu\w+|>|≥|above|prolong\w+)\b|[<>≤≥]")


def _open(sentence: Sentence) -> str:
    """Return the masked sentence with names of a prolonged interval written out: "QTc prolongation above 480 ms"."""
    masked = sentence.masked
    for hit in sentence.hits:
        written = sentence.text[hit.start : hit.end]
        if hit.id("condition") and _QT.match(written):
            masked = f"{masked[: hit.start]}{written}{masked[hit.end :]}"
    return masked


def _milliseconds(written: str) -> int:
    """Return a length of time in milliseconds; one below 1 is in seconds."""
    value = Decimal(written)
    return int(value * 1000) if value < 1 else int(value)


def _limit(found: re.Match[str], words: str) -> Node | None:
    """The limit that is kept, or its negation where the text names what is too long."""
    sign = operator(found["op"])
    if sign is None:
        return None
    formula = (
        "fridericia"
        if "qtcf" in words or _FRIDERICIA.search(words)
        else "bazett"
        if "qtcb" in words or "bazett" in words
        else "any"
    )
    limits = {"max_ms": _milliseconds(found["n"])}
    if found["sex"]:
        if not found["other"] or not found["second"]:
            return None
        limits = {
            _field(found["sex"]): _milliseconds(found["n"]),
            _field(found["second"]): _milliseconds(found["other"]),
        }
    kept = sign if sign in ("<", "<=") else DENIED[sign]
    node = leaf("qtc", op=kept, formula=formula, **limits)
    return node if kept == sign else Not(node)


def _field(sex: str) -> str:
    return "max_ms_female" if sex.startswith(("f", "w")) else "max_ms_male"


SCANNERS = (
    Scanner(
        "qtc.limit",
        ("qtc", "qt", "ms", "msec", "msecs", "millisecond", "milliseconds", "sec", "seconds"),
        _scan,
        priority=2,
        texts=(
            ("QTcF > 470 ms", {"not": {"qtc": {"op": "<=", "max_ms": "470"}}}),
            (
                "QTc interval > 450 ms for males and > 470 ms for females",
                {"not": {"qtc": {"op": "<=", "max_ms_male": "450", "max_ms_female": "470", "formula": "any"}}},
            ),
            ("Baseline QTc 470 ms", {"qtc": {"op": "<=", "max_ms": "470", "formula": "any"}}),
            ("No QTc interval 500 ms", None),
            ("QT interval corrected by Fridericia's formula of 480 msec or more", None),
        ),
    ),
)
