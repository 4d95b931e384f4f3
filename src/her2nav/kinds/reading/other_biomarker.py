"""Biomarkers that no other kind holds: positive, negative, or a number."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node

_SHORT = "[\\( ({marker}|fap|tmb|hrd|psma|msln|frα|fra|folr1|gpc3|cldn18.2|b7 h3|b7 h4|ki 67|ki67|trop2|trop 2) \\)]"
_DEFINED = "[(tumor|tumour|disease|cancer)] [,] [\\(] [(defined as|staining of|in)] [{op:op} {num:n} (%|percent) [(of|staining)] [(tumor|tumour)] [(cell|cells)] [nuclei] [with] [(immunoreactivity|staining)] [\\)]]"
_FRAME = "[protein|receptor|status|tumor|tumour|test|score|index] [is|of|must be|level*]"


_LOOKED_FOR = re.compile(
    r"\b(?:analys[ie]s|test(?:s|ed|ing)?|assess(?:ment|ed|ing)?|determin\w+|evaluat\w+|measur\w+|screen\w*|levels?|status|regardless)(?: (?:of|for|the|tumou?r))*[ ]*\Z"
)
_ONLY_NAMED = re.compile(
    r"[ ]*(?:status|levels?|test\w*|assay|analysis|assessment|score|will be|may be|must be (?:assess|determin|test|evaluat))\b"
)
"""Where the expression is only looked at, nothing is said of it."""


def _status(found: Found) -> Node | None:
    text, (start, end) = found.sentence.text, found.match.span()
    if found.text().rstrip().endswith("expression") and (
        _LOOKED_FOR.search(text, max(0, start - 40), start) or _ONLY_NAMED.match(text, end)
    ):
        return None
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
            f"{{marker:marker}} {_SHORT} {_FRAME} ((negativ*|low|\\(-\\)):neg|positiv*|high|express* [in|by|per]|over express*|overexpress*|\\(+\\)|\\+) {_DEFINED}",
            f"{{marker:marker}} {_SHORT} {_FRAME} [expression] [of] {{op:op}} {{num:n}} (%|percent|mut*|mutations)",
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
            (
                "fibroblast activation protein (FAP) expression on imaging",
                {"other_biomarker": {"name": "FAP", "status": "positive"}},
            ),
            ("prior therapy directed at CLDN18.2", None),
            ("measurement of TROP2 expression", None),
            ("TROP2 expression will be assessed", None),
        ),
    ),
)
