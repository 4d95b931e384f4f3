"""No satisfactory standard treatment is left, as a clinician states."""

from __future__ import annotations

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, from_bounds


class Params(KindParams):
    """P: standard options are exhausted, not tolerated, refused or not suitable."""


def _judge(case: Case) -> Truth:
    stated = case.patient.options_exhausted
    return from_bounds(stated is True, stated is False)


def truth(params: Params, block: Block) -> Tri:
    """Take the clinician's statement; it is never derived from the list of treatments."""
    return block.truths("options_exhausted", _judge)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the statement."""
    if truth is Truth.UNKNOWN:
        return finding(
            truth,
            "options_not_stated",
            "No clinician's statement on whether a satisfactory standard option is left.",
            "Your doctor needs to say which standard treatments remain for you.",
            change=ask("is a satisfactory standard treatment left?", Effort.PERSON),
        )
    evidence = Evidence("/options_exhausted", "true" if truth is Truth.MET else "false")
    if truth is Truth.MET:
        return finding(
            truth,
            "options_exhausted",
            "A clinician states that no satisfactory standard option is left.",
            "Your doctor has noted that the standard treatments have been used or do not suit you.",
            evidence,
        )
    return finding(
        truth,
        "options_left",
        "A clinician states that a satisfactory standard option is left.",
        "Your doctor has noted that a standard treatment is still open to you.",
        evidence,
        change=Change(ChangeBy.TREATMENT, "use of the standard options that are left"),
    )


KIND = Kind(
    id="options_exhausted",
    name="standard options used up",
    plain_name="standard treatments that remain",
    taxonomy=(),
    params=Params,
    truth=truth,
    explain=explain,
    question="Is a satisfactory standard treatment left?",
    effort=Effort.PERSON,
    examples=(
        ({}, {"options_exhausted": True}, "met"),
        ({}, {"options_exhausted": False}, "not_met"),
        ({}, {}, "unknown"),
        # a long list of treatments does not say that none is left
        ({}, {"therapies": [{"drugs": "THP"}, {"drugs": "T-DXd"}], "complete": {"therapies": True}}, "unknown"),
    ),
)
