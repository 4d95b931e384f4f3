"""Findings that shut out only where the investigator sees them so: what is named behind is named as an example.

"Any finding that, in the opinion of the investigator, would preclude treatment, including neuropathy" shuts out nobody
for a neuropathy alone.
"""

from __future__ import annotations

from her2nav.criteria.logic import all_of
from her2nav.kinds.reading.base import leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AnyOf, Leaf, Node, Not, When

_JUDGED = Sought(
    r"\b(?:(?:in|by|at) the (?:opinion|judge?ment|view|discretion|estimation) of (?:the |an? )?[\w ]{3,40}|(?:the |an? )?(?:principal |treating |local |study )*(?:investigator|physician)(?:'s|s')? (?:opinion|judge?ment|discretion|believes?|considers?|feels?))"
    r"[^.;:]{0,60}\b(?:would|could|might|may|will|can|makes?|precludes?)\b[^.;:]{0,160}?\b(?:including|such as|for example|for instance|e\.g\.?)"
)
"""An opinion, what the finding would do, and words that begin examples of it."""


def examples_of(written: str) -> int:
    """Return where the examples begin of what an investigator judges; 0 where a sentence names none."""
    found = _JUDGED.search(written)
    return found.end() if found is not None else 0


def as_judged(node: Node, first: int) -> Node:
    """Return a proposition in which what stands behind a place holds only where the investigator sees it so."""
    match node:
        case AnyOf(parts=parts):
            return AnyOf(tuple(as_judged(part, first) for part in parts), node.span)
        case Leaf(kind="unread" | "judgement") | Not() | When():
            return node
        case Leaf(span=span) if span is not None and span[0] >= first:
            return all_of([node, leaf("judgement", topic="whether the investigator sees it so")])
    return node
