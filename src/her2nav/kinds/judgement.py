"""What is left to the investigator's judgement."""

from __future__ import annotations

from her2nav.facts.case import Case
from her2nav.kinds.base import Kind, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Finding, UnknownKind
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: the statement holds in the investigator's opinion."""

    topic: str
    """Two to six words of our own: what is to be judged."""


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Say what the investigator judges."""
    return finding(
        truth,
        "investigator_judges",
        f"Left to the investigator's judgement: {params.topic}.",
        "A doctor of the study decides on this point when you meet.",
        unknown_kind=UnknownKind.PENDING,
        change=Change(ChangeBy.PERSON, f"the investigator judges: {params.topic}", effort=Effort.PERSON),
    )


KIND = Kind(
    id="judgement",
    name="investigator's judgement",
    plain_name="a decision of the study doctor",
    taxonomy=(),
    params=Params,
    explain=explain,
    question="How does the investigator judge this?",
    effort=Effort.PERSON,
    examples=(({"topic": "adequate organ function"}, {}, "unknown"),),
)
