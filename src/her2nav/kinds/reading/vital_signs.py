"""Blood pressure, heart rate, oxygen saturation, weight and body mass index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.numbers import number, operator
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node

_OP = rf"(?P<op>{MACROS['op']}|=<|<=|>=|of (?=[≥≤<>]))"
_TOO = r"(?:[\s,]|\b(?:a|an|the|is|are|was|be|of|that|which|at|rest|resting|baseline|screening|persistent|persistently|sustained|consistently|mean|average|measured|reading|readings|value|values|level|pressure)\b)*"
_MM = r"(?: ?mm ?/?\[?hg\]?| ?mmhg)?"
_BP = r"(?:blood[- ]pressure(?:s)?(?: ?[(\[]bp[)\]])?|\bbp\b|pressure)"
_ONE = Sought(
    rf"(?P<which>systolic|diastolic|\bsbp\b|\bdbp\b)(?: {_BP})?(?: ?[(\[](?:sbp|dbp|bp)[)\]])?{_TOO}(?:{_OP}) ?(?P<n>\d{{2,3}})\b(?! ?/ ?\d){_MM}"
)
_BOTH = Sought(
    rf"{_BP}{_TOO}(?:{_OP}) ?(?P<s>\d{{3}}) ?/ ?(?P<d>\d{{2,3}})\b{_MM}|(?P<op2>[≥>]) ?(?P<s2>\d{{3}}) ?/ ?(?P<d2>\d{{2,3}}) ?mm ?/?hg"
)
_RATE = Sought(
    rf"\b(?:heart rate|pulse(?: rate)?|\bhr\b)(?: ?[(\[]hr[)\]])?{_TOO}(?:{_OP}) ?(?P<n>\d{{2,3}})(?: ?(?:beats?(?: per |/)min(?:ute)?|bpm|/ ?min(?:ute)?|beats))"
)
_RATE_RANGE = Sought(
    rf"\b(?:heart rate|pulse(?: rate)?)(?: ?[(\[]hr[)\]])?{_TOO}(?:between )?(?P<low>\d{{2,3}})(?: ?(?:-|to|and) ?)(?P<high>\d{{2,3}}) ?(?:beats?(?: per |/)min(?:ute)?|bpm|/ ?min(?:ute)?)"
)
_SATURATION = Sought(
    rf"\b(?:oxygen saturation|o2 saturation|spo2|sao2|pulse oximetry)(?: ?[(\[](?:spo2|sao2|o2)[)\]])?{_TOO}(?:{_OP}) ?(?P<n>\d{{2}}) ?%(?: on room air| at rest| in room air)*"
)
_BMI = Sought(
    rf"\b(?:body[- ]mass[- ]index|bmi)(?: ?[(\[]bmi[)\]])?{_TOO}(?:{_OP}) ?(?P<n>\d{{2}}(?:\.\d)?)(?: ?kg ?/? ?m ?\^?(?:2|²)?)?"
)
_WEIGHT = Sought(rf"\b(?:body ?)?weight{_TOO}(?:{_OP}) ?(?P<n>\d{{2,3}}(?:\.\d)?) ?(?:kg|kilograms?)\b(?! ?/)")
_AROUND = re.compile(
    r"[\s,(]*(?:despite|on|under|with) (?:the )?(?:optimal|adequate|appropriate|maximal|standard|current|stable|antihypertensive|anti-hypertensive|medical|medication|medications|therapy|treatment|management|use of|\s)+"
)
_SINGLE = (
    (_RATE, "vital_sign", "heart_rate", 20, 200),
    (_SATURATION, "vital_sign", "spo2", 50, 100),
    (_BMI, "body_measure", "bmi", 10, 60),
    (_WEIGHT, "body_measure", "weight_kg", 20, 200),
)
"""Expression, kind, measure, and the numbers that it can be."""


def _sign(written: str | None) -> str | None:
    return (
        operator((written or "").replace("=<", "≤").replace("<=", "≤").replace(">=", "≥").removeprefix("of "))
        if written
        else None
    )


def _pressure(sentence: Sentence) -> Iterator[Stretched]:
    for found in _ONE.finditer(sentence.text):
        sign, value = _sign(found["op"]), number(found["n"])
        which = "systolic" if found["which"] in ("systolic", "sbp") else "diastolic"
        if sign is None or not 40 <= value <= 240:
            continue
        yield _stretch(sentence, found, leaf("vital_sign", measure=which, op=sign, value=value))
    for found in _BOTH.finditer(sentence.text):
        sign = _sign(found["op"] or found["op2"])
        upper, lower = number(found["s"] or found["s2"]), number(found["d"] or found["d2"])
        if sign is None or not (70 <= upper <= 240 and 40 <= lower <= 140):
            continue
        yield _stretch(sentence, found, _pair(sign, upper, lower))


def _pair(sign: str, upper: Decimal, lower: Decimal) -> Node:
    """A pressure is above 150/90 where one of the two is, and below it where both are."""
    parts = (
        leaf("vital_sign", measure="systolic", op=sign, value=upper),
        leaf("vital_sign", measure="diastolic", op=sign, value=lower),
    )
    return AnyOf(parts) if sign in (">", ">=") else AllOf(parts)


def _stretch(sentence: Sentence, found: re.Match[str], node: Node) -> Stretched:
    treated = _AROUND.match(sentence.text, found.end())
    if treated is None:
        return Stretched(found.start(), found.end(), node)
    end = found.end() + len(treated[0].rstrip(" ,"))
    return Stretched(found.start(), end, AllOf((node, leaf("judgement", topic="whether it is so under treatment"))))


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    yield from _pressure(sentence)
    for found in _RATE_RANGE.finditer(sentence.text):
        low, high = number(found["low"]), number(found["high"])
        if 20 <= low < high <= 200:
            ends = ((">=", low), ("<=", high))
            parts = tuple(leaf("vital_sign", measure="heart_rate", op=sign, value=value) for sign, value in ends)
            yield Stretched(*found.span(), AllOf(parts))
    for sought, kind, measure, least, most in _SINGLE:
        for found in sought.finditer(sentence.text):
            sign, value = _sign(found["op"]), number(found["n"])
            if sign is not None and least <= value <= most:
                yield _stretch(sentence, found, leaf(kind, measure=measure, op=sign, value=value))


SCANNERS = (
    Scanner(
        "vital_sign.limit",
        ("systolic", "diastolic", "sbp", "dbp", "bp", "pressure", "mmhg", "hg", "heart", "beats", "bpm", "pulse", "hr", "saturation", "spo2", "sao2", "oximetry", "bmi", "body", "weight"),
        _scan,
        priority=2,
        texts=(
            ("Systolic blood pressure > 150 mmHg", {"vital_sign": {"measure": "systolic", "op": ">", "value": "150"}}),
            (
                "Blood pressure > 150/100 mmHg",
                {"any_of": [{"vital_sign": {"measure": "systolic", "op": ">", "value": "150"}}, {"vital_sign": {"measure": "diastolic", "op": ">", "value": "100"}}]},
            ),
            ("Resting heart rate < 50 beats per minute", {"vital_sign": {"measure": "heart_rate", "op": "<", "value": "50"}}),
            ("Body mass index (BMI) ≥ 20 kg/m2", {"body_measure": {"measure": "bmi", "op": ">=", "value": "20"}}),
            ("Body weight > 35 kg", {"body_measure": {"measure": "weight_kg", "op": ">", "value": "35"}}),
            ("heart rate of 50", None),
        ),
    ),
)  # fmt: skip
