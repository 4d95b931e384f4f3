"""Demands for a cancer that the record itself does not name: they belong to a part of the trial, or slipped in.

"Oesophageal cancer" above a text with a bare line "skin cancer" (what is left of an exception): nobody is shut out by
that line alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.alternatives import apart, types_of
from her2nav.kinds.reading.base import leaf
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AnyOf
from her2nav.model.trial import Criterion, Role


def opened(criteria: Sequence[Criterion], named: Sequence[str], knowledge: Knowledge) -> list[Criterion]:
    """Return criteria of which those that ask everybody for a cancer apart from all of the record's leave it open.

    Args:
        criteria: As they were read.
        named: Tumour types of the record's conditions; none where one of them is not known.
        knowledge: Which types lie within which.
    """
    own = frozenset(named)
    return [_opened(item) if own and _is_apart(item, own, knowledge) else item for item in criteria]


def _is_apart(item: Criterion, own: frozenset[str], knowledge: Knowledge) -> bool:
    if item.role is not Role.DECIDES or item.section != "inclusion" or item.scope:
        return False
    return apart(types_of(item.node), own, knowledge)


def _opened(item: Criterion) -> Criterion:
    open_ = leaf("unread", note="the record names other cancers: whether all must have this one is not read")
    return replace(item, node=AnyOf((item.node, open_)))
