"""What a trial says of its younger patients binds nobody else.

"For pediatric patients (< 18 years of age) the limit is 390 U/L", "weight of at least 35 kg for patients under 18",
"at least 18 years, and minors from 12 to 17": taken by the word, each would ask every adult to be a child. The age says
whom the rest of its sentence binds; of two ages that nobody can have both, one suffices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from her2nav.criteria.logic import all_of, any_of, left_unread
from her2nav.model.tree import AllOf, Leaf, Node, When, leaves
from her2nav.model.trial import Criterion, Role

_GROWN = 21
"""Years; whoever is of that age is no child to any trial."""
_PEOPLE = (
    r"(?:patients|participants|subjects|individuals|persons|those|children|adolescents|minors|teenagers|infants|youths)"
)
_OF_SOME = re.compile(
    rf"\b(?:for|in|among|if) (?:the |all |any |an? )?(?:[\w-]+ ){{0,6}}?(?:{_PEOPLE}|child|adolescent|minor|(?:patient|participant|subject)s? is)"
    r"(?: (?:who are|that are|aged?|with|between|of|is|are))*[ (,]*\Z"
)
"""In front of an age: it tells whom something is for."""
_SUBJECT = re.compile(
    rf"\A\W*(?:note\W*)?(?:(?:all|any|the|pa?ediatric|adolescent|younger|minor|female|male) )*{_PEOPLE}(?: (?:who are|that are|aged?|between|of))*[ (,]*\Z"
)
_DOES = re.compile(
    r"[^.;:]{0,90}?\b(?:must|should|shall|may|can|will|need|needs|have|has|require|requires|(?:are|is) (?:also )?(?:required|considered|eligible))\b"
)
"""Behind people and their age: what they do, so that the sentence is about them."""
_END = re.compile(r"(?<!\d)[.](?!\d)|[;\n]|\*|(?<=[a-z)]):")
"""What ends a sentence or a label."""


def opened(item: Criterion, plain: str) -> Criterion:
    """Return a criterion in which an age of children binds whom it names, and no adult.

    Args:
        item: A criterion with its span.
        plain: The plain text in which the spans lie.
    """
    if item.section != "inclusion" or item.role is not Role.DECIDES:
        return item
    if not any(map(_young, leaves(item.node))):
        return item
    node = _walked(item.node, plain)
    return item if node == item.node else replace(item, node=node)


def _walked(node: Node, plain: str) -> Node:
    if isinstance(node, When):
        then = _walked(node.then, plain)
        return node if then == node.then else replace(node, then=then)
    if not isinstance(node, AllOf):
        return node
    parts: Sequence[Node] = _either(tuple(_walked(part, plain) for part in node.parts))
    while (young := next((part for part in parts if _binds_some(part, plain)), None)) is not None:
        assert isinstance(young, Leaf)
        parts = _bound_to(young, parts, plain)
    if tuple(parts) == node.parts:
        return node
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts), node.span)


def _young(item: Leaf) -> bool:
    return item.kind == "age" and item.params.max is not None and item.params.max < _GROWN and item.span is not None


def _binds_some(node: Node, plain: str) -> bool:
    """Whether a demand for an age of children only says whom its sentence is about."""
    if not isinstance(node, Leaf) or not _young(node) or node.span is None:
        return False
    first, last = _sentence(node.span, plain)
    before = plain[first : node.span[0]]
    subject = _SUBJECT.match(before) is not None and _DOES.match(plain, node.span[1], last) is not None
    return subject or _OF_SOME.search(before) is not None


def _sentence(span: tuple[int, int], plain: str) -> tuple[int, int]:
    """Return where the sentence around a place begins and ends."""
    first = 0
    for end in _END.finditer(plain, max(0, span[0] - 300), span[0]):
        first = end.end()
    behind = _BEHIND.search(plain, span[1])
    return max(first, span[0] - 300), behind.start() if behind is not None else len(plain)


_BEHIND = re.compile(r"(?<!\d)[.](?!\d)|[;\n*]")


def _bound_to(young: Leaf, parts: Sequence[Node], plain: str) -> list[Node]:
    """Return the parts with those of its sentence bound to an age; alone, it is left open."""
    assert young.span is not None
    first, last = _sentence(young.span, plain)
    inside = _within(first, last)
    said = [part for part in parts if part is not young and inside(part)]
    words = [part for part in said if isinstance(part, Leaf) and part.kind == "unread" and _ahead(part, young)]
    then = [part for part in said if part not in words]
    bound: Node = When(all_of([*words, young]), all_of(then)) if then else left_unread(young)
    out: list[Node] = []
    for part in parts:
        if part is young:
            out.append(bound)
        elif part not in said or (not then and part in words):
            out.append(part)
    return out


def _ahead(part: Leaf, young: Leaf) -> bool:
    return part.span is not None and young.span is not None and part.span[1] <= young.span[0]


def _within(first: int, last: int) -> Callable[[Node], bool]:
    def inside(node: Node) -> bool:
        spans = [item.span for item in leaves(node) if item.span is not None]
        return bool(spans) and all(first <= start and end <= last for start, end in spans)

    return inside


def _either(parts: tuple[Node, ...]) -> Sequence[Node]:
    """Return the parts with two ages that nobody has both as alternatives: "18 or over, and minors from 12 to 17"."""
    ages = [part for part in parts if isinstance(part, Leaf) and part.kind == "age"]
    young = [part for part in ages if _young(part)]
    grown = [part for part in ages if part.params.min is not None and part not in young]
    apart = [part for part in young if any((part.params.max or 0) <= (other.params.min or 0) for other in grown)]
    if not apart:
        return parts
    kept = [
        part
        for part in parts
        if part not in apart and part not in grown and not any(_names(part, young) for young in apart)
    ]
    return [any_of([*grown, *apart]), *kept]


def _names(part: Node, young: Leaf) -> bool:
    """Whether a stretch of words right in front of an age only names those of that age: "minors"."""
    if not isinstance(part, Leaf) or part.kind != "unread" or part.span is None or young.span is None:
        return False
    return 0 <= young.span[0] - part.span[1] <= _NEAR and part.span[1] - part.span[0] <= _SHORT


_NEAR = 12
"""Characters between a name and its age."""
_SHORT = 20
"""Characters of such a name."""
