"""The pages of the interpreter: a patient's interpretation, a testing plan, a validation record."""

from __future__ import annotations

from collections.abc import Sequence

from her2nav.app.disputed import disputed_interpretation
from her2nav.app.required import asked_items, missing_items, required_items
from her2nav.app.selftest import SelfTest, selftest_json
from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.model.errors import InputError
from her2nav.report.html import patient_page, selftest_page
from her2nav.report.tests_page import plan_page
from her2nav.testing.results import Plan


def interpret_page(session: Session, case: Case, warnings: Sequence[str]) -> str:
    """Return the page of an interpretation.

    Raises:
        InputError: No rule is known for the tumour type.
    """
    if case.her2 is None or case.tumour_id is None:
        raise InputError("no rule is known for this tumour type", code="no_rule")
    folder = case.knowledge.tumours.guideline(case.tumour_id)
    items = required_items(case.knowledge, folder) if folder else ()
    missing = {}
    for one in case.her2.specimens:
        specimen = case.patient.specimens[one.index]
        missing[one.path] = [item.says for item in missing_items(specimen, asked_items(specimen, items))]
    conflicts = disputed_interpretation(case)
    return patient_page(case, case.her2, session.versions(trials=False), warnings, missing, conflicts)


def tests_page(session: Session, case: Case, plan: Plan, warnings: Sequence[str]) -> str:
    """Return the page of a testing plan."""
    return plan_page(case, plan, session.versions(trials=False), warnings)


def validation_page(result: SelfTest) -> str:
    """Return the validation record of a run of the golden rows."""
    return selftest_page(selftest_json(result))
