"""Cancers and genes that a demand names as examples: who has another one is not shut out by that.

"Solid tumours, including breast and lung cancer" asks for a solid tumour, and "any inhibitor that is approved, including
but not limited to those of ALK and RET" asks nobody for a change of ALK.
"""

from __future__ import annotations

import re

from her2nav.criteria.logic import any_of
from her2nav.kinds.reading.base import doubt_on
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, When, leaves

_UNLIMITED = Sought(
    r"\binclud\w+\W+(?:[\w-]+,? ){0,3}?(?:not|never) (?:[\w-]+ ){0,2}?(?:limited|restricted|confined) to\b\W*"
)
"""Words that begin examples, whatever stands in front of them."""
_OF_MANY = Sought(
    r"\b(?:solid tumou?rs?|(?:cancers|tumou?rs|malignanc(?:y|ies)|cancer types|tumou?r types)(?: \w+){0,3})\b[^.;:]{0,120}?\b(?:includ\w+|such as|like)\b"
)
"""Examples behind words that take in many cancers."""
_SIGNS = re.compile(r"[()]|(?<!\d)(?<!\be\.g)(?<!\bi\.e)[.;](?=\s|\Z)")
"""Brackets, and the ends of sentences."""
_NAMED = frozenset({"tumour_type", "disease_setting", "gene_status", "other_driver"})
_SILENT = frozenset({"unread", "judgement"})
_DOUBT = "only the examples it names"


def opened(node: Node, plain: str, span: tuple[int, int]) -> Node:
    """Return a demand in which no example of a cancer or a gene is asked for.

    Args:
        node: Tree of the criterion.
        plain: Plain text of the record.
        span: Of the criterion in it.
    """
    places = [
        (found.end(), _end(plain, found.end(), span[1]))
        for sought in (_UNLIMITED, _OF_MANY)
        if sought.search(plain[span[0] : span[1]])
        for found in sought.expression.finditer(plain, *span)
    ]
    if not places:
        return node
    begin = min(first for first, _ in places)
    asked = frozenset(name for item in leaves(node) if _in_front(item, begin) for name in item.params.types)
    return _opened(node, places, asked)


def _in_front(item: Leaf, begin: int) -> bool:
    """Whether a leaf names a cancer in front of the examples."""
    return item.kind == "tumour_type" and item.span is not None and item.span[1] <= begin


def _end(plain: str, start: int, last: int) -> int:
    """Return where examples end: with their sentence, or with the bracket around them."""
    depth = 0
    for found in _SIGNS.finditer(plain, start, last):
        depth += (found[0] == "(") - (found[0] == ")")
        if depth < 0 or (depth == 0 and found[0] not in "()"):
            return found.start()
    return last


def _opened(node: Node, places: list[tuple[int, int]], asked: frozenset[str]) -> Node:
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(_opened(part, places, asked) for part in parts), node.span)
        case When(when=when, then=then):
            return When(when, _opened(then, places, asked), node.span)
        case Leaf() | AnyOf() if _is_example(node, places, asked):
            return any_of([node, doubt_on(_DOUBT)])
    return node


def _is_example(node: Node, places: list[tuple[int, int]], asked: frozenset[str]) -> bool:
    """Whether a node names cancers or genes within examples, and not those again that are asked for in front."""
    inner = list(leaves(node))
    types = {name for item in inner if item.kind == "tumour_type" for name in item.params.types}
    if types and types <= asked:
        return False
    if not {item.kind for item in inner} <= _NAMED | _SILENT or all(item.kind in _SILENT for item in inner):
        return False
    starts = [item.span[0] for item in inner if item.span is not None]
    return bool(starts) and any(first <= min(starts) < last for first, last in places)
