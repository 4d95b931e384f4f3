"""What must stand behind a laboratory value beside its limit: how old it is, and that nothing propped it up."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Sentence, days_of, leaf
from her2nav.model.tree import AllOf, AnyOf, Node, When


def supported(sentence: Sentence, node: Node, start: int, end: int) -> tuple[Node, int]:
    """Conditions on growth factors, transfusions and the age of the value."""
    written = sentence.text[start:end]
    params: dict[str, int] = {}
    days = days_of(written)
    denied = re.search(r"\b(?:without|no|not|absence|independent)\b", written)
    if re.search(r"growth|g-csf|colony|erythropo", written):
        if not denied or days is None:
            return node, start
        params["without_growth_factor_days"] = days
    if re.search(r"transfus", written):
        if not denied or days is None:
            return node, start
        params["without_transfusion_days"] = days
    if not params:
        if days is None or not re.search(r"\bwithin\b|prior to|before|[≤<]", written):
            plain = re.match(r"[ ,()]*(?:by|per|using|as|calculated|estimated|measured|according to)[^.;]*", written)
            return (node, end) if plain and days is None else (node, start)
        params["within_days"] = days
    return _with(node, params), end


def _with(node: Node, params: dict[str, int]) -> Node:
    from her2nav.model.tree import Leaf

    match node:
        case Leaf(kind="lab_value"):
            return leaf("lab_value", **(node.params.model_dump(exclude_defaults=True) | params))
        case AllOf(parts=parts):
            return AllOf(tuple(_with(part, params) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(_with(part, params) for part in parts))
        case When(when=when, then=then):
            return When(when, _with(then, params))
    return node
