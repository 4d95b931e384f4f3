"""Leptomeningeal disease."""

from __future__ import annotations

import re

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.metastatic_site import naming, spread_denied
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: leptomeningeal disease is present."""


_NAMED = re.compile(
    r"leptomening|(?:carcinomatous|neoplastic|malignant)\s+mening|mening\w*\s+(?:carcinomatosis|metasta|spread)|\blmd\b",
    re.IGNORECASE,
)


def signs(case: Case) -> tuple[Evidence, ...]:
    """Return every place of the record that names leptomeningeal disease."""
    cns = case.patient.cancer.cns
    found: list[Evidence] = []
    if cns is not None and cns.leptomeningeal:
        found.append(Evidence("/cancer/cns/leptomeningeal", "yes"))
    if "leptomeninges" in (case.metastatic_sites or ()):
        found.append(Evidence("/cancer/metastatic_sites", "leptomeninges"))
    found += naming(case, ("leptomeninges",))
    for i, item in enumerate(case.patient.conditions):
        later = item.date is not None and item.date.certainly_after(case.as_of)
        if _NAMED.search(item.name) and not spread_denied(item.name) and not later:
            found.append(Evidence(f"/conditions/{i}", item.name))
    return tuple(dict.fromkeys(found))


def _denials(case: Case) -> tuple[Evidence, ...]:
    """Return the places that say there is none; "no CNS disease" is a statement about the whole of it."""
    cns = case.patient.cancer.cns
    found: list[Evidence] = []
    if cns is not None and cns.leptomeningeal is False:
        found.append(Evidence("/cancer/cns/leptomeningeal", "no"))
    if cns is not None and cns.status == "none":
        found.append(Evidence("/cancer/cns/status", "none"))
    return tuple(found)


def _disputed(case: Case) -> tuple[Evidence, ...]:
    """Return the places that stand against a denial; against "no CNS disease" brain metastases stand too."""
    cns = case.patient.cancer.cns
    found = signs(case)
    if cns is not None and cns.status == "none" and cns.leptomeningeal is None:
        if "brain" in (case.metastatic_sites or ()):
            found += (Evidence("/cancer/metastatic_sites", "brain"),)
        found += naming(case, ("brain",))
    return found if _denials(case) else ()


def _judge(case: Case) -> Truth:
    cns = case.patient.cancer.cns
    if _denials(case):
        return Truth.UNKNOWN if _disputed(case) else Truth.NOT_MET
    stated = (cns is not None and cns.leptomeningeal) or "leptomeninges" in (case.metastatic_sites or ())
    return Truth.MET if stated else Truth.UNKNOWN


def truth(params: Params, block: Block) -> Tri:
    """Look the statement up; silence is UNKNOWN."""
    return block.truths("leptomeningeal", _judge)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give what is recorded."""
    cns = case.patient.cancer.cns
    disputed = _disputed(case)
    if truth is Truth.UNKNOWN and disputed:
        places = (*_denials(case), *disputed)
        shown = "; ".join(f"{item.path}: {item.value}" for item in places)
        return finding(
            truth,
            "leptomeningeal_contradiction",
            f"The record does not agree on leptomeningeal disease ({shown}).",
            "Your team needs to check if the cancer has spread to the lining of the brain.",
            places,
            change=ask("leptomeningeal disease?", Effort.RECORD),
        )
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
        ({}, {"cancer": {"cns": {"leptomeningeal": False}, "metastatic_sites": ["meninges"]}}, "unknown"),
    ),
)
