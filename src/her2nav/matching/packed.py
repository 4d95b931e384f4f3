"""Packed trials put together: one program for thousands, each trial's words and trees only when somebody asks.

The compiled forms of single trials are joined with array operations: their leaves become one table without doubles,
their groups keep their depth. Groups that are equal in several trials stay apart: finding them would cost more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from her2nav.matching.arrays import distinct_inverse, spans, starts_of
from her2nav.matching.compiled import CompiledCriterion, CompiledTrials, bindings
from her2nav.matching.leaf_notes import LeafNotes
from her2nav.matching.packing import HEAD, MOST_ARMS, NUMBERS, Body, Unpacker, forms_of
from her2nav.matching.program import Level, Program, Reference, References
from her2nav.model.trial import Arm, Criterion, Role, Trial, TrialRecord

Leaves = Callable[[Sequence[int]], Sequence[tuple[str, Any]]]
"""Returns kind and parameters of leaves by their numbers."""
Notes = Callable[[NDArray[np.intp]], LeafNotes | None]
"""Returns what is noted of leaves by their numbers; None: nothing is."""


class KeptTree(NamedTuple):
    """A packed trial whose leaves are numbered among those of all trials.

    Attributes:
        leaves: Numbers of its leaves, four bytes each.
        program, head, body, unread: As in `PackedTrial`.
        record: Digest of the trial's record when the tree was last found to hold for it.
    """

    nct_id: str
    leaves: bytes
    program: bytes
    head: str
    body: bytes
    unread: int
    record: str = ""


def assemble(
    trees: Sequence[KeptTree],
    leaves: Leaves,
    record_of: Callable[[str, dict[str, Any], tuple[Arm, ...]], TrialRecord],
    notes: Notes = lambda _: None,
) -> CompiledTrials:
    """Return trials ready to be matched.

    Args:
        trees: What was kept of each.
        leaves: Finds leaves by number.
        record_of: Makes the record of a trial from its id, the head of its tree and its arms, when first needed.
        notes: Finds what is noted of leaves.
    """
    own = np.frombuffer(b"".join(tree.leaves for tree in trees), "<u4")
    unique, inverse = distinct_inverse(own)
    table = tuple(leaves(unique.tolist())), notes(unique.astype(np.intp))
    lengths = np.array([len(tree.leaves) // 4 for tree in trees], np.intp)
    joined = _Joined.of(trees, table, inverse.astype(np.intp) + 1, lengths)
    trials = [LazyTrial(tree, joined, at, record_of) for at, tree in enumerate(trees)]
    return CompiledTrials(trials, joined.program, joined.references)


class LazyTrial:
    """One trial of many; a `JudgedTrial` whose record, criteria and arms are made when first asked for."""

    def __init__(
        self,
        tree: KeptTree,
        joined: _Joined,
        at: int,
        record_of: Callable[[str, dict[str, Any], tuple[Arm, ...]], TrialRecord],
    ) -> None:
        self.verdict: Reference = joined.verdicts[at]
        self.unread = tree.unread
        self._mine = slice(joined.criteria_at[at], joined.criteria_at[at + 1])
        self.references = joined.references[self._mine]
        self.criteria: Sequence[CompiledCriterion] = _Criteria(self)
        self._tree = tree
        self._joined = joined
        self._at = at
        self._record_of = record_of

    @property
    def head(self) -> dict[str, Any]:
        """Arms, and words of the record."""
        return self._joined.heads[self._at]

    @property
    def forms(self) -> NDArray[np.int64]:
        """The form of each criterion."""
        return forms_of(self._tree.program)

    @cached_property
    def leaves(self) -> _Slots:
        """Its leaves, kind and parameters."""
        joined, at = self._joined, self._at
        return _Slots(joined.table, joined.slots[joined.slots_at[at] : joined.slots_at[at + 1]])

    @cached_property
    def body(self) -> Body:
        """Trees and text as they were packed."""
        return Body.of(self._tree.body)

    @cached_property
    def unpacker(self) -> Unpacker:
        """Makes criteria."""
        return Unpacker(self.body.criterion, self.body.rules, self.body.text, self.leaves)

    @cached_property
    def trial(self) -> Trial:
        """The trial."""
        arms = tuple(Arm(id=name, label=label, kind=kind) for name, label, kind in self.head["arms"])
        record = self._record_of(self._tree.nct_id, self.head, arms)
        return Trial(record, _Plain(self.criteria), "read")

    @cached_property
    def arms(self) -> dict[str, Reference]:
        """Reference of each arm that may be entered."""
        joined, at = self._joined, self._at
        of_arms = joined.arms[joined.arms_at[at] : joined.arms_at[at + 1]]
        return dict(zip(self.head["enterable"], of_arms.tolist(), strict=True))

    @cached_property
    def binding(self) -> dict[str | None, tuple[int, ...]]:
        """Positions of the criteria that decide about each arm that may be entered."""
        arms: list[str] = self.head["enterable"]
        decides, scopes = self._joined.decides[self._mine], self._joined.scopes[self._mine]
        if not scopes.any():
            everywhere = tuple(np.flatnonzero(decides).tolist())
            return dict.fromkeys(arms or (None,), everywhere)
        if len(arms) > MOST_ARMS:
            written = map(self.body.criterion, range(len(self.references)))
            return bindings([_Bound(item[1], item[4]) for item in written], arms)
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

    def __init__(self, trial: LazyTrial) -> None:
        self._trial = trial
        self._made: dict[int, CompiledCriterion] = {}

    def __len__(self) -> int:
        return len(self._trial.references)

    @overload
    def __getitem__(self, at: int) -> CompiledCriterion: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[CompiledCriterion]: ...
    def __getitem__(self, at: int | slice) -> CompiledCriterion | Sequence[CompiledCriterion]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        found = self._made.get(at)
        if found is None:
            reference, form = int(self._trial.references[at]), int(self._forms[at])
            found = self._made[at] = CompiledCriterion(self._trial.unpacker.criterion(at), reference, form)
        return found

    @cached_property
    def _forms(self) -> NDArray[np.int64]:
        return self._trial.forms


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


@dataclass(frozen=True)
class _Joined:
    """What was kept of all trials, section by section, its references those of one program.

    Attributes:
        trees: What was kept of each.
        table: Kind and parameters of every leaf.
        slots, slots_at: The node of each leaf of each trial, and where each trial's begin.
        program: The nodes of all trials.
        references, decides, scopes, criteria_at: Of the criteria (`PackedTrial.program`).
        arms, arms_at: References of the arms that may be entered.
        verdicts: Reference of each trial.
    """

    trees: Sequence[KeptTree]
    table: Sequence[tuple[str, Any]]
    slots: NDArray[np.intp]
    slots_at: list[int]
    program: Program
    references: References
    decides: NDArray[np.int32]
    scopes: NDArray[np.int32]
    criteria_at: list[int]
    arms: References
    arms_at: list[int]
    verdicts: list[Reference]

    @classmethod
    def of(
        cls,
        trees: Sequence[KeptTree],
        leaves_and_notes: tuple[tuple[tuple[str, Any], ...], LeafNotes | None],
        slots: NDArray[np.intp],
        lengths: NDArray[np.intp],
    ) -> _Joined:
        """Join trials.

        Args:
            trees: What was kept of each.
            leaves_and_notes: Kind and parameters of every leaf, and what is noted of them.
            slots: The node of each leaf of each trial.
            lengths: How many leaves each trial has.
        """
        table, notes = leaves_and_notes
        every = np.frombuffer(b"".join(tree.program for tree in trees), NUMBERS)
        starts = starts_of(np.array([len(tree.program) // NUMBERS.itemsize for tree in trees], np.intp))[:-1]
        heads = every[starts[:, None] + np.arange(HEAD)].astype(np.intp).T
        leaves, criteria, arms, groups, parts, verdicts = heads
        sections = []
        at = starts + HEAD
        for counts in (criteria, criteria, criteria, arms, groups, groups, groups, parts):
            sections.append(every[spans(at, counts)])
            at = at + counts
        of_criteria, decides, scopes, of_arms, depths, leasts, sizes, of_groups = sections
        # Each trial numbers its nodes: the one that is true of everybody, its leaves, its groups.
        offsets = starts_of(1 + leaves + groups)
        nodes = np.zeros(offsets[-1], np.intp)
        offsets = offsets[:-1]
        slots_at = starts_of(lengths)
        nodes[spans(offsets + 1, leaves)] = slots[spans(slots_at[:-1], leaves)]
        first = len(table) + 1
        # By depth, "all of" before "at least", as the evaluator wants them.
        order = np.lexsort((leasts > 0, depths))
        group_nodes = np.empty(len(order), np.intp)
        group_nodes[order] = first + np.arange(len(order))
        nodes[spans(offsets + 1 + leaves, groups)] = group_nodes

        def final(local: NDArray[np.int32], counts: NDArray[np.intp]) -> References:
            found: References = 2 * nodes[np.repeat(offsets, counts) + (local >> 1)] + (local & 1)
            return found

        levels = _levels(group_nodes, order, depths, leasts, sizes.astype(np.intp), final(of_groups, parts))
        return cls(
            trees,
            table,
            slots,
            slots_at.tolist(),
            Program(table, first + len(order), levels, notes),
            final(of_criteria, criteria),
            decides,
            scopes,
            starts_of(criteria).tolist(),
            final(of_arms, arms),
            starts_of(arms).tolist(),
            (2 * nodes[offsets + (verdicts >> 1)] + (verdicts & 1)).tolist(),
        )

    @cached_property
    def heads(self) -> list[dict[str, Any]]:
        """The head of each trial, read all together."""
        found: list[dict[str, Any]] = json.loads(f"[{','.join(tree.head for tree in self.trees)}]")
        return found


def _levels(
    nodes: NDArray[np.intp],
    order: NDArray[np.intp],
    depths: NDArray[np.int32],
    leasts: NDArray[np.int32],
    sizes: NDArray[np.intp],
    parts: References,
) -> tuple[Level, ...]:
    """Return the groups of all trials by depth.

    Args:
        nodes: The node of each group.
        order: The groups in the order of their nodes.
        depths: Of the groups, as in `PackedTrial.program`.
        leasts: Their least numbers.
        sizes: How many parts each has.
        parts: The parts, as references of the program.
    """
    starts = starts_of(sizes)
    levels = []
    for depth in range(int(depths.max()) + 1 if len(depths) else 0):
        mine = order[depths[order] == depth]
        plain, counted = mine[leasts[mine] == 0], mine[leasts[mine] > 0]
        gathered = parts[spans(starts[plain], sizes[plain])]
        counts = tuple(
            (int(nodes[g]), int(leasts[g]), parts[starts[g] : starts[g] + sizes[g]]) for g in counted.tolist()
        )
        levels.append(Level(int(nodes[mine[0]]), gathered, starts_of(sizes[plain])[:-1], counts))
    return tuple(levels)
