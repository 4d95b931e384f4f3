"""Limits in front of "if no liver metastases": which of them these words, that stand behind, bind.

"Albumin above 2.5, bilirubin below 1.25 x ULN, ALT below 3 x ULN if no liver metastases" asks for the albumin of
everybody. Where several limits that metastases may loosen stand in front, all of them may be meant, or the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.criteria.logic import all_of
from her2nav.criteria.looser_limits import OF_THE_LIVER
from her2nav.kinds.reading.base import TWO_WAYS, leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves

_FURTHER = re.compile(r"\d\s*(?:x|×|times|\*)")
"""A limit that was not read with its name."""


def limits_apart(node: Node, plain: str, at: int) -> Node:
    """Return a demand in which words on liver metastases bind the limit in front of them alone.

    Args:
        node: Tree of the criterion.
        plain: Its plain text.
        at: Where that begins.
    """
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(limits_apart(part, plain, at) for part in parts), node.span)
        case When(when=when, then=AllOf() as then) if _of_the_liver(when):
            guard = max((item.span[0] for item in leaves(when) if item.span), default=0)
            limits = list(_conjuncts(then))
            if not all(isinstance(one, Leaf) and one.kind == "lab_value" and one.span for one in limits):
                return node
            return _parted(when, [one for one in limits if isinstance(one, Leaf)], guard, plain, at) or node
    return node


def _parted(when: Node, limits: list[Leaf], guard: int, plain: str, at: int) -> Node | None:
    ends = [one.span[1] for one in limits if one.span is not None]
    if max(ends) > guard:
        return None
    bound: list[Node] = []
    others: list[Node] = []
    last = _sorts(limits[ends.index(max(ends))])
    for one, end in zip(limits, ends, strict=True):
        if one.params.variable not in OF_THE_LIVER:
            others.append(one)
        elif _FURTHER.search(plain[max(ends) - at : guard - at]):
            others.append(AnyOf((one, leaf("unread", note=TWO_WAYS)), one.span))
        elif _sorts(one) != last and end < max(ends):
            bound.append(one)
            others.append(AnyOf((one, leaf("unread", note=TWO_WAYS)), one.span))
        else:
            bound.append(one)
    if not others:
        return None
    return all_of([*others, *([When(when, all_of(bound))] if bound else [])])


def _sorts(limit: Leaf) -> str:
    name = str(limit.params.variable)
    return "transaminases" if name in ("ast", "alt") else name


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, AllOf):
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _of_the_liver(node: Node) -> bool:
    inner = node.part if isinstance(node, Not) else node
    if isinstance(inner, AllOf):
        return all(map(_of_the_liver, inner.parts))
    return isinstance(inner, Leaf) and inner.kind == "metastatic_site" and inner.params.any_of == ("liver",)
