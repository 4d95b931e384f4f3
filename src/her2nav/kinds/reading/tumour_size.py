"""Size of the tumour and whether lymph nodes are involved, in words."""

from __future__ import annotations

import re
from decimal import Decimal

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node

_MM = {"c": Decimal(10), "m": Decimal(1)}


_OTHER_LESION = re.compile(
    r"\b(?:nodes?|nodal|metasta\w+|brain|liver|hepatic|lung|cns|lesions?|cysts?|nodules?|aneurysm\w*|mass(?:es)?|wounds?|ulcers?|thyroid)\b[^.;]{0,60}\Z"
)
"""What else has a size."""
_LEAST = Decimal("0.1")


def _size(found: Found) -> Node | None:
    """A least or greatest size in millimetres."""
    number, sign = found.number("n"), found.operator("op")
    if sign is None and "larger than" in found.text():
        sign = ">"
    if sign is None and re.search(r"\bor (?:more|greater|larger)\b", found.text()):
        sign = ">="
    own = re.search(r"\btumou?rs?\b|\bbreast\b|\bprimary\b", found.text())
    if number is None or (not own and _OTHER_LESION.search(found.sentence.text, 0, found.match.start())):
        return None
    if sign not in (">", ">=", "<", "<="):
        return None
    size = number * _MM[found.text("unit")[0]]
    if not 1 <= size <= 200:
        return None
    size = size.to_integral_value() if size == size.to_integral_value() else size
    # The kind's limits belong to the range; a tenth of a millimetre is less than anybody measures.
    if sign in (">", ">="):
        return leaf("disease_setting", min_tumour_size_mm=size + _LEAST if sign == ">" else size)
    return leaf("disease_setting", max_tumour_size_mm=size - _LEAST if sign == "<" else size)


_LONG = 160
"""Characters: a longer sentence defines risk groups by nodes and more."""
_ONE_OF_TWO = re.compile(r"\bif\b|\bdefin|\bnegative\b.*\bpositive\b|\bpositive\b.*\bnegative\b|:")


def _nodes(found: Found) -> Node | None:
    text = found.sentence.text
    if found.ids("site", "site") != ("lymph_node",) or len(text) > _LONG or _ONE_OF_TWO.search(text):
        return None
    return leaf("disease_setting", n=["N0"] if found.text("state") == "negative" else ["N1", "N2", "N3"])


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
        ("{site:site} [status] (negative|positive):state [(disease|status)]",),
        _nodes,
        texts=(
            ("Node-negative disease", {"disease_setting": {"n": ["N0"]}}),
            ("Axillary lymph node positive disease", {"disease_setting": {"n": ["N1", "N2", "N3"]}}),
        ),
    ),
)
