"""A FHIR R4 CarePlan as a proposal: the tests that are due and the trials to ask about; a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        kind: `ServiceRequest` for a test, `Task` for something to ask.
        text: What, in a sentence.
        why: Reasons, one sentence each.
    """

    kind: str
    text: str
    why: tuple[str, ...] = ()


def care_plan(title: str, made_on: date, steps: Iterable[Step], notes: Iterable[str]) -> dict[str, Any]:
    """Return the CarePlan; it names no patient, because the record that it was made from need not.

    Args:
        title: Of the plan.
        made_on: The day of the patient that it was made for.
        steps: In order.
        notes: Sentences that stand below every answer.
    """
    plan: dict[str, Any] = {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "proposal",
        "title": title,
        "subject": {"display": "the patient of the record"},
        "created": made_on.isoformat(),
        "activity": [_activity(step) for step in steps],
        "note": [{"text": line} for line in notes],
    }
    return {name: value for name, value in plan.items() if value != []}


def _activity(step: Step) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "kind": step.kind,
        "code": {"text": step.text},
        "status": "not-started",
        "doNotPerform": False,
        "description": step.text,
    }
    if step.why:
        detail["reasonCode"] = [{"text": line} for line in step.why]
    return {"detail": detail}
