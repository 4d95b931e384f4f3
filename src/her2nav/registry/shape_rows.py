"""Flat rows: one object per trial with `nct_id`, `title`, `conditions`, `text` and whatever else is known.

Documented in docs/registry.md. Names in a second spelling are those of known exports.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from her2nav.model.registry_trial import Eligibility, Intervention, OtherId, RegistryTrial, TrialDates
from her2nav.registry.fields import Fields, Json, guarded_id, read_age, read_sex, read_yes, unique
from her2nav.registry.ids import register_of

SHAPE = "row"


def is_row(data: Json) -> bool:
    """True when an object has the form of a flat row."""
    return "nct_id" in data or "nctId" in data


def parse_row(data: Json) -> RegistryTrial:
    """Read one row.

    Raises:
        Unreadable: No registry id.
    """
    fields = Fields()
    nct_id = guarded_id(data.get("nct_id", data.get("nctId")))
    eligibility = data.get("eligibility")
    nested = eligibility if isinstance(eligibility, dict) else {}
    status_text = fields.text(data, "status")
    captured = fields.date(fields.text(data, "captured"), "captured")
    countries = fields.texts(data, "countries") or fields.texts(data, "locations")
    return RegistryTrial(
        nct_id=nct_id,
        shape=SHAPE,
        title=fields.text(data, "title"),
        acronym=fields.text(data, "acronym"),
        other_ids=tuple(OtherId(value, register_of(value)) for value in fields.texts(data, "other_ids")),
        status=fields.status(status_text),
        status_text=status_text,
        dates=TrialDates(
            start=fields.date(fields.text(data, "start_date"), "start"),
            completion=fields.date(fields.text(data, "completion_date"), "completion"),
            first_posted=fields.date(fields.text(data, "first_posted"), "first posted"),
            last_update=fields.date(fields.text(data, "last_update"), "last update"),
        ),
        current_on=captured.low if captured is not None and captured.exact else None,
        study_type=fields.text(data, "study_type"),
        phases=fields.phases(fields.texts(data, "phase") or fields.texts(data, "phases")),
        enrolment=fields.number(data.get("enrollment_count")),
        sponsor=fields.text(data, "sponsor"),
        collaborators=fields.texts(data, "collaborators"),
        conditions=fields.texts(data, "conditions"),
        keywords=fields.texts(data, "keywords"),
        interventions=tuple(_interventions(fields, fields.items(data, "interventions"))),
        summary=fields.text(data, "summary"),
        eligibility=Eligibility(
            text=fields.text(data, "text") or fields.text(nested, "raw_text"),
            sex=read_sex(fields.text(data, "sex") or fields.text(nested, "sex")),
            minimum_age=read_age(fields.text(data, "min_age") or fields.text(nested, "minimum_age")),
            maximum_age=read_age(fields.text(data, "max_age") or fields.text(nested, "maximum_age")),
            healthy_volunteers=read_yes(nested.get("accepts_healthy_volunteers")),
        ),
        countries=countries,
        faults=tuple(fields.faults),
    )


def _interventions(fields: Fields, items: Iterable[Any]) -> Iterable[Intervention]:
    seen: set[str] = set()
    for item in items:
        name = fields.text(item, "name") if isinstance(item, dict) else item
        if not isinstance(name, str) or not name.strip() or name in seen:
            continue
        seen.add(name)
        kind, others = (
            (fields.text(item, "type"), fields.texts(item, "other_names")) if isinstance(item, dict) else (None, ())
        )
        yield Intervention(name.strip(), kind, unique(others))
