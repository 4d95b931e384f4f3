"""Biomarkers that no other kind holds: positive, negative, or a number."""

from __future__ import annotations

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node

_FRAME = "[protein|receptor|status|tumor|tumour|test|score|index] [is|of|must be|level*]"


def _status(found: Found) -> Node | None:
    names = found.ids("marker", "marker")
    if len(names) != 1:
        return None
    if found.has("n"):
        sign, value = found.operator("op"), found.number("n")
        return leaf("other_biomarker", name=names[0], status=f"{sign} {value}") if sign and value is not None else None
    status = "negative" if found.has("neg") else "positive"
    return leaf("other_biomarker", name=names[0], status=status)


RULES = (
    Rule(
        "other_biomarker.status",
        (
            f"{{marker:marker}} {_FRAME} ((negativ*|low|\\(-\\)):neg|positiv*|high|express* [in|by|per]|over express*|overexpress*|\\(+\\)|\\+)",
            f"{{marker:marker}} {_FRAME} [expression] {{op:op}} {{num:n}} (%|percent|mut*|mutations)",
            "(positive|positivity) [for|of] {marker:marker}",
            "negative:neg [for|of] {marker:marker}",
            "(expression|overexpression) of {marker:marker}",
        ),
        _status,
        priority=2,
        texts=(
            ("CLDN18.2 positive", {"other_biomarker": {"name": "CLDN18.2", "status": "positive"}}),
            ("Ki-67 ≥ 20 %", {"other_biomarker": {"name": "Ki-67", "status": ">= 20"}}),
            ("expression of mesothelin", {"other_biomarker": {"name": "MSLN", "status": "positive"}}),
            ("prior therapy directed at CLDN18.2", None),
        ),
    ),
)
