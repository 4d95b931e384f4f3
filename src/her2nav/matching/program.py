"""Criterion trees as one table of nodes, each node once, in the order in which they can be computed.

Node 0 is true of everybody; then come the unique leaves, then the groups, those that rest on others after them. Node
`n` has two rows: row `2n` says where it is MET, row `2n + 1` where it is NOT_MET. A reference is a row number, so that
`reference ^ 1` is the negation, and "any of" is the negation of "all of" the negations: only "all of" and
"at least" remain. Equal groups of different trials are one node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from her2nav.kinds.registry import kinds
from her2nav.matching.arrays import spans
from her2nav.matching.leaf_notes import LeafNotes
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When

Reference = int
TRUE: Reference = 0
FALSE: Reference = 1
References = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Level:
    """Groups that rest on leaves and earlier levels only.

    Attributes:
        first: Number of the first "all of" node; the others follow it.
        parts: References of the parts, group after group.
        starts: Where each group begins in `parts`.
        counts: (node, least number, references) of each "at least" node.
    """

    first: int
    parts: References
    starts: References
    counts: tuple[tuple[int, int, References], ...]


class Parts(NamedTuple):
    """The parts of every node in one row of references.

    Attributes:
        begins, sizes: Of each node: where its parts begin, and how many there are; none of what is no group.
        every: The parts.
    """

    begins: References
    sizes: References
    every: References

    def of(self, nodes: References) -> References:
        """Return the parts of some nodes, one after the other."""
        found: References = self.every[spans(self.begins[nodes], self.sizes[nodes])]
        return found


@dataclass(frozen=True, eq=False)
class Program:
    """The nodes of all trials.

    Attributes:
        leaves: (kind, parameters) of every unique leaf; leaf `i` is node `i + 1`.
        size: The number of nodes.
        levels: The groups, in order.
        notes: What was noted of the leaves; None: nothing.
    """

    leaves: tuple[tuple[str, Any], ...]
    size: int
    levels: tuple[Level, ...]
    notes: LeafNotes | None = None

    @cached_property
    def parts(self) -> Parts:
        """The parts of every node."""
        begins, sizes = np.zeros(self.size, np.intp), np.zeros(self.size, np.intp)
        every, at = [], 0
        for level in self.levels:
            plain = slice(level.first, level.first + len(level.starts))
            begins[plain] = at + level.starts
            sizes[plain] = np.diff(level.starts, append=len(level.parts))
            every.append(level.parts)
            at += len(level.parts)
            for node, _, parts in level.counts:
                begins[node], sizes[node] = at, len(parts)
                every.append(parts)
                at += len(parts)
        return Parts(begins, sizes, np.concatenate(every) if every else np.zeros(0, np.intp))

    @cached_property
    def groups(self) -> dict[int, tuple[int, tuple[Reference, ...]]]:
        """Least number (0: all of them) and parts of each group, by its node."""
        found: dict[int, tuple[int, tuple[Reference, ...]]] = {}
        for level in self.levels:
            flat, starts = tuple(level.parts.tolist()), level.starts.tolist()
            for node, (start, stop) in enumerate(pairwise([*starts, len(flat)]), level.first):
                if stop > start:
                    found[node] = (0, flat[start:stop])
            for node, least, parts in level.counts:
                found[node] = (least, tuple(parts.tolist()))
        return found


class Builder:
    """Numbers nodes while trials are compiled; references are provisional until `finish`."""

    def __init__(self) -> None:
        self.leaves: dict[tuple[str, Any], int] = {}
        self._seen: dict[tuple[str, int], tuple[int, Any]] = {}
        self._forms: dict[tuple[str | int, ...], int] = {}
        self._groups: dict[tuple[int, tuple[Reference, ...]], int] = {}
        self._depth: list[int] = []

    # A provisional reference is 4 * number + 2 * (is a group) + negated; number 0 of the leaves is TRUE.

    def node(self, node: Node) -> Reference:
        """Return the reference of a tree."""
        return self.read(node)[0]

    def read(self, node: Node) -> tuple[Reference, int]:
        """Return the reference of a tree and its form: trees of one form have one truth and one explanation."""
        match node:
            case Leaf(kind=kind, params=params):
                # Trees share their parameters; to look at which object it is costs less than to look at all of it.
                number, _ = self._seen.get((kind, id(params)), (0, None))
                if not number:
                    number = self.leaves.setdefault((kind, params), len(self.leaves) + 1)
                    self._seen[kind, id(params)] = number, params
                return 4 * number, self._form("leaf", number)
            case Not(part=part):
                reference, form = self.read(part)
                return reference ^ 1, self._form("not", form)
            case AllOf(parts=parts):
                references, forms = self._parts(parts)
                return self.all_of(references), self._form("all_of", *forms)
            case AnyOf():
                shorter = folded(node)
                references, forms = self._parts(shorter.parts)
                # What was folded is told with the parts as written, so it shares its form with no other tree.
                own = () if shorter is node else ("folded", len(self._forms))
                return self.any_of(references), self._form("any_of", *forms, *own)
            case AtLeast(n=n, parts=parts):
                references, forms = self._parts(parts)
                return self._at_least(n, references), self._form("at_least", n, *forms)
            case When(when=when, then=then):
                # A guard that is false makes the criterion not applicable, which satisfies it.
                (guard, inner), forms = self._parts((when, then))
                return self.any_of([guard ^ 1, inner]), self._form("when", *forms)

    def _parts(self, nodes: Sequence[Node]) -> tuple[list[Reference], list[int]]:
        found = [self.read(node) for node in nodes]
        return [reference for reference, _ in found], [form for _, form in found]

    def _form(self, *key: str | int) -> int:
        return self._forms.setdefault(key, len(self._forms))

    def all_of(self, parts: list[Reference]) -> Reference:
        """Return the reference of "all of"; parts that are always true are left out."""
        kept = tuple(sorted({part for part in parts if part != TRUE}))
        if FALSE in kept:
            return FALSE
        if not kept:
            return TRUE
        return kept[0] if len(kept) == 1 else self._group(0, kept)

    def any_of(self, parts: list[Reference]) -> Reference:
        """Return the reference of "any of"."""
        return self.all_of([part ^ 1 for part in parts]) ^ 1

    def _at_least(self, n: int, parts: list[Reference]) -> Reference:
        if n == len(parts):
            return self.all_of(parts)
        return self.any_of(parts) if n == 1 else self._group(n, tuple(sorted(parts)))

    def _group(self, n: int, parts: tuple[Reference, ...]) -> Reference:
        number = self._groups.get((n, parts))
        if number is None:
            number = self._groups[n, parts] = len(self._groups)
            self._depth.append(1 + max((self._depth[part >> 2] for part in parts if part & 2), default=-1))
        return 4 * number + 2

    def finish(self) -> tuple[Program, NDArray[np.intp]]:
        """Return the program and the final number of each group, for `row`."""
        groups = list(self._groups)
        # "At least" groups stand behind the "all of" groups of their level.
        order = sorted(range(len(groups)), key=lambda g: (self._depth[g], groups[g][0] > 0))
        base = len(self.leaves) + 1
        final = np.zeros(len(groups), np.intp)
        final[order] = np.arange(base, base + len(groups))
        levels: list[Level] = []
        for depth in range(max(self._depth, default=-1) + 1):
            mine = [g for g in order if self._depth[g] == depth]
            plain = [[row(part, final) for part in groups[g][1]] for g in mine if groups[g][0] == 0]
            counts = tuple(
                (int(final[g]), groups[g][0], np.array([row(part, final) for part in groups[g][1]], np.intp))
                for g in mine
                if groups[g][0] > 0
            )
            lengths = [len(parts) for parts in plain]
            levels.append(
                Level(
                    first=int(final[mine[0]]),
                    parts=np.array([part for parts in plain for part in parts], np.intp),
                    starts=np.cumsum([0, *lengths[:-1]], dtype=np.intp) if plain else np.zeros(0, np.intp),
                    counts=counts,
                )
            )
        return Program(tuple(self.leaves), base + len(groups), tuple(levels)), final


def row(reference: Reference, groups: NDArray[np.intp]) -> Reference:
    """Return the final reference, a row number, of a provisional one."""
    number = int(groups[reference >> 2]) if reference & 2 else reference >> 2
    return 2 * number + (reference & 1)


def folded(node: AnyOf) -> AnyOf:
    """Join alternatives that together take everybody, where their kind says so ("male or female").

    Other alternatives are kept: "HER2-positive or HER2-negative" asks for a status that is known.
    """
    by_kind: dict[str, list[Leaf]] = {}
    for part in node.parts:
        if isinstance(part, Leaf) and kinds()[part.kind].union is not None:
            by_kind.setdefault(part.kind, []).append(part)
    for kind, found in by_kind.items():
        union = kinds()[kind].union
        joined = union(tuple(leaf.params for leaf in found)) if union is not None and len(found) > 1 else None
        if joined is not None:
            one = Leaf(kind, joined, span=found[0].span, text=found[0].text)
            return AnyOf((one,), span=node.span, text=node.text)
    return node
