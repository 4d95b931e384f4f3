"""Packed trials put together: one program for thousands, each trial's words and trees only when somebody asks.

The compiled forms of single trials are joined with array operations: their leaves become one table without doubles,
their groups keep their depth. Groups that are equal in several trials stay apart: finding them would cost more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from her2nav.matching.arrays import distinct_inverse
from her2nav.matching.compiled import CompiledCriterion, CompiledTrials, bindings
from her2nav.matching.packing import MOST_ARMS, Numbers, Unpacker, unpack_body
from her2nav.matching.program import Level, Program, Reference, References
from her2nav.model.trial import Arm, Criterion, Role, Trial, TrialRecord

Leaves = Callable[[Sequence[int]], Sequence[tuple[str, Any]]]
"""Returns kind and parameters of leaves by their numbers."""


@dataclass(frozen=True, slots=True)
class KeptTree:
    """A packed trial whose leaves are numbered among those of all trials.

    Attributes:
        leaves: Numbers of its leaves, four bytes each.
        program, head, body, unread: As in `PackedTrial`.
    """

    nct_id: str
    leaves: bytes
    program: bytes
    head: str
    body: bytes
    unread: int


def assemble(
    trees: Sequence[KeptTree],
    leaves: Leaves,
    record_of: Callable[[str, dict[str, Any], tuple[Arm, ...]], TrialRecord],
) -> CompiledTrials:
    """Return trials ready to be matched.

    Args:
        trees: What was kept of each.
        leaves: Finds leaves by number.
        record_of: Makes the record of a trial from its id, the head of its tree and its arms, when first needed.
    """
    numbers = [Numbers.of(tree.program) for tree in trees]
    own = [np.frombuffer(tree.leaves, "<u4") for tree in trees]
    unique, inverse = distinct_inverse(_joined(own))
    table = list(leaves(unique.tolist()))
    node_of_slot = np.split(inverse.astype(np.intp) + 1, np.cumsum([len(item) for item in own])[:-1])
    program, nodes, offsets = _program(tuple(table), numbers, node_of_slot)

    def final(local: NDArray[np.int32], offset: int) -> References:
        found: References = 2 * nodes[offset + (local >> 1)] + (local & 1)
        return found

    references = [final(one.criteria, offset) for one, offset in zip(numbers, offsets, strict=True)]
    verdicts = (int(nodes[offset + (one.verdict >> 1)]) for one, offset in zip(numbers, offsets, strict=True))
    trials = [
        LazyTrial(
            tree,
            one,
            _Slots(table, slots),
            own_references,
            final(one.arms, offset),
            2 * node + (one.verdict & 1),
            record_of,
        )
        for tree, one, slots, own_references, offset, node in zip(
            trees, numbers, node_of_slot, references, offsets, verdicts, strict=True
        )
    ]
    return CompiledTrials(trials, program, _joined(references))


class LazyTrial:
    """One trial of many; a `JudgedTrial` whose record, criteria and arms are made when first asked for."""

    def __init__(
        self,
        tree: KeptTree,
        numbers: Numbers,
        leaves: _Slots,
        references: References,
        arms: References,
        verdict: Reference,
        record_of: Callable[[str, dict[str, Any], tuple[Arm, ...]], TrialRecord],
    ) -> None:
        self.verdict = verdict
        self.unread = tree.unread
        self.references = references
        self.criteria: Sequence[CompiledCriterion] = _Criteria(self, references, numbers.forms)
        self._tree = tree
        self._leaves = leaves
        self._arms = arms
        self._numbers = numbers
        self._record_of = record_of

    @cached_property
    def head(self) -> dict[str, Any]:
        """Arms, and words of the record."""
        found: dict[str, Any] = json.loads(self._tree.head)
        return found

    @cached_property
    def body(self) -> dict[str, Any]:
        """Text and trees as they were packed."""
        return unpack_body(self._tree.body)

    @cached_property
    def unpacker(self) -> Unpacker:
        """Makes criteria."""
        return Unpacker(self.body, self._leaves)

    @cached_property
    def trial(self) -> Trial:
        """The trial."""
        arms = tuple(Arm(id=name, label=label, kind=kind) for name, label, kind in self.head["arms"])
        record = self._record_of(self._tree.nct_id, self.head, arms)
        return Trial(record, _Plain(self.criteria), "read")

    @cached_property
    def arms(self) -> dict[str, Reference]:
        """Reference of each arm that may be entered."""
        return dict(zip(self.head["enterable"], self._arms.tolist(), strict=True))

    @cached_property
    def binding(self) -> dict[str | None, tuple[int, ...]]:
        """Positions of the criteria that decide about each arm that may be entered."""
        arms: list[str] = self.head["enterable"]
        decides, scopes = self._numbers.decides, self._numbers.scopes
        if not scopes.any():
            everywhere = tuple(np.flatnonzero(decides).tolist())
            return dict.fromkeys(arms or (None,), everywhere)
        if len(arms) > MOST_ARMS:
            return bindings([_Bound(item[1], item[4]) for item in self.body["criteria"]], arms)
        return {
            arm: tuple(np.flatnonzero(decides & ((scopes == 0) | (scopes >> i & 1))).tolist())
            for i, arm in enumerate(arms)
        }


@dataclass(frozen=True, slots=True)
class _Bound:
    """As much of a criterion as tells whom it binds."""

    role: str
    scope: Sequence[str]

    @property
    def decides(self) -> bool:
        return self.role == Role.DECIDES

    def binds(self, arm: str | None) -> bool:
        return not self.scope or arm is None or arm in self.scope


class _Slots(Sequence[tuple[str, Any]]):
    """The leaves of one trial in the table of all."""

    def __init__(self, table: Sequence[tuple[str, Any]], nodes: NDArray[np.intp]) -> None:
        self._table, self._nodes = table, nodes

    def __len__(self) -> int:
        return len(self._nodes)

    @overload
    def __getitem__(self, at: int) -> tuple[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[tuple[str, Any]]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, Any] | Sequence[tuple[str, Any]]:
        if isinstance(at, slice):
            return [self._table[node - 1] for node in self._nodes[at].tolist()]
        return self._table[int(self._nodes[at]) - 1]


class _Criteria(Sequence[CompiledCriterion]):
    """The criteria of one trial, each made when first asked for."""

    def __init__(self, trial: LazyTrial, references: References, forms: NDArray[np.int64]) -> None:
        self._trial, self._references, self._forms = trial, references, forms
        self._made: dict[int, CompiledCriterion] = {}

    def __len__(self) -> int:
        return len(self._references)

    @overload
    def __getitem__(self, at: int) -> CompiledCriterion: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[CompiledCriterion]: ...
    def __getitem__(self, at: int | slice) -> CompiledCriterion | Sequence[CompiledCriterion]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        found = self._made.get(at)
        if found is None:
            reference, form = int(self._references[at]), int(self._forms[at])
            found = self._made[at] = CompiledCriterion(self._trial.unpacker.criterion(at), reference, form)
        return found


class _Plain(Sequence[Criterion]):
    """Criteria without their compiled form."""

    def __init__(self, compiled: Sequence[CompiledCriterion]) -> None:
        self._compiled = compiled

    def __len__(self) -> int:
        return len(self._compiled)

    @overload
    def __getitem__(self, at: int) -> Criterion: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Criterion]: ...
    def __getitem__(self, at: int | slice) -> Criterion | Sequence[Criterion]:
        if isinstance(at, slice):
            return [item.criterion for item in self._compiled[at]]
        return self._compiled[at].criterion


def _program(
    table: tuple[tuple[str, Any], ...], numbers: Sequence[Numbers], node_of_slot: Sequence[NDArray[np.intp]]
) -> tuple[Program, NDArray[np.intp], list[int]]:
    """Return the program of all trials, the final node of every node of every trial, and where each trial's begin."""
    first_group = len(table) + 1
    depths = _joined([one.depths for one in numbers])
    leasts = _joined([one.leasts for one in numbers])
    sizes = _joined([one.sizes for one in numbers])
    # By depth, "all of" before "at least", as the evaluator wants them.
    order = np.lexsort((leasts > 0, depths))
    group_node = np.empty(len(order), np.intp)
    group_node[order] = first_group + np.arange(len(order))
    nodes: list[NDArray[np.intp]] = []
    offsets: list[int] = []
    at = groups = 0
    zero = np.zeros(1, np.intp)
    for one, slots in zip(numbers, node_of_slot, strict=True):
        offsets.append(at)
        mine = group_node[groups : groups + len(one.depths)]
        nodes += [zero, slots[: one.leaves], mine]
        at += 1 + one.leaves + len(mine)
        groups += len(mine)
    every = _joined(nodes)
    local = _joined([one.parts for one in numbers])
    shift = np.repeat(np.array(offsets, np.intp), [len(one.parts) for one in numbers])
    parts = 2 * every[shift + (local >> 1)] + (local & 1)
    starts = np.concatenate([np.zeros(1, np.intp), np.cumsum(sizes)])[:-1]
    levels = []
    for depth in range(int(depths.max()) + 1 if len(depths) else 0):
        mine = order[depths[order] == depth]
        plain, counted = mine[leasts[mine] == 0], mine[leasts[mine] > 0]
        lengths = sizes[plain].astype(np.intp)
        ends = np.cumsum(lengths)
        begins = ends - lengths
        total = int(lengths.sum())
        gathered = parts[np.repeat(starts[plain] - begins, lengths) + np.arange(total)]
        counts = tuple(
            (int(group_node[g]), int(leasts[g]), parts[starts[g] : starts[g] + sizes[g]]) for g in counted.tolist()
        )
        levels.append(Level(int(group_node[mine[0]]), gathered, begins, counts))
    return Program(table, first_group + len(order), tuple(levels)), every, offsets


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[np.intp]:
    return np.concatenate(arrays).astype(np.intp, copy=False) if arrays else np.zeros(0, np.intp)
