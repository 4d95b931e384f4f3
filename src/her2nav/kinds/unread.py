"""Text that was not turned into a typed criterion: it is UNKNOWN and needs a person."""

from __future__ import annotations

from her2nav.facts.case import Case
from her2nav.kinds.base import Kind, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Finding, UnknownKind
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: whatever the text says."""

    note: str | None = None
    """Why it was not read, in our own words."""


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Say that a person must read the text."""
    why = f": {params.note}" if params.note else ""
    return finding(
        truth,
        "unread",
        f"Not read by the program{why}; a person must read the criterion.",
        "The program could not read this point. Your team needs to read it with you.",
        unknown_kind=UnknownKind.UNREAD,
        change=Change(ChangeBy.PERSON, f"read the criterion{why}", effort=Effort.PERSON),
    )


KIND = Kind(
    id="unread",
    name="not read",
    plain_name="a point that a person must read",
    taxonomy=(),
    params=Params,
    explain=explain,
    question="What does the text ask for, and does it hold?",
    effort=Effort.PERSON,
    examples=(({"note": "no number is given"}, {}, "unknown"), ({}, {}, "unknown")),
)
