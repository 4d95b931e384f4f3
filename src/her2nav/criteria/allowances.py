"""Criteria that only allow something and were not read in full: what they allow is a point in their own words.

A permission of which words are left may hide a demand, so a criterion of its own keeps the answer open
(`reader._open_permission`). Where each sentence says that it allows, and none forbids or limits, it hides none: whom it lets
in, a person sees, and what is open has a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.logic import with_leaves
from her2nav.criteria.open_points import ALLOWED, only_allows
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import Leaf, Node, leaves
from her2nav.model.trial import Criterion, Role

OPEN = "-unread"
"""Behind the id of a permission: the criterion that keeps open what was not read of it."""
_SENTENCES = re.compile(r"(?<=[a-z)\]])[.;]\s+")
_LONGEST = 320


def named(criteria: Sequence[Criterion], plain: str) -> list[Criterion]:
    """Return the criteria in which permissions that were not read in full are points.

    Args:
        criteria: Of one text, each permission with the criterion that keeps it open.
        plain: The plain text.
    """
    said = {item.id: words for item in criteria if (words := _words(item, plain)) is not None}
    out: list[Criterion] = []
    for item in criteria:
        words = said.get(item.id.removesuffix(OPEN))
        if words is None or (item.role is not Role.PERMITS and not item.id.endswith(OPEN)):
            out.append(item)
            continue
        out.append(replace(item, node=_with_points(item.node, leaf("judgement", topic=f"{ALLOWED} ({words})"))))
    return out


def _with_points(node: Node, point: Leaf) -> Node:
    def made(item: Leaf, denied: bool) -> Node:
        return replace(item, kind=point.kind, params=point.params) if item.kind == "unread" else item

    return with_leaves(node, made)


def _words(item: Criterion, plain: str) -> str | None:
    """Return the words of a permission that hides no demand; None where it may hide one."""
    if item.role is not Role.PERMITS or item.span is None:
        return None
    written = " ".join(plain[slice(*item.span)].split()).strip(" .;,*-")
    if len(written) > _LONGEST or written.endswith(":") or not any(True for _ in leaves(item.node)):
        return None
    return written if all(map(only_allows, _SENTENCES.split(written))) else None
