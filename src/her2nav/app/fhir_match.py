"""`match` for FHIR clients: a bundle with the clients' parameters in, a searchset out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from her2nav.app.choice import Choice
from her2nav.app.match import MatchAnswer, match
from her2nav.app.patient_source import given
from her2nav.app.session import Session
from her2nav.app.sites import Sites
from her2nav.exchange.fhir_trials import Shown, searchset
from her2nav.intake.patient_file import ReadPatient
from her2nav.matching.results import Match
from her2nav.model.disease import Location
from her2nav.model.errors import InputError
from her2nav.store.reading import StoreReader

KILOMETRES_A_MILE = 1.609344
_DIGITS = re.compile(r"[1-4]")
_RECRUITING = frozenset({"active", "recruiting", "open", "enrolling"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asks beside the patient.

    Attributes:
        zip_code: Where the patient lives, where the bundle does not say.
        miles: Trials whose nearest recruiting site is known to lie farther are left out.
        phases: Phases of the registry; empty: any.
        recruiting: Only trials that recruit or may.
    """

    zip_code: str | None = None
    miles: float | None = None
    phases: frozenset[str] = frozenset()
    recruiting: bool = False


def fhir_match(
    session: Session, bundle: Mapping[str, Any], choice: Choice | None = None, wanted: Wanted | None = None
) -> dict[str, Any]:
    """Match the patient of a bundle and return a searchset, best first.

    Args:
        session: Knowledge, trials, store, clock.
        bundle: A FHIR R4 Bundle of one patient; a leading `Parameters` entry holds what the client wants.
        choice: Which trials, and whose trees; None: both where there is a store.
        wanted: Overrides the parameters in the bundle.

    Raises:
        InputError: It is no bundle of one patient.
    """
    if bundle.get("resourceType") != "Bundle":
        raise InputError("Invalid patientBundle", allowed="a FHIR Bundle", code="no_bundle")
    entries = [entry for entry in bundle.get("entry") or () if isinstance(entry, Mapping)]
    asked = [entry["resource"] for entry in entries if _is(entry, "Parameters")]
    wanted = wanted or (parameters(asked[0]) if asked else Wanted())
    rest = {**bundle, "entry": [entry for entry in entries if not _is(entry, "Parameters")]}
    read = _placed(given(session, json.dumps(rest).encode(), "bundle").read, wanted)
    answer = match(session, read, choice or Choice())
    sites = Sites(session, answer.case, answer.chosen.kept)
    found = [one for one in answer.matches if _wanted(answer, one, sites, wanted)]
    return searchset(_shown(session, answer, found))


def searchset_of(session: Session, answer: MatchAnswer) -> dict[str, Any]:
    """Return every trial of an answer as a searchset, best score first."""
    return searchset(_shown(session, answer, list(answer.matches)))


def parameters(resource: Mapping[str, Any]) -> Wanted:
    """Read a `Parameters` resource; what cannot be read is as if it were not there."""
    values: dict[str, Any] = {}
    for item in resource.get("parameter") or ():
        if isinstance(item, Mapping) and isinstance(item.get("name"), str):
            held = [value for name, value in item.items() if name.startswith("value")]
            values[item["name"]] = held[0] if held else None
    phase, status = values.get("phase"), values.get("recruitmentStatus")
    return Wanted(
        zip_code=str(values["zipCode"]).strip() or None if values.get("zipCode") is not None else None,
        miles=_number(values.get("travelRadius")),
        phases=_phases(phase) if isinstance(phase, str) else frozenset(),
        recruiting=isinstance(status, str) and status.strip().lower() in _RECRUITING,
    )


def _is(entry: Mapping[str, Any], kind: str) -> bool:
    resource = entry.get("resource")
    return isinstance(resource, Mapping) and resource.get("resourceType") == kind


def _number(value: Any) -> float | None:
    try:
        miles = float(value)
    except (TypeError, ValueError):
        return None
    return miles if 0 < miles < 20_000 else None


def _phases(written: str) -> frozenset[str]:
    return frozenset(f"PHASE{digit}" for digit in _DIGITS.findall(written))


def _placed(read: ReadPatient, wanted: Wanted) -> ReadPatient:
    """Return the patient at the zip code, where the record names no place."""
    person = read.patient.demographics
    if wanted.zip_code is None or (person.location is not None and person.location != Location()):
        return read
    person = person.model_copy(update={"location": Location(postal_code=wanted.zip_code)})
    return replace(read, patient=read.patient.model_copy(update={"demographics": person}))


def _wanted(answer: MatchAnswer, one: Match, sites: Sites, wanted: Wanted) -> bool:
    record = one.trial.record
    if wanted.recruiting and record.status.value.may_recruit is False:
        return False
    if wanted.phases and record.phase and not wanted.phases & set(record.phase):
        return False
    if wanted.miles is None or answer.rank(one).score <= 0:
        return True
    near = sites.of(one).nearest
    return near is None or near.kilometres <= wanted.miles * KILOMETRES_A_MILE


def _shown(session: Session, answer: MatchAnswer, found: list[Match]) -> list[Shown]:
    knowledge, kept = session.knowledge, answer.chosen.kept
    held = [one.trial.record.nct_id for one in found if one.trial.record.nct_id in kept]
    records = {}
    if held:
        with StoreReader(session.folder) as store:
            records = {nct_id: store.trial(nct_id) for nct_id in held}
    return [
        Shown(
            one.trial,
            answer.rank(one).score,
            records.get(one.trial.record.nct_id),
            tuple(knowledge.tumours.types[name].name for name in one.trial.record.tumours),
            tuple(dict.fromkeys(knowledge.drugs.name(drug) for arm in one.trial.record.arms for drug in arm.drugs)),
        )
        for one in found
    ]
