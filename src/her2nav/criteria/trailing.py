"""What stands at the end of a list of exclusions may bound what stands before it: a time, a grade.

"Myocardial infarction, stent placement, or angioplasty within 6 months": whether the time is that of the infarction too
is not said for certain. Rules see the names that stand together; here stand lists that other words or other rules part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.connectors import Sign
from her2nav.criteria.logic import in_doubt
from her2nav.kinds.reading.base import both_ways, days_of, doubt_on
from her2nav.language.patterns import MACROS
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, leaves

_TIME = re.compile(
    rf"\b(?:within|in|during|over) (?:the )?(?:last |past |previous |preceding |prior )?(?P<time>{MACROS['time']}|(?:year|month|week)\b)"
    rf"|(?P<before>{MACROS['time']}) (?:prior to|before|preceding)\b"
)
_GRADE = re.compile(r"\bgr(?:ade|\.)? ?(?:[≥>] ?)?[1-4]\b")
_WHENEVER = re.compile(r"\b(?:any|ever|lifetime|at any time)\b")
_PAST = frozenset(
    {"cardiac_history", "bleeding_thrombosis", "gastrointestinal", "comorbidity", "lung_disease", "immune"}
)
_OF_THE_GUT = frozenset({"perforation", "bleeding"})
"""Events by the names that the kind of the gut gives them."""
_EVER = "it whenever it was, too"
"""What is open where the time behind a later entry may bound this one."""
_NARROWED = "it without what is said of the entry behind it, too"
_SHORT_WAY = 84
"""Days; a shorter time behind an operation or a treatment is that of its washout."""


def bounded(elements: Sequence[Node], said: Sequence[str], events: frozenset[str]) -> list[Node]:
    """Return the entries of a list, those open that a time or a grade behind a later one may bound.

    Args:
        elements: What the entries shut out.
        said: The words of each.
        events: Illnesses that happen at a time.
    """
    out = list(elements)
    days: int | None = None
    timed = graded = False
    for place in range(len(out) - 1, -1, -1):
        node, words = out[place], said[place]
        own_days, own_time = _time_of(node, words)
        if timed and not own_time and _WHENEVER.search(words) is None:
            out[place] = _timed(node, days, events)
        if graded and _GRADE.search(words) is None:
            out[place] = _graded(out[place])
        if own_time:
            timed, days = True, own_days
        graded = graded or (own_time is False and _GRADE.search(words) is not None and _unread(node))
    return out


_OF_VESSELS = frozenset({"angioplasty", "stent", "stenting", "coronary_bypass", "bypass", "revascularisation"})
_BARE_OPERATION = re.compile(r"\W*(?:or |and )?(?:any )?surger(?:y|ies)\b")


def of_vessels(elements: Sequence[Node], said: Sequence[str]) -> list[Node]:
    """Return the entries of a list, an operation open that stands behind those of the heart and the vessels.

    "Cardiac or other vascular stenting, angioplasty, or surgery": whether it means surgery of another kind is not said.
    """
    out = list(elements)
    for place in range(1, len(out)):
        before = {name for item in leaves(out[place - 1]) for name in getattr(item.params, "any_of", ())}
        bare = all(item.kind == "procedure" for item in leaves(out[place])) and _BARE_OPERATION.match(said[place])
        if bare and (before & _OF_VESSELS or "stent" in said[place - 1] or "angioplasty" in said[place - 1]):
            out[place] = in_doubt(out[place], doubt="operations of another kind, too")
    return out


_ALSO_NARROWS = re.compile(
    r"\b(?:with|without|that|which|who|requiring|needing|unsuitable|causing|resulting|because)\b"
)
"""Words that say more of what stands before them, and maybe of what stands before an "or" as well."""
_BRACKETS = re.compile(r"\([^()]*\)")
_MAY_BE_NARROWED = frozenset({"procedure", "cns_metastases"})
"""Kinds of which one clause may speak together with what stands behind the "or"."""
_ALONGSIDE = {
    "procedure": frozenset({"procedure", "measurable_disease", "disease_progression"}),
    "cns_metastases": frozenset({"leptomeningeal_disease", "comorbidity"}),
}


def narrowed(elements: Sequence[Node], said: Sequence[str], joints: Sequence[Sign], with_: set[int]) -> list[Node]:
    """Return the entries of a list, those open that a clause behind the last one may narrow.

    "Brain metastasis or compression of the cord that was not treated": whether treated metastases are shut out is not
    said for certain.

    Args:
        elements: What the entries shut out.
        said: The words of each.
        joints: Signs between them.
        with_: Places of the entries that "with" joins to the one before.
    """
    out = list(elements)
    last = max((place for place, joint in enumerate(joints, 1) if joint is Sign.OR), default=0)
    if not last or any(
        joint is not Sign.AND or place not in with_ for place, joint in enumerate(joints[last:], last + 1)
    ):
        return out
    more = last + 1 < len(out)
    if not more and (isinstance(out[last], Leaf) or _ALSO_NARROWS.search(_BRACKETS.sub(" ", said[last])) is None):
        return out
    tail = {item.kind for item in leaves(out[last])} - {"unread", "judgement"}
    node = out[last - 1]
    bare = isinstance(node, Leaf) or (isinstance(node, Not) and isinstance(node.part, Leaf))
    kinds = {item.kind for item in leaves(node)}
    alike = kinds <= _MAY_BE_NARROWED and all(tail <= _ALONGSIDE[kind] for kind in kinds)
    if bare and alike and _TIME.search(said[last - 1]) is None and _ALSO_NARROWS.search(said[last - 1]) is None:
        out[last - 1] = in_doubt(node, doubt=_NARROWED)
    return out


def _time_of(node: Node, words: str) -> tuple[int | None, bool]:
    """Return the days behind an entry and whether a time stands there that may be that of others."""
    found = _TIME.search(words)
    if found is None:
        return None, False
    days = {getattr(item.params, "within_days", None) for item in leaves(node)} - {None}
    kinds = {item.kind for item in leaves(node)}
    if not kinds & _PAST and (days_of(found[0]) or 0) < _SHORT_WAY:
        return None, False
    return (days.pop() if len(days) == 1 else None), True


def _timed(node: Node, days: int | None, events: frozenset[str]) -> Node:
    match node:
        case Leaf(kind=kind, params=params) if kind in _PAST and params.within_days is None and _past(node, events):
            if days is None:
                return in_doubt(node, doubt=_EVER)
            return both_ways(node, replace(node, params=params.model_copy(update={"within_days": days})), _EVER)
        case AnyOf(parts=parts):
            return AnyOf(tuple(_timed(part, days, events) for part in parts), node.span)
        case AllOf(parts=parts) if doubt_on(_EVER) not in parts:
            return AllOf(tuple(_timed(part, days, events) for part in parts), node.span)
    return node


def _past(node: Leaf, events: frozenset[str]) -> bool:
    """Whether a leaf looks for something that is over, so that a time changes the answer."""
    wanted = getattr(node.params, "any_of", ())
    return bool(getattr(node.params, "ever", False)) or (
        bool(wanted) and all(item in events or item in _OF_THE_GUT for item in wanted)
    )


def _graded(node: Node) -> Node:
    if isinstance(node, Leaf) and node.kind == "peripheral_neuropathy" and node.params.min_grade <= 1:
        return in_doubt(node, doubt="it whatever its grade")
    return node


def _unread(node: Node) -> bool:
    return all(item.kind == "unread" for item in leaves(node))
