"""Two performance scores of one demand: on two scales, or such as nobody has at once, where the second lets somebody in.

"ECOG 0 or 1 (ECOG 2 upon discussion with the sponsor)": whatever words stand around it, a score above the one that is asked
for is no further demand. "ECOG 0-2 (Karnofsky 60 or more)" is one demand, told on two scales.
"""

from __future__ import annotations

import itertools
import re

from her2nav.criteria.logic import all_of, any_of, in_doubt
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, When, leaves

_DOUBT = "those with the other score, too"


def opened(node: Node) -> Node:
    """Return what an inclusion asks for, a score that its own limit excludes as an exception to that limit."""
    if isinstance(node, When):
        return When(node.when, opened(node.then), node.span)
    if not isinstance(node, AllOf):
        return node
    limit = next((part for part in node.parts if _most(part) is not None), None)
    most = _most(limit)
    above = [part for part in node.parts if part is not limit and most is not None and _is_above(part, most)]
    if limit is None or not above:
        return AllOf(tuple(map(opened, node.parts)), node.span)
    parts = [
        any_of([part, in_doubt(all_of(above), doubt=_DOUBT)]) if part is limit else part
        for part in node.parts
        if part not in above
    ]
    return all_of(parts)


def on_two_scales(node: Node, plain: str) -> Node:
    """Return what an inclusion asks for, a score in brackets behind that of another scale as the same demand.

    Args:
        node: The tree.
        plain: The plain text in which the spans of its leaves lie.
    """
    if isinstance(node, When):
        return When(node.when, on_two_scales(node.then, plain), node.span)
    if not isinstance(node, AllOf):
        return node
    parts = [on_two_scales(part, plain) for part in node.parts]
    for first, second in itertools.pairwise(parts):
        if _same_demand(first, second, plain):
            at = parts.index(first)
            parts[at : at + 2] = [AnyOf((first, second))]
            break
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts), node.span)


_OPENS = re.compile(r"(?: status| scale| score)?\s*[(\[]\s*(?:or |equivalent to |i\.e\.,? |=\s*)?")


def _same_demand(one: Node, two: Node, plain: str) -> bool:
    if not (isinstance(one, Leaf) and isinstance(two, Leaf) and one.kind == two.kind == "performance_status"):
        return False
    scales = {(item.params.ecog_max is None, item.params.karnofsky_min is None) for item in (one, two)}
    if scales != {(False, True), (True, False)} or one.span is None or two.span is None:
        return False
    return _OPENS.fullmatch(plain, one.span[1], two.span[0]) is not None


def _most(node: Node | None) -> int | None:
    """The highest ECOG score that a demand takes."""
    return node.params.ecog_max if isinstance(node, Leaf) and node.kind == "performance_status" else None


def _is_above(node: Node, most: int) -> bool:
    """Whether a part asks for a higher score than another one takes."""
    scores = [item.params for item in leaves(node) if item.kind == "performance_status"]
    others = {item.kind for item in leaves(node)} - {"performance_status", "judgement", "unread"}
    return bool(scores) and not others and all((item.ecog_max or 0) > most for item in scores) and any(item.ecog_min for item in scores)  # fmt: skip
