"""One patient: criteria that the entries of the record do not touch are not judged again, whoever the patient is.

What is kept from one patient to the next are truths by a kind's `rest` (`kinds/base.py`): which lists are complete, a
tumour type, a stage, the scores of a tissue. No name, day or text of a patient is kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.kinds.base import Kind, Together
from her2nav.kinds.registry import kinds
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.matching import single
from her2nav.matching.leaf_notes import LeafNotes
from her2nav.matching.program import Program

Numbers = NDArray[np.intp]
_OPEN = 255
"""Stands for a truth that is not known yet."""
_MOST = 256
"""So many different rests are kept of a kind."""


@dataclass(frozen=True, slots=True, eq=False)
class GatedKind:
    """The leaves of one kind.

    Attributes:
        nodes: Their nodes.
        params: What each of them asks.
        by_term: Positions of the leaves that ask for a term.
        always: Where a leaf is judged in any case.
        together: Judges many of them in one go; None: they are judged one by one.
        known: Codes of the leaves by what they rest on.
    """

    kind: Kind
    nodes: Numbers
    params: tuple[KindParams, ...]
    by_term: dict[str, Numbers]
    always: NDArray[np.bool_]
    together: Together | None = None
    known: dict[Hashable, single.Codes] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def fill(self, codes: single.Codes, block: Block, told: NDArray[np.bool_]) -> None:
        """Write the codes of the leaves for the one patient of a block.

        Args:
            codes: Of every reference.
            block: The patient.
            told: By node: leaves whose codes stand there already.
        """
        case = block.cases[0]
        gate = self.kind.gate
        assert gate is not None
        known = self._known(gate.rest(case))
        touched = self._touched(gate.holds(case))
        mine = told[self.nodes]
        known[mine & ~touched] = codes[2 * self.nodes[mine & ~touched]]
        values = np.where(mine, codes[2 * self.nodes], known)
        open_ = np.flatnonzero((touched | (values == _OPEN)) & ~mine)
        if len(open_):
            values[open_] = self._judged(open_, block)
            rests = open_[~touched[open_]]
            known[rests] = values[rests]
        single.write(codes, self.nodes, values)

    def _judged(self, places: Numbers, block: Block) -> single.Codes:
        """Return the codes of the leaves at some places for the one patient of a block."""
        if self.together is not None:
            return self.together.of_one(places, block)
        judged = (single.code(self.kind.evaluate(self.params[at], block)) for at in places.tolist())
        return np.fromiter(judged, np.uint8, len(places))

    def of_each(self, places: Sequence[int] | Numbers, block: Block) -> NDArray[np.uint8]:
        """Return the codes of the leaves at some places, a row for each, a column for each patient of a block."""
        gate = self.kind.gate
        assert gate is not None
        at = np.array(places, np.intp)
        known = [self._known(gate.rest(case)) for case in block.cases]
        held = [gate.holds(case) for case in block.cases]
        # What is supposed of one record mostly leaves its entries as they are.
        by_entries = {entries: self._touched(entries)[at] for entries in dict.fromkeys(held)}
        touched = np.stack([by_entries[entries] for entries in held], axis=1)
        values = np.stack([one[at] for one in known], axis=1)
        for row in np.flatnonzero((touched | (values == _OPEN)).any(axis=1)).tolist():
            place = places[row]
            values[row] = single.of_each(self.kind.evaluate(self.params[place], block))
            for own, is_touched, value in zip(known, touched[row].tolist(), values[row].tolist(), strict=True):
                if not is_touched:
                    own[place] = value
        return values

    def fill_each(self, codes: Sequence[single.Codes], block: Block, wanted: NDArray[np.bool_]) -> None:
        """Write the codes of the leaves whose nodes are wanted for every patient of a block, each into their own."""
        places = np.flatnonzero(wanted[self.nodes])
        if not len(places):
            return
        values = self.of_each(places, block)
        for own_codes, own_values in zip(codes, values.T, strict=True):
            single.write(own_codes, self.nodes[places], own_values)

    def _touched(self, held: frozenset[str] | None) -> NDArray[np.bool_]:
        if held is None:
            return np.ones(len(self.nodes), np.bool_)
        found = self.always.copy()
        for term in held & self.by_term.keys():
            found[self.by_term[term]] = True
        return found

    def _known(self, rest: Hashable) -> single.Codes:
        found = self.known.get(rest)
        if found is None:
            with self.lock:
                if rest not in self.known and len(self.known) >= _MOST:
                    self.known.pop(next(iter(self.known)))
                found = self.known.setdefault(rest, np.full(len(self.nodes), _OPEN, np.uint8))
        return found


def gated(program: Program, nodes: Sequence[int], knowledge: Knowledge) -> tuple[tuple[GatedKind, ...], list[int]]:
    """Return the leaves of kinds with a gate, kind by kind, and all others."""
    by_kind: dict[str, list[int]] = {}
    others: list[int] = []
    known, leaves = kinds(), program.leaves
    for node in nodes:
        name = leaves[node - 1][0]
        if known[name].gate is None:
            others.append(node)
        else:
            by_kind.setdefault(name, []).append(node)
    return tuple(_gated(known[name], program, found, knowledge) for name, found in by_kind.items()), others


def _gated(kind: Kind, program: Program, nodes: Sequence[int], knowledge: Knowledge) -> GatedKind:
    assert kind.gate is not None
    own, places = [program.leaves[node - 1] for node in nodes], np.array(nodes, np.intp) - 1
    notes = program.notes.taken(places) if program.notes is not None else LeafNotes.of(own, knowledge)
    params = tuple(params for _, params in own)
    together = kind.together(params, knowledge) if kind.together is not None else None
    return GatedKind(kind, places + 1, params, notes.by_term(), notes.always, together)
