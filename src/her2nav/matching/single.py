"""One patient: the truth of every node and of its negation as one byte, so that all groups of a level are one step.

The two lowest bits of a code say what stands against the node: bit 0, it is not certainly met; bit 1, it is not met.
"All of" is then "or" of the codes of its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.facts.tri import Tri
from her2nav.kinds.registry import kinds
from her2nav.matching.program import FALSE, TRUE, Program
from her2nav.model.truth import Truth

Codes = NDArray[np.uint8]
"""One entry for each reference: a node's own code at `2n`, its negation's at `2n + 1`."""

MET, UNKNOWN, NOT_MET = 0, 1, 3
BY_CODE = (Truth.MET, Truth.UNKNOWN, Truth.UNKNOWN, Truth.NOT_MET)
"""The truth of each code; 2 is none."""
_NEGATED = np.array([NOT_MET, UNKNOWN, UNKNOWN, MET], np.uint8)


def blank(program: Program) -> Codes:
    """Return the codes of every node, unknown but for the node that is true of everybody."""
    codes = np.full(2 * program.size, UNKNOWN, np.uint8)
    codes[TRUE], codes[FALSE] = MET, NOT_MET
    return codes


def put(codes: Codes, nodes: NDArray[np.intp], truths: Tri) -> None:
    """Write the truths of several leaves."""
    write(codes, nodes, of_each(truths))


def fill(program: Program, nodes: Iterable[int], codes: Codes, block: Block) -> None:
    """Evaluate leaves one by one."""
    known, leaves = kinds(), program.leaves
    for node in nodes:
        kind, params = leaves[node - 1]
        value = code(known[kind].evaluate(params, block))
        if value != UNKNOWN:
            codes[2 * node], codes[2 * node + 1] = value, NOT_MET - value


def as_array(codes: Sequence[int] | Codes) -> Codes:
    """Return codes as an array, which is not to be written to."""
    return np.frombuffer(codes, np.uint8) if isinstance(codes, bytes) else np.asarray(codes, np.uint8)


def code(truth: Tri) -> int:
    """Return the code of the truth of one patient."""
    return MET if truth.met.item() else NOT_MET if truth.not_met.item() else UNKNOWN


def of_each(truth: Tri) -> Codes:
    """Return the code of the truth of each patient."""
    # As MET, UNKNOWN and NOT_MET are 0, 1 and 3.
    found: Codes = (truth.not_met.view(np.uint8) << 1) + (truth.met.view(np.uint8) ^ 1)
    return found


def negated(code: int) -> int:
    """Return the code of a negation."""
    return int(_NEGATED[code])


def write(codes: Codes, nodes: NDArray[np.intp], values: Codes) -> None:
    """Write the codes of several leaves."""
    codes[2 * nodes] = values
    codes[2 * nodes + 1] = _NEGATED[values]


def take(nodes: NDArray[np.intp], known: Codes, codes: Codes) -> None:
    """Take the codes of leaves, and of their negations, from where they are known."""
    codes[2 * nodes] = known[2 * nodes]
    codes[2 * nodes + 1] = known[2 * nodes + 1]


def run(program: Program, codes: Codes) -> None:
    """Fill the codes of every group from those of the leaves."""
    for level in program.levels:
        if len(level.starts):
            first, last = 2 * level.first, 2 * (level.first + len(level.starts))
            found = np.bitwise_or.reduceat(codes.take(level.parts), level.starts)
            codes[first:last:2] = found
            codes[first + 1 : last : 2] = _NEGATED[found]
        for node, least, parts in level.counts:
            of_parts = codes.take(parts)
            sure, possible = np.count_nonzero(of_parts == MET), np.count_nonzero(of_parts != NOT_MET)
            code = MET if sure >= least else NOT_MET if possible < least else UNKNOWN
            codes[2 * node], codes[2 * node + 1] = code, _NEGATED[code]
