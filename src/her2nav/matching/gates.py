"""One patient: criteria that the entries of the record do not touch are not judged again, whoever the patient is.

What is kept from one patient to the next are truths by a kind's `rest` (`kinds/base.py`): which lists are complete, a
tumour type, a stage, the scores of a tissue. No name, day or text of a patient is kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.kinds.base import Gate, Kind, Together
from her2nav.kinds.registry import kinds
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.matching import single
from her2nav.matching.arrays import starts_of
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

    @property
    def gate(self) -> Gate:
        """What tells which of them an entry touches."""
        gate = self.kind.gate
        assert gate is not None
        return gate

    def judged(self, places: Numbers, block: Block) -> single.Codes:
        """Return the codes of the leaves at some places for the one patient of a block."""
        if self.together is not None:
            return self.together.of_one(places, block)
        judged = (single.code(self.kind.evaluate(self.params[at], block)) for at in places.tolist())
        return np.fromiter(judged, np.uint8, len(places))

    def of_each(self, places: Sequence[int] | Numbers, block: Block) -> NDArray[np.uint8]:
        """Return the codes of the leaves at some places, a row for each, a column for each patient of a block."""
        gate, at = self.gate, np.array(places, np.intp)
        known = [self.known_by(gate.rest(case)) for case in block.cases]
        held = [gate.holds(case) for case in block.cases]
        # What is supposed of one record mostly leaves its entries as they are.
        by_entries = {entries: self.touched_by(entries)[at] for entries in dict.fromkeys(held)}
        touched = np.array([by_entries[entries] for entries in held])
        values = np.array([one[at] for one in known])
        for row in np.flatnonzero((touched | (values == _OPEN)).any(axis=0)).tolist():
            place = places[row]
            of_each = single.of_each(self.kind.evaluate(self.params[place], block))
            values[:, row] = of_each
            for own, is_touched, value in zip(known, touched[:, row].tolist(), of_each.tolist(), strict=True):
                if not is_touched:
                    own[place] = value
        return values.T

    def touched_by(self, held: frozenset[str] | None) -> NDArray[np.bool_]:
        """Return which leaves entries touch that hold some terms; None: any."""
        if held is None:
            return np.ones(len(self.nodes), np.bool_)
        found = self.always.copy()
        for term in held & self.by_term.keys():
            found[self.by_term[term]] = True
        return found

    def known_by(self, rest: Hashable) -> single.Codes:
        """Return the codes of the leaves by what they rest on; what is found out later is written into it."""
        found = self.known.get(rest)
        if found is None:
            with self.lock:
                if rest not in self.known and len(self.known) >= _MOST:
                    self.known.pop(next(iter(self.known)))
                found = self.known.setdefault(rest, np.full(len(self.nodes), _OPEN, np.uint8))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Gates:
    """The leaves of all kinds with a gate in one row, kind after kind: what takes an array is done for all at once.

    Attributes:
        kinds: Kind by kind.
        nodes: The nodes of all.
        starts: Where the leaves of each kind begin, and where the last end.
    """

    kinds: tuple[GatedKind, ...]
    nodes: Numbers
    starts: Numbers

    @classmethod
    def of(cls, kinds: Sequence[GatedKind]) -> Gates:
        """Put the leaves of some kinds into one row."""
        nodes = [np.zeros(0, np.intp), *(kind.nodes for kind in kinds)]
        return cls(
            tuple(kinds), np.concatenate(nodes), starts_of(np.array([len(kind.nodes) for kind in kinds], np.intp))
        )

    def fill(self, codes: single.Codes, block: Block, told: NDArray[np.bool_] | None = None) -> None:
        """Write the codes of the leaves for the one patient of a block.

        Args:
            codes: Of every reference.
            block: The patient.
            told: By node: leaves whose codes stand there already; None: there are none.
        """
        if not self.kinds:
            return
        case = block.cases[0]
        known = [kind.known_by(kind.gate.rest(case)) for kind in self.kinds]
        touched = np.concatenate([kind.touched_by(kind.gate.holds(case)) for kind in self.kinds])
        values = np.concatenate(known)
        new = (values == _OPEN) & ~touched
        open_ = new | touched
        if told is not None:
            mine = told[self.nodes]
            values[mine] = codes[2 * self.nodes[mine]]
            open_ &= ~mine
        for at, places in self._by_kind(open_):
            kind = self.kinds[at]
            values[places] = kind.judged(places - self.starts[at], block)
        for at, places in self._by_kind(new):
            known[at][places - self.starts[at]] = values[places]
        single.write(codes, self.nodes, values)

    def fill_each(self, codes: Sequence[single.Codes], block: Block, wanted: NDArray[np.bool_]) -> None:
        """Write the codes of the leaves whose nodes are wanted for every patient of a block, each into their own."""
        mine = wanted[self.nodes]
        found = [self.kinds[at].of_each(places - self.starts[at], block) for at, places in self._by_kind(mine)]
        if found:
            nodes = self.nodes[mine]
            for own_codes, own_values in zip(codes, np.concatenate(found).T, strict=True):
                single.write(own_codes, nodes, own_values)

    def _by_kind(self, wanted: NDArray[np.bool_]) -> Iterator[tuple[int, Numbers]]:
        """Yield the places that are wanted, by the position of their kind; kinds without one are left out."""
        places = np.flatnonzero(wanted)
        if len(places):
            for at, (begin, end) in enumerate(pairwise(np.searchsorted(places, self.starts).tolist())):
                if end > begin:
                    yield at, places[begin:end]


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
