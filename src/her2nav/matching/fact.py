"""One thing to find out, with what each criterion leaf would be for each of its answers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.limits import Limit, compared
from her2nav.kinds.registry import kinds
from her2nav.matching import single
from her2nav.matching.gates import GatedKind
from her2nav.matching.program import References
from her2nav.matching.shared_leaves import LeafKey
from her2nav.model.finding import Effort

Columns = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to find out.

    Attributes:
        name: What, in clinical words.
        plain: The same for a patient.
        says: Each answer in words.
        leaves: Positions of the leaves that it may answer.
        truths: Codes of those leaves, a column for each answer.
        gate, first: Many trials hang on it before screening begins; it is the HER2 result.
        parts: What it is made of, where several things are asked together.
    """

    name: str
    plain: str
    effort: Effort
    says: tuple[str, ...]
    leaves: References
    truths: Columns
    gate: bool = False
    routine: bool = False
    repeat: bool = False
    parts: tuple[str, ...] = field(default=())
    first: bool = False


def evaluated(cases: Sequence[Case], leaves: Sequence[LeafKey], asked: Sequence[int]) -> Columns:
    """Return the codes of leaves, one column for each case.

    Comparisons of one number with limits are made together; what no entry touches is looked up where a kind has a gate.
    """
    block, known = Block(cases), kinds()
    rows = np.empty((len(asked), len(cases)), np.uint8)
    of_number: dict[Hashable, list[tuple[int, Limit]]] = {}
    of_gate: dict[str, list[tuple[int, GatedKind, int]]] = {}
    for row, i in enumerate(asked):
        leaf = leaves[i]
        if leaf.limit is not None:
            age = leaf.limit.age
            of_number.setdefault((leaf.limit.number.key, age and age.key), []).append((row, leaf.limit))
        elif leaf.gate is not None:
            of_gate.setdefault(leaf.kind, []).append((row, *leaf.gate))
        else:
            rows[row] = single.of_each(known[leaf.kind].evaluate(leaf.params, block))
    for limits in of_number.values():
        rows[[row for row, _ in limits]] = single.of_each(compared([limit for _, limit in limits], block))
    for gated in of_gate.values():
        rows[[row for row, _, _ in gated]] = gated[0][1].of_each([place for _, _, place in gated], block)
    return rows
