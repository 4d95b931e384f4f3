"""What ranking asks of the criteria of every trial, worked out for all trials of one patient with array operations.

A row holds the references of the deciding criteria that bind one arm; arms that all criteria bind alike share a row.
What a truth hangs on (`matching/topics.py`) is worked out for every reference at once, from the leaves up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.matching.compiled import CompiledTrials, JudgedTrial
from her2nav.matching.program import TRUE, Level, Program, References
from her2nav.matching.topics import Topics
from her2nav.matching.weights import NOT_STATED, Weights
from her2nav.model.finding import Effort

_STATED = 9.0
"""Weights below this one are stated."""
Bits = NDArray[np.uint32]
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
    """

    references: References
    starts: References
    arms: tuple[tuple[tuple[str | None, int, int], ...], ...]
    several: tuple[int, ...]


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
    return Rows(np.concatenate(parts) if parts else np.zeros(0, np.intp), starts, tuple(arms), several)


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

    @cached_property
    def _rows(self) -> Rows:
        return rows_of(self._compiled)

    @cached_property
    def _of_rows(self) -> single.Codes:
        return self._codes[self._rows.references]

    @cached_property
    def _not_met_rows(self) -> list[int]:
        return self._sums(self._of_rows == single.NOT_MET)

    @cached_property
    def _unknown_rows(self) -> list[int]:
        return self._sums(self._of_rows == single.UNKNOWN)

    @cached_property
    def _best(self) -> tuple[list[str | None], list[int]]:
        """The arm that gives each verdict, of several that with fewest broken and open criteria, and its row."""
        against, open_ = self._not_met_rows, self._unknown_rows
        names = [arms[0][0] for arms in self._rows.arms]
        rows = [arms[0][2] for arms in self._rows.arms]
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
    def not_met(self) -> list[int]:
        """Deciding criteria of the best arm that are not met."""
        return self._of_best(self._not_met_rows)

    @cached_property
    def unknown(self) -> list[int]:
        """Those that are open."""
        return self._of_best(self._unknown_rows)

    @cached_property
    def weight(self) -> list[int]:
        """How hard what is open is to find out; what the routine tests of a screening answer counts once."""
        stated = self._weights.open[self._rows.references >> 1]
        each = np.where(stated < _STATED, stated, NOT_STATED)
        routine = each == Effort.ROUTINE.weight
        open_ = self._of_rows == single.UNKNOWN
        others = np.add.reduceat(np.where(open_ & ~routine, each, 0), self._rows.starts)
        once = np.logical_or.reduceat(open_ & routine, self._rows.starts)
        found: list[int] = (others + Effort.ROUTINE.weight * once).astype(np.intp).tolist()
        return self._of_best(found)

    @cached_property
    def may_wait(self) -> list[bool]:
        """False where something stands against a trial that no date changes."""
        fixed = (self._of_rows == single.NOT_MET) & ~self._weights.dated[self._rows.references >> 1]
        found: list[bool] = (~np.logical_or.reduceat(fixed, self._rows.starts)).tolist()
        return self._of_best(found)

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
        said = _said(topics, self._codes, None if marks is None else marks << above)[self._rows.references]
        bits = self._joined(said)
        found = {name: _HIGHEST[bits >> np.uint32(3 * at) & np.uint32(7)] for at, name in enumerate(topics.names)}
        self._told[id(topics)] = topics, found
        return found, self._joined(np.where(self._of_rows == single.MET, said >> above, 0))

    def asks_for(self, required: Mapping[str, Mapping[str, Any]], trial: int) -> bool:
        """Return whether a trial is open for something that has to be there (`matching.topics.asks_for`)."""
        return self.asked(required)[trial]

    def asked(self, required: Mapping[str, Mapping[str, Any]]) -> list[bool]:
        """Return the same for every trial."""
        if self._required is None or self._required[0] is not required:
            asks = _asks(self._compiled.program, self._codes, required)[self._rows.references]
            found: list[bool] = np.logical_or.reduceat(asks, self._rows.starts).tolist()
            self._required = required, self._of_best(found)
        return self._required[1]

    _required: tuple[Mapping[str, Mapping[str, Any]], list[bool]] | None = None

    def _joined(self, of_references: Bits) -> Bits:
        found: Bits = np.bitwise_or.reduceat(of_references, self._rows.starts)[self._best[1]]
        return found

    def _sums(self, where: NDArray[np.bool_]) -> list[int]:
        found: list[int] = np.add.reduceat(where, self._rows.starts, dtype=np.intp).tolist()
        return found

    def _of_best(self, of_rows: Sequence[Any]) -> list[Any]:
        return [of_rows[row] for row in self._best[1]]


def _said(topics: Topics, codes: single.Codes, marks: Bits | None) -> Bits:
    """Return, for each reference, what it says of each topic: three bits for each, as in `_BY_CODE`.

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
    _climb(program, codes, said, *_weighing(codes, said))
    return said


def _weighing(codes: single.Codes, said: Bits) -> tuple[_Step, _Step]:
    """Return what joins the bits of those parts that the truth of a group hangs on (`topics.Group.weighing`)."""

    def every(parts: References, starts: References, of_group: single.Codes, sizes: References) -> Bits:
        weighing = np.repeat(of_group != single.NOT_MET, sizes) | (codes[parts] == single.NOT_MET)
        found: Bits = np.bitwise_or.reduceat(np.where(weighing, said[parts], 0), starts)
        return found

    def some(parts: References, starts: References, of_group: single.Codes, sizes: References) -> Bits:
        own = codes[parts]
        met = np.repeat(of_group == single.MET, sizes)
        open_ = np.repeat(np.logical_or.reduceat(own == single.UNKNOWN, starts), sizes)
        weighing = np.where(met, own == single.MET, (own != single.NOT_MET) == open_)
        found: Bits = np.bitwise_or.reduceat(np.where(weighing, said[parts], 0), starts)
        return found

    return every, some


def _asks(program: Program, codes: single.Codes, required: Mapping[str, Mapping[str, Any]]) -> NDArray[np.bool_]:
    """Return which references stay open for something that has to be there."""
    asks = np.zeros(2 * program.size, np.bool_)
    wanted = tuple((kind, tuple(rule.items())) for kind, rule in required.items())
    asks[2 : 2 * (1 + len(program.leaves)) : 2] = _purposes(program, wanted)
    asks &= codes == single.UNKNOWN

    def every(parts: References, starts: References, of_group: single.Codes, _: References) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.logical_or.reduceat(asks[parts], starts) & (of_group == single.UNKNOWN)
        return found

    def some(parts: References, starts: References, of_group: single.Codes, _: References) -> NDArray[np.bool_]:
        held = asks[parts] | (codes[parts] == single.NOT_MET)
        found: NDArray[np.bool_] = np.logical_and.reduceat(held, starts) & (of_group == single.UNKNOWN)
        return found

    _climb(program, codes, asks, every, some)
    return asks


@lru_cache(maxsize=8)
def _purposes(program: Program, required: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]) -> NDArray[np.bool_]:
    """Return which leaves ask for something that has to be there."""
    rules = dict(required)
    wanted = (
        kind in rules and all(value not in getattr(params, name) for name, value in rules[kind])
        for kind, params in program.leaves
    )
    return np.fromiter(wanted, np.bool_, len(program.leaves))


_Step = Callable[[References, References, single.Codes, References], NDArray[Any]]


def _climb(program: Program, codes: single.Codes, values: NDArray[Any], every: _Step, some: _Step) -> None:
    """Fill the values of groups from those of their parts: `every` for "all of", `some` for what is its negation."""
    for level in program.levels:
        if len(level.starts):
            first, last = 2 * level.first, 2 * (level.first + len(level.starts))
            sizes = _sizes(level)
            values[first:last:2] = every(level.parts, level.starts, codes[first:last:2], sizes)
            values[first + 1 : last : 2] = some(level.parts ^ 1, level.starts, codes[first + 1 : last : 2], sizes)
        for node, _, parts in level.counts:
            whole = np.zeros(1, np.intp), np.array([len(parts)], np.intp)
            for reference, mine in ((2 * node, parts), (2 * node + 1, parts ^ 1)):
                values[reference] = some(mine, whole[0], codes[reference : reference + 1], whole[1])[0]


def _sizes(level: Level) -> References:
    return np.diff(level.starts, append=len(level.parts))
