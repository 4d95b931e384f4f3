"""Liver metastases beside a limit of the blood tests: they say whom the limit binds and are asked of nobody.

"In the absence of liver metastases ALT up to 3 x ULN" would otherwise shut out everybody with such metastases.
"""

from __future__ import annotations

from her2nav.criteria.logic import all_of
from her2nav.criteria.looser_limits import OF_THE_LIVER
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves


def liver_limits(node: Node) -> Node:
    """Return a demand in which metastases of the liver bind the limits beside them, and stay open themselves.

    Only what is demanded together is looked at; in an alternative they rightly belong to the limit beside them.
    """
    match node:
        case When(when=when, then=then):
            return When(when, liver_limits(then), node.span)
        case AllOf(parts=parts):
            return _bound(AllOf(_direct(tuple(liver_limits(part) for part in parts)), node.span))
    return node


_NEAR = 40
"""Signs between a limit and a further one that belongs to its exception."""


def _direct(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """Bind a limit of the direct bilirubin to the exception in front: "unless due to Gilbert's syndrome and direct …"."""
    out: list[Node] = []
    for part in parts:
        before = out[-1] if out else None
        if isinstance(part, Leaf) and _variable(part) == "direct_bilirubin" and isinstance(before, AnyOf):
            freed = [item for item in before.parts if isinstance(item, Leaf) and _is_gilbert(item)]
            limits = [item for item in before.parts if _variable(item) == "bilirubin"]
            near = before.span and part.span and 0 <= part.span[0] - before.span[1] < _NEAR
            if len(freed) == 1 and len(limits) == 1 and len(before.parts) == len(freed) + len(limits) and near:
                out[-1] = AnyOf((limits[0], AllOf((freed[0], part))))
                continue
        out.append(part)
    return tuple(out)


def _variable(node: Node) -> str:
    return str(node.params.variable) if isinstance(node, Leaf) and node.kind == "lab_value" else ""


def _is_gilbert(node: Leaf) -> bool:
    return node.kind == "comorbidity" and node.params.any_of == ("gilbert_syndrome",)


def _bound(node: AllOf) -> Node:
    sites = [part for part in node.parts if _names_liver(part)]
    if len(node.parts) == 1:
        return node.parts[0]
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
    return isinstance(node, Leaf) and node.kind == "lab_value" and node.params.variable in OF_THE_LIVER
