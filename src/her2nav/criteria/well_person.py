"""Limits read the wrong way round: no trial shuts out everybody who is well.

"No significant abnormalities: LVEF above 50 %", "ECOG 1 or less" among the exclusions, "QTc above 500 ms. Note: if a
single ECG shows …": where a denial would turn away whoever has normal values, a header, a "no" or the section was taken
for something that it is not. Such a part of a criterion stays open. `criteria/well_person.yaml` says what is normal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from her2nav.criteria.illness import NEVER_DEMANDED
from her2nav.criteria.logic import deny, in_doubt
from her2nav.kinds.reading.base import both_ways, is_doubt
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When, leaves
from her2nav.model.truth import Truth, all_of, any_of, at_least

_Range = tuple[Decimal, Decimal]
_SILENT = frozenset({"unread", "judgement"})
_MEASURED = frozenset({"lvef", "vital_sign"})
"""Kinds of which no trial asks for a value out of the normal without saying more."""


def without_limits_on_the_well(node: Node, knowledge: Knowledge) -> Node:
    """Return a demand with the parts open that nobody with normal values could fulfil."""
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(without_limits_on_the_well(part, knowledge) for part in parts), node.span)
        case When(when=when, then=then):
            return When(when, without_limits_on_the_well(then, knowledge), node.span, node.text)
        case Not(part=AnyOf(parts=parts)):
            turned = [part for part in parts if _truth(part, knowledge) is Truth.MET]
            if turned:
                rest = tuple(part for part in parts if part not in turned)
                opened = tuple(_open(Not(part, node.span)) for part in turned)
                return AllOf((Not(AnyOf(rest, node.part.span), node.span), *opened) if rest else opened, node.span)
        case Not(part=part) if _truth(part, knowledge) is Truth.MET:
            return _open(node)
        case Leaf(kind=kind) if kind in _MEASURED and _truth(node, knowledge) is Truth.NOT_MET:
            return _open(node)
        case Leaf(kind="lab_value", params=params) if _lets_everybody_through(params, knowledge):
            return in_doubt(node)
    return node


def _open(node: Node) -> Node:
    return both_ways(node, deny(node))


def _truth(node: Node, knowledge: Knowledge) -> Truth:
    """Return whether somebody with normal values, of whom nothing else is known, fulfils a proposition."""
    match node:
        case Leaf(kind=kind) if kind in NEVER_DEMANDED:
            return Truth.NOT_MET
        case Leaf():
            measured = _NORMAL.get(node.kind)
            return measured(node.params, knowledge) if measured is not None else Truth.UNKNOWN
        case Not(part=part):
            return _truth(part, knowledge).negated()
        case AllOf(parts=parts) if judged := _judged(parts, knowledge):
            return all_of(judged)
        case AnyOf(parts=parts) if judged := _judged(parts, knowledge):
            return any_of(judged)
        case AllOf() | AnyOf():
            return Truth.UNKNOWN
        case AtLeast(n=n, parts=parts):
            return at_least(n, [_truth(part, knowledge) for part in parts])
        case When(when=when, then=then):
            return any_of((_truth(when, knowledge).negated(), _truth(then, knowledge)))


def _judged(parts: Sequence[Node], knowledge: Knowledge) -> list[Truth]:
    """Return the truths of the parts; those of which nothing was read, and what an investigator judges, say nothing."""
    return [_truth(part, knowledge) for part in parts if any(_speaks(item) for item in leaves(part))]


def _speaks(item: Leaf) -> bool:
    return item.kind not in _SILENT or is_doubt(item)


def _lets_everybody_through(params: Any, knowledge: Knowledge) -> bool:
    """Whether a least value lies so far below the normal that a unit must be lost: "platelets 100 per µL"."""
    limit, normal = _canonical(params, knowledge), _normal(params.variable, knowledge)
    if params.op not in (">", ">=") or limit is None or normal is None:
        return False
    return limit * knowledge.well_person.slip_factor < normal[0]


def _compared(normal: _Range | None, op: str, limit: Decimal) -> Truth:
    """Return whether all or none of the normal values keep a limit."""
    if normal is None:
        return Truth.UNKNOWN
    kept = [
        end > limit if op == ">" else end >= limit if op == ">=" else end < limit if op == "<" else end <= limit
        for end in normal
    ]
    if all(kept):
        return Truth.MET
    return Truth.UNKNOWN if any(kept) else Truth.NOT_MET


def _laboratory(params: Any, knowledge: Knowledge) -> Truth:
    variable = knowledge.variables.variables.get(params.variable)
    if variable is None:
        return Truth.UNKNOWN
    unit = params.unit.replace(" ", "").casefold()
    if unit == "xuln":
        usual = knowledge.well_person.of_upper_limit
        return _compared(usual, params.op, params.value) if variable.uln_low else Truth.UNKNOWN
    limit = _canonical(params, knowledge)
    return Truth.UNKNOWN if limit is None else _compared(_normal(params.variable, knowledge), params.op, limit)


def _canonical(params: Any, knowledge: Knowledge) -> Decimal | None:
    """Return an absolute limit in the unit of the table; None for multiples of the laboratory's limits."""
    converted = knowledge.variables.convert(params.variable, params.value, params.unit)
    return Decimal(converted.value) if converted is not None and converted.verified else None


def _normal(variable: str, knowledge: Knowledge) -> _Range | None:
    """Return values that every laboratory calls normal."""
    stated = knowledge.well_person.laboratory.get(variable)
    if stated is not None:
        return stated
    row = knowledge.variables.variables.get(variable)
    if row is None or row.uln_low is None:
        return None
    low = row.lln_high if row.lln_high is not None else row.uln_low / 2
    return (low, row.uln_low) if low <= row.uln_low else None


def _lvef(params: Any, knowledge: Knowledge) -> Truth:
    return (
        Truth.UNKNOWN
        if params.percent is None
        else _compared(knowledge.well_person.lvef_percent, params.op, params.percent)
    )


def _qtc(params: Any, knowledge: Knowledge) -> Truth:
    limits = [value for value in (params.max_ms, params.max_ms_male, params.max_ms_female) if value is not None]
    return all_of(_compared(knowledge.well_person.qtc_ms, params.op, Decimal(value)) for value in limits)


def _vital_sign(params: Any, knowledge: Knowledge) -> Truth:
    return _compared(knowledge.well_person.vital_signs.get(params.measure), params.op, params.value)


def _performance(params: Any, knowledge: Knowledge) -> Truth:
    if params.ecog_max is None and params.ecog_min is None:
        if params.karnofsky_min is None:
            return Truth.UNKNOWN
        low, high = knowledge.well_person.karnofsky
        return _compared((Decimal(low), Decimal(high)), ">=", Decimal(params.karnofsky_min))
    best, worst = knowledge.well_person.ecog
    least, most = params.ecog_min or 0, 5 if params.ecog_max is None else params.ecog_max
    if least <= best and worst <= most:
        return Truth.MET
    return Truth.NOT_MET if worst < least or most < best else Truth.UNKNOWN


_NORMAL: dict[str, Callable[[Any, Knowledge], Truth]] = {
    "lab_value": _laboratory,
    "lvef": _lvef,
    "qtc": _qtc,
    "vital_sign": _vital_sign,
    "performance_status": _performance,
}
