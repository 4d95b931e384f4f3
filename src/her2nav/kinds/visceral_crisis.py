"""Visceral crisis or rapidly progressing, life-threatening disease."""

from __future__ import annotations

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, finding
from her2nav.kinds.condition_match import Query, search
from her2nav.kinds.condition_words import tell
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Effort, Evidence, Finding
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: visceral crisis or rapid progression."""


_QUERY = Query(wanted=("visceral_crisis",))


def _early(case: Case) -> bool:
    """True where there is no spread that could threaten an organ."""
    cancer = case.patient.cancer
    return cancer.setting == "early" and not cancer.metastatic_sites


def _judge(case: Case) -> Truth:
    found = search(case, _QUERY).truth
    return Truth.NOT_MET if found is Truth.UNKNOWN and _early(case) and not search(case, _QUERY).maybe else found


def truth(params: Params, block: Block) -> Tri:
    """Look for a recorded crisis; early disease has none."""
    return block.truths("visceral_crisis", _judge)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Say whether a crisis is recorded."""
    found = search(case, _QUERY)
    if truth is not found.truth:
        return finding(
            truth,
            "visceral_crisis_early_disease",
            "No visceral crisis: early disease without metastases.",
            "The cancer has not spread to other organs.",
            Evidence("/cancer/setting", "early"),
        )
    return tell(
        case,
        _QUERY,
        found,
        code="visceral_crisis",
        plain="organs at risk",
        effort=Effort.PERSON,
        question="visceral crisis or rapid, life-threatening progression?",
    )


KIND = Kind(
    id="visceral_crisis",
    name="visceral crisis",
    plain_name="organs at risk from the cancer",
    taxonomy=(15,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Is there a visceral crisis or rapid, life-threatening progression?",
    effort=Effort.PERSON,
    examples=(
        ({}, {"conditions": [{"name": "visceral crisis", "status": "active"}]}, "met"),
        ({}, {"conditions": [{"name": "lymphangitic carcinomatosis", "status": "active"}]}, "met"),
        ({}, {"cancer": {"setting": "metastatic", "metastatic_sites": ["liver"]}}, "unknown"),
        ({}, {"cancer": {"setting": "metastatic"}, "complete": {"conditions": True}}, "not_met"),
        ({}, {"cancer": {"setting": "early"}}, "not_met"),
        (
            {},
            {"conditions": [{"name": "visceral crisis", "status": "resolved"}], "complete": {"conditions": True}},
            "not_met",
        ),
        ({}, {}, "unknown"),
    ),
)
