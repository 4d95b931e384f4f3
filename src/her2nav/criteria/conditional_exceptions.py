"""Exceptions to a treatment that hold under a condition of their own, of which nothing was read.

"Prior T-DXd, except in the adjuvant setting if more than 12 months ago": whoever had it in another setting is shut out;
whoever had it in the one that is excepted may be, for the condition is not read.
"""

from __future__ import annotations

import re
from dataclasses import replace

from her2nav.criteria.logic import all_of, any_of
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not

_EXCEPTS = re.compile(r"\b(?:except\w*|other than|unless|excluding|apart from|with the exception)\b")
_CONDITION = re.compile(
    r"\W*(?:(?:if|when|provided|as long as|so long as|that|which|and|only|was|were|has been|had been)\b\W*)*(?:it\b\W*)?"
)
_OF_TIME = re.compile(
    r"(?:completed|finished|ended|stopped|given|received|administered|concluded|more than|at least|over|greater than|not less than|[≥>]|\d)"
)
_IF = re.compile(r"\b(?:if|when|provided|as long as|so long as|that|which)\b")


def opened(node: Node, plain: str) -> Node:
    """Return what an exclusion names, such an exception left open.

    Args:
        node: The tree of an exclusion.
        plain: The plain text of the record.
    """
    match node:
        case Not(part=part):
            return Not(opened(part, plain), node.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(opened(part, plain) for part in parts), node.span)
        case AllOf(parts=(Leaf(kind="prior_therapy") as given, *rest)) if _conditional(given, rest, plain):
            wide = replace(given, params=given.params.model_copy(update={"settings": ()}))
            return any_of([given, all_of([wide, *rest])])
        case AllOf(parts=parts):
            return AllOf(tuple(opened(part, plain) for part in parts), node.span)
    return node


def _conditional(given: Leaf, rest: list[Node], plain: str) -> bool:
    """Whether the unread words right behind an excepted setting say under what condition it is excepted."""
    if not given.params.settings or given.span is None or not rest:
        return False
    first = rest[0]
    if not all(isinstance(one, Leaf) and one.kind in ("unread", "judgement") for one in rest) or first.span is None:
        return False
    if _EXCEPTS.search(plain, *given.span) is None or first.span[0] < given.span[1]:
        return False
    led = _CONDITION.match(plain, given.span[1], first.span[1])
    if led is None or led.end() < first.span[0]:
        return False
    return _IF.search(plain, given.span[1], first.span[1]) is not None or _OF_TIME.match(plain, led.end()) is not None
