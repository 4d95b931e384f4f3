"""Medications, procedures and allergies: what was given, what is only intended, what is taken beside."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from her2nav.intake.fhir.chart import Chart, Place
from her2nav.intake.fhir.disease import site_of
from her2nav.intake.fhir.element import child, codings, concept_of, day, extensions, items, number, plain, texts
from her2nav.intake.fhir.resource import Resource
from her2nav.intake.reading import Origin
from her2nav.model.dates import PartialDate

_NOT_GIVEN = frozenset(
    [
        "entered-in-error",
        "not-taken",
        "not-done",
        "cancelled",
        "draft",
        "unknown",
        "declined",
        "nullified",
        "preparation",
    ]
)


class Dose(NamedTuple):
    """A mention of a drug that was given."""

    drugs: tuple[str, ...]
    start: str | None
    end: str | None
    status: str
    reason: str | None
    single: bool
    """It is one event of its day, if an infusion also has an end, and no period of treatment."""
    dose: bool
    """It is one administration: that it is completed does not end the treatment."""
    origin: Origin


_ONLY_MEANT = ("proposal", "plan", "option")
_OVER = ("completed", "stopped", "ended")
_DOSES = ("MedicationAdministration", "MedicationDispense")


def read_medication(one: Resource, doses: list[Dose]) -> None:
    """Read a statement, administration, dispense or request."""
    kind, status = one.data.get("resourceType"), one.status("status")
    if status in _NOT_GIVEN or one.data.get("doNotPerform") is True:
        one.skip(f"status {status or 'do not perform'}")
        return
    if kind == "MedicationRequest" and one.status("intent") in _ONLY_MEANT and status in _OVER:
        one.skip(f"a {one.status('intent')} that was {status}: nothing says that it was given")
        return
    written: Any = one.data.get("medicationCodeableConcept") or child(one.data, "medication").get("concept")
    element = "medicationCodeableConcept"
    if not written:
        written, element = one.resolved("medicationReference").get("code"), "medicationReference"
    concept = concept_of(written)
    drugs, agree = one.codes.drugs(concept)
    if not drugs:
        shown = (
            "; ".join(f"{c.system or 'code'} {c.code} {c.display[:60]}".strip() for c in codings(concept)) or "no code"
        )
        one.skip(f"code and name of the medicine differ: {shown}" if not agree else f"medicine not known: {shown}")
        if one.role == "therapy" or not agree:
            one.chart.ask("drug", f"a medicine is not known and was left out: {shown}", one.origin(element))
        return
    period = child(one.data, "effectivePeriod")
    point = one.when("effectiveDateTime", "effectiveInstant")
    start = point or day(period.get("start")) or one.when("whenHandedOver")
    end = day(period.get("end"))
    anticancer = one.codes.against_cancer(drugs)
    requested = kind == "MedicationRequest" and status not in ("completed", "stopped", "ended")
    if anticancer and (requested or status == "intended"):
        entry = one.chart.entry("planned")
        entry.put("drugs", list(drugs), one.origin(element))
        entry.put("start", start or one.when("authoredOn"), one.origin("effective" if start else "authoredOn"))
    elif anticancer:
        given = kind in _DOSES
        single = bool(point) or (given and start is not None)
        end = None if given and end == start else end
        stated = one.data.get("statusReason")
        reason = one.codes.concept("reason", stated) if stated else None
        for name, extension in extensions(one.data):
            if name == "mcode-treatment-termination-reason":
                reason = reason or one.codes.concept("reason", extension.get("valueCodeableConcept"))
        doses.append(Dose(drugs, start, end, status, reason, single, given, one.origin(element)))
    elif status in ("active", "in-progress", "on-hold", ""):
        entry = one.chart.entry("medications")
        entry.put("name", drugs[0] if len(drugs) == 1 else " / ".join(drugs), one.origin(element))
        entry.put("since", start or one.when("authoredOn"), one.origin("effective"))
    else:
        one.skip(f"a medicine beside the cancer treatment that is not taken now (status {status})")


def write_courses(chart: Chart, doses: list[Dose], gap_days: int) -> None:
    """Join doses of one drug to courses, and courses of the same days to one regimen."""
    courses: list[list[Dose]] = []
    doses = _without_mentions(chart, doses, gap_days)
    for dose in sorted(doses, key=lambda one: (one.drugs, one.start or "9999")):
        last = courses[-1][-1] if courses else None
        if last and last.drugs == dose.drugs and dose.single and last.single and _near(last, dose, gap_days):
            courses[-1].append(dose)
        else:
            courses.append([dose])
    regimens: dict[tuple[Any, ...], list[list[Dose]]] = {}
    for number_, course in enumerate(courses):
        start, end, ongoing = _span(course)
        same: tuple[Any, ...] = (start, end, ongoing, _reason(course)) if start else ("undated", number_)
        regimens.setdefault(same, []).append(course)
    for members in regimens.values():
        first = members[0]
        start, end, ongoing = _span(first)
        entry = chart.entry("therapies")
        drugs = list(dict.fromkeys(drug for course in members for drug in course[0].drugs))
        entry.put("drugs", drugs, first[0].origin)
        entry.put("start", start, first[0].origin)
        entry.put("end", end, first[-1].origin)
        entry.put("ongoing", ongoing, first[-1].origin)
        entry.put("reason_stopped", _reason(first), first[-1].origin)
        if first[-1].dose and _reason(first) is None and end:
            chart.ask(
                "ongoing", f"last recorded dose of {', '.join(drugs)} on {end}: is it still given?", first[-1].origin
            )


def _without_mentions(chart: Chart, doses: list[Dose], gap_days: int) -> list[Dose]:
    """Return the doses without statements and requests that tell of the same course once more; these are listed.

    Why it was stopped, where only they say so, goes to the last dose.
    """
    given = [dose for dose in doses if dose.dose]
    kept: list[Dose] = list(given)
    for mention in doses:
        if mention.dose:
            continue
        same = [dose for dose in given if dose.drugs == mention.drugs]
        if not same or not (mention.start is None or any(_near_by(dose, mention, gap_days) for dose in same)):
            kept.append(mention)
            continue
        origin = mention.origin
        place = Place(origin.source or chart.source, origin.line or 0, origin.quote or "", False)
        chart.skip(place, "", f"{', '.join(mention.drugs)}: told once more beside its single doses")
        if mention.reason:
            last = max(same, key=lambda dose: dose.start or "")
            kept[kept.index(last)] = last._replace(reason=last.reason or mention.reason)
    return kept


def _near_by(dose: Dose, mention: Dose, gap_days: int) -> bool:
    ended = mention._replace(start=mention.end or mention.start)
    within = bool(dose.start and mention.start and mention.start <= dose.start <= (mention.end or mention.start))
    return within or any(
        abs(days) <= gap_days for one in (mention, ended) if (days := _days_between(dose, one)) is not None
    )


def _days_between(one: Dose, other: Dose) -> int | None:
    if not one.start or not other.start:
        return None
    try:
        return (PartialDate.parse(other.start).low - PartialDate.parse(one.start).high).days
    except ValueError:
        return None


def _near(last: Dose, dose: Dose, gap_days: int) -> bool:
    if not last.start or not dose.start:
        return False
    try:
        return (PartialDate.parse(dose.start).low - PartialDate.parse(last.start).high).days <= gap_days
    except ValueError:
        # A day that no calendar has ("2024-02-31") joins nothing; what reads the date says so.
        return False


def _span(course: list[Dose]) -> tuple[str | None, str | None, bool | None]:
    """Return start, last dose and whether it goes on; a single dated mention has no known end."""
    last = course[-1]
    if last.status in ("active", "in-progress", "on-hold") and last.end is None:
        return course[0].start, None, True if last.status != "on-hold" else None
    end = last.end
    if end is None and len(course) > 1:
        end = last.start
    over = last.status in ("completed", "stopped", "ended") and end is None and not last.dose
    return course[0].start, end, False if over else None


def _reason(course: list[Dose]) -> str | None:
    return next((one.reason for one in reversed(course) if one.reason), None)


def read_procedure(one: Resource) -> None:
    """Read an operation, radiotherapy, biopsy or transfusion."""
    status = one.status("status")
    if status in _NOT_GIVEN or status in ("on-hold", "in-progress", "stopped"):
        # One that goes on has no end yet, and of one that was broken off nobody says what was done.
        one.skip(f"status {status}")
        return
    code = concept_of(one.data.get("code"))
    known = one.codes.concept("procedure", code)
    kind, _, size = (known or "").partition(":")
    technique = next((t for text in texts(code) if (t := one.codes.knowledge.techniques.find(_plain(text)))), None)
    if not kind and technique:
        row = one.codes.knowledge.techniques.techniques[technique]
        kind = row.kinds[0] if len(row.kinds) == 1 else ""
        size = "major" if row.major else ""
    kind = one.role if one.role in ("surgery", "radiotherapy") else kind
    if not kind:
        one.skip(f"procedure not known: {one.named()}")
        return
    entry = one.chart.entry("procedures")
    entry.put("kind", kind, one.origin("code"))
    sites = (site_of(place, one.codes) for place in items(one.data.get("bodySite")))
    entry.put("site", next((site for site in sites if site), None), one.origin("bodySite"))
    entry.put("technique", technique, one.origin("code"))
    period = child(one.data, "performedPeriod")
    start, end = one.when("performedDateTime", "performedPeriod"), day(period.get("end"))
    entry.put("date", start, one.origin("performed"))
    entry.put("end", end if end != start else None, one.origin("performedPeriod.end"))
    entry.put("major", True if size == "major" else None, one.origin("code"))
    entry.put("dose_gy", _dose(one), one.origin("extension"))


def _plain(text: str) -> str:
    return text.rsplit(" (", 1)[0] if text.endswith(")") else text


def _dose(one: Resource) -> str | int | None:
    """Return the total dose in gray where exactly one is given."""
    found: set[Decimal] = set()
    for name, extension in extensions(one.data):
        if "total" not in name.lower() and "dose" not in name.lower():
            continue
        quantity = child(extension, "valueQuantity")
        value, unit = number(quantity.get("value")), str(quantity.get("code") or quantity.get("unit") or "").lower()
        if value is not None and unit in ("gy", "cgy") and "fraction" not in name.lower():
            found.add(value / 100 if unit == "cgy" else value)
    return plain(found.pop()) if len(found) == 1 else None


def read_allergy(one: Resource) -> None:
    """Read an allergy; "no known allergy" is not a substance."""
    doubt = one.status("verificationStatus")
    if doubt in ("refuted", "entered-in-error", "unconfirmed") or one.status("clinicalStatus") in (
        "resolved",
        "inactive",
    ):
        one.skip("an allergy that is refuted, unconfirmed or past")
        return
    code = one.data.get("code") or next((r.get("substance") for r in items(one.data.get("reaction"))), None)
    displays = [c.display for c in codings(code) if c.display]
    if one.codes.concept("no_allergy", code) or not displays:
        one.skip(f"no substance: {one.named()}")
        return
    drugs, _ = one.codes.drugs(code)
    name = drugs[0] if len(drugs) == 1 else _plain(displays[0])
    one.chart.entry("allergies").put("substance", name, one.origin("code"))
