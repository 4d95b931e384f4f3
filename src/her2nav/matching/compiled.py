"""Trials as references into one table of unique leaves and groups.

The same leaf (age at least 18, no leptomeningeal disease) stands in many trials; it is evaluated once per block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from her2nav.matching.program import Builder, Program, Reference, References, row
from her2nav.model.trial import Criterion, Role, Trial


@dataclass(frozen=True, slots=True)
class CompiledCriterion:
    """A criterion and the reference of its tree."""

    criterion: Criterion
    reference: Reference

    @property
    def decides(self) -> bool:
        """True when it enters the verdict."""
        return self.criterion.role is Role.DECIDES


@dataclass(frozen=True, slots=True)
class CompiledTrial:
    """A trial with its compiled criteria and arms.

    Attributes:
        arms: Reference of each arm not known to be closed (of each, when every one is closed), by its id; empty: the
            trial has no arms.
        verdict: Reference of the whole trial: one of the arms may be entered.
    """

    trial: Trial
    criteria: tuple[CompiledCriterion, ...]
    arms: dict[str, Reference]
    verdict: Reference


@dataclass(frozen=True, eq=False)
class CompiledTrials:
    """Trials sharing one program."""

    trials: tuple[CompiledTrial, ...]
    program: Program

    @property
    def leaves(self) -> tuple[tuple[str, Any], ...]:
        """(kind, parameters) of every unique leaf."""
        return self.program.leaves

    @cached_property
    def deciding(self) -> tuple[Program, References]:
        """The part of the program that verdicts rest on, and the reference of each trial in it."""
        builder = Builder()
        found = [_arms(builder, item.trial)[1] for item in self.trials]
        program, groups = builder.finish()
        return program, np.array([row(reference, groups) for reference in found], np.intp)


def compile_trials(trials: Sequence[Trial]) -> CompiledTrials:
    """Number the unique leaves and groups of all trials and rewrite the trees over the numbers."""
    builder = Builder()
    found = []
    for trial in trials:
        criteria = [builder.node(item.node) for item in trial.criteria]
        found.append((trial, criteria, *_arms(builder, trial)))
    program, groups = builder.finish()
    compiled = tuple(
        CompiledTrial(
            trial,
            tuple(
                CompiledCriterion(item, row(reference, groups))
                for item, reference in zip(trial.criteria, criteria, strict=True)
            ),
            {arm: row(reference, groups) for arm, reference in arms.items()},
            row(verdict, groups),
        )
        for trial, criteria, arms, verdict in found
    )
    return CompiledTrials(compiled, program)


def _arms(builder: Builder, trial: Trial) -> tuple[dict[str, Reference], Reference]:
    """Return the reference of each arm that may be entered, and of the trial."""
    deciding = [(item, builder.node(item.node)) for item in trial.criteria if item.role is Role.DECIDES]
    everywhere = builder.all_of([reference for item, reference in deciding if not item.scope])
    enterable = [arm.id for arm in trial.record.arms if arm.open is not False]
    arms = {
        arm: builder.all_of([everywhere, *(reference for item, reference in deciding if arm in item.scope)])
        for arm in enterable or [arm.id for arm in trial.record.arms]
    }
    return arms, builder.any_of(list(arms.values())) if arms else everywhere
