"""Other lung disease."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Gate, Kind, finding
from her2nav.kinds.condition_match import Match, Query, asked_ids, held, lists_of, search
from her2nav.kinds.condition_words import tell
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.finding import Effort, Evidence, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany

_OXYGEN = "oxygen_requirement"


class Params(KindParams):
    """P: one of the diseases or states is present."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Ids such as copd, asthma, pulmonary_fibrosis, oxygen_requirement, pleural_effusion, pneumonectomy,
    impaired_function."""
    severe_only: bool = False
    within_days: Days | None = None
    ever: bool = False
    """A disease that is over counts too: "history of"."""


def _query(params: Params, case: Case) -> Query | None:
    """Return what to look for; None when only oxygen is asked about and the record says that none is needed."""
    wanted = params.any_of
    if case.patient.lung.oxygen is False:
        find = case.knowledge.conditions.find
        wanted = tuple(item for item in wanted if find(item) != _OXYGEN)
    if not wanted:
        return None
    return Query(wanted=wanted, within_days=params.within_days, severe_only=params.severe_only, history=params.ever)


def _judge(case: Case, params: Params) -> Truth:
    query = _query(params, case)
    return Truth.NOT_MET if query is None else search(case, query).truth


def truth(params: Params, block: Block) -> Tri:
    """Look the diseases up; lung cancer and its spread are no lung disease of this sort."""
    return block.truths(("lung_disease", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the diseases found, or say why none is known."""
    query = _query(params, case)
    if query is None:
        return finding(
            truth,
            "lung_no_oxygen",
            "No supplemental oxygen is needed.",
            "You do not need oxygen.",
            Evidence("/lung/oxygen", "no"),
        )
    found: Match = search(case, query)
    question = "which lung disease, how severe, and is oxygen needed?"
    return tell(case, query, found, code="lung", plain="lung disease", question=question)


_CLOSED = {"complete": {"conditions": True}}
_COPD = {"conditions": [{"name": "COPD", "status": "active"}]}

KIND = Kind(
    id="lung_disease",
    name="lung disease",
    plain_name="lung disease",
    taxonomy=(),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(
        lambda params, knowledge: asked_ids(params.any_of, knowledge.conditions),
        held,
        lambda case: (*lists_of(case), case.patient.lung.oxygen is False),
    ),
    question="Any lung disease, how severe, and is oxygen needed?",
    effort=Effort.RECORD,
    examples=(
        ({"any_of": "copd"}, _COPD, "met"),
        ({"any_of": "copd"}, {}, "unknown"),
        ({"any_of": "copd"}, _CLOSED, "not_met"),
        ({"any_of": "asthma"}, {**_COPD, **_CLOSED}, "not_met"),
        # the whole group: whether it is significant, a person says
        ({"any_of": "lung_disease"}, _COPD, "unknown"),
        ({"any_of": "lung_disease"}, {"conditions": [{"name": "COPD", "status": "uncontrolled"}]}, "met"),
        # severity that nobody states
        ({"any_of": "copd", "severe_only": True}, {**_COPD, **_CLOSED}, "unknown"),
        ({"any_of": "copd", "severe_only": True}, {"conditions": [{"name": "COPD", "grade": 3}]}, "met"),
        ({"any_of": "copd", "severe_only": True}, {"conditions": [{"name": "mild COPD"}], **_CLOSED}, "not_met"),
        ({"any_of": "copd", "severe_only": True}, {"conditions": [{"name": "severe COPD"}]}, "met"),
        # over is not present
        (
            {"any_of": "pleural_effusion"},
            {"conditions": [{"name": "pleural effusion", "status": "resolved"}], **_CLOSED},
            "not_met",
        ),
        # spread to the pleura may come with an effusion
        ({"any_of": "pleural_effusion"}, {"cancer": {"metastatic_sites": ["pleura"]}, **_CLOSED}, "unknown"),
        ({"any_of": "lung_disease"}, {"cancer": {"metastatic_sites": ["lung"]}, **_CLOSED}, "not_met"),
        ({"any_of": "oxygen_requirement"}, {"lung": {"oxygen": True}}, "met"),
        ({"any_of": "oxygen_requirement"}, {"lung": {"oxygen": False}}, "not_met"),
        ({"any_of": "oxygen_requirement"}, {**_COPD, **_CLOSED}, "unknown"),
        ({"any_of": ["oxygen_requirement", "impaired_function"]}, _CLOSED, "not_met"),
        ({"any_of": "impaired_function"}, {"lung": {"oxygen": False}, **_COPD, **_CLOSED}, "unknown"),
        # sleep apnoea is none
        ({"any_of": "lung_disease"}, {"conditions": [{"name": "OSA"}, {"name": "hay fever"}], **_CLOSED}, "not_met"),
        (
            {"any_of": "pneumonectomy"},
            {"procedures": [{"kind": "surgery", "name": "pneumonectomy", "date": "2015"}]},
            "met",
        ),
        ({"any_of": "pneumonectomy"}, _CLOSED, "unknown"),
        ({"any_of": "pneumonectomy"}, {"complete": {"conditions": True, "procedures": True}}, "not_met"),
        (
            {"any_of": "pneumothorax", "within_days": 28},
            {"as_of": "2026-01-29", "conditions": [{"name": "pneumothorax", "date": "2026-01-01"}]},
            "met",
        ),
        (
            {"any_of": "pneumothorax", "within_days": 28},
            {"as_of": "2026-01-30", "conditions": [{"name": "pneumothorax", "date": "2026-01-01"}], **_CLOSED},
            "not_met",
        ),
    ),
)
