"""How the leaves of a program are evaluated: limits on numbers together, column by column; all others one by one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.facts.limits import Limit, Number, reaching
from her2nav.facts.tri import Floats, Tri
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge
from her2nav.matching.arrays import distinct
from her2nav.matching.bitsets import Words, put, words_for
from her2nav.matching.gates import Gates, gated
from her2nav.matching.program import Program, References

Numbers = NDArray[np.intp]
STEADY = frozenset(
    (
        "age",
        "bleeding_thrombosis",
        "body_measure",
        "cardiac_history",
        "comorbidity",
        "contraception",
        "eye_disease",
        "gastrointestinal",
        "gene_status",
        "her2_amplification",
        "her2_mutation",
        "hormone_receptor",
        "ild",
        "infection",
        "judgement",
        "leptomeningeal_disease",
        "life_expectancy",
        "lung_disease",
        "lvef",
        "measurable_disease",
        "menopausal_status",
        "metastatic_site",
        "msi_mmr",
        "other_biomarker",
        "other_driver",
        "participation",
        "pd_l1",
        "performance_status",
        "peripheral_neuropathy",
        "pregnancy",
        "procedure",
        "qtc",
        "second_malignancy",
        "sex",
        "tissue_available",
        "toxicity_recovery",
        "tumour_type",
        "viral_infection",
        "visceral_crisis",
        "vital_sign",
    )
)
"""Kinds whose truth no systemic therapy changes; a test holds it against the catalogue and the examples."""
SETTLED_FOR_GOOD = frozenset(
    (
        "age",
        "disease_setting",
        "lines_of_therapy",
        "prior_therapy",
        "sex",
        "tumour_type",
        "washout",
    )
)
"""Kinds of which no test changes what is settled; a test holds it against the catalogue and the examples."""
_STEADY_WITHOUT = {"her2_status": "after_drugs"}
"""Kinds that a systemic therapy changes only where a criterion asks for this."""
_STEADY_NUMBERS = STEADY | {"lab_value"}
"""Kinds of which no systemic therapy changes the numbers that are compared with limits."""
_ALWAYS, _NEVER = 0, 1
"""First rows of the answers of a column: limits that every value reaches, and that none does."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnLimits:
    """All limits on one column.

    Attributes:
        nodes: The leaves.
        ends: The finite ends in rising order: the least of each limit, and the first number above its most.
        least, above: Rows of the answers: _ALWAYS, _NEVER, or 2 + the position in `ends`.
        fresh: Which of the plan's windows each leaf has.
    """

    number: Number
    nodes: Numbers
    ends: Floats
    least: Numbers
    above: Numbers
    fresh: Numbers


def is_steady(kind: str, params: Any) -> bool:
    """Return whether no systemic therapy changes the truth of a leaf."""
    return kind in STEADY or (kind in _STEADY_WITHOUT and not getattr(params, _STEADY_WITHOUT[kind]))


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Limits on numbers, one entry each, for a single patient.

    Attributes:
        numbers: The columns.
        windows: (age column, days): results no older than that; the first is no window at all.
        nodes: The leaves.
        column, least, most, window: Of each leaf.
    """

    numbers: tuple[Number, ...]
    windows: tuple[tuple[Number | None, float], ...]
    nodes: Numbers
    column: Numbers
    least: Floats
    most: Floats
    window: Numbers

    def of_one(self, block: Block) -> Tri:
        """Return their truths for the one patient of a block."""
        pairs = [number.of_one(block) for number in self.numbers]
        low, high = np.array(pairs, np.float64).reshape(len(pairs), 2).T.take(self.column, axis=1)
        ages = [age is None or age.of_one(block)[1] <= days for age, days in self.windows]
        fresh = np.array(ages, np.bool_)[self.window]
        return Tri((low >= self.least) & (high <= self.most) & fresh, ((high < self.least) | (low > self.most)) & fresh)

    def some(self, wanted: NDArray[np.bool_]) -> Limits:
        """Return some of them, with the columns that they ask for."""
        columns, column = _renumbered(self.column[wanted])
        windows, window = _renumbered(self.window[wanted])
        return Limits(
            tuple(self.numbers[i] for i in columns),
            tuple(self.windows[i] for i in windows),
            self.nodes[wanted],
            column,
            self.least[wanted],
            self.most[wanted],
            window,
        )


def _renumbered(numbers: Numbers) -> tuple[list[int], Numbers]:
    """Return the numbers that stand somewhere, in order, and each number by its place among them."""
    kept = distinct(numbers)
    return kept.tolist(), np.searchsorted(kept, numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The leaves of a program, sorted by how they are evaluated.

    Attributes:
        columns: Limits on numbers.
        windows: (age column, days): results no older than that; the first is no window at all.
        limits: The limits again, for a single patient.
        moving: Those of them that a systemic therapy can change.
        cheap: Leaves that are looked up, for which a single patient is judged first.
        others: All other leaves.
        steady: The leaves of both that no systemic therapy can change.
        unsteady: By node: whether a systemic therapy can change a leaf that is no limit.
        gated, ungated: The leaves of both by whether their kind has a gate (`matching/gates.py`).
    """

    columns: tuple[ColumnLimits, ...]
    windows: tuple[tuple[Number | None, float], ...]
    limits: Limits
    moving: Limits
    cheap: tuple[int, ...]
    others: tuple[int, ...]
    steady: Numbers
    unsteady: NDArray[np.bool_]
    gated: Gates
    ungated: tuple[int, ...]

    def fill_limits(self, rows: Words, block: Block) -> None:
        """Write the rows of all limits on numbers."""
        fresh = np.zeros((len(self.windows), words_for(block.size) * 8), np.uint8)
        for i, (age, days) in enumerate(self.windows):
            inside = np.ones(block.size, bool) if age is None else age.of(block)[1] <= days
            packed = np.packbits(inside, bitorder="little")
            fresh[i, : len(packed)] = packed
        for column in self.columns:
            _fill_column(column, rows, block, fresh.view(np.uint64))


def _fill_column(column: ColumnLimits, rows: Words, block: Block, fresh: Words) -> None:
    low, high = column.number.of(block)
    answers = []
    for values in (low, high) if low is not high else (low,):
        found = np.zeros((2 + len(column.ends), rows.shape[1] * 8), np.uint8)
        found[_ALWAYS] = 0xFF
        packed = reaching(values, column.ends)
        found[2:, : packed.shape[1]] = packed
        answers.append(found.view(np.uint64))
    of_low, of_high = answers[0], answers[-1]
    step = max(1, (1 << 18) // (8 * rows.shape[1]))
    for start in range(0, len(column.nodes), step):
        part = slice(start, start + step)
        least, above, nodes, inside = (
            column.least[part],
            column.above[part],
            column.nodes[part],
            fresh[column.fresh[part]],
        )
        rows[2 * nodes] = of_low[least] & ~of_high[above] & inside
        rows[2 * nodes + 1] = (~of_high[least] | of_low[above]) & inside


def fill(program: Program, nodes: Iterable[int], rows: Words, block: Block) -> None:
    """Write the rows of leaves that are evaluated one by one."""
    known = kinds()
    for node in nodes:
        kind, params = program.leaves[node - 1]
        put(rows, node, known[kind].evaluate(params, block))


@lru_cache(maxsize=16)
def limits_of(program: Program, knowledge: Knowledge) -> tuple[Limit | None, ...]:
    """Return the comparison that each leaf is; None of those that are more than one."""
    known = kinds()
    return tuple(
        None if (limit := known[kind].limit) is None else limit(params, knowledge) for kind, params in program.leaves
    )


@lru_cache(maxsize=8)
def plan(program: Program, knowledge: Knowledge) -> Plan:
    """Return how the leaves of a program are evaluated; limits in other units are converted here, once."""
    limits: list[tuple[int, Limit]] = []
    cheap: list[int] = []
    others: list[int] = []
    known = kinds()
    for node, ((name, _), limit) in enumerate(zip(program.leaves, limits_of(program, knowledge), strict=True), 1):
        kind = known[name]
        if limit is not None:
            limits.append((node, limit))
        elif kind.evaluated:
            (cheap if kind.cheap else others).append(node)
    windows: dict[tuple[Hashable, float], int] = {(None, np.inf): 0}
    ages: list[tuple[Number | None, float]] = [(None, np.inf)]
    by_column: dict[Hashable, list[tuple[int, Limit, int]]] = {}
    for node, limit in limits:
        key = (None, np.inf) if limit.age is None else (limit.age.key, limit.within)
        if key not in windows:
            windows[key] = len(ages)
            ages.append((limit.age, limit.within))
        by_column.setdefault(limit.number.key, []).append((node, limit, windows[key]))
    columns = tuple(_column(found) for found in by_column.values())
    behind, single = gated(program, (*cheap, *others), knowledge)
    flat = [(i, *one) for i, found in enumerate(by_column.values()) for one in found]
    each = Limits(
        tuple(column.number for column in columns),
        tuple(ages),
        nodes=np.array([node for _, node, _, _ in flat], np.intp),
        column=np.array([i for i, _, _, _ in flat], np.intp),
        least=np.array([limit.least for _, _, limit, _ in flat], np.float64),
        most=np.array([limit.most for _, _, limit, _ in flat], np.float64),
        window=np.array([window for _, _, _, window in flat], np.intp),
    )
    moving = np.array([program.leaves[node - 1][0] not in _STEADY_NUMBERS for node in each.nodes.tolist()], np.bool_)
    unsteady = np.zeros(1 + len(program.leaves), np.bool_)
    for node in (*cheap, *others):
        unsteady[node] = not is_steady(*program.leaves[node - 1])
    both = np.array((*cheap, *others), np.intp)
    return Plan(
        columns,
        tuple(ages),
        each,
        each.some(moving),
        cheap=tuple(cheap),
        others=tuple(others),
        steady=both[~unsteady[both]],
        unsteady=unsteady,
        gated=Gates.of(behind),
        ungated=tuple(single),
    )


def _column(found: Sequence[tuple[int, Limit, int]]) -> ColumnLimits:
    least = np.array([limit.least for _, limit, _ in found], np.float64)
    most = np.array([limit.most for _, limit, _ in found], np.float64)
    above = np.nextafter(most, np.inf)
    bounded = np.isfinite(most)
    ends = distinct(np.concatenate([least[np.isfinite(least)], above[bounded]]))
    return ColumnLimits(
        found[0][1].number,
        np.array([node for node, _, _ in found], np.intp),
        ends,
        np.where(np.isfinite(least), 2 + np.searchsorted(ends, least), _ALWAYS),
        np.where(bounded, 2 + np.searchsorted(ends, above), _NEVER),
        np.array([window for _, _, window in found], np.intp),
    )


def resting_on(program: Program, trials: References, leaves: Sequence[int]) -> Words:
    """Return, for each trial, which of some leaves it rests on: one bit for each leaf, in their order."""
    position = {node: i for i, node in enumerate(leaves)}
    known: dict[int, frozenset[int]] = {}

    def under(node: int) -> frozenset[int]:
        found = known.get(node)
        if found is None:
            parts = program.groups[node][1] if node in program.groups else ()
            own = {position[node]} if node in position else ()
            found = known[node] = frozenset(own).union(*(under(part >> 1) for part in parts))
        return found

    bits = np.zeros((len(trials), 64 * words_for(len(leaves))), bool)
    for trial, reference in enumerate(trials.tolist()):
        bits[trial, list(under(reference >> 1))] = True
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
