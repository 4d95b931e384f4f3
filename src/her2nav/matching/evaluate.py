"""Evaluating compiled trials over a block of patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri, constant
from her2nav.kinds.registry import kinds
from her2nav.matching import single
from her2nav.matching.bitsets import Words, blank, run, unpack
from her2nav.matching.compiled import CompiledTrial, CompiledTrials
from her2nav.matching.part_program import nodes_under
from her2nav.matching.plan import Plan, fill, plan
from her2nav.matching.program import Program, Reference, References
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


VERDICTS = (Verdict.ELIGIBLE, Verdict.POSSIBLE, Verdict.POSSIBLE, Verdict.INELIGIBLE)
"""The verdict that each code of one patient gives (`matching/single.py`)."""


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
    """Truths of the unique leaves over one block, and of the groups over them, evaluated when first needed."""

    def __init__(self, compiled: CompiledTrials, block: Block, codes: single.Codes | None = None) -> None:
        self._program, self._compiled = compiled.program, compiled
        self._block = block
        if codes is not None:
            self.codes = codes
        self._more: dict[tuple[str, Any], Tri] = {}

    @property
    def program(self) -> Program:
        """The trees."""
        return self._program

    @cached_property
    def _rows(self) -> Words:
        return rows_of(self._program, self._block)

    @cached_property
    def codes(self) -> single.Codes:
        """The code of every reference, for a block of one patient."""
        return codes_of(self._program, self._block)

    def of(self, kind: str, params: Any) -> Tri:
        """Return the truth of a leaf by kind and parameters, whether or not a trial holds it."""
        node = self._compiled.numbers.get((kind, params))
        if node is not None:
            return self.truth(2 * node)
        if (kind, params) not in self._more:
            self._more[kind, params] = kinds()[kind].evaluate(params, self._block)
        return self._more[kind, params]

    def of_one(self, kind: str, params: Any) -> Truth:
        """Return the same for a block of one patient."""
        node = self._compiled.places.get(id(params)) or self._compiled.numbers.get((kind, params))
        if node is None:
            return self.of(kind, params).at(0)
        return single.BY_CODE[self.listed[2 * node]]

    @cached_property
    def listed(self) -> bytes:
        """The codes as bytes: single entries of an array are slow to read."""
        return self.codes.tobytes()

    def truth(self, reference: Reference) -> Tri:
        """Return the truth of a node or of its negation."""
        size = self._block.size
        if size == 1:
            return constant(single.BY_CODE[self.codes[reference]], 1)
        return Tri(unpack(self._rows[reference], size), unpack(self._rows[reference ^ 1], size))


def rows_of(program: Program, block: Block) -> Words:
    """Return the rows of every node over a block: every leaf evaluated once, every group reduced from them."""
    if block.size == 1:
        alone: Words = (codes_of(program, block) == single.MET).astype(np.uint64)[:, None]
        return alone
    rows = blank(program, block.size)
    if block.size:
        how = plan(program, block.knowledge)
        how.fill_limits(rows, block)
        fill(program, how.cheap, rows, block)
        fill(program, how.others, rows, block)
        run(program, rows)
    return rows


def codes_of(
    program: Program,
    block: Block,
    like: single.Codes | None = None,
    others: Sequence[tuple[Program, single.Codes]] = (),
) -> single.Codes:
    """Return the code of every reference for a block of one patient.

    Args:
        program: The trees.
        block: The patient.
        like: Codes of the same patient on the same day with other systemic therapies: leaves that no therapy changes
            are taken from there.
        others: Programs with the codes of the same patient: leaves that they hold too are not judged again.
    """
    if like is not None:
        return codes_of_each(program, block.cases, like)[0]
    codes = single.blank(program)
    how = plan(program, block.knowledge)
    single.put(codes, how.limits.nodes, how.limits.of_one(block))
    if block.recorded:
        told: NDArray[np.bool_] | None = None
        for other, known in others:
            nodes, there = same_leaves(program, other)
            single.write(codes, nodes, known[2 * there])
            told = np.zeros(1 + len(program.leaves), np.bool_) if told is None else told
            told[nodes] = True
        how.gated.fill(codes, block, told)
        left = how.ungated if told is None else [node for node in how.ungated if not told[node]]
        single.fill(program, left, codes, block)
    else:
        single.fill(program, (*how.cheap, *how.others), codes, block)
    single.run(program, codes)
    return codes


@lru_cache(maxsize=8)
def same_leaves(program: Program, other: Program) -> tuple[References, References]:
    """Return the nodes of the leaves that another program holds too, and their nodes there."""
    known = {leaf: node for node, leaf in enumerate(other.leaves, 1)}
    pairs = [(node, there) for node, leaf in enumerate(program.leaves, 1) if (there := known.get(leaf))]
    both = np.array(pairs, np.intp).reshape(len(pairs), 2)
    return both[:, 0].copy(), both[:, 1].copy()


def codes_of_each(
    program: Program, cases: Sequence[Case], like: single.Codes, trials: CompiledTrials | None = None
) -> list[single.Codes]:
    """Return the codes of every reference for several suppositions of one patient on one day.

    Args:
        program: The trials.
        cases: The same patient with other systemic therapies.
        like: Codes of the patient without them: leaves that no therapy changes are taken from there.
        trials: Those of the program that are looked at. What only trials ask that no therapy can open is then left as
            it was; None: every leaf is judged.
    """
    if not cases:
        return []
    block = Block(cases)
    how = plan(program, block.knowledge)
    wanted, moving = how.unsteady, how.moving
    if trials is not None:
        reached = _reachable(trials, how, like)
        wanted, moving = wanted & reached, moving.some(reached[moving.nodes])
    found = [like.copy() for _ in cases]
    for case, codes in zip(cases, found, strict=True):
        single.put(codes, moving.nodes, moving.of_one(case.alone))
    how.gated.fill_each(found, block, wanted)
    for node in how.ungated:
        if wanted[node]:
            name, params = program.leaves[node - 1]
            of_each = kinds()[name].evaluate(params, block)
            for codes, code in zip(found, single.of_each(of_each).tolist(), strict=True):
                codes[2 * node], codes[2 * node + 1] = code, single.negated(code)
    for codes in found:
        single.run(program, codes)
    return found


def _reachable(trials: CompiledTrials, how: Plan, like: single.Codes) -> NDArray[np.bool_]:
    """Return, by node, which leaves trials ask that what no therapy changes has not closed for good."""
    program = trials.program
    codes = like.copy()
    for open_ in (np.flatnonzero(how.unsteady), how.moving.nodes):
        codes[2 * open_] = codes[2 * open_ + 1] = single.UNKNOWN
    single.run(program, codes)
    sizes = np.array([len(one.references) for one in trials.trials], np.intp)
    left = codes[trials.verdicts] != single.NOT_MET
    asked = np.concatenate([trials.references[np.repeat(left, sizes)], trials.verdicts[left]])
    return nodes_under(program, asked >> 1)[: 1 + len(program.leaves)]


def evaluate_trial(trial: CompiledTrial, leaves: LeafTruths) -> TrialTruths:
    """Evaluate one trial: any NOT_MET makes an arm ineligible, else any UNKNOWN that decides makes it possible."""
    arms = {arm: verdict_of(leaves.truth(reference)) for arm, reference in trial.arms.items()}
    verdict = verdict_of(leaves.truth(trial.verdict))
    return TrialTruths(
        tuple(leaves.truth(item.reference) for item in trial.criteria), arms or {ALL_ARMS: verdict}, verdict
    )


def verdict_of(truth: Tri) -> NDArray[np.int8]:
    """Return the verdict that a truth gives, one entry per patient."""
    return (1 + truth.met.view(np.int8) - truth.not_met.view(np.int8)).astype(np.int8)
