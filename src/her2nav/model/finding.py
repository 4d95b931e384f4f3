"""What was found, why, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from her2nav.model.truth import Truth


class UnknownKind(StrEnum):
    """Why something is unknown: the patient's data lack it, the text was not read, or a step is pending."""

    DATA = "data"
    UNREAD = "unread"
    PENDING = "pending"


class ChangeBy(StrEnum):
    """What could change a finding."""

    TEST = "test"
    DATE = "date"
    TREATMENT = "treatment"
    DOCUMENT = "document"
    PERSON = "person"
    NEVER = "never"


class Effort(StrEnum):
    """How hard an open fact is to get, easiest first."""

    ASK = "ask the patient"
    RECORD = "look in the record"
    ROUTINE = "routine screening test"
    ORDINARY = "ordinary test"
    SPECIAL = "special test"
    PERSON = "needs a person to judge"

    @property
    def weight(self) -> int:
        """1 (easiest) to 6."""
        return _WEIGHTS[self]


_WEIGHTS = {effort: weight for weight, effort in enumerate(Effort, 1)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item of the patient file, a rule row or a text span that a finding rests on.

    Attributes:
        path: JSON pointer into the patient file, or `rule:<id>`.
        value: As recorded.
        date: As recorded; None when the item has no date.
    """

    path: str
    value: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What would change a finding: a test to do, a date to wait for, a document to fetch."""

    by: ChangeBy
    what: str
    date: date | None = None
    effort: Effort | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The truth of one criterion for one patient, with its reasons.

    Attributes:
        truth: MET, NOT_MET or UNKNOWN.
        code: Stable reason code, for machines.
        reason: One sentence, clinical register.
        plain: The same for a patient.
        evidence: What it rests on; never empty for MET and NOT_MET.
        unknown_kind: Set when truth is UNKNOWN.
        change: What would change it; None when nothing is known to.
        parts: Findings of the node's children.
        holds_until: Last day on which the truth is the same with the same record; None: no such day known.
    """

    truth: Truth
    code: str
    reason: str
    plain: str
    evidence: tuple[Evidence, ...] = ()
    unknown_kind: UnknownKind | None = None
    change: Change | None = None
    parts: tuple[Finding, ...] = field(default=())
    holds_until: date | None = None

    def __post_init__(self) -> None:
        if self.truth is Truth.UNKNOWN:
            if self.unknown_kind is None:
                raise ValueError(f"an unknown finding says what kind of unknown it is: {self.code}")
        elif not self.evidence and not self.parts:
            raise ValueError(f"a verdict without evidence cannot be constructed: {self.code}")
