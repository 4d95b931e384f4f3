"""Laboratory values that are open as things to find out, tried at, between and beyond the limits that trials set."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Interval
from her2nav.facts.case import Case
from her2nav.facts.lab_results import short
from her2nav.facts.labs import newest
from her2nav.facts.limits import Limit, Number, compared_with
from her2nav.facts.tri import Floats, Tri
from her2nav.kinds import lab_value
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.variables import Variable
from her2nav.matching import single
from her2nav.matching.fact import Columns, Fact, evaluated
from her2nav.matching.shared_leaves import LeafKey
from her2nav.matching.supposed import suppose_each
from her2nav.model.patient import Patient

_PLAIN = "blood values"
_BEYOND = Decimal("0.5")
"""How far beyond the outermost limits a laboratory value is tried, as a part of the limit."""


def laboratory(case: Case, leaves: Sequence[LeafKey], known: NDArray[np.bool_]) -> list[Fact]:
    """Return a fact for each laboratory value that is open.

    Args:
        case: The patient on their day.
        leaves: Those of the targets.
        known: Which of them are settled.
    """
    by_variable: dict[str, list[int]] = {}
    table = case.knowledge.variables.variables
    for i, leaf in enumerate(leaves):
        if leaf.kind == lab_value.KIND.id and not known[i] and leaf.params.variable in table:
            by_variable.setdefault(leaf.params.variable, []).append(i)
    tried = {name: _values(case, table[name], [leaves[i].params for i in asked]) for name, asked in by_variable.items()}
    truths = _truths(case, leaves, by_variable, tried)
    found = []
    for name, asked in by_variable.items():
        fact = _fact(table[name], tried[name], asked, truths[name])
        if fact is not None:
            found.append(fact)
    return found


def _fact(variable: Variable, values: Sequence[Decimal], asked: Sequence[int], truths: Columns) -> Fact | None:
    answers = (truths != single.UNKNOWN).any(axis=1)
    if not answers.any():
        return None
    truths, own = truths[answers], np.array(asked, np.intp)[answers]
    # The first answer is the one that most limits accept: the usual value where the table knows none.
    best = int(np.argmax((truths == single.MET).sum(axis=0)))
    order = [best, *(i for i in range(len(values)) if i != best)]
    return Fact(
        variable.name,
        _PLAIN if variable.routine else variable.plain_name,
        variable.effort,
        tuple(f"{variable.name} {short(values[i])} {variable.unit}" for i in order),
        own,
        truths[:, order],
        False,
        variable.routine,
    )


def _truths(
    case: Case, leaves: Sequence[LeafKey], asked: dict[str, list[int]], tried: dict[str, list[Decimal]]
) -> dict[str, Columns]:
    """Return the codes of the leaves of each variable, a column for each value.

    Of a variable of which the record holds no row, a comparison rests on the value alone: what it comes to on each
    scale is kept from one patient to the next. Growth factors and transfusions matter to all values of one day alike.
    All else is tried on the record.
    """
    found = {name: np.empty((len(own), len(tried[name])), np.uint8) for name, own in asked.items()}
    left: dict[str, list[int]] = {}
    supported: dict[str, list[int]] = {}
    for name, own in asked.items():
        alone = name != case.knowledge.numeric_rules.cockcroft_gault.result and not newest(case, name)
        limits: dict[Hashable, list[tuple[int, Limit]]] = {}
        for row, i in enumerate(own):
            limit = leaves[i].limit or (lab_value.compared(leaves[i].params, case.knowledge) if alone else None)
            if alone and limit is not None:
                limits.setdefault((limit.number.key, limit.age and limit.age.key), []).append((row, limit))
                if lab_value.is_supported(leaves[i].params):
                    supported.setdefault(name, []).append(row)
            else:
                left.setdefault(name, []).append(row)
        for group in limits.values():
            found[name][[row for row, _ in group]] = _alone(case, name, tried[name], [limit for _, limit in group])
    table = case.knowledge.variables.variables
    if supported:
        entries = [_entry(table[name], tried[name][0], case.as_of) for name in supported]
        for (name, rows), with_value in zip(supported.items(), suppose_each(case, "labs", entries), strict=True):
            for row in rows:
                params = leaves[asked[name][row]].params
                found[name][row] = _with_support(params, found[name][row], with_value)
    entries = [_entry(table[name], value, case.as_of) for name in left for value in tried[name]]
    then = iter(suppose_each(case, "labs", entries)) if entries else iter(())
    for name, rows in left.items():
        cases = [next(then) for _ in tried[name]]
        found[name][rows] = evaluated(cases, leaves, [asked[name][row] for row in rows])
    return found


def _with_support(params: lab_value.Params, codes: single.Codes, case: Case) -> single.Codes:
    """Return the codes of values of one day where support counts; the case holds one of them."""
    compared = Tri(codes == single.MET, codes == single.NOT_MET)
    return single.of_each(lab_value.with_support(params, compared, case.alone))


def _alone(case: Case, name: str, values: Sequence[Decimal], limits: Sequence[Limit]) -> Columns:
    """Return the codes of limits on one number, of one age, where the record holds nothing but the value tried."""

    def column(number: Number) -> tuple[Floats, Floats]:
        intervals = [_interval(case.knowledge, name, value, number) for value in values]
        both = np.array(intervals, np.float64).reshape(len(values), 2).T
        return both[0], both[1]

    age = limits[0].age
    return single.of_each(compared_with(limits, *column(limits[0].number), None if age is None else column(age)[1]))


_KEPT: dict[Hashable, Interval] = {}
"""What a tried value comes to, by variable, value and column; nothing of a patient."""
_MOST_KEPT = 50_000


def _interval(knowledge: Knowledge, name: str, value: Decimal, number: Number) -> Interval:
    key = (knowledge, name, value, number.key)
    found = _KEPT.get(key)
    if found is None:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        found = _KEPT[key] = number.derive(_holding(knowledge, name, value))
    return found


@lru_cache(maxsize=64)
def _holding(knowledge: Knowledge, name: str, value: Decimal) -> Case:
    """Return a record of this one value; its age does not hang on the day, for it is of the day itself."""
    day = date(2000, 1, 1)
    entry = _entry(knowledge.variables.variables[name], value, day)
    return Case(Patient.model_validate({"labs": [entry]}), day, knowledge)


def _middle(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    return (low + high) / 2 if low is not None and high is not None else None


def _values(case: Case, variable: Variable, asked: Sequence[Any]) -> list[Decimal]:
    scales = {
        "absolute": Decimal(1),
        "xULN": _middle(variable.uln_low, variable.uln_high),
        "xLLN": _middle(variable.lln_low, variable.lln_high),
    }
    limits = [lab_value.limit(params, case.knowledge) for params in asked]
    ends = {bound * scale for found in limits if found and (scale := scales[found[0]]) for bound in (found[1],)}
    usual = _middle(scales["xLLN"], scales["xULN"])
    points = sorted(ends | ({usual} if usual is not None else set()))
    if not points:
        return [(variable.low + variable.high) / 2]
    between = [(one + other) / 2 for one, other in pairwise(points)]
    tried = {*points, *between, points[0] * (1 - _BEYOND), points[-1] * (1 + _BEYOND)}
    return sorted(value for value in tried if variable.low <= value <= variable.high)


def _entry(variable: Variable, value: Decimal, day: date) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": variable.id, "value": value, "unit": variable.unit, "date": day.isoformat()}
    upper, lower = _middle(variable.uln_low, variable.uln_high), _middle(variable.lln_low, variable.lln_high)
    entry |= {"uln": upper} if upper is not None else {}
    entry |= {"lln": lower} if lower is not None else {}
    return entry
