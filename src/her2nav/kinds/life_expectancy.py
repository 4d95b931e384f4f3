"""Life expectancy, which only a clinician can judge."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.facts.case import Case
from her2nav.kinds.base import Kind, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Finding, UnknownKind
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: expected to live at least so many weeks."""

    min_weeks: Annotated[int, Field(ge=1)] | None = None


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Say what the clinician judges; nothing in the record answers it and it hides no trial."""
    least = f" of at least {params.min_weeks} weeks" if params.min_weeks is not None else ""
    return finding(
        truth,
        "clinician_judges",
        f"Life expectancy{least}: judged by the treating clinician and confirmed by the trial team.",
        "Your doctor and the study team check that the study suits how you are now.",
        unknown_kind=UnknownKind.PENDING,
        change=Change(ChangeBy.PERSON, f"the clinician judges: life expectancy{least}", effort=Effort.PERSON),
    )


KIND = Kind(
    id="life_expectancy",
    name="life expectancy",
    plain_name="how you are now",
    taxonomy=(27,),
    params=Params,
    explain=explain,
    question="Is the life expectancy long enough, as the clinician judges?",
    effort=Effort.PERSON,
    examples=(({"min_weeks": 12}, {}, "unknown"),),
)
