"""Where the source documents contradict each other, themselves or newer knowledge (`data/conflicts.yaml`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from her2nav.knowledge.citations import Citation, FactKey, Touched
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen

FILE = "conflicts.yaml"
Severity = Literal["high", "medium", "low"]
Basis = Literal["documents", "arithmetic", "lookup", "notes", "knowledge"]
BASES: dict[Basis, str] = {
    "documents": "seen in the documents themselves",
    "arithmetic": "computed from the printed numbers",
    "lookup": "checked in a public page",
    "notes": "settled in the domain notes",
    "knowledge": "unverified: medical knowledge, not looked up",
}


class Claim(Frozen):
    """One of the values that stand against each other."""

    says: str
    cite: tuple[Citation, ...] = Field(min_length=1)


class Conflict(Frozen):
    """One contradiction: the values with their sources, which one is used, and why."""

    id: str = Field(pattern=r"^[A-Z][0-9]{2}$")
    title: str
    severity: Severity
    facts: tuple[FactKey, ...] = Field(min_length=1)
    tumours: tuple[str, ...] = ()
    """Tumour types it concerns; empty: all of them."""
    claims: tuple[Claim, ...] = Field(min_length=1)
    used: str
    """Which value the program uses; begins with "none" where it uses none."""
    why: str
    basis: tuple[Basis, ...] = Field(min_length=1)
    plain: str | None = None
    """One sentence for patients, where the choice changes an answer; absent: it does not."""
    errata: tuple[int, ...] = ()
    """Rows of the list of errata that say the same, counted from 1."""

    @model_validator(mode="after")
    def _plain(self) -> Self:
        if self.plain is not None and (not self.plain.endswith(".") or ". " in self.plain):
            raise ValueError("`plain` is one sentence")
        return self

    @property
    def changes_answer(self) -> bool:
        """True when another choice would give another answer."""
        return self.plain is not None

    @property
    def unverified(self) -> bool:
        """True when nothing but unverified knowledge speaks for the choice."""
        return set(self.basis) == {"knowledge"}


class ConflictFile(Frozen):
    """The content of `data/conflicts.yaml`."""

    checked_on: date
    conflicts: tuple[Conflict, ...]


@lru_cache(maxsize=4)
def conflict_file(knowledge: Knowledge) -> ConflictFile:
    """Return the conflicts of a knowledge version.

    Raises:
        DataError: The file does not have its form.
    """
    return knowledge.record(FILE, ConflictFile)


def conflicts_for(knowledge: Knowledge, facts: Iterable[str], tumour: str | None = None) -> tuple[Conflict, ...]:
    """Return the conflicts that touch any of these facts, in the order of the file.

    Args:
        knowledge: The knowledge that is in force.
        facts: Keys such as `study:mountaineer/combination/orr`, `trial:NCT05356897`, `variant:V842I`,
            `drug:pertuzumab/approval`, `rule:colorectal/ihc`; a wide key finds all that it holds.
        tumour: Leave out the conflicts that concern other tumours only.
    """
    keys = Touched(facts)
    found = [one for one in conflict_file(knowledge).conflicts if any(fact in keys for fact in one.facts)]
    return tuple(one for one in found if tumour is None or concerns(knowledge, one, tumour))


def concerns(knowledge: Knowledge, conflict: Conflict, tumour: str) -> bool:
    """True when a conflict is about a tumour type, a wider or a narrower one, or about all."""
    tumours = knowledge.tumours
    related = tumours.wider(tumour) | tumours.narrower(tumour)
    return not conflict.tumours or any(one in related for one in conflict.tumours)


def by_severity(conflicts: Iterable[Conflict]) -> Sequence[Conflict]:
    """Return conflicts, the gravest first, else in their order."""
    order = ("high", "medium", "low")
    return sorted(conflicts, key=lambda one: order.index(one.severity))
