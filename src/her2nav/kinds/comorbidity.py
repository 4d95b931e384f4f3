"""Another disease or state that has no kind of its own."""

from __future__ import annotations

from typing import Annotated

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
    """P: one of these is present; a name that the vocabulary does not hold stays open."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Ids of `vocabularies/conditions.csv` or words that it knows: liver_cirrhosis, uncontrolled_illness,
    psychiatric_illness, ascites, seizures, …"""
    active_only: bool = False
    within_days: Days | None = None
    min_grade: Grade | None = None
    """Only disease of this CTCAE grade or more."""
    ever: bool = False
    """A disease that is over counts too: "history of"."""


def _query(params: Params) -> Query:
    return Query(
        wanted=params.any_of,
        within_days=params.within_days,
        past_event=Truth.MET,
        active_only=params.active_only,
        min_grade=params.min_grade,
        history=params.ever,
    )


def truth(params: Params, block: Block) -> Tri:
    """Look the diseases up; an event of the past counts as recorded."""
    query = _query(params)
    return block.truths(query, lambda case: search(case, query).truth)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the diseases found, or say why none is known."""
    query = _query(params)
    return tell(case, query, search(case, query), code="comorbidity", plain="one of these illnesses")


KIND = Kind(
    id="comorbidity",
    name="other disease",
    plain_name="other illness",
    taxonomy=(),
    params=Params,
    truth=truth,
    explain=explain,
    gate=rows_gate(lambda params, _: params.any_of),
    question="Which other diseases does the patient have, and are they under control?",
    effort=Effort.RECORD,
    examples=(
        ({"any_of": "liver_cirrhosis"}, {"conditions": [{"name": "Cirrhosis of liver", "status": "active"}]}, "met"),
        ({"any_of": "liver_cirrhosis"}, {}, "unknown"),
        ({"any_of": "liver_cirrhosis"}, {"conditions": [], "complete": {"conditions": True}}, "not_met"),
        # an open list never says no; other diseases of a closed one do not matter
        ({"any_of": "seizures"}, {"conditions": [{"name": "HTN"}]}, "unknown"),
        (
            {"any_of": "seizures"},
            {"conditions": [{"name": "HTN, hyperlipidemia"}], "complete": {"conditions": True}},
            "not_met",
        ),
        # what the vocabulary does not name is never ruled out
        ({"any_of": "catalase deficiency"}, {"conditions": [], "complete": {"conditions": True}}, "unknown"),
        # a name that nobody knows may be anything
        (
            {"any_of": "seizures"},
            {"conditions": [{"name": "Zorbl syndrome"}], "complete": {"conditions": True}},
            "unknown",
        ),
        # a child is the parent, and the parent may be the child
        ({"any_of": "chronic_kidney_disease"}, {"conditions": [{"name": "ESRD"}]}, "met"),
        (
            {"any_of": "hepatitis"},
            {"conditions": [{"name": "liver disease"}], "complete": {"conditions": True}},
            "unknown",
        ),
        (
            {"any_of": "gilbert_syndrome"},
            {"conditions": [{"name": "Gilbert's syndrome"}]},
            "met",
        ),
        # grade
        (
            {"any_of": "cns_haemorrhage", "min_grade": 2},
            {"conditions": [{"name": "subdural hematoma", "grade": 2}]},
            "met",
        ),
        (
            {"any_of": "cns_haemorrhage", "min_grade": 2},
            {"conditions": [{"name": "subdural hematoma", "grade": 1}], "complete": {"conditions": True}},
            "not_met",
        ),
        (
            {"any_of": "cns_haemorrhage", "min_grade": 2},
            {"conditions": [{"name": "subdural hematoma"}], "complete": {"conditions": True}},
            "unknown",
        ),
        # over is not present; an event stays on the record
        (
            {"any_of": "ascites"},
            {"conditions": [{"name": "ascites", "status": "resolved"}], "complete": {"conditions": True}},
            "not_met",
        ),
        ({"any_of": "cns_haemorrhage"}, {"conditions": [{"name": "SDH"}], "complete": {"conditions": True}}, "unknown"),
        (
            {"any_of": "cns_haemorrhage"},
            {"conditions": [{"name": "subdural hematoma", "status": "resolved"}]},
            "met",
        ),
        # the last day of the window counts, the next does not
        (
            {"any_of": "traumatic_injury", "within_days": 28},
            {"as_of": "2026-01-29", "conditions": [{"name": "trauma", "date": "2026-01-01"}]},
            "met",
        ),
        (
            {"any_of": "traumatic_injury", "within_days": 28},
            {
                "as_of": "2026-01-30",
                "conditions": [{"name": "trauma", "date": "2026-01-01"}],
                "complete": {"conditions": True},
            },
            "not_met",
        ),
        (
            {"any_of": "traumatic_injury", "within_days": 28},
            {
                "as_of": "2026-01-30",
                "conditions": [{"name": "trauma", "date": "2026-01"}],
                "complete": {"conditions": True},
            },
            "unknown",
        ),
        # dated after the patient's day: set aside
        (
            {"any_of": "seizures"},
            {
                "as_of": "2026-01-30",
                "conditions": [{"name": "epilepsy", "date": "2026-03-01"}],
                "complete": {"conditions": True},
            },
            "not_met",
        ),
        # uncontrolled illness: harmless or controlled ones do not count, serious ones need a person
        (
            {"any_of": "uncontrolled_illness"},
            {
                "conditions": [
                    {"name": "hypothyroidism", "status": "active"},
                    {"name": "hypertension", "status": "active"},
                    {"name": "heart failure", "status": "controlled"},
                ],
                "complete": {"conditions": True},
            },
            "not_met",
        ),
        (
            {"any_of": "uncontrolled_illness"},
            {"conditions": [{"name": "heart failure", "status": "active"}], "complete": {"conditions": True}},
            "unknown",
        ),
        ({"any_of": "uncontrolled_illness"}, {"conditions": [{"name": "poorly controlled diabetes"}]}, "met"),
        ({"any_of": "uncontrolled_illness"}, {"conditions": [{"name": "asthma", "status": "uncontrolled"}]}, "met"),
        ({"any_of": "uncontrolled_diabetes"}, {"conditions": [{"name": "T2DM", "status": "uncontrolled"}]}, "met"),
        # a whole group: whether a disease of it is significant, a person says
        ({"any_of": "psychiatric_illness"}, {"conditions": [{"name": "schizophrenia"}]}, "unknown"),
        ({"any_of": "psychiatric_illness"}, {"conditions": [{"name": "severe schizophrenia"}]}, "met"),
        (
            {"any_of": "uncontrolled_diabetes"},
            {"conditions": [{"name": "T2DM", "status": "controlled"}], "complete": {"conditions": True}},
            "not_met",
        ),
        (
            {"any_of": "uncontrolled_diabetes"},
            {"conditions": [{"name": "T2DM", "status": "active"}], "complete": {"conditions": True}},
            "unknown",
        ),
        (
            {"any_of": "uncontrolled_illness"},
            {"toxicities": [{"name": "diarrhea", "grade": 1, "ongoing": True}], "complete": {"conditions": True}},
            "not_met",
        ),
        (
            {"any_of": "uncontrolled_illness"},
            {"toxicities": [{"name": "pneumonitis", "grade": 3, "ongoing": True}], "complete": {"conditions": True}},
            "unknown",
        ),
        # a name of the heart history that nobody knows is still of the heart
        (
            {"any_of": "seizures"},
            {"cardiac": {"history": ["zorbl heart"]}, "complete": {"conditions": True}},
            "not_met",
        ),
        # the patient's own cancer is no other disease
        (
            {"any_of": "uncontrolled_illness"},
            {
                "cancer": {"tumour_type": "breast"},
                "conditions": [{"name": "Malignant neoplasm of female breast", "status": "active"}],
                "complete": {"conditions": True},
            },
            "not_met",
        ),
        (
            {"any_of": "hepatitis", "active_only": True},
            {"conditions": [{"name": "hepatitis", "status": "carrier"}], "complete": {"conditions": True}},
            "not_met",
        ),
        # a pregnancy rules sterility out, an operation beside it is for a person
        ({"any_of": "surgical_sterility"}, {"demographics": {"pregnancy": "pregnant"}}, "not_met"),
        ({"any_of": "surgical_sterility"}, {"demographics": {"pregnancy": "not_pregnant"}}, "unknown"),
        # acute leukaemia of which kind is not said; high-grade block is not any block
        (
            {"any_of": "acute_myeloid_leukaemia"},
            {"conditions": [{"name": "CLL"}], "complete": {"conditions": True}},
            "not_met",
        ),
        (
            {"any_of": "acute_myeloid_leukaemia"},
            {"conditions": [{"name": "leukemia"}], "complete": {"conditions": True}},
            "unknown",
        ),
        ({"any_of": "family_history_sudden_death"}, {"conditions": [], "complete": {"conditions": True}}, "unknown"),
        # a word that the vocabulary does not hold: it may be no diagnosis at all
        (
            {"any_of": "zorbl_syndrome"},
            {"conditions": [{"name": "asthma"}], "complete": {"conditions": True}},
            "unknown",
        ),
        ({"any_of": "zorbl_syndrome"}, {"conditions": [], "complete": {"conditions": True}}, "unknown"),
    ),
)
