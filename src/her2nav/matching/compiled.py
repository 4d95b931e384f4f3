"""Trials as a table of unique leaves and sparse trees over them.

The same leaf (age at least 18, no leptomeningeal disease) stands in many trials; it is evaluated once per block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When
from her2nav.model.trial import Criterion, Role, Trial

Expression = tuple[Any, ...]
"""A node over leaf numbers: ("leaf", i), ("all", parts), ("any", parts), ("not", part), ("at_least", n, parts)."""


@dataclass(frozen=True, slots=True)
class CompiledCriterion:
    """A criterion and its expression over leaf numbers."""

    criterion: Criterion
    expression: Expression

    @property
    def decides(self) -> bool:
        """True when it enters the verdict."""
        return self.criterion.role is Role.DECIDES


@dataclass(frozen=True, slots=True)
class CompiledTrial:
    """A trial with its arms that may be entered and its compiled criteria."""

    trial: Trial
    criteria: tuple[CompiledCriterion, ...]
    arms: tuple[str, ...]
    """Ids of the arms not known to be closed (of all, when every one is closed); empty: the trial has no arms."""


@dataclass(frozen=True, slots=True)
class CompiledTrials:
    """Trials sharing one table of leaves."""

    trials: tuple[CompiledTrial, ...]
    leaves: tuple[tuple[str, Any], ...]
    """(kind, parameters) of every unique leaf."""


def compile_trials(trials: Sequence[Trial]) -> CompiledTrials:
    """Number the unique leaves of all trials and rewrite the trees over the numbers."""
    numbers: dict[tuple[str, Any], int] = {}

    def compile_node(node: Node) -> Expression:
        match node:
            case Leaf(kind=kind, params=params):
                return ("leaf", numbers.setdefault((kind, params), len(numbers)))
            case AllOf(parts=parts):
                return ("all", tuple(compile_node(part) for part in parts))
            case AnyOf(parts=parts):
                return ("any", tuple(compile_node(part) for part in parts))
            case Not(part=part):
                return ("not", compile_node(part))
            case AtLeast(n=n, parts=parts):
                return ("at_least", n, tuple(compile_node(part) for part in parts))
            case When(when=when, then=then):
                # A guard that is false makes the criterion not applicable, which satisfies it.
                return ("any", (("not", compile_node(when)), compile_node(then)))

    compiled = []
    for trial in trials:
        criteria = tuple(CompiledCriterion(item, compile_node(item.node)) for item in trial.criteria)
        arms = trial.record.arms
        enterable = [arm.id for arm in arms if arm.open is not False] or [arm.id for arm in arms]
        compiled.append(CompiledTrial(trial, criteria, tuple(enterable)))
    return CompiledTrials(tuple(compiled), tuple(numbers))
