"""Sex."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.terms import ANYTHING, TermSet, exactly
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: the patient's sex is one of these."""

    any_of: Annotated[OneOrMany[Literal["male", "female"]], Field(min_length=1)]


def sex_of(case: Case) -> TermSet:
    """Return the recorded sex."""
    sex = case.patient.demographics.sex
    return ANYTHING if sex is None else exactly({sex})


def truth(params: Params, block: Block) -> Tri:
    """Look the sex up; a criterion that takes both is met whatever the record says."""
    wanted = params.any_of
    if set(wanted) == {"male", "female"}:
        return block.everybody(Truth.MET)
    return block.terms("sex", sex_of, wanted)


def union(alternatives: tuple[Params, ...]) -> Params | None:
    """Join alternatives that together take both sexes."""
    named = {sex for item in alternatives for sex in item.any_of}
    return Params(any_of=("male", "female")) if named == {"male", "female"} else None


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded sex."""
    sex = case.patient.demographics.sex
    wanted = " or ".join(params.any_of)
    if sex is None:
        evidence = Evidence("/demographics/sex", "not stated") if truth is Truth.MET else ()
        return finding(
            truth,
            "sex_missing",
            f"Sex is not in the record; the trial takes {wanted}.",
            f"The study takes {wanted} patients.",
            evidence,
            change=ask("sex", Effort.ASK) if truth is Truth.UNKNOWN else None,
        )
    change = Change(ChangeBy.NEVER, "sex") if truth is Truth.NOT_MET else None
    return finding(
        truth,
        "sex",
        f"Recorded sex {sex}; the trial takes {wanted}.",
        f"The study takes {wanted} patients.",
        Evidence("/demographics/sex", sex),
        change=change,
    )


KIND = Kind(
    id="sex",
    name="sex",
    plain_name="your sex",
    taxonomy=(26,),
    params=Params,
    truth=truth,
    explain=explain,
    cheap=True,
    union=union,
    question="What is the patient's sex?",
    effort=Effort.ASK,
    examples=(
        ({"any_of": "female"}, {"demographics": {"sex": "female"}}, "met"),
        ({"any_of": "female"}, {"demographics": {"sex": "male"}}, "not_met"),
        ({"any_of": "female"}, {}, "unknown"),
        ({"any_of": ["male", "female"]}, {}, "met"),
    ),
)
