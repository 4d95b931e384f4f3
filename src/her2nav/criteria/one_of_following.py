"""Lists of alternatives that lost their shape: "one of the following: A B C" written on without marks.

Where such words stand in front of what was put together with "and", the trial may ask for one of these alone. The
tree is then true only where all of them hold, and false only where none does.
"""

from __future__ import annotations

from her2nav.kinds.reading.base import both_ways
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node, leaves

_LEAD = Sought(
    r"\b(?:at least |any |only |meeting |meets )?(?:one|1)(?: \(1\))?(?: or more)? of (?:the )?following\b[^.;:]{0,60}:"
)
_ENDS = Sought(r"[;.•](?!\d)|\s[-*]\s")
"""Marks that part the entries of a list, so that its shape was seen."""
_DOUBT = "one of these alone, too"


def opened(node: Node, plain: str, span: tuple[int, int]) -> Node:
    """Return a demand with what stands behind such words open.

    Args:
        node: Tree of the criterion.
        plain: Plain text of the record.
        span: Of the criterion in it.
    """
    lead = _LEAD.search(plain, *span)
    if lead is None or not isinstance(node, AllOf):
        return node
    behind = [part for part in node.parts if (first := _first(part)) is not None and first >= lead.end()]
    if len(behind) < 2 or _ENDS.search(plain, lead.end(), _first(behind[-1]) or span[1]) is not None:
        return node
    before = [part for part in node.parts if part not in behind]
    either = both_ways(AllOf(tuple(behind)), AnyOf(tuple(behind)), doubt=_DOUBT)
    return AllOf((*before, either), node.span) if before else either


def _first(node: Node) -> int | None:
    """Return where the words of a node begin."""
    return min((item.span[0] for item in leaves(node) if item.span is not None), default=None)
