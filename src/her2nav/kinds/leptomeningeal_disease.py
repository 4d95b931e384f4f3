"""Leptomeningeal disease."""

from __future__ import annotations

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: leptomeningeal disease is present."""


def _judge(case: Case) -> Truth:
    cns = case.patient.cancer.cns
    if cns is not None and cns.leptomeningeal is not None:
        return Truth.MET if cns.leptomeningeal else Truth.NOT_MET
    if "leptomeninges" in (case.metastatic_sites or ()):
        return Truth.MET
    # "No CNS disease" is a statement about the whole of it.
    return Truth.NOT_MET if cns is not None and cns.status == "none" else Truth.UNKNOWN


def truth(params: Params, block: Block) -> Tri:
    """Look the statement up; silence is UNKNOWN."""
    return block.truths("leptomeningeal", _judge)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give what is recorded."""
    cns = case.patient.cancer.cns
    if truth is Truth.UNKNOWN:
        return finding(
            truth,
            "leptomeningeal_missing",
            "Leptomeningeal disease: not in the record.",
            "Your team needs to check if the cancer has spread to the lining of the brain.",
            change=ask("leptomeningeal disease?", Effort.RECORD),
        )
    if cns is not None and cns.leptomeningeal is not None:
        evidence = Evidence("/cancer/cns/leptomeningeal", "yes" if cns.leptomeningeal else "no")
    elif cns is not None and cns.status == "none":
        evidence = Evidence("/cancer/cns/status", "none")
    else:
        evidence = Evidence("/cancer/metastatic_sites", "leptomeninges")
    if truth is Truth.MET:
        return finding(
            truth,
            "leptomeningeal_present",
            "Leptomeningeal disease is recorded.",
            "Spread to the lining of the brain is on record.",
            evidence,
            change=Change(ChangeBy.NEVER, "leptomeningeal disease"),
        )
    return finding(
        truth,
        "leptomeningeal_absent",
        "No leptomeningeal disease.",
        "No spread to the lining of the brain is on record.",
        evidence,
    )


KIND = Kind(
    id="leptomeningeal_disease",
    name="leptomeningeal disease",
    plain_name="spread to the lining of the brain",
    taxonomy=(13,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Any leptomeningeal disease?",
    effort=Effort.RECORD,
    examples=(
        ({}, {"cancer": {"cns": {"leptomeningeal": True}}}, "met"),
        ({}, {"cancer": {"cns": {"leptomeningeal": False}}}, "not_met"),
        ({}, {"cancer": {"cns": {"status": "none"}}}, "not_met"),
        ({}, {"cancer": {"cns": {"status": "treated_stable"}}}, "unknown"),
        ({}, {}, "unknown"),
    ),
)
