"""Demands behind the last of several cancers that a list numbers: "… 4. Ovarian cancer: … / Participants must have: …".

Whether such lines bind all the patients of the list, or those of the entry in front of them alone, is not said. Those
with the cancer of that entry are bound in both cases; of others it is left open.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AnyOf, Leaf, Node, When, leaves
from her2nav.model.trial import Criterion, Role

_LEAD = re.compile(
    r"\s*(?:patients|participants|subjects|they) (?:must|should)(?: also)? (?:have|have had|meet|be)(?: the following)?\s*:[\W\d]*"
)
"""A paragraph without a mark of its own that leads the bullets behind it."""
_MARK = re.compile(r"[\W\d]*")
_COUNTED = re.compile(r"(?:\d{1,2}|[a-h])[.)]\s*\Z")


def opened(criteria: Sequence[Criterion], plain: str) -> list[Criterion]:
    """Return the criteria with those behind the last label of a list of cancers bound to it, or open."""
    out: list[Criterion] = []
    whom: When | None = None
    for before, item in itertools.pairwise((None, *criteria)):
        if item is None:
            continue
        own = _label(item)
        if own is not None or before is None or not _beside(before, item):
            whom = None
        else:
            between = plain[_span(before)[1] : _span(item)[0]]
            label = _label(before)
            if label is not None and _LEAD.fullmatch(between) and _counted(before, plain):
                whom = label
            elif not _MARK.fullmatch(between):
                whom = None
        out.append(item if whom is None else replace(item, node=_bound(whom, item)))
    return out


def _span(item: Criterion) -> tuple[int, int]:
    return item.span or (0, 0)


def _beside(one: Criterion, other: Criterion) -> bool:
    return (one.section, one.scope) == (other.section, other.scope) and one.span is not None and other.span is not None


def _counted(item: Criterion, plain: str) -> bool:
    return _COUNTED.search(plain[max(0, _span(item)[0] - 6) : _span(item)[0]]) is not None


def _label(item: Criterion) -> When | None:
    """Return the demand of an entry that begins with the name of a cancer; None of any other."""
    node = item.node
    labelled = (
        item.section == "inclusion"
        and item.role is Role.DECIDES
        and isinstance(node, When)
        and {inner.kind for inner in leaves(node.when)} - {"unread"} == {"tumour_type"}
    )
    return node if labelled and isinstance(node, When) else None


def _bound(whom: When, item: Criterion) -> Node:
    of_others = Leaf("unread", leaf("unread", note="whether this binds the other cancers of the list").params)
    return When(AnyOf((whom.when, of_others)), item.node)
