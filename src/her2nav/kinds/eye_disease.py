"""Eye disease."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind
from her2nav.kinds.condition_match import Query, rows_gate, search
from her2nav.kinds.condition_words import tell
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Effort, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of the eye diseases is or was present."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Ids such as keratitis, corneal_disease, active_eye_disease, retinopathy, contact_lenses."""


def truth(params: Params, block: Block) -> Tri:
    """Look the eye diseases up; one that is over counts too."""
    query = Query(wanted=params.any_of, history=True)
    return block.truths(query, lambda case: search(case, query).truth)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the eye diseases found, or say why none is known."""
    query = Query(wanted=params.any_of, history=True)
    return tell(case, query, search(case, query), code="eye", plain="eye disease", question="any eye disease?")


KIND = Kind(
    id="eye_disease",
    name="eye disease",
    plain_name="eye disease",
    taxonomy=(43,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=rows_gate(lambda params, _: params.any_of),
    question="Any disease of the cornea or the retina, now or before? Contact lenses?",
    effort=Effort.RECORD,
    examples=(
        ({"any_of": "corneal_disease"}, {"conditions": [{"name": "keratitis", "status": "resolved"}]}, "met"),
        ({"any_of": "keratitis"}, {}, "unknown"),
        ({"any_of": "keratitis"}, {"complete": {"conditions": True}}, "not_met"),
        # a side effect of treatment is a record of the eye too
        ({"any_of": "keratitis"}, {"toxicities": [{"name": "keratitis", "grade": 2, "ongoing": False}]}, "met"),
        # "corneal disease" may be keratitis; a harmless eye disease needs a person where any is asked for
        (
            {"any_of": "keratitis"},
            {"conditions": [{"name": "corneal disease"}], "complete": {"conditions": True}},
            "unknown",
        ),
        (
            {"any_of": "eye_disease"},
            {"conditions": [{"name": "cataract"}], "complete": {"conditions": True}},
            "unknown",
        ),
        (
            {"any_of": "corneal_disease"},
            {"conditions": [{"name": "cataracts"}, {"name": "glaucoma"}], "complete": {"conditions": True}},
            "not_met",
        ),
        ({"any_of": "active_eye_disease"}, {"conditions": [{"name": "uveitis", "status": "active"}]}, "met"),
        (
            {"any_of": "active_eye_disease"},
            {"conditions": [{"name": "uveitis", "status": "resolved"}], "complete": {"conditions": True}},
            "not_met",
        ),
        # a habit is no diagnosis: no list closes it
        ({"any_of": "contact_lenses"}, {"conditions": [], "complete": {"conditions": True}}, "unknown"),
    ),
)
