"""Exclusions that, as read, ask for what they shut out: their sign was turned.

"Radiotherapy within four weeks, except for pain, where seven days must have passed" asks nobody for radiotherapy; "not a
candidate for surgery age under 18" asks nobody to be a child. What an exclusion asks for must be denied in its own
words, close in front ("no prior taxane", "must be 18"); else those words stay open. An operation no exclusion asks for.
"""

from __future__ import annotations

import re

from her2nav.criteria.logic import left_unread
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not

_NEVER = frozenset({"procedure", "options_exhausted"})
"""Kinds that no exclusion asks for, whatever stands in front of them."""
_IF_DENIED = frozenset(
    {"prior_therapy", "lines_of_therapy", "age", "sex", "metastatic_site", "tumour_type", "disease_progression", "menopausal_status", "gene_status"}
)  # fmt: skip
"""Kinds that an exclusion may ask for by shutting out those without them."""
_DENIAL = re.compile(
    r"\b(?:no|not|non|never|without|lack\w*|absence|none|neither|nor|unable|inability|fail\w*|cannot|must|should|require\w*|need\w*)\b|n['\u2019]t\b"
)
_REACH = 40
"""Characters in front of a proposition within which its denial must begin."""
_ON_FERTILITY = re.compile(r"child-?\s?bearing|contracep|pregnan|fertil")


def turned(node: Node, plain: str) -> Node:
    """Return the demand of an exclusion with what it cannot ask for unread.

    Args:
        node: What the exclusion demands: mostly a denial.
        plain: The plain text in which its spans lie.
    """
    return _kept(node, plain, asked=True)


def _kept(node: Node, plain: str, *, asked: bool) -> Node:
    match node:
        case Leaf() if asked and _is_turned(node, plain):
            return left_unread(node)
        case Not(part=part):
            return Not(_kept(part, plain, asked=not asked), node.span)
        case AllOf(parts=parts) if asked:
            return AllOf(tuple(_kept(part, plain, asked=True) for part in parts), node.span)
        case AnyOf(parts=parts) if not asked:
            return AnyOf(tuple(_kept(part, plain, asked=False) for part in parts), node.span)
    return node


def _is_turned(item: Leaf, plain: str) -> bool:
    if item.kind in _NEVER:
        return True
    if item.kind == "lab_value":
        return item.params.unit == "xULN" and item.params.op in (">", ">=")
    if item.kind not in _IF_DENIED or item.span is None:
        return False
    start, end = item.span
    if item.kind == "menopausal_status" and _ON_FERTILITY.search(plain, max(0, start - 200), end + 100):
        return True  # it says who can bear children, and who must be tested
    return _DENIAL.search(plain, max(0, start - _REACH), end) is None
