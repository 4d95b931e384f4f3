"""Where the metastases are."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Effort, Evidence, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: there are metastases in one of these sites (ids of `vocabularies/body_sites.csv`)."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    only: bool = False
    """No metastases anywhere else (for example bone-only disease)."""


def _judge(case: Case, params: Params) -> Truth:
    sites = case.metastatic_sites
    if sites is None:
        # Early disease has no metastases; otherwise nothing is known.
        return Truth.NOT_MET if case.patient.cancer.setting == "early" else Truth.UNKNOWN
    inside = [site for site in sites if site in params.any_of]
    if params.only:
        return Truth.MET if inside and len(inside) == len(sites) else Truth.NOT_MET
    return Truth.MET if inside else Truth.NOT_MET


def truth(params: Params, block: Block) -> Tri:
    """Look the sites up; a list of sites that is given is taken to name every organ involved."""
    return block.truths(("metastatic_site", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded sites."""
    cancer = case.patient.cancer
    asked = " or ".join(item.replace("_", " ") for item in params.any_of) + (" only" if params.only else "")
    if truth is Truth.UNKNOWN:
        return finding(
            truth,
            "sites_missing",
            f"The sites of metastases are not in the record (asked: {asked}).",
            "We need to know where the cancer has spread.",
            change=ask("sites of metastases", Effort.RECORD),
        )
    if cancer.metastatic_sites is None:
        evidence, shown = Evidence("/cancer/setting", cancer.setting or ""), "no metastases (early disease)"
    else:
        shown = ", ".join(cancer.metastatic_sites) or "none"
        evidence = Evidence("/cancer/metastatic_sites", shown)
    plain = "The cancer has spread there." if truth is Truth.MET else "No spread there is on record."
    return finding(truth, "sites", f"Metastases: {shown} (asked: {asked}).", plain, evidence)


KIND = Kind(
    id="metastatic_site",
    name="metastatic sites",
    plain_name="where the cancer has spread",
    taxonomy=(11,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Where are the metastases?",
    effort=Effort.RECORD,
    examples=(
        ({"any_of": "liver"}, {"cancer": {"metastatic_sites": ["hepatic"]}}, "met"),
        ({"any_of": "liver"}, {"cancer": {"metastatic_sites": ["bone"]}}, "not_met"),
        ({"any_of": "liver"}, {}, "unknown"),
        ({"any_of": "bone", "only": True}, {"cancer": {"metastatic_sites": ["bone", "liver"]}}, "not_met"),
    ),
)
