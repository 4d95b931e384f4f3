"""What matching wants to know of every leaf whoever the patient is, so that it need not ask thousands at each start.

It follows from kind, parameters and knowledge alone: how hard an answer is to get, whether a date may change it, and
which terms an entry must hold to touch it (`kinds/base.py`, `Gate`). It is kept beside the leaves, as arrays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from her2nav.facts.tri import Floats
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge
from her2nav.matching.arrays import spans, starts_of
from her2nav.matching.rank_rules import rank_rules

_EFFORTS, _PLACES, _TERMS = np.dtype("<f8"), np.dtype("<i8"), np.dtype("<i4")
_NOT_ASKED = (None, False)
_TIME = re.compile("day|week|month|year|half_li|within|since|recent")


@dataclass(frozen=True, slots=True, eq=False)
class LeafNotes:
    """Of each leaf, one entry each.

    Attributes:
        efforts: How hard the answer is to get.
        dated: Whether a date may change it.
        always: Behind a gate, but judged in any case.
        starts: Where its terms begin in `terms`; one entry more, where the last end.
        terms: Positions in `names`.
        names: Every term that a leaf behind a gate asks for.
    """

    efforts: Floats
    dated: NDArray[np.bool_]
    always: NDArray[np.bool_]
    starts: NDArray[np.int64]
    terms: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def of(cls, leaves: Iterable[tuple[str, Any]], knowledge: Knowledge) -> LeafNotes:
        """Ask kinds and knowledge."""
        names: dict[str, int] = {}
        efforts, dated, always, counts, terms = [], [], [], [], []
        for kind, params in leaves:
            gate = kinds()[kind].gate
            asked = gate.asks(params, knowledge) if gate is not None else frozenset[str]()
            efforts.append(effort_of(kind, params, knowledge))
            dated.append(may_be_dated(kind, params, knowledge))
            always.append(asked is None)
            counts.append(len(asked or ()))
            terms += [names.setdefault(term, len(names)) for term in sorted(asked or ())]
        return cls(
            np.array(efforts, _EFFORTS),
            np.array(dated, np.bool_),
            np.array(always, np.bool_),
            starts_of(np.array(counts, np.intp)).astype(_PLACES),
            np.array(terms, _TERMS),
            tuple(names),
        )

    def __len__(self) -> int:
        return len(self.efforts)

    def taken(self, places: NDArray[np.intp]) -> LeafNotes:
        """Return the notes of some leaves, in the order of their places."""
        counts = np.diff(self.starts)[places].astype(np.intp)
        return LeafNotes(
            self.efforts[places],
            self.dated[places],
            self.always[places],
            starts_of(counts).astype(_PLACES),
            self.terms[spans(self.starts[places], counts)],
            self.names,
        )

    def by_term(self) -> dict[str, NDArray[np.intp]]:
        """Return the leaves that ask for a term, by the term."""
        order = np.argsort(self.terms, kind="stable")
        positions = np.repeat(np.arange(len(self)), np.diff(self.starts).astype(np.intp))[order]
        terms = self.terms[order]
        begins = np.flatnonzero(np.diff(terms, prepend=-1)).tolist()
        bounds = [*begins, len(terms)]
        return {
            self.names[term]: positions[begin:end]
            for term, (begin, end) in zip(terms[begins].tolist(), pairwise(bounds), strict=True)
        }

    def written(self) -> bytes:
        """Return the notes as bytes."""
        head = json.dumps([len(self), len(self.terms), self.names], ensure_ascii=False, separators=(",", ":"))
        arrays = (self.efforts, self.starts, self.terms, self.dated, self.always)
        return b"".join([head.encode(), b"\n", *(array.tobytes() for array in arrays)])

    @classmethod
    def read(cls, body: bytes) -> tuple[LeafNotes, bytes]:
        """Return the notes of `written`, and the bytes after them.

        Raises:
            ValueError: The bytes are others.
        """
        head, _, rest = body.partition(b"\n")
        count, terms, names = json.loads(head)
        flags: np.dtype[Any] = np.dtype(np.bool_)
        sizes: list[tuple[np.dtype[Any], int]] = [(_EFFORTS, count), (_PLACES, count + 1), (_TERMS, terms)]
        sizes += [(flags, count), (flags, count)]
        found: list[NDArray[Any]] = []
        at = 0
        for kind, size in sizes:
            found.append(np.frombuffer(rest, kind, size, at))
            at += kind.itemsize * size
        efforts, starts, of_leaves, dated, always = found
        if int(starts[-1]) != terms or (terms and int(of_leaves.max()) >= len(names)):
            raise ValueError("the notes contradict themselves")
        return cls(efforts, dated, always, starts, of_leaves, tuple(names)), rest[at:]


def joined(parts: Sequence[LeafNotes]) -> LeafNotes:
    """Return the notes of several lists of leaves as those of one."""
    names: dict[str, int] = {}
    terms = []
    for part in parts:
        own = np.array([names.setdefault(name, len(names)) for name in part.names], _TERMS)
        terms.append(own[part.terms])
    counts = np.concatenate([np.diff(part.starts) for part in parts]).astype(np.intp)
    return LeafNotes(
        np.concatenate([part.efforts for part in parts]),
        np.concatenate([part.dated for part in parts]),
        np.concatenate([part.always for part in parts]),
        starts_of(counts).astype(_PLACES),
        np.concatenate(terms),
        tuple(names),
    )


def effort_of(kind: str, params: Any, knowledge: Knowledge) -> int:
    """Return how hard the answer to a leaf is to get."""
    # As a model is asked for what it lacks, it makes an error first.
    variable = knowledge.variables.variables.get(params.__dict__.get("variable") or "")
    return (variable.effort if variable is not None else kinds()[kind].effort).weight


def may_be_dated(kind: str, params: Any, knowledge: Knowledge) -> bool:
    """Return whether a date may change what stands against a leaf."""
    rules = rank_rules(knowledge)
    return kind in rules.waits_always or (kind in rules.waits and _has_time(params))


@cache
def _is_time(name: str) -> bool:
    return _TIME.search(name) is not None


def _has_time(params: Any) -> bool:
    """Return whether a criterion names a length of time; where it names none, time does not change it."""
    return any(value not in _NOT_ASKED for name, value in params if _is_time(name)) or any(
        _has_time(item)
        for _, value in params
        for item in (value if isinstance(value, tuple) else (value,))
        if isinstance(item, BaseModel)
    )
