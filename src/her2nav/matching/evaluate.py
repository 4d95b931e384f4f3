"""Evaluating compiled trials over a block of patients, in bitmaps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.facts.tri import Tri, constant
from her2nav.kinds.registry import kinds
from her2nav.matching.compiled import CompiledTrial, CompiledTrials, Expression
from her2nav.model.truth import Truth

ALL_ARMS = ""
"""Stands for the whole trial where it has no arms."""


class Verdict(IntEnum):
    """Of an arm and of a trial; the greater the better."""

    INELIGIBLE = 0
    POSSIBLE = 1
    ELIGIBLE = 2

    @property
    def word(self) -> str:
        """The word in JSON."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class TrialTruths:
    """One trial over a block.

    Attributes:
        criteria: Truth of each criterion, in the trial's order.
        arms: Verdict per arm id (ALL_ARMS where the trial has none), one entry per patient.
        verdict: The best arm's verdict per patient.
    """

    criteria: tuple[Tri, ...]
    arms: dict[str, NDArray[np.int8]]
    verdict: NDArray[np.int8]


class LeafTruths:
    """Truths of the unique leaves over one block, each evaluated when first needed."""

    def __init__(self, compiled: CompiledTrials, block: Block) -> None:
        self._leaves = compiled.leaves
        self._block = block
        self._known: list[Tri | None] = [None] * len(compiled.leaves)
        self._numbers = {leaf: number for number, leaf in enumerate(compiled.leaves)}

    def __getitem__(self, number: int) -> Tri:
        found = self._known[number]
        if found is None:
            kind, params = self._leaves[number]
            found = self._known[number] = kinds()[kind].evaluate(params, self._block)
        return found

    def of(self, kind: str, params: Any) -> Tri | None:
        """Return the truth of a leaf by kind and parameters; None when no trial holds it."""
        number = self._numbers.get((kind, params))
        return None if number is None else self[number]

    def reduce(self, expression: Expression) -> Tri:
        """Reduce an expression over leaves."""
        head = expression[0]
        if head == "leaf":
            return self[expression[1]]
        if head == "not":
            return ~self.reduce(expression[1])
        if head == "at_least":
            parts = [self.reduce(part) for part in expression[2]]
            met = np.sum([part.met for part in parts], axis=0)
            possible = np.sum([~part.not_met for part in parts], axis=0)
            return Tri(met >= expression[1], possible < expression[1])
        result = self.reduce(expression[1][0])
        for part in expression[1][1:]:
            other = self.reduce(part)
            result = result & other if head == "all" else result | other
        return result


def evaluate_trial(trial: CompiledTrial, leaves: LeafTruths, size: int) -> TrialTruths:
    """Evaluate one trial: any NOT_MET makes an arm ineligible, else any UNKNOWN that decides makes it possible."""
    truths = tuple(leaves.reduce(item.expression) for item in trial.criteria)
    everywhere = constant(Truth.MET, size)
    scoped: dict[str, Tri] = {arm: constant(Truth.MET, size) for arm in trial.arms}
    for item, truth in zip(trial.criteria, truths, strict=True):
        if not item.decides:
            continue
        if not item.criterion.scope:
            everywhere = everywhere & truth
        for arm in item.criterion.scope:
            if arm in scoped:
                scoped[arm] = scoped[arm] & truth
    arms = {arm: _verdict(everywhere & truth) for arm, truth in scoped.items()} or {ALL_ARMS: _verdict(everywhere)}
    best = next(iter(arms.values()))
    for verdict in arms.values():
        best = np.maximum(best, verdict)
    return TrialTruths(truths, arms, best)


def _verdict(truth: Tri) -> NDArray[np.int8]:
    verdict = np.full(truth.met.shape, Verdict.POSSIBLE, np.int8)
    verdict[truth.met] = Verdict.ELIGIBLE
    verdict[truth.not_met] = Verdict.INELIGIBLE
    return verdict
