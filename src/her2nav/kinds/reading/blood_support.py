"""Transfusions and growth factors that must not have propped up the blood counts, in a clause of their own.

What stands in the same breath as a laboratory value ("platelets ≥ 100 without transfusion within 7 days") is read with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of, leaf
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import Node, Not

_PRODUCT = r"(?:packed |whole |fresh |red |white |blood |erythrocytes?|platelets?|plasma|thrombocytes?|blood products?|blood cells?|red cells?|cells?|rbcs?|prbcs?|products?|or|and|and/or|concentrates?|[/, ]|\((?:rbcs?|prbcs?)\))"
_TIME = (
    rf"(?:[\s,(]*\b(?:within|in|during|≤|<) (?:the )?(?:last |past |previous |prior |preceding )?(?P<time>{MACROS['time']})"
    r"(?:[\s,]*\b(?:prior to|before|of|preceding|from|the|first|start|study|trial|dose|drug|treatment|screening|assessments?|registration|randomi[sz]ation|enrol+ment|entry|administration|inclusion|day 1|cycle 1|c1d1|baseline|initiation|signing|informed|consent|visit|laboratory|tests?|sample|investigational|product)\b)*)"
)
_BARRED = r"(?P<barred>(?:\s*\b(?:is|are|was|were|must|should)\b)?(?:\s*\b(?:not|be)\b)*\s*\b(?:allowed|permitted|administered|given|acceptable)\b)?"
_TRANSFUSED = Sought(
    rf"(?:\b(?:{_PRODUCT})+[\s-]*)?\b(?:transfusions?|transfusional support)\b(?:\s*(?:with|of) {_PRODUCT}+)?(?:\s*(?:support|therapy))?{_BARRED}{_TIME}"
)
_FACTOR = r"(?:(?:granulocyte|hematopoietic|haematopoietic|myeloid|white blood cell|wbc)[\s-]*(?:macrophage[\s-]*)?)?(?:(?:colony[\s-]*stimulating|growth)[\s-]*factors?)(?:\s*[(\[](?:g-?csf|gm-?csf|csf)[)\]])?|\bg-?csf|\bgm-?csf"
_PROPPED = Sought(
    rf"(?:\b(?:administration|use|receipt) of )?(?:{_FACTOR})(?:\s*\b(?:administration|support|treatment|therapy|use)\b)?{_BARRED}{_TIME}"
)
_PROPS = rf"(?:(?:{_PRODUCT})+ ?)?(?:transfusional support|transfusions?)\b|(?:{_FACTOR})"
_UNTIMED = Sought(
    rf"\b(?:without|in the absence of|not (?:requiring|dependent (?:up)?on|supported by)|independent of) (?:(?:any|ongoing|recent|concurrent|continuous|the use of|use of|need for|regular|frequent|prior|current) )*(?:{_PROPS})(?:(?:[ ,/]|\b(?:or|and|and/or)\b)+(?:{_PROPS}))*(?: ?(?:support|therapy|administration|dependen(?:ce|cy)))?(?! ?(?:within|in|for|during) )"
    r"|\b(?:(?:platelet|red (?:blood )?cell|rbc) )?transfusion[ -]independen(?:t|ce)\b"
)
"""Values that hold without support, whenever it would have been."""
UNSUPPORTED = "whether the blood counts hold without transfusions or growth factors"
_WORDS = ("transfus", "factor", "csf")
_CELLS = {"whole": "whole_blood", "platelet": "platelets", "thrombocyte": "platelets"}
_RED = ("red", "rbc", "erythrocyte", "blood transf", "blood product")


def _products(said: str) -> list[str]:
    """Return the sorts of transfusion meant; none named means any of them."""
    named = [name for word, name in _CELLS.items() if word in said]
    return list(dict.fromkeys([*named, *(["red_cells"] if any(word in said for word in _RED[:3]) else [])]))


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    if not any(word in text for word in _WORDS):
        return
    for sought in (_TRANSFUSED, _PROPPED):
        for found in sought.finditer(text):
            days = days_of(found["time"])
            if days is None:
                continue
            start = found.start() + len(found[0]) - len(found[0].lstrip(" ,/"))
            end = found.start() + len(found[0].rstrip(" ,("))
            if sought is _PROPPED:
                node: Node = leaf("concomitant_medication", any_of=["gcsf"], within_days=days)
                if "growth factor" in found[0]:
                    node = leaf("concomitant_medication", any_of=["haematopoietic_growth_factor"], within_days=days)
            else:
                node = leaf("procedure", kinds=["transfusion"], techniques=_products(found[0]), within_days=days)
            if found["barred"] and "not" in found["barred"].split() and _in_bracket(text, start):
                # In brackets behind a value the sentence does not deny it.
                node = Not(node)
            yield Stretched(start, end, node)


def _untimed(sentence: Sentence) -> Iterator[Stretched]:
    for found in _UNTIMED.finditer(sentence.text):
        yield Stretched(*found.span(), leaf("judgement", topic=UNSUPPORTED))


def _in_bracket(text: str, place: int) -> bool:
    return text.count("(", 0, place) > text.count(")", 0, place)


SCANNERS = (
    Scanner(
        "procedure.transfusion",
        ("technique", "drug", "medication", "transfusion", "transfusions", "transfusional", "factor", "factors"),
        _scan,
        priority=2,
        texts=(
            (
                "No blood transfusion within 14 days before registration",
                {"procedure": {"kinds": ["transfusion"], "within_days": 14}},
            ),
            (
                "Platelet transfusion is not permitted within 1 week before the screening assessment",
                {"procedure": {"kinds": ["transfusion"], "techniques": ["platelets"], "within_days": 7}},
            ),
            ("Transfusion is allowed", None),
        ),
    ),
    Scanner(
        "judgement.unsupported",
        ("technique", "drug", "medication", "transfusion", "transfusions", "transfusional", "factor", "factors"),
        _untimed,
        priority=1,
        section="inclusion",
        sought=(_UNTIMED,),
        texts=(
            ("Haemoglobin at least 9 g/dL without ongoing transfusions", {"judgement": {"topic": UNSUPPORTED}}),
            ("Transfusions are allowed", None),
        ),
    ),
)
