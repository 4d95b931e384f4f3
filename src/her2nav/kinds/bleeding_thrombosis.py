"""Bleeding and thrombosis."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind
from her2nav.kinds.condition_match import Query, rows_gate, search
from her2nav.kinds.condition_words import tell
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.finding import Effort, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import Grade, OneOrMany


class Params(KindParams):
    """P: one of the events is recorded, within the window when one is given."""

    any_of: Annotated[
        OneOrMany[
            Literal[
                "bleeding",
                "bleeding_disorder",
                "venous_thromboembolism",
                "pulmonary_embolism",
                "arterial_thromboembolism",
            ]
        ],
        Field(min_length=1),
    ]
    within_days: Days | None = None
    min_grade: Grade | None = None
    """Only events of this CTCAE grade or more."""


def _query(params: Params) -> Query:
    return Query(wanted=params.any_of, within_days=params.within_days, history=True, min_grade=params.min_grade)


def truth(params: Params, block: Block) -> Tri:
    """Look the events up; a partial date is wholly inside or wholly outside the window, or unclear."""
    query = _query(params)
    return block.truths(query, lambda case: search(case, query).truth)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the events found with their dates, or say why none is known."""
    query = _query(params)
    return tell(case, query, search(case, query), code="bleeding_thrombosis", plain="bleeding or a blood clot")


KIND = Kind(
    id="bleeding_thrombosis",
    name="bleeding or thrombosis",
    plain_name="bleeding or blood clots",
    taxonomy=(44,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=rows_gate(lambda params, _: params.any_of),
    question="Any bleeding or blood clot, and when?",
    effort=Effort.RECORD,
    examples=(
        ({"any_of": "venous_thromboembolism"}, {"conditions": [{"name": "DVT", "date": "2020"}]}, "met"),
        ({"any_of": "venous_thromboembolism"}, {}, "unknown"),
        ({"any_of": "venous_thromboembolism"}, {"complete": {"conditions": True}}, "not_met"),
        # day 90 is inside, day 91 is not
        (
            {"any_of": "pulmonary_embolism", "within_days": 90},
            {"as_of": "2026-04-01", "conditions": [{"name": "PE", "date": "2026-01-01"}]},
            "met",
        ),
        (
            {"any_of": "pulmonary_embolism", "within_days": 90},
            {
                "as_of": "2026-04-02",
                "conditions": [{"name": "PE", "date": "2026-01-01", "status": "resolved"}],
                "complete": {"conditions": True},
            },
            "not_met",
        ),
        (
            {"any_of": "pulmonary_embolism", "within_days": 90},
            {"as_of": "2026-04-02", "conditions": [{"name": "PE"}], "complete": {"conditions": True}},
            "unknown",
        ),
        # a thrombosis that is not described may be an embolism of the lung
        (
            {"any_of": "pulmonary_embolism"},
            {"conditions": [{"name": "venous thromboembolism"}], "complete": {"conditions": True}},
            "unknown",
        ),
        ({"any_of": "arterial_thromboembolism"}, {"cardiac": {"history": ["MI"]}}, "met"),
        (
            {"any_of": "arterial_thromboembolism"},
            {"conditions": [{"name": "deep vein thrombosis"}], "complete": {"conditions": True}},
            "not_met",
        ),
        # a nosebleed needs a person where "bleeding" is asked for
        ({"any_of": "bleeding"}, {"conditions": [{"name": "epistaxis"}], "complete": {"conditions": True}}, "unknown"),
        (
            {"any_of": "bleeding", "min_grade": 3},
            {"toxicities": [{"name": "GI bleed", "grade": 3, "date": "2026-01-01"}]},
            "met",
        ),
        (
            {"any_of": "bleeding", "min_grade": 3},
            {"toxicities": [{"name": "GI bleed", "grade": 2}], "complete": {"conditions": True}},
            "not_met",
        ),
        ({"any_of": "bleeding_disorder"}, {"conditions": [{"name": "Haemophilia A"}]}, "met"),
    ),
)
