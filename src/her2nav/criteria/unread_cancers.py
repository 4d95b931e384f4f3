"""Cancers of a list of which one was not read: whoever has that one is not shut out by the others.

"Prostate cancer, breast cancer or cancer of some organ spelled wrong": of the last nothing is known but that it is an
alternative.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.contradictions import conjuncts
from her2nav.criteria.logic import all_of
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AnyOf, Leaf, Node, Not, leaves
from her2nav.model.trial import Criterion, Role

_CANCER = re.compile(
    r"\b(?:cancers?|carcinomas?|adenocarcinomas?|tumou?rs?|sarcomas?|lymphomas?|melanomas?|malignanc(?:y|ies)|neoplasms?)\W*\Z"
)
_OR = re.compile(r"\b(?:or|and/or)\s[\w\s()-]{0,40}\Z")
_CANCER_ONLY = frozenset({"tumour_type"})
_OF_ENTRIES = frozenset({"tumour_type", "disease_setting", "her2_status", "hormone_receptor", "prior_therapy"})
"""Kinds of what an entry of such a list asks for."""
_NOTE = "which cancer one of the alternatives names is not read"
_DENIES = re.compile(r"\b(?:no|not|none|without|exclud\w+|except\w*|excluding|other than|rather than)\b|[.;]\s")
_ENDS = ".;:"
_LONGEST = 40
"""Characters of a name."""


def opened(criterion: Criterion, plain: str) -> Criterion:
    """Return a demand that those with a cancer which was not read may still meet.

    Args:
        criterion: As it was read.
        plain: Its plain text.
    """
    if criterion.role is not Role.DECIDES or criterion.section != "inclusion" or criterion.span is None:
        return criterion
    if not any(item.kind in _CANCER_ONLY for item in leaves(criterion.node)):
        return criterion
    first = criterion.span[0]
    told = [item.span[1] - first for item in leaves(criterion.node) if item.kind in _CANCER_ONLY and item.span]
    spans = [
        item.span
        for item in leaves(criterion.node)
        if item.kind == "unread" and item.span and _behind(plain, told, item.span[0] - first)
    ]
    within = [_sentence(plain, a - first, b - first) for a, b in spans if _is_alternative(plain, a - first, b - first)]
    if not within:
        return criterion
    parts = [_with_way_out(part, first, within) for part in conjuncts(criterion.node)]
    return replace(criterion, node=all_of(parts))


def _behind(plain: str, told: Sequence[int], at: int) -> bool:
    """Whether a place goes on with a list of cancers of which one was read."""
    last = max((end for end in told if end <= at), default=None)
    return last is not None and _DENIES.search(plain[:at], last) is None


def _is_alternative(plain: str, start: int, end: int) -> bool:
    if end - start > _LONGEST:
        return False
    return _CANCER.search(plain[:end], start) is not None and _OR.search(plain[:start]) is not None


def _sentence(plain: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a stretch begins and ends."""
    stop = min((at for mark in _ENDS if (at := plain.find(mark, end)) >= 0), default=len(plain))
    return max(plain.rfind(mark, 0, start) for mark in _ENDS) + 1, stop


def _with_way_out(part: Node, first: int, within: list[tuple[int, int]]) -> Node:
    """Return a demand that names a cancer in such a sentence, with the way out."""
    told = [item.span[0] - first for item in leaves(part) if item.kind in _OF_ENTRIES and item.span is not None]
    if isinstance(part, Not) or not any(start <= at < end for at in told for start, end in within):
        return part
    if isinstance(part, AnyOf) and any(isinstance(one, Leaf) and one.kind == "unread" for one in part.parts):
        return part
    others = part.parts if isinstance(part, AnyOf) else (part,)
    return AnyOf((*others, leaf("unread", note=_NOTE)), part.span)
