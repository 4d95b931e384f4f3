"""Limits that are looser for some patients, said in a sentence or an entry of its own.

"ALT up to 3 x ULN. ALT up to 5 x ULN with liver metastases": the first limit does not bind those with metastases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, When, leaves
from her2nav.model.trial import Criterion, Role

_EASING = frozenset({"gilbert_syndrome"})
"""Illnesses for which a limit is looser."""
_SITES = frozenset({"liver", "bone"})
OF_THE_LIVER = frozenset({"ast", "alt", "bilirubin", "direct_bilirubin", "alkaline_phosphatase", "ggt"})
"""Blood tests whose limits are relaxed for metastases of the liver."""
_UP = ("<=", "<")
_DOWN = (">=", ">")


def of_some(node: Node) -> bool:
    """Whether a node names those for whom limits are looser: metastases of the liver or bone, Gilbert syndrome."""
    found = [item for item in leaves(node) if item.kind not in ("unread", "judgement")]
    return bool(found) and all(
        (item.kind == "metastatic_site" and {*item.params.any_of} <= _SITES)
        or (item.kind == "comorbidity" and {*item.params.any_of} <= _EASING)
        for item in found
    )


def of_gilbert(node: Node) -> bool:
    """Whether a node names Gilbert syndrome and nothing else."""
    return of_some(node) and all(item.kind in ("comorbidity", "judgement") for item in leaves(node))


def is_limits(node: Node) -> bool:
    """Whether a node holds limits of laboratory values, all of them demanded, and nothing else."""
    if isinstance(node, AllOf):
        return all(is_limits(part) for part in node.parts)
    return isinstance(node, Leaf) and node.kind == "lab_value"


def bound_to_looser(node: Node, condition: Node) -> Node | None:
    """Return a limit with a condition behind its looser one: "up to 1.5 x ULN (up to 3 with Gilbert syndrome if C)".

    Who keeps to the first limit needs none of it. None where no looser limit stands last.
    """
    if not isinstance(node, AnyOf):
        return None
    *front, last = node.parts
    if not isinstance(last, AllOf):
        return None
    whom = [part for part in last.parts if of_some(part)]
    limits = [part for part in last.parts if is_limits(part)]
    if not whom or not limits or len(whom) + len(limits) != len(last.parts) or not all(map(is_limits, front)):
        return None
    return AnyOf((*front, AllOf((*last.parts, condition))))


def eased(node: Node) -> Node:
    """Return a demand in which a limit that is looser for some patients does not bind them."""
    if not isinstance(node, AllOf):
        return node
    node = _of_two(node)
    found = [part for part in node.parts if _loosens(part) or _may_loosen(part)]
    if not found:
        return node
    parts = [part if part in found else _with(part, found) for part in node.parts]
    return AllOf(tuple(parts), node.span)


def _of_two(node: AllOf) -> AllOf:
    """Return a demand of two limits of one value with the stricter for some alone: nobody asks for both."""
    parts = list(node.parts)
    for place, part in enumerate(parts):
        behind = [other for other in parts[place + 1 :] if _is_looser(part, other)]
        if behind and any(isinstance(other, Leaf) and other.kind == "unread" for other in parts[place + 1 :]):
            parts[place] = AnyOf((part, AllOf((behind[0], leaf("unread", note=FOR_WHOM)))))
            parts.remove(behind[0])
            return AllOf(tuple(parts), node.span)
    return node


FOR_WHOM = "for whom the looser limit is meant is not read"


def _is_looser(one: Node, two: Node) -> bool:
    if not (isinstance(one, Leaf) and isinstance(two, Leaf) and one.kind == two.kind == "lab_value"):
        return False
    return _looser(one, When(two, two)) is not None


def loosened(node: Node, unless: Leaf) -> Node:
    """Return a demand in which words that were not read may set looser limits of the liver's tests."""
    match node:
        case Leaf(kind="lab_value", params=params) if params.variable in OF_THE_LIVER and params.op in _UP:
            return AnyOf((node, unless))
        case AllOf(parts=parts):
            return AllOf(tuple(loosened(part, unless) for part in parts), node.span)
    return node


def across(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria with limits that another entry loosens for some patients."""
    asked = [item.section == "inclusion" and item.role is Role.DECIDES for item in criteria]
    found = [
        (item.scope, part)
        for item, own in zip(criteria, asked, strict=True)
        if own
        for part in (item.node.parts if isinstance(item.node, AllOf) else (item.node,))
        if _loosens(part) and of_some(part.when)  # type: ignore[union-attr]
    ]
    if not found:
        return list(criteria)
    out: list[Criterion] = []
    for item, own in zip(criteria, asked, strict=True):
        rules = [part for scope, part in found if scope == item.scope]
        out.append(replace(item, node=_with(item.node, rules)) if own and rules else item)
    return out


def permitted(node: Node, let_in: Node) -> Node | None:
    """Return a demand with the looser limit that a permission behind it names; None where it names none."""
    if not isinstance(let_in, AllOf):
        return None
    who = [part for part in let_in.parts if of_some(part)]
    limits = [part for part in let_in.parts if is_limits(part)]
    if len(who) != 1 or not limits or len(who) + len(limits) != len(let_in.parts):
        return None
    rule = When(who[0], limits[0] if len(limits) == 1 else AllOf(tuple(limits)))
    made = _with(node, [rule])
    return made if made != node else None


def _loosens(node: Node) -> bool:
    """Whether a node sets limits for some patients, whoever they are, and it may be what was not read beside them."""
    if not isinstance(node, When):
        return False
    said = [item.kind for item in _demanded(node.then)]
    return "lab_value" in said and {*said} <= {"lab_value", "unread"}


def _demanded(node: Node) -> list[Leaf]:
    """Return the leaves of a node that demands all it holds; none of another."""
    if isinstance(node, Leaf):
        return [node]
    parts = [_demanded(part) for part in node.parts] if isinstance(node, AllOf) else [[]]
    return [item for part in parts for item in part] if all(parts) else []


def _may_loosen(node: Node) -> bool:
    """Whether a node says something of those for whom limits are looser that was not read."""
    return isinstance(node, When) and of_some(node.when) and all(item.kind == "unread" for item in leaves(node.then))


def _with(node: Node, rules: Sequence[Node]) -> Node:
    match node:
        case Leaf(kind="lab_value"):
            for rule in rules:
                if isinstance(rule, When) and (looser := _looser(node, rule)) is not None:
                    return AnyOf((node, AllOf((rule.when, looser))))
        case AllOf(parts=parts):
            return AllOf(tuple(_with(part, rules) for part in parts), node.span)
        case AnyOf(parts=parts):
            eased_so = any(of_some(part) for inner in parts for part in _together(inner))
            others = [rule for rule in rules if not (eased_so and isinstance(rule, When) and of_some(rule.when))]
            return AnyOf(tuple(_with(part, others) for part in parts), node.span) if others else node
    return node


def _together(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, AllOf) else (node,)


def _looser(limit: Leaf, rule: When) -> Leaf | None:
    """Return the looser limit that a rule sets for the value of a limit."""
    if _may_loosen(rule):
        return next(leaves(rule.then)) if limit.params.variable in OF_THE_LIVER and limit.params.op in _UP else None
    for other in leaves(rule.then):
        if other.kind != "lab_value":
            continue
        one, two = limit.params, other.params
        if one.variable != two.variable or one.unit != two.unit:
            continue
        if (one.op in _UP and two.op in _UP and two.value > one.value) or (
            one.op in _DOWN and two.op in _DOWN and two.value < one.value
        ):
            return other
    return None
