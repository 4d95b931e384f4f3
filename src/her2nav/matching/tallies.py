"""What ranking asks of the criteria of every trial, worked out for all trials of one patient with array operations.

A row holds the references of the deciding criteria that bind one arm; arms that all criteria bind alike share a row.
What a truth hangs on (`matching/topics.py`) is worked out for every reference at once, from the leaves up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.matching.arrays import distinct, starts_of
from her2nav.matching.climb import Step, leading_up, steps, tested, under_criteria
from her2nav.matching.compiled import CompiledTrials, JudgedTrial
from her2nav.matching.program import TRUE, Program, Reference, References
from her2nav.matching.topics import Topics
from her2nav.matching.weights import Weights
from her2nav.model.finding import Effort

Bits = NDArray[np.uint32]
T = TypeVar("T", bound=np.generic)
_BY_CODE = np.array([1, 2, 0, 4], np.uint32)
"""One bit for each code, so that "or" keeps what was said; the highest tells."""
NOTHING = -1
"""Stands for a trial that says nothing of a topic."""
_HIGHEST = np.array([NOTHING, single.MET, single.UNKNOWN, single.UNKNOWN, *(single.NOT_MET,) * 4], np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The deciding criteria of all trials.

    Attributes:
        references: Row after row; each row ends with the reference that is true of everybody, so that none is empty.
        starts: Where each row begins.
        arms: Of each trial: each arm that may be entered (None: it has none), its reference, its row.
        several: Positions of the trials of more than one arm.
        first_arms, first_rows: Of each trial the first arm, and its row.
    """

    references: References
    starts: References
    arms: tuple[tuple[tuple[str | None, int, int], ...], ...]
    several: tuple[int, ...]
    first_arms: list[str | None]
    first_rows: References


@lru_cache(maxsize=8)
def rows_of(compiled: CompiledTrials) -> Rows:
    """Return the rows of trials."""
    parts: list[References] = []
    arms = []
    end, start = np.array([TRUE], np.intp), 0
    for trial in compiled.trials:
        own = compiled.references[start : start + len(trial.criteria)]
        start += len(trial.criteria)
        arms.append(_arms(trial, own, parts, end))
    lengths = [len(part) for part in parts]
    starts = np.cumsum([0, *lengths[:-1]], dtype=np.intp) if parts else np.zeros(0, np.intp)
    several = tuple(at for at, own in enumerate(arms) if len(own) > 1)
    return Rows(
        np.concatenate(parts) if parts else np.zeros(0, np.intp),
        starts,
        tuple(arms),
        several,
        [own[0][0] for own in arms],
        np.array([own[0][2] for own in arms], np.intp),
    )


def _arms(
    trial: JudgedTrial, own: References, parts: list[References], end: References
) -> tuple[tuple[str | None, int, int], ...]:
    known: dict[tuple[int, ...], int] = {}
    found = []
    for arm, positions in trial.binding.items():
        if positions not in known:
            known[positions] = len(parts)
            parts.append(np.concatenate([own[list(positions)], end]))
        found.append((arm, trial.verdict if arm is None else trial.arms[arm], known[positions]))
    return tuple(found)


class Tallies:
    """Counts for every trial, in the order of the trials; each is worked out when first asked for."""

    def __init__(self, compiled: CompiledTrials, codes: single.Codes, weights: Weights) -> None:
        self._compiled, self._codes, self._weights = compiled, codes, weights
        self._told: dict[int, tuple[Topics, dict[str, NDArray[np.int8]]]] = {}

    def forget(self) -> None:
        """Forget the counts; each is worked out again when it is asked for, also by a thread that is asking now."""
        for name in _COUNTS:
            self.__dict__.pop(name, None)
        self._told = {}

    @cached_property
    def _rows(self) -> Rows:
        return rows_of(self._compiled)

    @cached_property
    def _of_rows(self) -> single.Codes:
        return self._codes[self._rows.references]

    @cached_property
    def _not_met_rows(self) -> References:
        return self._sums(self._of_rows == single.NOT_MET)

    @cached_property
    def _unknown_rows(self) -> References:
        return self._sums(self._of_rows == single.UNKNOWN)

    @cached_property
    def _best(self) -> tuple[list[str | None], References]:
        """The arm that gives each verdict, of several that with fewest broken and open criteria, and its row."""
        against, open_ = self._not_met_rows, self._unknown_rows
        names, rows = self._rows.first_arms.copy(), self._rows.first_rows.copy()
        for at in self._rows.several:
            arms, code = self._rows.arms[at], self._codes[self._compiled.trials[at].verdict]
            fitting = [one for one in arms if self._codes[one[1]] == code]
            names[at], _, rows[at] = min(fitting, key=lambda one: (against[one[2]], open_[one[2]]))
        return names, rows

    @property
    def arms(self) -> list[str | None]:
        """The best arm; None where a trial has none."""
        return self._best[0]

    @cached_property
    def blocking(self) -> References:
        """Deciding criteria of the best arm that are not met."""
        return self._of_best(self._not_met_rows)

    @cached_property
    def not_met(self) -> list[int]:
        """The same, to be asked for trial by trial: single entries of an array are slow to read."""
        found: list[int] = self.blocking.tolist()
        return found

    @cached_property
    def unknown(self) -> list[int]:
        """Those that are open."""
        found: list[int] = self._of_best(self._unknown_rows).tolist()
        return found

    @cached_property
    def testable(self) -> list[Reference]:
        """Of trials against which one criterion of the best arm stands, its reference, if a test may matter to it.

        TRUE of all others: more criteria stand against them, or one with nothing that a test could change.
        """
        against = np.where(self._of_rows == single.NOT_MET, self._rows.references, TRUE)
        alone = np.where(self._not_met_rows == 1, np.add.reduceat(against, self._rows.starts, dtype=np.intp), TRUE)
        may = np.frombuffer(tested(self._compiled.program), np.bool_)[alone >> 1]
        found: list[Reference] = self._of_best(np.where(may, alone, TRUE)).tolist()
        return found

    @cached_property
    def weight(self) -> References:
        """How hard what is open is to find out; what the routine tests of a screening answer counts once."""
        each = self._weights.each(self._rows.references)
        routine = each == Effort.ROUTINE.weight
        open_ = self._of_rows == single.UNKNOWN
        others = np.add.reduceat(np.where(open_ & ~routine, each, 0), self._rows.starts, dtype=np.intp)
        once = np.logical_or.reduceat(open_ & routine, self._rows.starts)
        return self._of_best(others + Effort.ROUTINE.weight * once)

    @cached_property
    def may_wait(self) -> NDArray[np.bool_]:
        """False where something stands against a trial that no date changes."""
        fixed = (self._of_rows == single.NOT_MET) & ~self._weights.dated(self._rows.references)
        return self._of_best(~np.logical_or.reduceat(fixed, self._rows.starts))

    @cached_property
    def verdicts(self) -> single.Codes:
        """The code of each trial."""
        return self._codes[self._compiled.verdicts]

    def told(self, topics: Topics, trial: int) -> dict[str, int]:
        """Return what the deciding criteria of a trial's best arm say of each topic, as codes; no entry: nothing."""
        said = ((name, int(codes[trial])) for name, codes in self.of_topics(topics).items())
        return {name: code for name, code in said if code != NOTHING}

    def of_topics(self, topics: Topics) -> dict[str, NDArray[np.int8]]:
        """Return what the deciding criteria of every trial's best arm say of each topic, as codes, or NOTHING."""
        return self.told_and_marked(topics)[0]

    def told_and_marked(self, topics: Topics, marks: Bits | None = None) -> tuple[dict[str, NDArray[np.int8]], Bits]:
        """Return the same, and for every trial the marks of the leaves by which those criteria are met.

        Args:
            topics: What is asked of.
            marks: Of each leaf, as up to eight bits; a leaf that is denied has none.
        """
        kept = self._told.get(id(topics))
        if kept is not None and marks is None:
            return kept[1], np.zeros(0, np.uint32)
        above = np.uint32(3 * len(topics.names))
        said = _said(topics, self._compiled, self._codes, None if marks is None else marks << above)
        about = _about(topics, self._compiled)
        mine = said.take(about.references)
        bits = self._joined(about, mine)
        found = {name: _HIGHEST[bits >> np.uint32(3 * at) & np.uint32(7)] for at, name in enumerate(topics.names)}
        self._told[id(topics)] = topics, found
        met = self._codes.take(about.references) == single.MET
        return found, self._joined(about, np.where(met, mine >> above, 0))

    def asks_for(self, required: Mapping[str, Mapping[str, Any]], trial: int) -> bool:
        """Return whether a trial is open for something that has to be there (`matching.topics.asks_for`)."""
        return bool(self.asked(required)[trial])

    def asked(self, required: Mapping[str, Mapping[str, Any]]) -> NDArray[np.bool_]:
        """Return the same for every trial."""
        if self._required is None or self._required[0] is not required:
            asks = _asks(self._compiled, self._codes, required)[self._rows.references]
            self._required = required, self._of_best(np.logical_or.reduceat(asks, self._rows.starts))
        return self._required[1]

    _required: tuple[Mapping[str, Mapping[str, Any]], NDArray[np.bool_]] | None = None

    def _joined(self, about: _About, of_references: Bits) -> Bits:
        found = np.zeros(len(self._rows.starts), np.uint32)
        if len(about.rows):
            found[about.rows] = np.bitwise_or.reduceat(of_references, about.starts)
        return found[self._best[1]]

    def _sums(self, where: NDArray[np.bool_]) -> References:
        found: References = np.add.reduceat(where, self._rows.starts, dtype=np.intp)
        return found

    def _of_best(self, of_rows: NDArray[T]) -> NDArray[T]:
        found: NDArray[T] = of_rows[self._best[1]]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _About:
    """The criteria that say something of topics.

    Attributes:
        steps: The groups among their nodes, with the parts that do.
        references: Theirs, row after row.
        rows: The rows that hold one.
        starts: Where those begin in `references`.
    """

    steps: tuple[Step, ...]
    references: References
    rows: References
    starts: References


_COUNTS = tuple(name for name, value in vars(Tallies).items() if isinstance(value, cached_property))


@lru_cache(maxsize=8)
def _about(topics: Topics, compiled: CompiledTrials) -> _About:
    told, rows = topics.bits != 0, rows_of(compiled)
    mine = told[rows.references >> 1]
    row = np.repeat(np.arange(len(rows.starts)), np.diff(rows.starts, append=len(rows.references)))[mine]
    each, counts = distinct(row), np.bincount(row, minlength=len(rows.starts))
    return _About(
        steps(compiled.program, told & under_criteria(compiled), told),
        rows.references[mine],
        each,
        starts_of(counts[each])[:-1],
    )


_CODES = range(4)
_WEIGHING_EVERY = np.array(
    [[group != single.NOT_MET or own == single.NOT_MET for own in _CODES] for group in _CODES], np.uint32
).ravel()
"""Whether a part weighs in "all of" (`topics.Group.weighing`): by four times the code of the group, and its own."""
_WEIGHING_SOME = np.array(
    [
        [
            own == single.MET if group == single.MET else (own != single.NOT_MET) == (group == single.UNKNOWN)
            for own in _CODES
        ]
        for group in _CODES
    ],
    np.uint32,
).ravel()
"""The same for "any of", of which nothing is open that is not met."""


def _said(topics: Topics, compiled: CompiledTrials, codes: single.Codes, marks: Bits | None) -> Bits:
    """Return, for each reference of criteria, what it says of each topic: three bits for each, as in `_BY_CODE`.

    The marks of leaves go with them.
    """
    program = topics.program
    said = np.zeros(2 * program.size, np.uint32)
    leaves = slice(2, 2 * (1 + len(program.leaves)))
    own = np.repeat(topics.bits[1 : 1 + len(program.leaves)], 2)
    for at in range(len(topics.names)):
        said[leaves] |= np.where(own >> at & 1, _BY_CODE[codes[leaves]] << np.uint32(3 * at), 0).astype(np.uint32)
    if marks is not None:
        said[leaves.start : leaves.stop : 2] |= marks
    four = codes << np.uint8(2)
    for step in _about(topics, compiled).steps:
        if len(step.starts):
            for side, table in ((0, _WEIGHING_EVERY), (1, _WEIGHING_SOME)):
                parts, groups = step.parts ^ side, 2 * step.nodes + side
                weighing = table.take(four.take(groups).take(step.group) | codes.take(parts))
                said[groups] = np.bitwise_or.reduceat(said.take(parts) * weighing, step.starts)
        for node, of_node in step.counts:
            for reference, parts in ((2 * node, of_node), (2 * node + 1, of_node ^ 1)):
                said[reference] = _said_by_some(said[parts], codes[parts], int(codes[reference]))
    return said


def _said_by_some(said: Bits, own: single.Codes, group: int) -> np.uint32:
    """Return what "at least so many" says, by the parts that weigh (`topics.Group.weighing`)."""
    open_ = bool((own == single.UNKNOWN).any())
    weighing = own == single.MET if group == single.MET else (own != single.NOT_MET) == open_
    found: np.uint32 = np.bitwise_or.reduce(np.where(weighing, said, 0))
    return found


def _asks(
    compiled: CompiledTrials, codes: single.Codes, required: Mapping[str, Mapping[str, Any]]
) -> NDArray[np.bool_]:
    """Return which references of criteria stay open for something that has to be there."""
    program = compiled.program
    asks = np.zeros(2 * program.size, np.bool_)
    wanted = tuple((kind, tuple(rule.items())) for kind, rule in required.items())
    asks[2 : 2 * (1 + len(program.leaves)) : 2] = _purposes(program, wanted)
    asks &= codes == single.UNKNOWN
    for step in _purposeful(compiled, wanted):
        if len(step.starts):
            plain, turned = 2 * step.nodes, 2 * step.nodes + 1
            asks[plain] = np.logical_or.reduceat(asks.take(step.parts), step.starts) & (codes[plain] == single.UNKNOWN)
            parts = step.parts ^ 1
            held = asks.take(parts) | (codes.take(parts) == single.NOT_MET)
            asks[turned] = np.logical_and.reduceat(held, step.starts) & (codes[turned] == single.UNKNOWN)
        for node, of_node in step.counts:
            for reference, parts in ((2 * node, of_node), (2 * node + 1, of_node ^ 1)):
                held = asks[parts] | (codes[parts] == single.NOT_MET)
                asks[reference] = held.all() and codes[reference] == single.UNKNOWN
    return asks


_Rules = tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]


@lru_cache(maxsize=8)
def _purposeful(compiled: CompiledTrials, required: _Rules) -> tuple[Step, ...]:
    """Return the groups of criteria that hold a leaf that asks for something that has to be there."""
    holding = leading_up(compiled.program, _purposes(compiled.program, required))
    return steps(compiled.program, holding & under_criteria(compiled))


@lru_cache(maxsize=8)
def _purposes(program: Program, required: _Rules) -> NDArray[np.bool_]:
    """Return which leaves ask for something that has to be there."""
    rules = dict(required)
    wanted = (
        kind in rules and all(value not in getattr(params, name) for name, value in rules[kind])
        for kind, params in program.leaves
    )
    return np.fromiter(wanted, np.bool_, len(program.leaves))
