"""Liver metastases beside a limit of the blood tests: they say whom the limit binds and are asked of nobody.

"In the absence of liver metastases ALT up to 3 x ULN" would otherwise shut out everybody with such metastases.
"""

from __future__ import annotations

from her2nav.criteria.logic import all_of
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, Leaf, Node, Not, When, leaves

_OF_THE_LIVER = frozenset({"ast", "alt", "bilirubin", "direct_bilirubin", "alkaline_phosphatase", "ggt"})
"""Blood tests whose limits are relaxed for metastases of the liver."""


def liver_limits(node: Node) -> Node:
    """Return a demand in which metastases of the liver bind the limits beside them, and stay open themselves.

    Only what is demanded together is looked at; in an alternative they rightly belong to the limit beside them.
    """
    match node:
        case When(when=when, then=then):
            return When(when, liver_limits(then), node.span)
        case AllOf(parts=parts):
            return _bound(AllOf(tuple(liver_limits(part) for part in parts), node.span))
    return node


def _bound(node: AllOf) -> Node:
    sites = [part for part in node.parts if _names_liver(part)]
    if not sites or all(item.kind != "lab_value" for item in leaves(node)):
        return node
    limits = tuple(part for part in node.parts if _is_limit(part))
    rest = tuple(part for part in node.parts if part not in limits and part not in sites)
    opened = tuple(Leaf("unread", leaf("unread").params, next(leaves(site)).span) for site in sites)
    guarded = (When(all_of(sites), all_of(limits)),) if limits else ()
    parts = (*rest, *guarded, *opened)
    return AllOf(parts, node.span) if len(parts) > 1 else parts[0]


def _names_liver(node: Node) -> bool:
    inner = node.part if isinstance(node, Not) else node
    return isinstance(inner, Leaf) and inner.kind == "metastatic_site" and inner.params.any_of == ("liver",)


def _is_limit(node: Node) -> bool:
    """Whether a part is a limit of liver tests, or several of them together."""
    if isinstance(node, AllOf):
        return all(_is_limit(part) for part in node.parts)
    return isinstance(node, Leaf) and node.kind == "lab_value" and node.params.variable in _OF_THE_LIVER
