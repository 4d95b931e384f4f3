"""Blood pressure, heart rate, oxygen saturation, weight and body mass index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.numbers import FLIPPED, number, operator
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node

_OP = rf"(?P<op>{MACROS['op']}|=<|<=|>=|of (?=[≥≤<>]))"
_TOO = r"(?:[\s,]|\b(?:a|an|the|is|are|was|be|of|that|which|at|rest|resting|baseline|screening|persistent|persistently|sustained|consistently|mean|average|measured|reading|readings|value|values|level|pressure)\b)*"
_MM = r"(?: ?mm ?/?\[?hg\]?| ?mmhg)?"
_BP = r"(?:blood[- ]pressure(?:s)?(?: ?[(\[]bp[)\]])?|\bbp\b|pressure)"
_ONE = Sought(
    rf"(?P<which>systolic|diastolic|\bsbp\b|\bdbp\b)(?: {_BP})?(?: ?[(\[](?:sbp|dbp|bp)[)\]])?{_TOO}(?:{_OP}) ?(?P<n>\d{{2,3}})(?!\d|\.\d)(?! ?/ ?\d){_MM}"
)
_BOTH = Sought(
    rf"{_BP}{_TOO}(?:{_OP}) ?(?P<s>\d{{3}}) ?/ ?(?P<d>\d{{2,3}})(?!\d){_MM}|(?P<op2>[≥>]) ?(?P<s2>\d{{3}}) ?/ ?(?P<d2>\d{{2,3}}) ?mm ?/?hg"
)
_RATE = Sought(
    rf"\b(?:heart rate|pulse(?: rate)?|\bhr\b)(?: ?[(\[]hr[)\]])?{_TOO}(?:{_OP}) ?(?P<n>\d{{2,3}})(?: ?(?:beats?(?: per |/)min(?:ute)?|bpm|/ ?min(?:ute)?|beats))(?: at rest)?"
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
_BEFORE = re.compile(
    r"(?<![\d.])(?P<n>\d{2,3}(?:\.\d)?) ?(?:mm ?hg|bpm|kg ?/ ?m ?\^?2|%)? ?(?P<op>[<>≤≥]) ?(?:the )?\Z"
)
"""The other end in front: "95 mmHg < SBP < 150 mmHg"."""
_BEHIND = re.compile(
    r"(?: ?(?:mm ?hg|bpm|kg ?/ ?m ?\^?2|%))?[ ,]*(?:and|to|but|-)? ?(?P<op>[<>≤≥]) ?(?P<n>\d{2,3}(?:\.\d)?)(?![\d/])(?: ?(?:mm ?hg|bpm|kg ?/ ?m ?\^?2|%))?"
)
_AROUND = re.compile(
    r"[\s,(]*(?:despite|on|under|with) (?:the )?(?:optimal|adequate|appropriate|maximal|standard|current|stable|antihypertensive|anti-hypertensive|medical|medication|medications|therapy|treatment|management|use of|\s)+"
)
UNDER_TREATMENT = "whether it is so under treatment"
_SIGNS = {"<": "<", ">": ">", "≤": "<=", "≥": ">="}
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


_JOINED = re.compile(r"[\s,]*(?:and/or|and|or)[\s,]*")


def _pressure(sentence: Sentence) -> Iterator[Stretched]:
    ones = list(_ONE.finditer(sentence.text))
    for place, found in enumerate(ones):
        sign, value = _sign(found["op"]), number(found["n"])
        which = "systolic" if found["which"] in ("systolic", "sbp") else "diastolic"
        if sign is None or not 40 <= value <= 240:
            continue
        ranged = _both_ends(sentence, found, "vital_sign", which) or _outside(sentence, found, "vital_sign", which)
        if ranged is not None:
            yield ranged
            continue
        node = leaf("vital_sign", measure=which, op=sign, value=value)
        last = ones[place + 1] if place + 1 < len(ones) else None
        if last and _JOINED.fullmatch(sentence.text, found.end(), last.start()) and _treated(sentence, last):
            # "Systolic above 160 or diastolic above 100 despite treatment": both are meant so.
            yield Stretched(*found.span(), AllOf((node, leaf("judgement", topic=UNDER_TREATMENT))))
        else:
            yield _stretch(sentence, found, node)
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


_OR_OUTSIDE = re.compile(r"(?: ?(?:mm ?hg|bpm))?,? or (?P<op>[<>≤≥]) ?(?P<n>\d{2,3})(?![\d/.])(?: ?(?:mm ?hg|bpm))?")
"""Behind a limit that shuts out: the other one, "> 160 or < 90 mmHg"."""


def _outside(sentence: Sentence, found: re.Match[str], kind: str, measure: str) -> Stretched | None:
    """Read two limits of which each shuts out; None where there is one."""
    sign, other = _sign(found["op"]), _OR_OUTSIDE.match(sentence.text, found.end())
    if other is None or sign is None or sentence.section != "exclusion":
        return None
    second = _SIGNS[other["op"]]
    if (sign in ("<", "<=")) is (second in ("<", "<=")):
        return None
    ends = ((sign, number(found["n"])), (second, number(other["n"])))
    parts = tuple(leaf(kind, measure=measure, op=op, value=value) for op, value in ends)
    return Stretched(found.start(), other.end(), AnyOf(parts))


def _both_ends(sentence: Sentence, found: re.Match[str], kind: str, measure: str) -> Stretched | None:
    """Read a range whose ends stand on both sides of the name, or one behind the other; None where there is one end."""
    sign, value = _sign(found["op"]), number(found["n"])
    before, behind = _BEFORE.search(sentence.text, 0, found.start()), _BEHIND.match(sentence.text, found.end())
    other = before or behind
    if other is None or sign is None or sentence.section != "inclusion":
        return None
    second = FLIPPED[_SIGNS[other["op"]]] if before else _SIGNS[other["op"]]
    low, high = (number(other["n"]), value) if sign in ("<", "<=") else (value, number(other["n"]))
    if (sign in ("<", "<=")) is (second in ("<", "<=")) or not low < high:
        return None
    ends = (
        leaf(kind, measure=measure, op=sign, value=value),
        leaf(kind, measure=measure, op=second, value=number(other["n"])),
    )
    return Stretched(before.start() if before else found.start(), found.end() if before else other.end(), AllOf(ends))


def _treated(sentence: Sentence, found: re.Match[str]) -> re.Match[str] | None:
    return _AROUND.match(sentence.text, found.end())


def _stretch(sentence: Sentence, found: re.Match[str], node: Node) -> Stretched:
    treated = _treated(sentence, found)
    if treated is None:
        return Stretched(found.start(), found.end(), node)
    end = found.end() + len(treated[0].rstrip(" ,"))
    return Stretched(found.start(), end, AllOf((node, leaf("judgement", topic=UNDER_TREATMENT))))


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
            ranged = _both_ends(sentence, found, kind, measure) or _outside(sentence, found, kind, measure)
            if ranged is not None:
                yield ranged
            elif sign is not None and least <= value <= most:
                yield _stretch(sentence, found, leaf(kind, measure=measure, op=sign, value=value))


SCANNERS = (
    Scanner(
        "vital_sign.limit",
        ("systolic", "diastolic", "sbp", "dbp", "bp", "pressure", "mmhg", "hg", "heart", "rate", "beats", "bpm", "pulse", "hr", "saturation", "spo2", "sao2", "oximetry", "bmi", "body", "weight"),
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
