"""Decision tables for hold and stop: rows in order, each met, not met or open.

The first row that is met ends the table. A row above it that is open stays possible, so a table has one answer for
certain, or several that are possible with what would have to be found out. What all possible answers have in common
still counts: where each of them asks at least for a hold, the answer is a hold.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any, get_args

from her2nav.knowledge.monitoring import Action, Row, Rule
from her2nav.model.provenance import Confidence
from her2nav.model.truth import Truth, all_of
from her2nav.therapy.safety_inputs import Readings, Value
from her2nav.therapy.safety_results import Flag

_BESIDE = Decimal("0.001")
_ANSWERS, _GRADES = (0, 1), (0, 1, 2, 3, 4, 5)
_STRENGTH = {action: rank for rank, action in enumerate(get_args(Action))}
_FLAGS: dict[Action, Flag] = {
    "continue": "none",
    "recheck": "check",
    "supportive": "treat",
    "hold": "hold",
    "reduce": "hold",
    "stop": "stop",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table says.

    Attributes:
        rows: The row that decides, or every row that may.
        missing: Ids of the inputs to find out, where the answer is open.
        used: Ids of the inputs that were looked at, in order.
    """

    rule: Rule
    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    used: tuple[str, ...]
    flag: Flag

    @property
    def certain(self) -> bool:
        """True when one answer stands."""
        return len({row.code for row in self.rows}) == 1 and not self.missing

    def code(self, readings: Readings) -> str:
        """The code of the row, or UNKNOWN with what is missing."""
        if self.certain:
            return self.rows[0].code
        inputs = readings.case.knowledge.monitoring.inputs
        return "UNKNOWN_" + "_AND_".join((inputs[one].code or one).upper() for one in self.missing)


def decide(rule: Rule, readings: Readings) -> Decision:
    """Evaluate a table on the values of a patient."""
    possible: list[Row] = []
    missing: dict[str, None] = {}
    used: dict[str, None] = {}
    for row in rule.rows:
        answers = {name: readings.value(name).meets(check) for name, check in row.when.items()}
        used |= dict.fromkeys(row.when)
        truth = all_of(answers.values())
        if truth is Truth.NOT_MET:
            continue
        possible.append(row)
        if truth is Truth.MET:
            break
        open_ = [name for name, answer in answers.items() if answer is Truth.UNKNOWN]
        missing |= {root: None for name in open_ for root in readings.value(name).missing or (name,)}
    if len({row.code for row in possible}) > 1:
        reached = _reached(rule, readings, tuple(used))
        possible = [row for row in possible if id(row) in reached]
    if len({row.code for row in possible}) == 1:
        missing = {}
        possible = possible[-1:]
    rows = tuple(possible)
    return Decision(rule, rows, tuple(missing), tuple(used), _flag(rule, rows, readings))


def _reached(rule: Rule, readings: Readings, names: tuple[str, ...]) -> Collection[int]:
    """Return the rows that some values inside the ranges reach, by trying one value on each side of every limit.

    Row by row, "grade 2 or more" and "grade 1" can both be open while their last alternative, grade 0, is ruled out.
    """
    values = [readings.value(name) for name in names]
    whole = tuple(readings.case.knowledge.monitoring.inputs[name].kind != "number" for name in names)
    if any(value.evidence for value in values):
        return _reached_by(rule, names, [(value.low, value.high) for value in values], whole)
    # Where a record says nothing, it is the same for everybody.
    known, key = _known(id(rule)), (names, whole, tuple((value.low, value.high) for value in values))
    if key not in known:
        known[key] = rule, _reached_by(rule, names, key[2], whole)
    return known[key][1]


_Ranges = Sequence[tuple[Decimal, Decimal]]


@lru_cache(maxsize=1024)
def _known(_: int) -> dict[Any, tuple[Rule, frozenset[int]]]:
    """Return what was found for a rule, by which object it is; the rule is held with it."""
    return {}


def _reached_by(rule: Rule, names: Sequence[str], ranges: _Ranges, whole: Sequence[bool]) -> frozenset[int]:
    points = [_points(rule, *one) for one in zip(names, ranges, whole, strict=True)]
    reached: set[int] = set()
    for combination in product(*points):
        values = dict(zip(names, combination, strict=True))
        row = next(
            row
            for row in rule.rows
            if all(Value(values[name], values[name]).meets(check) is Truth.MET for name, check in row.when.items())
        )
        reached.add(id(row))
    return frozenset(reached)


def _points(rule: Rule, name: str, inside: tuple[Decimal, Decimal], whole: bool) -> list[Decimal]:
    low, high = inside
    checks = [row.when[name] for row in rule.rows if name in row.when]
    limits = {limit for check in checks for _, limit in check.comparisons}
    # Beside a limit by less than any two limits lie apart; grades and answers have no values between.
    near = {limit + step for limit in limits for step in (-_BESIDE, _BESIDE)} if not whole else set()
    top = _ANSWERS if any(check.answer is not None for check in checks) else _GRADES
    tried = (limits | near) if not whole else set(map(Decimal, top))
    ends = {end for end in inside if end.is_finite()}
    return sorted(point for point in tried | ends if low <= point <= high)


def confidence(rule: Rule, row: Row) -> Confidence:
    """Return how far a row may be trusted; never further than its table."""
    if rule.confidence.unverified or row.confidence is None:
        return rule.confidence
    return row.confidence


def _flag(rule: Rule, rows: tuple[Row, ...], readings: Readings) -> Flag:
    flags = {_FLAGS[row.action] for row in rows}
    doubtful = any(confidence(rule, row).unverified for row in rows)
    weakest = min(rows, key=lambda row: _STRENGTH[row.action])
    acting = [row for row in rows if _FLAGS[row.action] in ("hold", "stop")]
    if len(acting) == len(rows):
        return "possible_hold" if doubtful else _FLAGS[weakest.action]
    if len(flags) == 1:
        return _FLAGS[weakest.action]
    reviewed = rule.unless_reviewed
    if reviewed and all_of(readings.value(name).meets(check) for name, check in reviewed.items()) is Truth.MET:
        return "possible_hold" if doubtful else "hold_until_reviewed"
    return "unknown"
