"""`tests`: what to test for a patient, on which tissue, in what order, and why."""

from __future__ import annotations

from typing import Any

from her2nav.app.conflict_item import conflict
from her2nav.app.disputed import disputed_plan
from her2nav.app.interpret import interpret
from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.intake.patient_file import ReadPatient
from her2nav.testing.plan import make_plan
from her2nav.testing.results import Plan
from her2nav.testing.rulebook import rulebook
from her2nav.testing.schema import Assay
from her2nav.testing.to_json import to_json


def plan_tests(session: Session, read: ReadPatient) -> tuple[Case, Plan]:
    """Return the patient's case with its plan.

    Raises:
        InputError: The record names no tumour type.
        DataError: The rules of `data/testing/` are not sound.
    """
    case = interpret(session, read)
    return case, make_plan(case)


def plan_json(session: Session, case: Case, plan: Plan, warnings: tuple[str, ...]) -> dict[str, Any]:
    """Return the answer in the form of the `tests` command's JSON."""
    return {
        "patient": case.patient.id,
        "as_of": case.as_of.isoformat(),
        "tumour_type": case.tumour_id,
        **to_json(plan),
        "conflicts": [conflict(one).model_dump(mode="json") for one in disputed_plan(case, plan)],
        "warnings": list(warnings),
        "versions": session.versions(trials=False),
    }


def assays(session: Session) -> tuple[Assay, ...]:
    """Return the table of methods."""
    return rulebook(session.knowledge).assays
