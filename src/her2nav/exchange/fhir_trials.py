"""Matched trials as a FHIR R4 searchset of ResearchStudy resources, as mCODE clients of trial matching read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from her2nav.model.registry_trial import Contact, RegistryTrial, Site
from her2nav.model.trial import Recruitment, Trial, TrialRecord

REGISTRY = "http://clinicaltrials.gov/"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_PHASES = "http://terminology.hl7.org/CodeSystem/research-study-phase"
_STATUS = {
    Recruitment.RECRUITING: "active",
    Recruitment.ENROLLING_BY_INVITATION: "active",
    Recruitment.NOT_YET_RECRUITING: "approved",
    Recruitment.ACTIVE_NOT_RECRUITING: "closed-to-accrual",
    Recruitment.SUSPENDED: "temporarily-closed-to-accrual",
    Recruitment.TERMINATED: "administratively-completed",
    Recruitment.COMPLETED: "completed",
    Recruitment.WITHDRAWN: "withdrawn",
}
_PHASE_CODES = {
    ("EARLY_PHASE1",): "early-phase-1",
    ("PHASE1",): "phase-1",
    ("PHASE1", "PHASE2"): "phase-1-phase-2",
    ("PHASE2",): "phase-2",
    ("PHASE2", "PHASE3"): "phase-2-phase-3",
    ("PHASE3",): "phase-3",
    ("PHASE4",): "phase-4",
    ("NA",): "n-a",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A trial to list.

    Attributes:
        trial: As it was judged.
        score: 0 to 1: eligible from 0.75, possible between, 0 for a trial that does not fit.
        record: The registry's record, where the store holds it.
        tumours: Names of the tumour types it takes.
        drugs: Names of the drugs of its arms.
    """

    trial: Trial
    score: float
    record: RegistryTrial | None = None
    tumours: tuple[str, ...] = ()
    drugs: tuple[str, ...] = field(default=())


def searchset(shown: Iterable[Shown]) -> dict[str, Any]:
    """Return the Bundle, best score first; equal scores as given."""
    entries = [
        {
            "fullUrl": f"{REGISTRY}study/{one.trial.record.nct_id}",
            "resource": research_study(one),
            "search": {"mode": "match", "score": round(min(max(one.score, 0.0), 1.0), 4)},
        }
        for one in sorted(shown, key=lambda one: -one.score)
    ]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def research_study(shown: Shown) -> dict[str, Any]:
    """Return one trial as a ResearchStudy; what is not known is left out."""
    record, registry = shown.trial.record, shown.record
    contained: list[dict[str, Any]] = []
    study: dict[str, Any] = {
        "resourceType": "ResearchStudy",
        "id": record.nct_id,
        "identifier": [{"use": "official", "system": REGISTRY, "value": record.nct_id}],
        "title": (registry.official_title or registry.title if registry else None) or record.title,
        **_status(record),
        "phase": _phase(record),
        "category": [{"text": f"Study Type: {_type(registry)}"}],
        "condition": [{"text": name} for name in (registry.conditions if registry else shown.tumours)],
        "keyword": [{"text": word} for word in registry.keywords] if registry else [],
        "description": registry.summary if registry else None,
        "contact": [_contact(one) for one in registry.contacts] if registry else [],
        "arm": _arms(shown.trial, registry),
        "enrollment": [{"display": _criteria(shown)}],
        "protocol": _protocols(shown, contained),
        "site": _sites(registry.sites if registry else (), contained),
        "contained": contained,
    }
    return {name: value for name, value in study.items() if value not in (None, [], "")}


def _status(record: TrialRecord) -> dict[str, Any]:
    code = _STATUS.get(record.status.value)
    if code is not None:
        return {"status": code}
    return {"_status": {"extension": [{"url": _ABSENT, "valueCode": "unknown"}]}}


def _phase(record: TrialRecord) -> dict[str, Any] | None:
    code = _PHASE_CODES.get(tuple(record.phase))
    if code is None:
        return None
    return {"coding": [{"system": _PHASES, "code": code}], "text": "/".join(record.phase)}


def _type(registry: RegistryTrial | None) -> str:
    return (registry.study_type if registry and registry.study_type else "Interventional").capitalize()


def _contact(contact: Contact) -> dict[str, Any]:
    telecom = [
        {"system": system, "value": value}
        for system, value in (("phone", contact.phone), ("email", contact.email))
        if value
    ]
    found: dict[str, Any] = {"name": contact.name} if contact.name else {}
    return found | ({"telecom": telecom} if telecom else {})


def _arms(trial: Trial, registry: RegistryTrial | None) -> list[dict[str, Any]]:
    if registry and registry.arms:
        rows = [
            {"name": arm.label, "type": {"text": arm.type} if arm.type else None, "description": arm.description}
            for arm in registry.arms
        ]
    else:
        rows = [{"name": arm.label} for arm in trial.record.arms]
    return [{name: value for name, value in row.items() if value} for row in rows]


def _criteria(shown: Shown) -> str:
    """The registry's text; of a trial without a record, our own wording of each criterion."""
    if shown.record and shown.record.eligibility.text:
        return shown.record.eligibility.text
    parts = []
    for section in ("registry", "inclusion", "exclusion"):
        lines = [f"- {item.text}" for item in shown.trial.criteria if item.section == section]
        if lines:
            parts.append("\n".join((f"{section.capitalize()} criteria:", *lines)))
    return "\n\n".join(parts)


def _protocols(shown: Shown, contained: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if shown.record and shown.record.interventions:
        given = [(item.name, item.type, item.description) for item in shown.record.interventions]
    else:
        given = [(name, None, None) for name in shown.drugs]
    found = []
    for number, (name, kind, description) in enumerate(given, start=1):
        plan = {
            "resourceType": "PlanDefinition",
            "id": f"protocol-{number}",
            "status": "unknown",
            "title": name,
            "type": {"text": kind} if kind else None,
            "description": description,
        }
        contained.append({key: value for key, value in plan.items() if value})
        found.append({"reference": f"#protocol-{number}", "type": "PlanDefinition", "display": name})
    return found


def _sites(sites: Sequence[Site], contained: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for number, site in enumerate(sites, start=1):
        contained.append(_location(site, number))
        found.append({"reference": f"#location-{number}", "type": "Location", "display": site.label})
    return found


def _location(site: Site, number: int) -> dict[str, Any]:
    address = {"city": site.city, "state": site.state, "postalCode": site.zip, "country": site.country}
    telecom = [entry for contact in site.contacts for entry in _contact(contact).get("telecom", ())]
    location: dict[str, Any] = {"resourceType": "Location", "id": f"location-{number}", "name": site.label}
    address = {name: value for name, value in address.items() if value}
    if address:
        location["address"] = {"use": "work", **address}
    if telecom:
        location["telecom"] = telecom
    if site.latitude is not None and site.longitude is not None:
        location["position"] = {"latitude": site.latitude, "longitude": site.longitude}
    return location
