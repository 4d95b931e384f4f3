"""One resource with its patient's chart, as every reader of a resource type gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from her2nav.intake.fhir.chart import Chart, Place
from her2nav.intake.fhir.codes import Codes
from her2nav.intake.fhir.element import (
    Concept,
    child,
    codings,
    concept_of,
    day,
    items,
    number,
    profiles,
    reference,
    words,
)
from her2nav.intake.reading import Origin


class Resource:
    """A resource; `others` are the patient's other resources by id, `role` is what its profile says it is."""

    __slots__ = ("chart", "codes", "data", "others", "place", "role")

    def __init__(self, data: dict[str, Any], place: Place, chart: Chart, others: Mapping[str, dict[str, Any]]) -> None:
        self.data, self.place, self.chart, self.others = data, place, chart, others
        self.codes: Codes = chart.codes
        self.role = chart.codes.role(profiles(data)) if "meta" in data else None

    def origin(self, element: str = "") -> Origin:
        """Return the place of an element."""
        return self.place.origin(element)

    def skip(self, reason: str, what: str = "") -> None:
        """List it as not used."""
        self.chart.skip(self.place, what, reason)

    def named(self, element: str = "code") -> str:
        """Return codes and displays of a concept for the list of what was skipped; free text is never shown."""
        shown = [f"{c.system or 'code'} {c.code} {c.display[:60]}".strip() for c in codings(self.data.get(element))]
        return "; ".join(shown[:2]) or "no code"

    def status(self, element: str) -> str:
        """Return the code of a status that is a code or a concept."""
        return status_of(self.data, element)

    def when(self, *elements: str) -> str | None:
        """Return the day of the first dated element; of a period, its start."""
        for name in elements:
            value = self.data.get(name)
            found = day(value.get("start") or value.get("end")) if isinstance(value, dict) else day(value)
            if found:
                return found
        return None

    def resolved(self, element: str) -> dict[str, Any]:
        """Return the resource that an element refers to: contained, or another one of the patient."""
        wanted = reference(self.data.get(element))
        if not wanted:
            return {}
        for inner in items(self.data.get("contained")):
            if inner.get("id") == wanted.lstrip("#"):
                return inner
        return self.others.get(wanted, {})


def status_of(data: dict[str, Any], element: str) -> str:
    """Return the code of a status of a resource, in small letters."""
    value = data.get(element)
    if isinstance(value, str):
        return value.strip().lower()
    return next(
        (one.code.lower() for one in codings(value) if one.code),
        words(child(data, element).get("text")).lower(),
    )


@dataclass(slots=True)
class Answer:
    """The value of an observation or a component, whatever its type.

    Attributes:
        word: The coded or written answer (`positive`); None: none that is known.
        numbers: Value, comparator and unit of quantities, integers and text that is a number.
        texts: Displays and strings.
        key: The element, for the place.
    """

    word: str | None
    number: Decimal | None
    comparator: str
    unit: str
    texts: tuple[str, ...]
    codes: tuple[str, ...]
    key: str
    ratio: Decimal | None = None

    @property
    def exact(self) -> bool:
        """True when the number is a value and no bound."""
        return self.number is not None and not self.comparator


_QUANTITY = ["valueQuantity"]


def answer_of(node: dict[str, Any], codes: Codes) -> Answer | None:
    """Return the answer of an observation or component; None: it has none."""
    keys = [name for name in node if name[:5] == "value"]
    interpretation = node.get("interpretation")
    if not keys and not interpretation:
        return None
    if keys == _QUANTITY and not interpretation and type(one := node["valueQuantity"]) is dict:
        unit = words(one.get("unit")) or words(one.get("code"))
        return Answer(None, number(one.get("value")), words(one.get("comparator")), unit, (), (), "valueQuantity")
    word: str | None = None
    amount: Decimal | None = None
    ratio: Decimal | None = None
    comparator = unit = ""
    shown: list[str] = []
    listed: list[str] = []
    for name in keys:
        value = node[name]
        if name == "valueQuantity":
            one = child(node, name)
            amount = number(one.get("value"))
            comparator = words(one.get("comparator"))
            unit = words(one.get("unit")) or words(one.get("code"))
        elif name == "valueCodeableConcept":
            concept = concept_of(value)
            word = word or _agreed(codes, concept)
            shown += concept.texts
            listed += [coding.code for coding in concept.codings]
        elif name == "valueRatio":
            ratio = _ratio(child(node, name))
        elif name == "valueInteger" or name == "valueDecimal":
            amount = number(value) if amount is None else amount
        elif name in ("valueString", "valueCode", "valueBoolean"):
            text = words(value)
            shown.append(text)
            word = word or codes.answer_word(text)
            amount = number(text) if amount is None else amount
    if word is None and interpretation:
        word = codes.answer(interpretation)
    key = keys[0] if keys else "interpretation"
    said = tuple(t for t in shown if t) if shown else ()
    return Answer(word, amount, comparator, unit, said, tuple(listed), key, ratio)


_OPPOSITE = frozenset({"positive", "negative"})


def _agreed(codes: Codes, concept: Concept) -> str | None:
    """Return the answer that a concept means; None where its code is positive and its text negative."""
    word = codes.answer(concept)
    if word not in _OPPOSITE:
        return word
    told = {said for text in concept.texts if (said := codes.answer_word(text)) in _OPPOSITE}
    return word if told <= {word} else None


def _ratio(value: dict[str, Any]) -> Decimal | None:
    """Return numerator by denominator where both are exact."""
    above, below = child(value, "numerator"), child(value, "denominator")
    top, bottom = number(above.get("value")), number(below.get("value"))
    if top is None or not bottom or above.get("comparator") or below.get("comparator"):
        return None
    if bottom == 1:
        return top
    found = top / bottom
    return found.quantize(Decimal("0.01")) if found.adjusted() < 9 else None
