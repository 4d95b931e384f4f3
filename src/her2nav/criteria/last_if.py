"""A condition behind limits: "ECOG 0-1, 2 if due to bone pain", "at least one prior line, two if HER2-low".

It binds the last of them alone: nobody is let in with any score or without any line because the condition is not his.
"""

from __future__ import annotations

from dataclasses import replace

from her2nav.criteria.logic import all_of, any_of
from her2nav.kinds.reading.base import both_ways, is_doubt
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, When, leaves

_MEASURED = frozenset({"performance_status", "lvef", "lines_of_therapy", "qtc"})


def of_last(node: Node, condition: Node) -> Node | None:
    """Return limits of which a condition behind them binds the last; None of any other demand.

    Args:
        node: What stands before the condition.
        condition: The condition.
    """
    scores = _scores(node)
    if scores:
        bound = _of_score(scores, condition)
        # "ECOG 2 if C" may ask for a score, or let one in.
        return both_ways(bound, When(condition, node)) if isinstance(node, Leaf) else bound
    if not isinstance(node, AllOf) or node.span is not None:
        return None
    *front, last = node.parts
    first = front[0]
    if not (isinstance(first, Leaf) and isinstance(last, Leaf)):
        return None
    if first.kind not in _MEASURED or last.kind not in ("unread", first.kind):
        return None
    return both_ways(all_of([*front, When(condition, last)]), When(condition, node))


def _scores(node: Node) -> list[Leaf]:
    """Return the performance scores of a demand that asks for nothing else."""
    found = [one for one in leaves(node) if not is_doubt(one)]
    kinds = {one.kind for one in found}
    if isinstance(node, AllOf) and "unread" in kinds:
        return []  # "ECOG 0-1, PS 2 if …": the score that the condition is about was not read
    if not isinstance(node, Leaf | AnyOf | AllOf) or not kinds <= {"performance_status", "judgement"}:
        return []
    return [one for one in found if one.kind == "performance_status" and one.params.ecog_max is not None]


def _of_score(scores: list[Leaf], condition: Node) -> Node:
    """Return the highest score, which only those have to whom the condition applies."""
    highest = max(scores, key=lambda one: one.params.ecog_max)
    most = highest.params.ecog_max
    whole = replace(highest, params=highest.params.model_copy(update={"ecog_min": None}))
    if most == 0:
        return When(condition, whole)
    lower = replace(whole, params=whole.params.model_copy(update={"ecog_max": most - 1}))
    return all_of([whole, any_of([lower, condition])])
