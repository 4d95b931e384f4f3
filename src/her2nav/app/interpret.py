"""`interpret`: the HER2 status of a patient, or of one specimen typed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from her2nav.app.disputed import disputed_interpretation
from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.files.places import Document
from her2nav.files.validation import build
from her2nav.intake.patient_file import ReadPatient, check_patient
from her2nav.interpret.to_json import to_json
from her2nav.model.errors import InputError
from her2nav.model.patient import Patient


def interpret(session: Session, read: ReadPatient) -> Case:
    """Return the patient's case, its HER2 interpretation computed.

    Raises:
        InputError: The record names no tumour type: the same numbers mean different things in different tumours.
    """
    case = session.case(read)
    if case.tumour_id is None:
        raise InputError(
            "the tumour type is needed: the same HER2 result means different things in different tumours",
            place="cancer/tumour_type",
            allowed="for example breast, gastric, GEJ, colorectal, NSCLC",
            code="tumour_needed",
        )
    return case


def interpret_json(session: Session, case: Case, warnings: tuple[str, ...]) -> dict[str, Any]:
    """Return the answer in the form of the `interpret` command's JSON."""
    from her2nav.app.conflict_item import conflict

    body: dict[str, Any] = {"patient": case.patient.id, "as_of": case.as_of.isoformat(), "tumour_type": case.tumour_id}
    if case.her2 is None:
        body |= {"specimens": [], "overall": None, "next_tests": [], "reason": "no rule is known for this tumour type"}
    else:
        body |= to_json(case.her2)
    body["conflicts"] = [conflict(one).model_dump(mode="json") for one in disputed_interpretation(case)]
    return {**body, "warnings": list(warnings), "versions": session.versions(trials=False)}


def typed_in(session: Session, values: Mapping[str, Any], as_of: date | None) -> ReadPatient:
    """Build a patient of one specimen from values typed on the command line.

    Args:
        session: Knowledge and clock.
        values: Nested values as in the patient file's first specimen, with `tumour_type` beside them.
        as_of: The day; today when None.
    """
    specimen = _without_none({key: value for key, value in values.items() if key != "tumour_type"})
    record = {"id": "typed in", "cancer": {"tumour_type": values["tumour_type"]}, "specimens": [specimen or {}]}
    document = Document(record, "command line")
    return check_patient(build(Patient, document), document, session.knowledge, session.today(), as_of)


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        inner = {key: _without_none(item) for key, item in value.items()}
        kept = {key: item for key, item in inner.items() if item is not None}
        return kept or None
    return value
