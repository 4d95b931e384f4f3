"""What the nodes of a program are about: HER2, the tumour, earlier lines; and what of it a truth hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from her2nav.matching import single
from her2nav.matching.program import Program, Reference


@dataclass(frozen=True, eq=False)
class Topics:
    """Which topics the leaves under each node belong to, as bits."""

    program: Program
    names: tuple[str, ...]
    bits: NDArray[np.uint8]

    def told(self, codes: Sequence[int] | single.Codes, reference: Reference) -> dict[str, int]:
        """Return, for each topic that the truth of a node hangs on, the code of what it says of that topic.

        "HER2-positive breast, or any melanoma" says nothing of HER2 for a melanoma; and of a brain metastasis that is
        open beside a tumour type that fits, only the first is open.
        """
        found: dict[str, int] = {}
        for leaf, bits in self.leaves(codes, reference):
            for topic in self.named(bits):
                found[topic] = max(found.get(topic, single.MET), int(codes[leaf]))
        return found

    def leaves(self, codes: Sequence[int] | single.Codes, reference: Reference) -> Iterator[tuple[Reference, int]]:
        """Yield the leaves about any topic that the truth of a node hangs on, with their topics as bits."""
        bits = int(self.bits[reference >> 1])
        if not bits:
            return
        group = group_of(self.program, reference)
        if group is None:
            yield reference, bits
            return
        for part in group.weighing(codes):
            yield from self.leaves(codes, part)

    def named(self, bits: int) -> tuple[str, ...]:
        """Return the topics of some bits."""
        return tuple(name for i, name in enumerate(self.names) if bits >> i & 1)


def topics(program: Program, kinds_of: Mapping[str, tuple[str, ...]]) -> Topics:
    """Return the topics of every node.

    Args:
        program: The trials.
        kinds_of: Criterion kinds of each topic; at most eight topics.
    """
    return _topics(program, tuple((name, tuple(kinds)) for name, kinds in kinds_of.items()))


@lru_cache(maxsize=8)
def _topics(program: Program, kinds_of: tuple[tuple[str, tuple[str, ...]], ...]) -> Topics:
    bit_of = {kind: 1 << i for i, (_, kinds) in enumerate(kinds_of) for kind in kinds}
    bits = np.zeros(program.size, np.uint8)
    bits[1 : 1 + len(program.leaves)] = [bit_of.get(kind, 0) for kind, _ in program.leaves]
    for level in program.levels:
        if len(level.starts):
            bits[level.first : level.first + len(level.starts)] = np.bitwise_or.reduceat(
                bits[level.parts >> 1], level.starts
            )
        for node, _, parts in level.counts:
            bits[node] = np.bitwise_or.reduce(bits[parts >> 1])
    return Topics(program, tuple(name for name, _ in kinds_of), bits)


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it stands in a tree, its negation drawn into its parts.

    Attributes:
        parts: References.
        every: All parts are wanted; else `least` of them.
        least: At least so many.
    """

    parts: tuple[Reference, ...]
    every: bool
    least: int = 1

    def weighing(self, codes: Sequence[int] | single.Codes) -> list[Reference]:
        """Return the parts that the truth of the group hangs on.

        One part that is not met decides "all of", one that is met decides "any of"; what "any of" has lost is out.
        """
        of_parts = [int(codes[part]) for part in self.parts]
        if self.every:
            wanted = {single.NOT_MET} if single.NOT_MET in of_parts else {single.MET, single.UNKNOWN}
        elif of_parts.count(single.MET) >= self.least:
            wanted = {single.MET}
        else:
            wanted = {single.MET, single.UNKNOWN} if single.UNKNOWN in of_parts else {single.NOT_MET}
        return [part for part, code in zip(self.parts, of_parts, strict=True) if code in wanted]


def group_of(program: Program, reference: Reference) -> Group | None:
    """Return the group at a reference; None for a leaf."""
    node, negated = reference >> 1, reference & 1
    if node <= len(program.leaves):
        return None
    for level in program.levels:
        place = node - level.first
        if place < len(level.starts):
            stop = level.starts[place + 1] if place + 1 < len(level.starts) else len(level.parts)
            parts = tuple((level.parts[level.starts[place] : stop] ^ negated).tolist())
            return Group(parts, every=not negated)
        for counted, least, of_node in level.counts:
            if counted == node:
                # "Fewer than n" is "enough of the others not".
                wanted = len(of_node) - least + 1 if negated else least
                return Group(tuple((of_node ^ negated).tolist()), every=False, least=wanted)
    raise AssertionError  # every node above the leaves is a group


def asks_for(
    program: Program,
    codes: Sequence[int] | single.Codes,
    reference: Reference,
    required: Mapping[str, Mapping[str, Any]],
) -> bool:
    """Return whether a node stays open for something that has to be there, of the kinds given.

    Args:
        program: The trials.
        codes: The code of every reference.
        reference: Of the node.
        required: Kinds, each with the parameters and the value that they may not hold: `{cns_metastases: {accepted:
            none}}` is a criterion on the brain that leaves out patients without metastases there.
    """
    if codes[reference] != single.UNKNOWN:
        return False
    group = group_of(program, reference)
    if group is None:
        kind, params = program.leaves[(reference >> 1) - 1]
        rule = required.get(kind)
        # A leaf that is negated is an exclusion.
        return (
            rule is not None
            and not reference & 1
            and all(value not in getattr(params, name) for name, value in rule.items())
        )
    parts = (asks_for(program, codes, part, required) for part in group.weighing(codes))
    return any(parts) if group.every else all(parts)
