"""Trials as references into one table of unique leaves and groups.

The same leaf (age at least 18, no leptomeningeal disease) stands in many trials; it is evaluated once per block.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Protocol

import numpy as np

from her2nav.matching.program import Builder, Program, Reference, References, row
from her2nav.model.tree import leaves
from her2nav.model.trial import Criterion, Role, Trial


class Binding(Protocol):
    """What tells whom a criterion binds."""

    @property
    def decides(self) -> bool:
        """True when it enters the verdict."""

    def binds(self, arm: str | None) -> bool:
        """True when it binds an arm; None stands for a trial without arms."""


@dataclass(frozen=True, slots=True)
class CompiledCriterion:
    """A criterion, the reference of its tree, and its form: criteria that read the same have one form."""

    criterion: Criterion
    reference: Reference
    form: int

    @property
    def decides(self) -> bool:
        """True when it enters the verdict."""
        return self.criterion.role is Role.DECIDES

    def binds(self, arm: str | None) -> bool:
        """True when it binds an arm; None stands for a trial without arms."""
        return not self.criterion.scope or arm is None or arm in self.criterion.scope


class JudgedTrial(Protocol):
    """What matching asks of a compiled trial: all at hand, or made when asked for (`matching/packed.py`)."""

    @property
    def trial(self) -> Trial:
        """The trial."""

    @property
    def criteria(self) -> Sequence[CompiledCriterion]:
        """Its criteria."""

    @property
    def references(self) -> Sequence[Reference] | References:
        """Reference of each criterion."""

    @property
    def arms(self) -> dict[str, Reference]:
        """Reference of each arm that may be entered."""

    @property
    def verdict(self) -> Reference:
        """Reference of the whole trial."""

    @property
    def binding(self) -> dict[str | None, tuple[int, ...]]:
        """Positions of the criteria that decide about each arm that may be entered."""

    @property
    def unread(self) -> int:
        """How many criteria that decide were not read, or not in full."""


@dataclass(frozen=True)
class CompiledTrial:
    """A trial with its compiled criteria and arms.

    Attributes:
        arms: Reference of each arm not known to be closed (of each, when every one is closed), by its id; empty: the
            trial has no arms.
        verdict: Reference of the whole trial: one of the arms may be entered.
    """

    trial: Trial
    criteria: Sequence[CompiledCriterion]
    arms: dict[str, Reference]
    verdict: Reference

    @cached_property
    def references(self) -> Sequence[Reference]:
        """Reference of each criterion."""
        return [item.reference for item in self.criteria]

    @cached_property
    def binding(self) -> dict[str | None, tuple[int, ...]]:
        """Positions of the criteria that decide about each arm that may be entered, or about a trial without arms."""
        return bindings(self.criteria, self.arms)

    @cached_property
    def unread(self) -> int:
        """How many criteria that decide were not read, or not in full."""
        return unread_criteria(self.trial.criteria)


def unread_criteria(criteria: Sequence[Criterion]) -> int:
    """Return how many criteria that decide were not read, or not read in full."""
    return sum(
        item.role is Role.DECIDES and any(leaf.kind == "unread" for leaf in leaves(item.node)) for item in criteria
    )


def bindings(criteria: Sequence[Binding], arms: Iterable[str]) -> dict[str | None, tuple[int, ...]]:
    """Return the positions of the criteria that decide about each of some arms, or about a trial without arms."""
    return {
        arm: tuple(i for i, item in enumerate(criteria) if item.decides and item.binds(arm))
        for arm in tuple(arms) or (None,)
    }


@dataclass(frozen=True, eq=False)
class CompiledTrials:
    """Trials sharing one program."""

    trials: Sequence[JudgedTrial]
    program: Program
    kept_references: References | None = None
    """`references`, where they are known without looking at a trial."""

    @property
    def leaves(self) -> tuple[tuple[str, Any], ...]:
        """(kind, parameters) of every unique leaf."""
        return self.program.leaves

    @cached_property
    def numbers(self) -> dict[tuple[str, Any], int]:
        """The node of each unique leaf."""
        return {leaf: node for node, leaf in enumerate(self.program.leaves, 1)}

    @cached_property
    def places(self) -> dict[int, int]:
        """The node of each unique leaf by which object its parameters are: most trees hold these very objects."""
        return {id(params): node for node, (_, params) in enumerate(self.program.leaves, 1)}

    @cached_property
    def references(self) -> References:
        """References of all criteria, trial after trial."""
        if self.kept_references is not None:
            return self.kept_references
        return np.array([reference for trial in self.trials for reference in trial.references], np.intp)

    @cached_property
    def starts(self) -> list[int]:
        """Where the criteria of each trial begin among `references`, and where the last end."""
        return [0, *accumulate(len(trial.references) for trial in self.trials)]

    @cached_property
    def verdicts(self) -> References:
        """Reference of each trial."""
        return np.array([trial.verdict for trial in self.trials], np.intp)

    @cached_property
    def deciding(self) -> tuple[Program, References]:
        """The part of the program that verdicts rest on, and the reference of each trial in it."""
        if self.kept_references is not None:
            return self.program, self.verdicts
        builder = Builder()
        found = []
        for item in self.trials:
            deciding = [(one.criterion, builder.node(one.criterion.node)) for one in item.criteria if one.decides]
            found.append(_arms(builder, item.trial, deciding)[1])
        program, groups = builder.finish()
        return program, np.array([row(reference, groups) for reference in found], np.intp)


def compile_trials(trials: Sequence[Trial]) -> CompiledTrials:
    """Number the unique leaves and groups of all trials and rewrite the trees over the numbers."""
    builder = Builder()
    found = []
    for trial in trials:
        criteria = [(item, *builder.read(item.node)) for item in trial.criteria]
        deciding = [(item, reference) for item, reference, _ in criteria if item.role is Role.DECIDES]
        found.append((trial, criteria, *_arms(builder, trial, deciding)))
    program, groups = builder.finish()
    compiled = tuple(
        CompiledTrial(
            trial,
            tuple(CompiledCriterion(item, row(reference, groups), form) for item, reference, form in criteria),
            {arm: row(reference, groups) for arm, reference in arms.items()},
            row(verdict, groups),
        )
        for trial, criteria, arms, verdict in found
    )
    return CompiledTrials(compiled, program)


def _arms(
    builder: Builder, trial: Trial, deciding: Sequence[tuple[Criterion, Reference]]
) -> tuple[dict[str, Reference], Reference]:
    """Return the reference of each arm that may be entered, and of the trial."""
    everywhere = builder.all_of([reference for item, reference in deciding if not item.scope])
    enterable = [arm.id for arm in trial.record.arms if arm.open is not False]
    arms = {
        arm: builder.all_of([everywhere, *(reference for item, reference in deciding if arm in item.scope)])
        for arm in enterable or [arm.id for arm in trial.record.arms]
    }
    return arms, builder.any_of(list(arms.values())) if arms else everywhere
