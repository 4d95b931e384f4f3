"""`monitor`: what to check before and during a treatment, when, and what the patient's values ask for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import her2nav
from her2nav.app.conflict_item import conflict
from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.intake.patient_file import ReadPatient
from her2nav.knowledge.approvals import Jurisdictions
from her2nav.knowledge.conflicts import Conflict
from her2nav.model.errors import UnknownName, ValueProblem
from her2nav.therapy.disputed import disputed_safety
from her2nav.therapy.monitoring_ics import to_ics
from her2nav.therapy.safety_plan import Request, make_safety
from her2nav.therapy.safety_results import CalendarEvent, SafetyAnswer

NEUTRAL_TITLE = "Appointment"
_LONGEST = 120


def monitor(
    session: Session,
    read: ReadPatient,
    drug: str,
    *,
    start: date | None = None,
    country: str | None = None,
    lvef_lln: Decimal | None = None,
    months: int = 12,
) -> tuple[Case, SafetyAnswer]:
    """Return the patient's case with everything on the safety of a treatment.

    Args:
        session: Knowledge and clock.
        read: The patient.
        drug: Name of a drug, a brand, a regimen, or several joined by "+".
        start: First dose; by default as on record.
        country: ISO code or EU; by default the patient's country, else the default of the labels.
        lvef_lln: Lower limit of normal of the echo or MUGA laboratory, in percent.
        months: Length of the calendar.

    Raises:
        UnknownName: Nobody knows the drug or the country.
        ValueProblem: A number is out of range.
    """
    if not 1 <= months <= _LONGEST:
        raise ValueProblem(f"a calendar of {months} months is not possible", place="--months", allowed="1 to 120")
    if lvef_lln is not None and not 0 < lvef_lln < 100:
        raise ValueProblem(f"{lvef_lln} is not an LVEF in percent", place="--lvef-lln", allowed="for example 50")
    case = session.case(read)
    drugs = _drugs(case, drug)
    return case, make_safety(case, Request(drugs, start, _jurisdictions(case, country), lvef_lln, months))


def _drugs(case: Case, written: str) -> tuple[str, ...]:
    names = case.knowledge.drugs.resolve(written)
    if not names.known:
        near = ", ".join(f"'{name}'" for name in names.nearest)
        raise UnknownName(
            f"the drug '{written}' is not known",
            place="--drug",
            allowed=f"did you mean {near}?" if near else "a drug name",
        )
    sheets = case.knowledge.monitoring.sheets
    held = [term for term in names.classes if any(term in sheet.applies_to for sheet in sheets)]
    return (*names.drugs, *held) or names.classes


def _jurisdictions(case: Case, country: str | None) -> tuple[str, ...]:
    table = case.knowledge.record("approvals/jurisdictions.yaml", Jurisdictions)
    location = case.patient.demographics.location
    written = country or (location.country if location is not None else None)
    if written is None:
        return (table.default,)
    code = case.knowledge.countries.find(written) or written.strip().upper()
    for authority in table.jurisdictions:
        if code == authority.id or code in authority.countries:
            return (authority.id,)
    if country is None or case.knowledge.countries.find(written) is not None:
        return ()
    known = ", ".join(one.id for one in table.jurisdictions)
    raise UnknownName(f"the country '{written}' is not known", place="--country", allowed=f"an ISO code, or {known}")


def monitor_json(session: Session, case: Case, answer: SafetyAnswer, warnings: tuple[str, ...]) -> dict[str, Any]:
    """Return the answer in the form of the `monitor` command's JSON."""
    return {
        "patient": case.patient.id,
        "as_of": case.as_of.isoformat(),
        **answer.model_dump(mode="json"),
        "conflicts": [conflict(one).model_dump(mode="json") for one in disputed(case, answer)],
        "warnings": list(warnings),
        "versions": session.versions(trials=False),
    }


def disputed(case: Case, answer: SafetyAnswer) -> tuple[Conflict, ...]:
    """Return where the sources disagree on the safety of the drugs, the gravest first."""
    return disputed_safety(case, [one.drug for one in answer.drugs])


def exported(answer: SafetyAnswer, case: Case) -> tuple[CalendarEvent, ...]:
    """Return the dates still to come of verified schedules, for a calendar file, which cannot mark the others."""
    sure = {line.item for line in answer.calendar if line.in_use and not line.source.unverified}
    today = case.as_of.isoformat()
    return tuple(event for event in answer.events if event.date >= today and event.item in sure)


def calendar_file(answer: SafetyAnswer, case: Case, *, full_titles: bool) -> str:
    """Return the dates as iCalendar text; by default no event says what it is for."""
    items, events = case.knowledge.monitoring.items, exported(answer, case)
    names = {event.item: items[event.item].plain_name for event in events} if full_titles else {}
    titles = {item: name[:1].upper() + name[1:] for item, name in names.items()}
    owner = case.patient.id or ""
    return to_ics(events, titles, neutral=NEUTRAL_TITLE, owner=owner, stamp=case.as_of, version=her2nav.__version__)
