"""A HER2 status behind two hormone receptor states: "receptor positive or receptor negative HER2-negative disease".

Both states together ask nothing of the receptors, so that the HER2 status may be meant of either.
"""

from __future__ import annotations

from her2nav.criteria.logic import all_of
from her2nav.kinds.reading.base import doubt_on
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, When

_DOUBT = "those with the first receptor state whatever their HER2 status"


def opened(node: Node) -> Node:
    """Return a demand in which such a status may bind both states."""
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(map(opened, parts)), node.span)
        case When(when=when, then=then):
            return When(when, opened(then), node.span, node.text)
        case AnyOf(parts=(Leaf(kind="hormone_receptor") as one, AllOf(parts=parts))):
            other = next((part for part in parts if isinstance(part, Leaf) and part.kind == "hormone_receptor"), None)
            status = [part for part in parts if isinstance(part, Leaf) and part.kind == "her2_status"]
            if other is None or not status or not _opposite(one, other):
                return node
            rest = [part for part in parts if part is not other and part not in status]
            either = AnyOf((one, all_of([other, *rest])))
            return AnyOf((all_of([either, *status]), AllOf((one, doubt_on(_DOUBT)))), node.span)
    return node


def _opposite(one: Leaf, other: Leaf) -> bool:
    first, second = (item.params.model_dump(exclude_defaults=True) for item in (one, other))
    return {first.pop("status", None), second.pop("status", None)} == {"positive", "negative"} and first == second
