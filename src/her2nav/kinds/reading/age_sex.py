"""Age and sex."""

from __future__ import annotations

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node


def _range(found: Found) -> Node | None:
    low, high = found.integer("low"), found.integer("high")
    return leaf("age", min=low, max=high) if low is not None and high is not None and low < high else None


def _bound(found: Found) -> Node | None:
    value, sign = found.integer("n"), found.operator("op") or (">=" if found.has("older") else None)
    if value is None or sign is None or value > 120:
        return None
    if sign in (">", ">="):
        return leaf("age", min=value if sign == ">=" or value == 18 else value + 1)
    return leaf("age", max=value if sign == "<=" else value - 1)


def _least(found: Found) -> Node | None:
    value = found.integer("n")
    return leaf("age", min=value) if value is not None else None


_ADULT = (16, 18, 19, 20, 21)
"""Ages that, where the record lost its comparison sign, can only be the least age."""

RULES = (
    Rule(
        "age.range",
        (
            "[ages|aged|age|adults] [of|from|between|range|is|:|must be] {digits:low} [years|yrs] (to|-|and|through|until) {digits:high} (years|yrs|year) [of age|old]",
            "(age|aged|ages) [of|from|between|range|is|:|must be] {digits:low} [years|yrs] (to|-|and|through|until) {digits:high}",
            "age (≥|>) {digits:low} [years] (and|to|,) (≤|<) {digits:high} [years|yrs] [of age|old]",
        ),
        _range,
        priority=2,
        texts=(
            ("Aged 18 to 75 years", {"age": {"min": 18, "max": 75}}),
            ("between 18 and 70 years of age", {"age": {"min": 18, "max": 70}}),
        ),
    ),
    Rule(
        "age.bound",
        (
            "(age|aged|ages) [of|is|:|must be|are] {op:op} {digits:n} [years|yrs|year] [of age|old]",
            "{op:op} {digits:n} (years|yrs|year) (of age|old)",
        ),
        _bound,
        priority=1,
        texts=(("Age >= 18 years", {"age": {"min": 18}}), ("under 80 years of age", {"age": {"max": 79}})),
    ),
    Rule(
        "age.least",
        (
            "[age|aged|ages] [of|:] {digits:n} (years|yrs|year) [of age|old] (or|and) (older|over|above|greater|more) [years] [of age|old]",
            "(age|aged|ages) [of|:] {digits:n} [years|yrs|year] [of age|old] (or|and) (older|over|above|greater|more)",
            "(over|above) [the] age of {digits:n} [years]",
            "{digits:n} (years|yrs) of age and (older|above|over)",
        ),
        _least,
        priority=2,
        texts=(("18 years of age or older", {"age": {"min": 18}}),),
    ),
    Rule(
        "age.lost_sign",
        (
            "(women|men|adults|patients|male|female|females|males|participants|subjects) [must be] [of] (age|aged) {digits:n} [years|yrs] [of age|old]",
            "^age [:] {digits:n} [years|yrs] [of age|old]",
        ),
        lambda found: leaf("age", min=found.integer("n")) if found.integer("n") in _ADULT else None,
        section="inclusion",
        texts=(("Women aged 18 years", {"age": {"min": 18}}),),
    ),
    Rule(
        "sex.female",
        ("^(female|females|women|woman) [only|patients|patient|subjects|participants]", "female sex"),
        lambda _: leaf("sex", any_of=["female"]),
        section="inclusion",
        texts=(("Female patients", {"sex": {"any_of": ["female"]}}),),
    ),
)
