"""Cancers that the program knows only as one group, by the name of one of them.

Who has another cancer of the group has not this one for certain: of "pituitary adenoma" it is known that a tumour of
the brain is meant, and no more.
"""

from __future__ import annotations

from dataclasses import replace

from her2nav.criteria.logic import with_leaves
from her2nav.kinds.reading.base import doubt_on
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, Leaf, Node, leaves
from her2nav.model.trial import Criterion, Role

_GROUPS = {
    "cns_tumour": Sought(r"\b(?:brain|central nervous|cns|intracranial|spinal cord|nervous system)\b"),
    "haematological": Sought(r"\b(?:ha?ematolog\w*|ha?ematopoietic|blood|bone marrow|lymphoid)\b"),
}
"""How the group itself is named."""
_DOUBT = "every cancer of this group, or only the one that it names"


def opened(criterion: Criterion, plain: str) -> Criterion:
    """Return a criterion with such names open.

    Args:
        criterion: As it was read.
        plain: Its plain text.
    """
    if criterion.role is not Role.DECIDES or criterion.span is None:
        return criterion
    if not any(item.kind == "tumour_type" for item in leaves(criterion.node)):
        return criterion
    first = criterion.span[0]

    def made(item: Leaf, _denied: bool) -> Node:
        types: tuple[str, ...] = item.params.types if item.kind == "tumour_type" and item.span is not None else ()
        if len(types) != 1 or types[0] not in _GROUPS or item.span is None:
            return item
        if _GROUPS[types[0]].search(plain, item.span[0] - first, item.span[1] - first) is not None:
            return item
        return AllOf((item, doubt_on(_DOUBT)), item.span)

    node = with_leaves(criterion.node, made, guards=False)
    return criterion if node == criterion.node else replace(criterion, node=node)
