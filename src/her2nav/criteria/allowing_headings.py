"""Earlier treatment under a heading that allows it: "Prior treatment allowed (phase II):" demands none of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.logic import all_of, left_unread
from her2nav.criteria.outline import Outline
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, leaves
from her2nav.model.trial import Criterion, Role

_ALLOWS = re.compile(
    r"\b(?:therap(?:y|ies)|treatments?|regimens?|medications?|surger(?:y|ies)|chemotherapy|radiotherapy)\b[^.;:]{0,30}(?<!not )(?<!no )(?<!only )\b(?:allowed|permitted|acceptable)\b[^.;:]{0,30}:?\W*\Z"
)
_WORD = re.compile(r"[a-z]{3}")
_TREATMENTS = frozenset({"prior_therapy", "lines_of_therapy", "procedure"})


def opened(criteria: Sequence[Criterion], taken: Outline) -> list[Criterion]:
    """Return the criteria; what stands under such a heading and would ask for earlier treatment only allows it.

    A limit ("no more than two lines") binds all the same, and so does everything that is no treatment.
    """
    headings = [
        (end, _ALLOWS.search(taken.plain[start:end]) is not None)
        for start, end in sorted(taken.headings)
        if _WORD.search(taken.plain, start, end)  # marks of a list are none
    ]
    if not any(allows for _, allows in headings):
        return list(criteria)
    return [_allowed(item) if _under(item, headings) and _asks(item.node) else item for item in criteria]


def _allowed(item: Criterion) -> Criterion:
    """Return a criterion that demands none of the treatment it names; what it limits stays, and the rest of it open."""
    if any(_is_limit(one) for one in leaves(item.node)):
        parts = item.node.parts if isinstance(item.node, AllOf) else (item.node,)
        limits = tuple(one for one in parts if isinstance(one, Leaf) and _is_limit(one))
        return replace(item, node=all_of([*limits, left_unread(item.node)]))
    return replace(item, role=Role.PERMITS)


def _under(item: Criterion, headings: Sequence[tuple[int, bool]]) -> bool:
    """Whether the nearest heading above a demand allows what stands under it."""
    if item.span is None or item.section != "inclusion" or item.role is not Role.DECIDES:
        return False
    above = [allows for end, allows in headings if end <= item.span[0]]
    return bool(above) and above[-1]


def _asks(node: Node) -> bool:
    """Whether a tree does nothing but ask for treatment that was given; a greatest number of lines alone is a limit."""
    found = list(leaves(node))
    known = all(one.kind in _TREATMENTS or one.kind in ("unread", "judgement") for one in found)
    return _positive(node) and known and any(one.kind in _TREATMENTS and not _is_limit(one) for one in found)


def _positive(node: Node) -> bool:
    match node:
        case Leaf():
            return True
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return all(_positive(part) for part in parts)
    return False


def _is_limit(node: Leaf) -> bool:
    return node.kind == "lines_of_therapy" and node.params.max is not None and not node.params.min
