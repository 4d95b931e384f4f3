"""Where the metastases are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.once import once_from
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


_SPREAD = re.compile(r"metasta|\bmets?\b|secondary malignan|carcinomatosis|carcinomatous|neoplastic", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|not|without|negative|absence|absent|denies|excluded|ruled out)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_CNS_DISEASE = ("untreated_asymptomatic", "treated_stable", "active_or_progressing")


def organs_in(text: str, case: Case) -> frozenset[str]:
    """Return the body sites that a text names: the whole of it, else every run of words that is a known name."""
    sites = case.knowledge.sites
    whole = sites.find(text)
    if whole is not None:
        return frozenset({whole})
    words = _WORD.findall(text)
    runs = (" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(len(words), i + 5) + 1))
    return frozenset(site for run in runs if (site := sites.find(run)) is not None)


@once_from("cancer", "specimens", "conditions")
def spread_elsewhere(case: Case) -> list[tuple[frozenset[str], Evidence]]:
    """Return organs that the record names outside the list of sites: lesions, metastasis specimens, conditions."""
    found = []
    for i, lesion in enumerate(case.patient.cancer.lesions):
        found.append((organs_in(lesion.site or "", case), Evidence(f"/cancer/lesions/{i}/site", lesion.site or "")))
    for i, specimen in enumerate(case.patient.specimens):
        later = specimen.collected is not None and specimen.collected.certainly_after(case.as_of)
        if specimen.site == "metastasis" and specimen.organ and not later:
            found.append((organs_in(specimen.organ, case), Evidence(f"/specimens/{i}/organ", specimen.organ)))
    for i, item in enumerate(case.patient.conditions):
        later = item.date is not None and item.date.certainly_after(case.as_of)
        if _SPREAD.search(item.name) and not spread_denied(item.name) and not later:
            found.append((organs_in(item.name, case), Evidence(f"/conditions/{i}", item.name)))
    return [(organs, evidence) for organs, evidence in found if organs]


def spread_denied(text: str) -> bool:
    """True when a text says that something is not there."""
    return bool(_DENIED.search(text))


def naming(case: Case, organs: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the places outside the list of sites that name one of the organs."""
    return tuple(evidence for named, evidence in spread_elsewhere(case) if named & set(organs))


def _cns(case: Case) -> dict[str, tuple[bool, Evidence]]:
    """Return what the section on the brain says about brain and leptomeninges: whether there is disease, and where."""
    cns = case.patient.cancer.cns
    found: dict[str, tuple[bool, Evidence]] = {}
    if cns is not None and cns.status not in (None, "unknown"):
        found["brain"] = (cns.status in _CNS_DISEASE, Evidence("/cancer/cns/status", str(cns.status)))
        if cns.status == "none":
            found["leptomeninges"] = found["brain"]
    if cns is not None and cns.leptomeningeal is not None:
        shown = "yes" if cns.leptomeningeal else "no"
        found["leptomeninges"] = (cns.leptomeningeal, Evidence("/cancer/cns/leptomeningeal", shown))
    return found


@once_from("cancer")
def _own_organs(case: Case) -> frozenset[str]:
    """Return where a lesion may belong to the primary tumour: nodes, and organs that the tumour type names."""
    tumour = case.knowledge.tumours.types.get(case.tumour_id) if case.tumour_id else None
    names = (case.patient.cancer.tumour_type or "", tumour.name if tumour else "")
    return frozenset({"lymph_node"}).union(*(organs_in(name, case) for name in names))


def _against(case: Case, params: Params) -> tuple[Evidence, ...]:
    """Return the places that stand against the list of sites, or that name what it does not, as far as it matters."""
    listed, asked = set(case.metastatic_sites or ()), set(params.any_of)
    found: list[Evidence] = []
    for organs, evidence in spread_elsewhere(case):
        more = organs - listed
        own = _own_organs(case) if params.only and evidence.path.startswith("/cancer/lesions") else frozenset()
        if more & asked or (params.only and more - own and not organs & listed):
            found.append(evidence)
    for organ, (disease, evidence) in _cns(case).items():
        if disease is not (organ in listed) and (organ in asked or params.only):
            found.append(evidence)
    return tuple(found)


def _unread(case: Case) -> list[str]:
    """Return the names of sites that nobody knows; each may be any organ."""
    return [site for site in case.patient.cancer.metastatic_sites or () if case.knowledge.sites.find(site) is None]


def _judge(case: Case, params: Params) -> Truth:
    sites, against = case.metastatic_sites, _against(case, params)
    if sites is None:
        # Early disease has no metastases; otherwise nothing is known.
        early = case.patient.cancer.setting == "early" and not against
        return Truth.NOT_MET if early else Truth.UNKNOWN
    denied = {organ for organ, (disease, _) in _cns(case).items() if not disease}
    unread = bool(_unread(case))
    inside = [site for site in sites if site in params.any_of and site not in denied]
    known = [site for site in sites if case.knowledge.sites.find(site) is not None and site not in denied]
    if params.only:
        if len(inside) < len(known):
            return Truth.NOT_MET
        if unread or against:
            return Truth.UNKNOWN
        return Truth.MET if inside else Truth.NOT_MET
    if inside:
        return Truth.MET
    return Truth.UNKNOWN if unread or against else Truth.NOT_MET


def truth(params: Params, block: Block) -> Tri:
    """Look the sites up; a list of sites that is given is taken to name every organ involved."""
    return block.truths(("metastatic_site", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded sites."""
    cancer = case.patient.cancer
    asked = " or ".join(item.replace("_", " ") for item in params.any_of) + (" only" if params.only else "")
    against, unread = _against(case, params), _unread(case)
    if truth is Truth.UNKNOWN and (against or unread):
        listed = "not listed" if cancer.metastatic_sites is None else ", ".join(cancer.metastatic_sites) or "none"
        parts = [f"{item.path}: {item.value}" for item in against]
        parts += [f"not a known name: {', '.join(unread)}"] if unread else []
        place = "/cancer/setting" if cancer.metastatic_sites is None else "/cancer/metastatic_sites"
        return finding(
            truth,
            "sites_unclear",
            f"Metastases ({place}): {listed}; beside {'; '.join(parts)} (asked: {asked}).",
            "Your team needs to check where the cancer has spread.",
            (Evidence(place, listed if cancer.metastatic_sites is not None else cancer.setting or listed), *against),
            change=ask("sites of metastases", Effort.RECORD),
        )
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
        ({"any_of": "liver"}, {"cancer": {"metastatic_sites": ["bone", "segment VII"]}}, "unknown"),
        (
            {"any_of": "brain"},
            {"cancer": {"metastatic_sites": ["bone"], "cns": {"status": "treated_stable"}}},
            "unknown",
        ),
        ({"any_of": "bone", "only": True}, {"cancer": {"metastatic_sites": ["bone", "liver"]}}, "not_met"),
    ),
)
