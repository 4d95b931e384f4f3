"""Age, sex and performance status."""

from __future__ import annotations

import re

from her2nav.criteria.attributes import Attributes, Seen, summary

_IN = "inclusion"
_EITHER = re.compile(
    r"\W*(?:(?:sex|gender)\W+)?(?:(?:adult|eligible|all|any|patients?|participants?|subjects?|must be|are|is|aged?|adults)\W+){0,4}(?:m[ae]n|males?|wom[ae]n|females?|both|either)(?:(?: (?:and|or|and/or) |/| ?& ?)(?:m[ae]n|males?|wom[ae]n|females?)\b| (?:sex|gender)(?:es|s)?\b)(?! (?:of|with|who|must|should|patients? (?:of|with|who|must|should)|participants? (?:of|with|who|must))\b)",
    re.IGNORECASE,
)
"""At the beginning of a criterion: it takes men and women."""
_SHORT = 160
"""A criterion about age is short; in longer ones an age narrows something else, unless they begin with it."""
_BEGINS = 20


def _on_it(item: Seen) -> bool:
    """Whether a criterion is about what a leaf holds."""
    whole, span = item.criterion.span, item.leaf.span
    begins = span is not None and whole is not None and span[0] - whole[0] < _BEGINS
    return begins or len(item.criterion.text) < _SHORT


@summary("age")
def age(leaves: list[Seen], out: Attributes) -> None:
    """The record's own fields come first; else the widest range that is asked of everybody."""
    wanted = [
        item.params
        for item in leaves
        if item.leaf.kind == "age"
        and item.wanted
        and not (item.guarded or item.permitted or item.alternative)
        and _on_it(item)
    ]
    lows = [params.min for params in wanted if params.min is not None]
    highs = [params.max for params in wanted if params.max is not None]
    if lows:
        out.setdefault("age_min", min(lows))
    if (highs and "age_min" not in out) or (lows and highs):
        out.setdefault("age_max", max(highs))


@summary("sex")
def sex(leaves: list[Seen], out: Attributes) -> None:
    """The record's own field comes first; else the sex that is asked of everybody."""
    wanted = {
        value
        for item in leaves
        if item.leaf.kind == "sex"
        and item.wanted
        and not (item.guarded or item.permitted or item.alternative)
        and _on_it(item)
        for value in item.params.any_of
    }
    if len(wanted) == 1:
        out.setdefault("sex", wanted.pop())
    elif not wanted and any(_EITHER.match(item.criterion.text) for item in leaves if item.criterion.section == _IN):
        out.setdefault("sex", "all")


@summary("ecog_max")
def ecog(leaves: list[Seen], out: Attributes) -> None:
    """The loosest bound; one that only an age group keeps counts too."""
    rows = [item for item in leaves if item.leaf.kind == "performance_status" and not item.permitted]
    highs = [item.params.ecog_max for item in rows if item.wanted and item.params.ecog_max is not None]
    highs += [item.params.ecog_min - 1 for item in rows if not item.wanted and item.params.ecog_min]
    if highs:
        out["ecog_max"] = max(highs)
    lows = [item.params.karnofsky_min for item in rows if item.wanted and item.params.karnofsky_min is not None]
    if lows:
        out["karnofsky_min"] = min(lows)
