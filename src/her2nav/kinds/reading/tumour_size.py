"""Size of the tumour and whether lymph nodes are involved, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from her2nav.kinds.reading.base import Found, Rule, Scanner, Sentence, Stretched, leaf
from her2nav.language.numbers import number, operator
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import Node

_MM = {"c": Decimal(10), "m": Decimal(1)}


_OTHER_LESION = re.compile(
    r"\b(?:nodes?|nodal|metasta\w+|brain|liver|hepatic|lung|cns|lesions?|cysts?|nodules?|aneurysm\w*|mass(?:es)?|wounds?|ulcers?|thyroid)\b[^.;]{0,60}\Z"
)
"""What else has a size."""
_LEAST = Decimal("0.1")


def _size(found: Found) -> Node | None:
    """A least or greatest size in millimetres."""
    value, sign = found.number("n"), found.operator("op")
    if sign is None and "larger than" in found.text():
        sign = ">"
    if sign is None and re.search(r"\bor (?:more|greater|larger)\b", found.text()):
        sign = ">="
    own = re.search(r"\btumou?rs?\b|\bbreast\b|\bprimary\b", found.text())
    if value is None or (not own and _OTHER_LESION.search(found.sentence.text, 0, found.match.start())):
        return None
    if sign not in (">", ">=", "<", "<="):
        return None
    size = value * _MM[found.text("unit")[0]]
    if not 1 <= size <= 200:
        return None
    return leaf("disease_setting", **_bound(sign, size))


_LONG = 160
"""Characters: a longer sentence defines risk groups by nodes and more."""
_ONE_OF_TWO = re.compile(r"\bif\b|\bdefin|\bnegative\b.*\bpositive\b|\bpositive\b.*\bnegative\b|:")


def _nodes(found: Found) -> Node | None:
    text = found.sentence.text
    if found.ids("site", "site") != ("lymph_node",) or len(text) > _LONG or _ONE_OF_TWO.search(text):
        return None
    if re.search(r"\b(?:irrespective|regardless|independent)\b", text):
        # "Node-positive irrespective of the size": others are taken too, for whom the size counts.
        return None
    if re.match(r"-\w", text[found.match.end("state") :]):
        # "Node-negative-N3" is a range.
        return None
    return leaf("disease_setting", n=["N0"] if found.text("state").startswith("negativ") else ["N1", "N2", "N3"])


_COMPARED = (
    rf"{MACROS['op']} ?{MACROS['digits']} ?(?:cm|mm|centimet(?:er|re)s?|millimet(?:er|re)s?)\b(?: \((?:cm|mm)\))?"
)
_ACROSS = r"(?: in (?:its |the )?(?:(?:greatest|largest|longest|maximum|maximal|clinical|radiologic) ?)*(?:dimension|diameter|size|extent))?"
_OWN = r"(?:\b(?:primary |invasive )?(?:breast )?(?:cancers?|carcinomas?|tumou?rs?)(?: \(s\))?(?: (?:size|diameter))?,? (?:(?:must|should) be |is |of |measuring |that is |with a size of )?|(?:\A|(?<=[ (]))t ?)"
_LIMITS = Sought(rf"{_OWN}(?P<first>{_COMPARED})(?:{_ACROSS} ?(?:,|to|and|but|-)? ?(?P<second>{_COMPARED}))?{_ACROSS}")
_BRACKETED = Sought(
    rf"\b(?:cancers?|carcinomas?|tumou?rs?)\b(?P<between>[^.;:()<>≥≤]{{0,80}})(?P<bracket>\( ?(?P<first>{_COMPARED}){_ACROSS} ?\))"
)
"""A limit in brackets of its own, somewhere behind the word for the cancer."""
_ONE = re.compile(rf"(?P<op>{MACROS['op']}) ?(?P<n>{MACROS['digits']}) ?(?P<unit>[cm])")
_SIZE = re.compile(r"\b(?:size|diameter)\b|\bt ?\Z")
"""Words in front of a limit that name nothing but what is measured."""
_NOT_OF_IT = re.compile(
    r"\b(?:metasta\w+|brain|liver|hepatic|lung|node|nodal|residual|other|previous|prior|second)\b[^.;]{0,30}\Z"
)
"""In front of the word for the cancer: another one, or a part of it."""


def _limits(sentence: Sentence) -> Iterator[Stretched]:
    """Read a limit, or two of a range, behind the word for the cancer: "breast cancer, > 10 mm", "T > 2 cm to ≤ 5 cm"."""
    text = sentence.text
    for found in _LIMITS.finditer(text):
        if _NOT_OF_IT.search(text, 0, found.start()) or text.startswith(("of", " of"), found.end()):
            continue
        bounds: dict[str, Decimal] = {}
        for name in ("first", "second"):
            if found[name] and (one := _ONE.match(found[name])) is not None:
                bounds |= _bound(operator(one["op"]), number(one["n"]) * _MM[one["unit"]])
        if bounds and (not found["second"] or len(bounds) == 2) and all(1 <= size <= 200 for size in bounds.values()):
            sized = _SIZE.search(found[0][: found.start("first") - found.start()]) is not None
            start = found.start() if sized else found.start("first")
            yield Stretched(start, found.end(), leaf("disease_setting", **bounds))


def _bracketed(sentence: Sentence) -> Iterator[Stretched]:
    """Read a limit in brackets: "breast tumour that can be measured by ultrasound (≥ 2 cm)"."""
    text = sentence.text
    for found in _BRACKETED.finditer(text):
        other = _NOT_OF_IT.search(text, 0, found.start()) or _OTHER_LESION.search(
            text, found.start("between"), found.end("between")
        )
        one = _ONE.match(found["first"])
        if other is not None or one is None:
            continue
        bounds = _bound(operator(one["op"]), number(one["n"]) * _MM[one["unit"]])
        if bounds and all(1 <= size <= 200 for size in bounds.values()):
            yield Stretched(*found.span("bracket"), leaf("disease_setting", **bounds))


def _bound(sign: str | None, size: Decimal) -> dict[str, Decimal]:
    """Return the parameter of a limit; a tenth of a millimetre is less than anybody measures."""
    size = size.to_integral_value() if size == size.to_integral_value() else size
    if sign in (">", ">="):
        return {"min_tumour_size_mm": size + _LEAST if sign == ">" else size}
    if sign in ("<", "<="):
        return {"max_tumour_size_mm": size - _LEAST if sign == "<" else size}
    return {}


SCANNERS = (
    Scanner(
        "disease_setting.size_behind",
        (
            "cm",
            "mm",
            "centimeters",
            "centimeter",
            "centimetres",
            "millimeters",
            "tumour",
            "tumor",
            "tumors",
            "cancer",
            "carcinoma",
        ),
        _limits,
        priority=5,
        section="inclusion",
        sought=(_LIMITS,),
        texts=(
            ("T > 10 mm", {"disease_setting": {"min_tumour_size_mm": "10.1"}}),
            (
                "Tumour size > 1 cm to ≤ 3 cm",
                {"disease_setting": {"min_tumour_size_mm": "10.1", "max_tumour_size_mm": "30"}},
            ),
            ("residual tumour > 1 cm", None),
        ),
    ),
    Scanner(
        "disease_setting.size_in_brackets",
        ("cm", "mm", "tumour", "tumor", "tumors", "tumours", "cancer", "carcinoma"),
        _bracketed,
        priority=5,
        section="inclusion",
        sought=(_BRACKETED,),
        texts=(
            ("Breast tumour seen on ultrasound (≥ 1.5 cm)", {"disease_setting": {"min_tumour_size_mm": "15"}}),
            ("Breast tumour with a lymph node in the axilla (≥ 2 cm)", None),
        ),
    ),
)

RULES = (
    Rule(
        "disease_setting.size",
        (
            "[(primary|breast|invasive|clinical|largest)] (tumor|tumour|tumors|tumours) [(size|diameter)] [\\(s\\)] [(must be|is|should be|of|measuring|larger|to be|should measure|must measure|measures)] {op:op} {digits:n} (cm|mm|centimeters|millimeters|centimetres):unit [\\((cm|mm)\\)] [in] [(its|the)] [(greatest|largest|longest|maximum|maximal)] [(dimension|diameter|size|extent)]",
            "(tumor|tumour|tumors|tumours) (size|diameter) [(must be|is|of|:)] {op:op} {digits:n} (cm|mm):unit",
            "[with] [a] [(primary|breast|invasive)] [(tumor|tumour)] [(size|diameter)] [of] {op:op} {digits:n} (cm|mm|centimeters|millimeters|centimetres):unit [\\((cm|mm)\\)] [in] [(its|the)] (greatest|largest|longest|maximum|maximal) [(clinical|radiologic|radiological)] (dimension|diameter|size|extent)",
            "{op:op} {digits:n} (cm|mm|centimeters|millimeters|centimetres):unit [\\((cm|mm)\\)] in (diameter|size)",
            "{digits:n} (cm|mm|centimeters|millimeters|centimetres):unit or (more|greater|larger) in [(its|the)] [(greatest|largest|longest|maximum|maximal)] [clinical] (dimension|diameter|size|extent)",
            "(primary|breast) (tumor|tumour) [is] (larger|greater) than {digits:n} (cm|mm):unit [in (diameter|size)]",
        ),
        _size,
        priority=1,
        section="inclusion",
        texts=(
            ("Primary tumour size at least 2 cm", {"disease_setting": {"min_tumour_size_mm": "20"}}),
            ("tumor ≤ 30 mm in greatest dimension", {"disease_setting": {"max_tumour_size_mm": "30"}}),
        ),
    ),
    Rule(
        "disease_setting.nodes",
        (
            "{site:site} [status] (negative|positive):state [(disease|status)]",
            "(negative|positive):state [(ipsilateral|regional)] {site:site}",
            "{site:site} (negativity|positivity):state",
        ),
        _nodes,
        texts=(
            ("Node-negative disease", {"disease_setting": {"n": ["N0"]}}),
            ("Axillary lymph node positive disease", {"disease_setting": {"n": ["N1", "N2", "N3"]}}),
        ),
    ),
)
