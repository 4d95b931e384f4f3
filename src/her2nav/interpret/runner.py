"""Runs a decision table on what is known: every input is a set of possible values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from her2nav.interpret.intervals import Interval, cells
from her2nav.interpret.results import RuleRef
from her2nav.model.provenance import Confidence

Possible = frozenset[str] | Interval
"""What an input can be: names out of its list, or an interval of numbers. Unknown is the whole range."""

_MEMORY = 4096


@dataclass(frozen=True, slots=True)
class Meaning:
    """How an output value reads as an answer.

    Attributes:
        value: The word people read: positive, negative, equivocal, low and so on.
        may_be: The definite truths that are still possible.
        final: False when a step is pending (a recount, an adjudication).
    """

    value: str
    may_be: frozenset[str]
    final: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One row, ready to run.

    Attributes:
        id: Stable id of the row.
        table: `<guideline>/<table>`.
        conditions: For each restricted input the names or intervals that satisfy it.
        then: The value of each output.
        meanings: How each output value reads, the row's own exceptions included.
        flags: Codes of what to point out.
        next: Codes of what to do next.
        source: Id of the source document.
        locator: Place in it.
        confidence: How the row was checked.
        note: Free text for people.
    """

    id: str
    table: str
    conditions: Mapping[str, frozenset[str] | tuple[Interval, ...]]
    then: Mapping[str, str]
    meanings: Mapping[str, Meaning]
    flags: tuple[str, ...]
    next: tuple[str, ...]
    source: str
    locator: str
    confidence: Confidence
    note: str | None = None

    @property
    def ref(self) -> RuleRef:
        """The row as a reference."""
        return RuleRef(self.id, self.table, self.source, self.locator, self.confidence)

    def can_fire(self, inputs: Mapping[str, Possible]) -> bool:
        """True when every condition admits at least one possible value; an absent input may be anything."""
        for name, condition in self.conditions.items():
            given = inputs.get(name)
            if given is None:
                continue
            if isinstance(given, Interval):
                if not any(part.meets(given) for part in condition if isinstance(part, Interval)):
                    return False
            elif given.isdisjoint(condition):
                return False
        return True


class Reading:
    """What a table says of possible inputs.

    Attributes:
        rules: The rows that can fire, in the order of the table; exactly one where the inputs are known.
        flags: Codes that every possible row carries.
        next: Codes that any possible row carries, in the order of the rows.
        refs: The rows as references.
        unverified: True when a row that can fire rests on an unverified fact.
    """

    __slots__ = ("flags", "next", "refs", "rules", "unverified")

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        first = rules[0].flags if rules else ()
        self.flags = tuple(code for code in first if all(code in rule.flags for rule in rules))
        self.next = tuple(dict.fromkeys(code for rule in rules for code in rule.next))
        self.refs = tuple(dict.fromkeys(rule.ref for rule in rules))
        self.unverified = any(rule.confidence.unverified for rule in rules)

    def values(self, output: str) -> frozenset[str]:
        """Return every value the output can have."""
        return frozenset(rule.then[output] for rule in self.rules)

    def value(self, output: str) -> str | None:
        """Return the output's value when all rows that can fire agree, else None."""
        found = self.values(output)
        return next(iter(found)) if len(found) == 1 else None

    def ids(self, code: str) -> tuple[str, ...]:
        """Return the ids of the rows that carry a flag or a next step."""
        return tuple(rule.id for rule in self.rules if code in rule.flags or code in rule.next)


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The bounds of a numeric input, both ends included; `margin` is the distance from a cut-off worth a remark."""

    least: Decimal
    most: Decimal
    margin: Decimal | None = None

    @property
    def whole(self) -> Interval:
        """Everything the number can be."""
        return Interval(self.least, self.most)


class CompiledTable:
    """A decision table with parsed conditions; made once for each loaded guideline.

    Args:
        table_id: `<guideline>/<table>`.
        inputs: For each input its names, or its range of numbers.
        rules: The rows.
    """

    def __init__(
        self, table_id: str, inputs: Mapping[str, frozenset[str] | NumberRange], rules: tuple[Rule, ...]
    ) -> None:
        self.id = table_id
        self.inputs = dict(inputs)
        self.rules = rules
        self._memory: dict[tuple[Possible | None, ...], Reading] = {}

    def run(self, known: Mapping[str, Possible]) -> Reading:
        """Return the rows that can fire.

        Args:
            known: Possible values by input; an absent input may be anything, a name the table has no input for is
                not looked at. A value outside the input's list can fire no row.

        Raises:
            ValueError: No row admits what was given: the value is outside the table's inputs.
        """
        key = tuple(known.get(name) for name in self.inputs)
        found = self._memory.get(key)
        if found is None:
            found = Reading(tuple(rule for rule in self.rules if rule.can_fire(known)))
            if not found.rules:
                raise ValueError(f"{self.id}: no row admits {self._shown(known)}")
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            self._memory[key] = found
        return found

    def settling(self, known: Mapping[str, Possible], output: str) -> tuple[str, ...]:
        """Return the open inputs whose knowledge could narrow an output, in the order of the table."""
        now = self.run(known).values(output)
        if len(now) == 1:
            return ()
        return tuple(
            name
            for name in self.inputs
            if any(self._narrows(known, name, atom, output, len(now)) for atom in self._atoms(name, known.get(name)))
        )

    def _narrows(self, known: Mapping[str, Possible], name: str, atom: Possible, output: str, now: int) -> bool:
        rules = [rule for rule in self.rules if rule.can_fire({**known, name: atom})]
        return 0 < len({rule.then[output] for rule in rules}) < now

    def cells(self, name: str) -> list[Possible]:
        """Return the parts of an input inside which no condition changes."""
        spec = self.inputs[name]
        if isinstance(spec, NumberRange):
            return list(cells(spec.least, spec.most, self.bounds(name)))
        return [frozenset({value}) for value in sorted(spec)]

    def bounds(self, name: str) -> set[Decimal]:
        """Return the cut-offs of a numeric input."""
        spec = self.inputs[name]
        assert isinstance(spec, NumberRange)
        parts = [part for rule in self.rules for part in rule.conditions.get(name, ()) if isinstance(part, Interval)]
        return {end for part in parts for end in (part.low, part.high)} - {spec.least, spec.most}

    def _atoms(self, name: str, given: Possible | None) -> list[Possible]:
        if given is not None and (given.exact if isinstance(given, Interval) else len(given) == 1):
            return []
        parts = self.cells(name)
        if given is None:
            return parts
        if isinstance(given, Interval):
            return [part for part in parts if isinstance(part, Interval) and part.meets(given)]
        return [part for part in parts if isinstance(part, frozenset) and part <= given]

    def _shown(self, known: Mapping[str, Possible]) -> str:
        return ", ".join(f"{name} = {shown(known[name])}" for name in self.inputs if name in known)


def shown(value: Possible) -> str:
    """Write a possible value the way the tables do.

    >>> shown(Interval(Decimal(4), Decimal(6), False, True))
    '>=4 & <6'
    """
    if isinstance(value, Interval):
        if value.exact:
            return str(value.low)
        return f"{'>' if value.low_open else '>='}{value.low} & {'<' if value.high_open else '<='}{value.high}"
    return " or ".join(sorted(value))
