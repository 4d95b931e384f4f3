"""What taking part asks of the person: no trial asks for the contrary, whatever section it stands in.

"Women who do not use contraception" and "takes part in another trial" among the exclusions ask for contraception and
for no other trial. A tree that demands "not: contraception" has missed a "not".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from her2nav.criteria.logic import all_of, any_of, deny
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves

_ASKED = frozenset({"participation", "contraception"})


def asked(node: Node) -> Node:
    """Return the demand with consent, willingness and contraception asked for, never denied."""
    if not any(item.kind in _ASKED for item in leaves(node)):
        return node
    match node:
        case Not(part=Leaf() as inner):
            return inner
        case Not(part=Not(part=inner)):
            return asked(inner)
        case Not(part=AnyOf(parts=parts)):
            return all_of(_denied(parts, any_of))
        case Not(part=AllOf(parts=parts)):
            return any_of(_denied(parts, all_of))
        case AllOf(parts=parts):
            return AllOf(tuple(map(asked, parts)), node.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(asked, parts)), node.span)
        case When(when=when, then=then):
            return When(when, asked(then), node.span)
    return node


def _denied(parts: tuple[Node, ...], join: Callable[[Sequence[Node]], Node]) -> list[Node]:
    """Deny the parts: those that ask nothing of the person together, the others each for itself."""
    rest = [part for part in parts if not any(item.kind in _ASKED for item in leaves(part))]
    own = [asked(deny(part)) for part in parts if part not in rest]
    return [*([deny(join(rest))] if rest else []), *own]
