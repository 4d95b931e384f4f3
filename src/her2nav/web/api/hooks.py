"""CDS Hooks: discovery, and one service for `patient-view` with few, short cards.

The host sends what the service asks to prefetch; nothing is fetched from the host's server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Body, Response

from her2nav.model.errors import Her2NavError, InputError
from her2nav.web.api.common import Current, json_answer
from her2nav.web.errors import status_of

router = APIRouter(prefix="/cds-services", tags=["cds-hooks"])
SERVICE = "her2-patient-view"
_SOURCE = {"label": "HER2 Navigator: decision support, not a medical device"}
_PREFETCH = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}",
    "observations": "Observation?patient={{context.patientId}}&category=laboratory",
    "procedures": "Procedure?patient={{context.patientId}}",
    "medications": "MedicationStatement?patient={{context.patientId}}",
    "requests": "MedicationRequest?patient={{context.patientId}}",
}
_SUMMARY = 140
"""Longest summary that CDS Hooks allows."""
_TRIALS = 3
_TESTS = 3
_Json = Annotated[Any, Body()]


@router.get("", summary="Which services there are")
def discovery() -> Response:
    """The discovery document."""
    service = {
        "id": SERVICE,
        "hook": "patient-view",
        "title": "HER2 status, next test, trials",
        "description": "HER2 status by the rules of the tumour, the test that is due, and trials that may fit.",
        "prefetch": _PREFETCH,
    }
    return json_answer({"services": [service]})


@router.post(f"/{SERVICE}", summary="Cards for a patient")
def patient_view(session: Current, body: _Json = None) -> Response:
    """At most three cards: the status, the next test, the trials; no card where nothing is known of HER2."""
    from her2nav.app.patient_source import given

    if not isinstance(body, Mapping) or body.get("hook") != "patient-view":
        return json_answer(InputError("this service answers patient-view", place="hook").as_dict(), 400)
    bundle = bundle_of(body.get("prefetch"))
    if not bundle["entry"]:
        return json_answer(InputError("nothing was prefetched", place="prefetch").as_dict(), 412)
    try:
        read = given(session, json.dumps(bundle).encode(), "prefetch").read
        cards = _cards(session, read) if read.patient.cancer.tumour_type else []
    except InputError:
        cards = []
    except Her2NavError as error:
        return json_answer({"cards": []}, status_of(error))
    return json_answer({"cards": cards})


def bundle_of(prefetch: Any) -> dict[str, Any]:
    """Return what was prefetched, resources and search results alike, as one bundle."""
    resources: list[Any] = []
    for found in (prefetch or {}).values() if isinstance(prefetch, Mapping) else ():
        if not isinstance(found, Mapping):
            continue
        if found.get("resourceType") == "Bundle":
            entries = found.get("entry")
            held = entries if isinstance(entries, list) else []
            resources += [entry.get("resource") for entry in held if isinstance(entry, Mapping)]
        else:
            resources.append(found)
    entries = [{"resource": one} for one in resources if isinstance(one, Mapping)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _cards(session: Current, read: Any) -> list[dict[str, Any]]:
    from her2nav.app.match import match
    from her2nav.app.tests_plan import plan_tests
    from her2nav.matching.evaluate import Verdict

    case, plan = plan_tests(session, read)
    cards = []
    if case.her2 is not None and read.patient.specimens:
        overall = case.her2.overall
        words = session.knowledge.words
        status, expression = words.status[overall.status.shown], words.expression.get(overall.expression.word)
        # The word of a positive status says what the expression is.
        told = {"unknown", overall.status.shown}
        also = f"; {expression.clinical}" if expression and overall.expression.shown not in told else ""
        also += f"; {case.her2.plasma.clinical}" if case.her2.plasma.clinical else ""
        named = status.clinical.removeprefix("HER2-").removeprefix("HER2 ")
        cards.append(_card(f"HER2: {named}{also}", f"By the rules of this tumour: {overall.policy}"))
    # A card interrupts: only what is due for certain, and one reason each.
    due = [item for item in plan.now if item.certain][:_TESTS]
    if due:
        names = "; ".join(item.clinical for item in due)
        why = "\n".join(f"- {item.clinical}: {item.reasons[0].clinical}" for item in due if item.reasons)
        cards.append(_card(f"Tests to consider: {names}", why))
    answer = match(session, read)
    every = [one for one in answer.matches if one.verdict is not Verdict.INELIGIBLE]
    found = every[:_TRIALS]
    if found:
        lines = [
            f"- [{one.trial.record.nct_id}]({one.trial.record.url}) {one.verdict.word}: {one.trial.record.title}"
            for one in found
        ]
        count = f"{len(every)} {'trial' if len(every) == 1 else 'trials'}"
        first = f", the first {len(found)} below" if len(every) > len(found) else ""
        cards.append(_card(f"{count} may fit{first}; check each criterion", "\n".join(lines)))
    return cards


def _card(summary: str, detail: str) -> dict[str, Any]:
    short = summary if len(summary) < _SUMMARY else summary[: _SUMMARY - 2] + "…"
    return {
        "uuid": str(uuid5(NAMESPACE_URL, summary + detail)),
        "summary": short,
        "detail": detail,
        "indicator": "info",
        "source": _SOURCE,
    }
