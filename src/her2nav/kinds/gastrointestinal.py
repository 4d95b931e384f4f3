"""Swallowing, absorption and bowel disease."""

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
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of the problems is present."""

    any_of: Annotated[
        OneOrMany[
            Literal[
                "cannot_swallow",
                "malabsorption",
                "uncontrolled_diarrhoea",
                "obstruction",
                "inflammatory_bowel_disease",
                "resection",
                "ulcer",
                "bleeding",
                "perforation",
                "gastroparesis",
            ]
        ],
        Field(min_length=1),
    ]
    within_days: Days | None = None


_ROWS = {
    "obstruction": "bowel_obstruction",
    "resection": "gi_resection",
    "ulcer": "peptic_ulcer",
    "bleeding": "gi_bleeding",
    "perforation": "gi_perforation",
}
"""Ids of the vocabulary, where they differ from the words of the criterion."""


def _query(params: Params) -> Query:
    return Query(wanted=tuple(_ROWS.get(item, item) for item in params.any_of), within_days=params.within_days)


def truth(params: Params, block: Block) -> Tri:
    """Look the problems up; what is over does not count, a resection stays."""
    query = _query(params)
    return block.truths(query, lambda case: search(case, query).truth)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the problems found, or say why none is known."""
    query = _query(params)
    question = "can tablets be swallowed; any disease of stomach or bowel now?"
    plain = "a stomach or bowel problem"
    return tell(case, query, search(case, query), code="gi", plain=plain, effort=Effort.ASK, question=question)


_CLOSED = {"complete": {"conditions": True, "toxicities": True, "procedures": True}}

KIND = Kind(
    id="gastrointestinal",
    name="stomach, bowel and swallowing",
    plain_name="stomach, bowel and swallowing",
    taxonomy=(38,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=rows_gate(lambda params, _: _query(params).wanted),
    question="Can the patient swallow tablets? Any disease or operation of stomach or bowel?",
    effort=Effort.ASK,
    examples=(
        ({"any_of": "malabsorption"}, {"conditions": [{"name": "short bowel syndrome"}]}, "met"),
        ({"any_of": "malabsorption"}, {}, "unknown"),
        ({"any_of": ["malabsorption", "cannot_swallow"]}, {"complete": {"conditions": True}}, "not_met"),
        # coeliac disease is no proof of malabsorption: a person says whether it counts
        ({"any_of": "malabsorption"}, {"conditions": [{"name": "celiac disease"}], **_CLOSED}, "unknown"),
        ({"any_of": "cannot_swallow"}, {"conditions": [{"name": "dysphagia", "status": "active"}]}, "unknown"),
        ({"any_of": "cannot_swallow"}, {"conditions": [{"name": "dysphagia", "grade": 3}]}, "met"),
        ({"any_of": "cannot_swallow"}, {"conditions": [{"name": "dysphagia", "grade": 1}], **_CLOSED}, "not_met"),
        ({"any_of": "cannot_swallow"}, {"conditions": [{"name": "GERD"}], **_CLOSED}, "not_met"),
        (
            {"any_of": "uncontrolled_diarrhoea"},
            {"toxicities": [{"name": "diarrhea", "grade": 3, "ongoing": True}]},
            "met",
        ),
        (
            {"any_of": "uncontrolled_diarrhoea"},
            {"toxicities": [{"name": "diarrhea", "grade": 1, "ongoing": True}], **_CLOSED},
            "not_met",
        ),
        (
            {"any_of": "uncontrolled_diarrhoea"},
            {"toxicities": [{"name": "diarrhea", "grade": 3, "ongoing": False}], **_CLOSED},
            "not_met",
        ),
        # a complaint is closed by the list of side effects as well
        ({"any_of": "uncontrolled_diarrhoea"}, {"complete": {"conditions": True}}, "unknown"),
        ({"any_of": "inflammatory_bowel_disease"}, {"conditions": [{"name": "Crohn's disease"}]}, "met"),
        ({"any_of": "inflammatory_bowel_disease"}, {"conditions": [{"name": "IBS"}], **_CLOSED}, "not_met"),
        ({"any_of": "inflammatory_bowel_disease"}, {"conditions": [{"name": "colitis"}], **_CLOSED}, "unknown"),
        # operations
        ({"any_of": "resection"}, {"procedures": [{"kind": "surgery", "name": "total gastrectomy"}]}, "met"),
        ({"any_of": "resection"}, {"procedures": [{"kind": "surgery", "site": "stomach"}], **_CLOSED}, "unknown"),
        (
            {"any_of": "resection"},
            {"procedures": [{"kind": "surgery", "site": "breast", "major": True}], **_CLOSED},
            "not_met",
        ),
        ({"any_of": "resection"}, {"complete": {"conditions": True}}, "unknown"),
        # a perforation long ago: whether it counts depends on the text
        ({"any_of": "perforation"}, {"conditions": [{"name": "bowel perforation", "date": "2012"}]}, "unknown"),
        (
            {"any_of": "perforation", "within_days": 180},
            {"as_of": "2026-01-01", "conditions": [{"name": "bowel perforation", "date": "2012"}], **_CLOSED},
            "not_met",
        ),
        (
            {"any_of": "obstruction", "within_days": 90},
            {"as_of": "2026-04-01", "conditions": [{"name": "ileus", "date": "2026-01-01", "status": "resolved"}]},
            "met",
        ),
    ),
)
