"""Ages that bind some patients: a trial that takes everybody from 18 on does not ask for 65 in another line.

"Grade I to III (patients over 65)", "Age 65 to 70 years:" in front of a list: the least of several ages of adults is the
trial's; whoever is younger than the others is not shut out for certain. Nor is a trial of women after menopause that
never speaks of children meant for those under 18: there the sign was turned round ("< 18 years").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.logic import left_unread
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node
from her2nav.model.trial import Criterion, Role

COMING_OF_AGE = range(16, 26)
"""Ages in years that a trial sets as the least for everybody; from an older one on, only some are meant."""

_OF_CHILDREN = re.compile(
    r"\b(?:child(?!-?\s?bearing)\w*|p(?:a)?ediatric\w*|adolescen\w+|infants?|neonat\w+|newborns?|toddlers?|boys?|girls?|minors?|parents?|guardians?|assent|lansky|juvenile|teen\w*|young)\b"
)
_LESS_THAN = re.compile(r"(?:<|≤|\bless than\b)\s?=?\s?(?:1[6-9]|2[01])\b")
_OF_ADULTS = re.compile(
    r"menopaus|pregnan|breast[- ]?feed|lactat|contracep|child-?\s?bearing|\b(?:mammary|breast|prostat\w+) (?:cancer|carcinoma)"
)


def across(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria with every least age but the lowest open, where several are asked for."""
    criteria = _never_for_children(criteria)
    asked = {
        bound
        for item in criteria
        if item.section == "inclusion" and item.role is Role.DECIDES and not item.scope
        for bound in _bounds(item.node)
    }
    grown = {bound for bound in asked if bound >= COMING_OF_AGE[0]}
    if len(grown) < 2:
        return list(criteria)
    least = min(grown)
    return [
        replace(item, node=_opened(item.node, least))
        if item.section == "inclusion" and any(bound > least for bound in _bounds(item.node))
        else item
        for item in criteria
    ]


def _never_for_children(criteria: Sequence[Criterion]) -> Sequence[Criterion]:
    """Return the criteria with an upper age below that of adults open, where all else of the text is on adults."""
    if not any(item.section == "inclusion" and _only_young(item.node) for item in criteria):
        return criteria
    written = " ".join(item.text.lower() for item in criteria)
    if _OF_CHILDREN.search(written) or not _OF_ADULTS.search(written):
        return criteria
    return [
        replace(item, node=_either_sign(item.node))
        if item.section == "inclusion" and _LESS_THAN.search(item.text.lower())
        else item
        for item in criteria
    ]


def _only_young(node: Node) -> bool:
    if isinstance(node, AllOf):
        return any(map(_only_young, node.parts))
    return (
        isinstance(node, Leaf)
        and node.kind == "age"
        and node.params.max is not None
        and node.params.max < COMING_OF_AGE[-1]
        and node.params.min is None
    )


def _either_sign(node: Node) -> Node:
    if isinstance(node, AllOf):
        return AllOf(tuple(map(_either_sign, node.parts)), node.span)
    if not _only_young(node):
        return node
    doubt = Leaf("unread", leaf("unread", note="the sign of the age may be turned round").params, node.span)
    return AnyOf((node, doubt), node.span)


def _bounds(node: Node) -> list[int]:
    """Return the least ages that a demand asks of everybody."""
    if isinstance(node, AllOf):
        return [bound for part in node.parts for bound in _bounds(part)]
    return [node.params.min] if isinstance(node, Leaf) and node.kind == "age" and node.params.min else []


def _opened(node: Node, least: int) -> Node:
    if isinstance(node, AllOf):
        return AllOf(tuple(_opened(part, least) for part in node.parts), node.span)
    if isinstance(node, Leaf) and node.kind == "age" and (node.params.min or 0) > least:
        return left_unread(node)
    return node
