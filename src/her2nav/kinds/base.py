"""What a criterion kind is made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.limits import Limit
from her2nav.facts.tri import Tri, constant
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding, UnknownKind
from her2nav.model.truth import Truth


@dataclass(frozen=True, slots=True)
class Gate:
    """Tells which criteria of a kind the entries of a record do not touch, so that they are not judged one by one.

    Where nothing that a criterion asks for is held, its truth follows from its parameters and `rest` alone: the same
    for every patient with that `rest`. A test holds that against the plain evaluation.

    Attributes:
        asks: The terms of which an entry must hold one to matter; None: the criterion is judged in any case.
        holds: The terms that the entries of a patient hold or may; None: any, so that every criterion is judged.
        rest: What the truth rests on beside them, in few words that many patients share.
    """

    asks: Callable[[Any, Knowledge], frozenset[str] | None]
    holds: Callable[[Case], frozenset[str] | None]
    rest: Callable[[Case], Hashable]


class Together(Protocol):
    """Many criteria of a kind, judged of one patient in one go."""

    def of_one(self, places: NDArray[np.intp], block: Block) -> NDArray[np.uint8]:
        """Return the truths of the criteria at some places for the one patient of a block.

        As numbers: 0 met, 1 unknown, 3 not met. They are those that `truth` of the kind says of each.
        """


@dataclass(frozen=True, slots=True)
class Kind:
    """A criterion kind: P is the positive proposition that its parameters state about a patient.

    Attributes:
        id: Name in trees and in JSON; the name of its module.
        name: Two or three words for people.
        plain_name: The same for a patient.
        taxonomy: Numbers of the criterion taxonomy that it covers.
        params: Model of its parameters.
        truth: Truth of P over a block of patients.
        explain: The finding for one patient; it is told the truth and gives the reasons.
        question: What to ask when it is unknown.
        effort: How hard the answer is to get.
        examples: (parameters, part of a patient file, expected truth), which are tests.
        union: Alternatives that together take every patient, whatever is known, as one proposition; None: they do not.
        limit: P as two ends of a number, so that many are answered together; None: this one is no such comparison.
        cheap: It is only looked up, so it is judged before others on which a verdict may hang.
        gate: Which of its criteria the entries of a record do not touch; None: each is judged.
        together: Makes of the parameters of many criteria what judges them together; None: they are judged one by one.
    """

    id: str
    name: str
    taxonomy: tuple[int, ...]
    params: type[KindParams]
    truth: Callable[[Any, Block], Tri] | None = None
    explain: Callable[[Any, Case, Truth], Finding] | None = None
    question: str = ""
    plain_name: str = ""
    effort: Effort = Effort.PERSON
    examples: tuple[tuple[dict[str, Any], dict[str, Any], str], ...] = field(default=())
    union: Callable[[tuple[Any, ...]], KindParams | None] | None = None
    limit: Callable[[Any, Knowledge], Limit | None] | None = None
    cheap: bool = False
    gate: Gate | None = None
    together: Callable[[Sequence[Any], Knowledge], Together] | None = None

    @property
    def evaluated(self) -> bool:
        """False when this version only carries the criterion and leaves it to a person."""
        return self.truth is not None

    def evaluate(self, params: KindParams, block: Block) -> Tri:
        """Return the truth of P for every patient of a block."""
        return constant(Truth.UNKNOWN, block.size) if self.truth is None else self.truth(params, block)

    def finding(self, params: KindParams, case: Case, truth: Truth) -> Finding:
        """Return the truth with its reasons."""
        if self.explain is not None:
            return self.explain(params, case, truth)
        return Finding(
            Truth.UNKNOWN,
            "needs_a_person",
            f"{self.name.capitalize()}: not judged by the program; a person reads the criterion.",
            "Your team needs to check this one with you.",
            unknown_kind=UnknownKind.UNREAD,
            change=Change(ChangeBy.PERSON, self.question or f"check: {self.name}", effort=Effort.PERSON),
        )


NOTHING: frozenset[str] = frozenset()
"""What a record without entries holds, and what a criterion asks that no entry touches."""
_ENTRY = frozenset({"entry"})


def beyond(params: KindParams, told: frozenset[str]) -> bool:
    """Return whether a criterion asks for more than some of its fields: another one differs from its default."""
    fields = type(params).model_fields
    return any(name not in told and value != fields[name].default for name, value in params)


def entries_gate(entries: Callable[[Case], object], rest: Callable[[Case], Hashable]) -> Gate:
    """Return the gate of a kind whose criteria any entry may touch: without one, `rest` decides."""
    return Gate(lambda _, __: _ENTRY, lambda case: _ENTRY if entries(case) else NOTHING, rest)


def finding(
    truth: Truth,
    code: str,
    reason: str,
    plain: str,
    evidence: Evidence | tuple[Evidence, ...] = (),
    *,
    change: Change | None = None,
    unknown_kind: UnknownKind = UnknownKind.DATA,
    holds_until: date | None = None,
) -> Finding:
    """Make a finding; `unknown_kind` is kept only where the truth is UNKNOWN."""
    items = evidence if isinstance(evidence, tuple) else (evidence,)
    return Finding(
        truth,
        code,
        reason,
        plain,
        evidence=items,
        unknown_kind=unknown_kind if truth is Truth.UNKNOWN else None,
        change=change,
        holds_until=holds_until,
    )


def ask(what: str, effort: Effort = Effort.RECORD) -> Change:
    """Return the change that an answer would bring: a question to the record, the patient or a test."""
    by = ChangeBy.TEST if effort in (Effort.ROUTINE, Effort.ORDINARY, Effort.SPECIAL) else ChangeBy.DOCUMENT
    if effort is Effort.PERSON:
        by = ChangeBy.PERSON
    return Change(by, what, effort=effort)
