"""Measurable or evaluable disease."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.procedures import procedures
from her2nav.facts.tri import Tri
from her2nav.interpret.tissue import names_bone
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.metastatic_site import organs_in
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.variables import MeasurableFrom
from her2nav.model.disease import Lesion
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, any_of, at_least
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: measurable disease by the criteria; with `evaluable_accepted`, evaluable disease suffices."""

    criteria: Literal["recist", "rano", "mrecist", "other"] = "recist"
    evaluable_accepted: bool = False
    min_lesions: Annotated[int, Field(ge=1)] = 1
    outside_organs: OneOrMany[str] = ()
    """A lesion outside these organs is needed."""


_NODE = re.compile(
    r"\bnod(?:es?|al)\b|\blns?\b|\bln\d|lymph|adenopath|axill|(?:supra|infra|sub)-?\s?clav|mediastin|\bhil(?:ar|um|us)\b"
    r"|para-?\s?aort|(?:inter)?aortocav|subcarin|paratrach|inguinal|internal mammary|parasternal|retroperiton"
    r"|c(?:o)?eliac|porta hepatis|\biliac\b|mesenteric|obturator",
    re.IGNORECASE,
)
_NOT_BY_SIZE = re.compile(
    r"effusion|ascit|\bfluid\b|lymphangi|leptomening|meninge|carcinomatosis|inflammatory|\bcyst", re.IGNORECASE
)
"""Disease that RECIST 1.1 does not call measurable, whatever its size."""


def is_node(text: str, site: str | None) -> bool:
    """True when a lesion's site names a lymph node or a place where nodes lie."""
    return site == "lymph_node" or (bool(_NODE.search(text)) and not _NOT_BY_SIZE.search(text))


def lesion_measurable(lesion: Lesion, site: str | None, least: MeasurableFrom) -> Truth:
    """Return whether one lesion is measurable by RECIST 1.1; an irradiated one only if it has grown since.

    Bone, fluid and diffuse disease is never measurable by a size alone: bone needs a soft-tissue part.
    """
    text = (lesion.site or "").replace("_", " ")
    if site in ("bone", "bone_marrow", "leptomeninges") or names_bone(text) or _NOT_BY_SIZE.search(text):
        return Truth.UNKNOWN
    if is_node(text, site):
        size, limit = lesion.short_axis_mm, least.node_short_axis_mm
    else:
        size, limit = lesion.longest_diameter_mm, least.longest_mm
    if size is None:
        return Truth.UNKNOWN
    if size < limit:
        return Truth.NOT_MET
    if lesion.irradiated and not lesion.progressed_since_irradiation:
        return Truth.NOT_MET if lesion.progressed_since_irradiation is False else Truth.UNKNOWN
    return Truth.MET


def _maybe_irradiated(lesion: Lesion, case: Case) -> bool:
    """True when radiotherapy went to the organ of a lesion that is not said to be irradiated or not."""
    if lesion.irradiated is not None or lesion.progressed_since_irradiation or not lesion.site:
        return False
    own = organs_in(lesion.site, case)
    node = is_node(lesion.site.replace("_", " "), case.knowledge.sites.find(lesion.site))
    for one in procedures(case):
        if "radiotherapy" not in one.kinds:
            continue
        index = one.path.removeprefix("/procedures/")
        written = (case.patient.procedures[int(index)].site or "") if index.isdigit() else one.site or ""
        written = written.replace("_", " ")
        if organs_in(written, case) & own or (node and is_node(written, one.site)):
            return True
        if written.strip().lower() == lesion.site.replace("_", " ").strip().lower():
            return True
    return False


def _judge(case: Case, params: Params) -> Truth:
    cancer = case.patient.cancer
    if cancer.lesions:
        counted = []
        for lesion in cancer.lesions:
            site = case.knowledge.sites.find(lesion.site) if lesion.site else None
            if params.outside_organs and site in params.outside_organs:
                continue
            truth = lesion_measurable(lesion, site, case.knowledge.numeric_rules.measurable_from)
            if truth is Truth.MET and _maybe_irradiated(lesion, case):
                truth = Truth.UNKNOWN
            if params.outside_organs and site is None and truth is Truth.MET:
                truth = Truth.UNKNOWN
            counted.append(truth)
        answer = at_least(params.min_lesions, counted)
        # Lesions that are listed need not be all there are.
        if answer is Truth.NOT_MET and cancer.measurable_disease is not False:
            answer = Truth.UNKNOWN
        # A statement of no measurable disease beside a lesion that is measurable by its size.
        if answer is Truth.MET and cancer.measurable_disease is False:
            answer = Truth.UNKNOWN
        return _evaluable(case, params, answer)
    stated = cancer.measurable_disease
    answer = Truth.UNKNOWN if stated is None else (Truth.MET if stated else Truth.NOT_MET)
    if answer is Truth.MET and params.min_lesions > 1:
        answer = Truth.UNKNOWN
    if answer is Truth.MET and params.outside_organs:
        sites = case.metastatic_sites
        if sites is None or any(site in params.outside_organs for site in sites):
            answer = Truth.UNKNOWN
    if answer is Truth.MET and params.criteria not in ("recist", "other"):
        answer = Truth.UNKNOWN
    return _evaluable(case, params, answer)


def _evaluable(case: Case, params: Params, answer: Truth) -> Truth:
    """Where evaluable disease suffices, recorded metastases are enough and "not measurable" settles nothing."""
    if not params.evaluable_accepted or answer is Truth.MET:
        return answer
    return any_of((answer, Truth.MET if case.metastatic_sites else Truth.UNKNOWN))


def truth(params: Params, block: Block) -> Tri:
    """Judge the lesions listed, or the statement where none is."""
    return block.truths(("measurable", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the lesions or the statement."""
    cancer = case.patient.cancer
    asked = "measurable or evaluable disease" if params.evaluable_accepted else "measurable disease"
    if params.outside_organs:
        asked += " outside the " + " and ".join(item.replace("_", " ") for item in params.outside_organs)
    if params.min_lesions > 1:
        asked += f", at least {params.min_lesions} lesions"
    evidence: tuple[Evidence, ...] = ()
    if cancer.lesions:
        shown = "; ".join(_lesion(lesion) for lesion in cancer.lesions)
        evidence = (Evidence("/cancer/lesions", shown),)
        notes = [
            f"radiotherapy to {lesion.site} on record" for lesion in cancer.lesions if _maybe_irradiated(lesion, case)
        ]
        if cancer.measurable_disease is False:
            notes.append("stated as not measurable")
            evidence += (Evidence("/cancer/measurable_disease", "not measurable"),)
        shown = "; ".join((shown, *notes))
    elif cancer.measurable_disease is not None:
        shown = "measurable" if cancer.measurable_disease else "not measurable"
        evidence = (Evidence("/cancer/measurable_disease", shown),)
    else:
        shown = "not in the record"
    if cancer.metastatic_sites and (params.outside_organs or params.evaluable_accepted):
        evidence += (Evidence("/cancer/metastatic_sites", ", ".join(cancer.metastatic_sites)),)
    reason = f"Disease on imaging: {shown}; wanted {asked}."
    if truth is Truth.MET:
        return finding(truth, "measurable", reason, "Your cancer can be measured on scans.", evidence)
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "not_measurable",
            reason,
            "The study needs a tumour that can be measured on scans.",
            evidence,
            change=Change(ChangeBy.TEST, "new imaging", effort=Effort.ORDINARY),
        )
    return finding(
        truth,
        "measurable_unclear",
        reason,
        "Your team needs to check the scans for a tumour that can be measured.",
        evidence,
        change=ask(f"imaging: {asked}", Effort.RECORD),
    )


def _lesion(lesion: Lesion) -> str:
    size = lesion.longest_diameter_mm if lesion.longest_diameter_mm is not None else lesion.short_axis_mm
    return f"{lesion.site or 'lesion'} {size if size is not None else '?'} mm"


KIND = Kind(
    id="measurable_disease",
    name="measurable disease",
    plain_name="a tumour that shows on scans",
    taxonomy=(12,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Is there a measurable lesion (10 mm; lymph node 15 mm short axis)?",
    effort=Effort.RECORD,
    examples=(
        ({}, {"cancer": {"measurable_disease": True}}, "met"),
        ({}, {"cancer": {"measurable_disease": False}}, "not_met"),
        ({}, {}, "unknown"),
        ({}, {"cancer": {"metastatic_sites": ["liver"]}}, "unknown"),
        ({}, {"cancer": {"measurable_disease": [{"site": "left axilla", "longest_diameter_mm": 22}]}}, "unknown"),
        ({}, {"cancer": {"measurable_disease": [{"site": "sternum", "longest_diameter_mm": 22}]}}, "unknown"),
        ({"evaluable_accepted": True}, {"cancer": {"metastatic_sites": ["bone"], "measurable_disease": False}}, "met"),
        ({}, {"cancer": {"measurable_disease": [{"site": "liver", "longest_diameter_mm": 10}]}}, "met"),
        ({}, {"cancer": {"measurable_disease": [{"site": "lymph node", "short_axis_mm": 14}]}}, "unknown"),
        (
            {"outside_organs": "liver"},
            {"cancer": {"measurable_disease": True, "metastatic_sites": ["lung"]}},
            "met",
        ),
        (
            {"outside_organs": "liver"},
            {"cancer": {"measurable_disease": True, "metastatic_sites": ["lung", "liver"]}},
            "unknown",
        ),
    ),
)
