"""Definitions that stand alone: "HER2 positivity is defined as IHC 3+ or FISH+" says what a word means, not who may enter.

Where another criterion demands the same status, the definition says how it is met and counts with it. Where none
does (the trial may only want the status known), nobody is shut out by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from her2nav.criteria.logic import left_unread, with_leaves
from her2nav.model.tree import Leaf, Node, When, children, leaves
from her2nav.model.trial import Criterion, Role

_SUBJECT = (
    r"(?:(?:her-?2(?:[/ ]neu)?|erbb2|er|pr|pgr|hr|hormone receptors?|(?:o?estrogen|progesterone)(?: receptors?)?)"
    r"(?:\s?\((?:er|pr|pgr|hr|her-?2)\))?[\s,/]*(?:and|or|and/or)?[\s,/-]*){1,3}"
)
_DEFINES = re.compile(
    rf"[\W\d]*{_SUBJECT}(?:status |expression )?(?:positiv\w+|negativ\w+|overexpress\w+|status|low|\+|-)?\s"
    r"(?:(?:is|are|was|were|will be|should be)\s)?defined (?:as|by)\b"
)
_KINDS = ("her2_status", "hormone_receptor")


def opened(criteria: Sequence[Criterion], plain: str) -> list[Criterion]:
    """Return the criteria with definitions left open that no demand of the same trial needs.

    Args:
        criteria: All criteria of a text.
        plain: The text in the reader's small letters.
    """
    alone = [item for item in criteria if _defines(item, plain)]
    return [_open(item, criteria, alone) if item in alone else item for item in criteria]


def _defines(item: Criterion, plain: str) -> bool:
    asked = item.section == "inclusion" and item.role is Role.DECIDES and item.span is not None
    return asked and item.span is not None and _DEFINES.match(plain, *item.span) is not None


def _open(item: Criterion, criteria: Sequence[Criterion], alone: Sequence[Criterion]) -> Criterion:
    demanded = {
        one
        for other in criteria
        if other.section == "inclusion" and other.role is Role.DECIDES and all(other is not each for each in alone)
        for one in _statuses(other)
    }
    mine = set(_statuses(item))
    if not mine or mine & demanded:
        return item
    return replace(item, node=with_leaves(item.node, _left))


def _left(one: Leaf, _denied: bool) -> Node:
    return left_unread(one) if one.kind in _KINDS else one


def _statuses(item: Criterion) -> Iterator[tuple[str, str]]:
    """Yield what a criterion demands: the marker with its side; one that takes either side demands none."""
    for one in _of_all(item.node):
        if one.kind == "hormone_receptor" and (side := getattr(one.params, "status", None)):
            yield "hormone_receptor", str(side)
        if one.kind == "her2_status":
            sides = {_side(each) for each in getattr(one.params, "any_of", ())}
            if len(sides) == 1:
                yield "her2_status", sides.pop()


def _of_all(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree, not those that bind a part of the trial or some patients only."""
    if isinstance(node, When):
        if all(one.kind in ("tumour_type", "disease_setting") for one in leaves(node.when)):
            yield from _of_all(node.then)
    elif isinstance(node, Leaf):
        yield node
    else:
        for part in children(node):
            yield from _of_all(part)


def _side(definition: object) -> str:
    status, ish = getattr(definition, "status", None), getattr(definition, "ish", None)
    scores = getattr(definition, "ihc", ())
    if status is not None:
        return str(status)
    if ish is not None:
        return str(ish)
    return "positive" if "3+" in scores else "negative"
