"""Trial matching for mCODE clients: `getClinicalTrial`, and the same as the operation `ResearchStudy/$match`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from fastapi.responses import PlainTextResponse

from her2nav.model.errors import Her2NavError
from her2nav.web.api.common import Current, json_answer
from her2nav.web.errors import status_of

router = APIRouter(tags=["mcode"])
_Json = Annotated[Any, Body()]
_MOST = 500
"""Trials in one answer; clients page nothing."""


@router.get("/mcode/", summary="Is the matching service up", response_class=PlainTextResponse)
def up() -> str:
    """A short text."""
    return "HER2 Navigator clinical trial matching"


@router.post("/mcode/getClinicalTrial", summary="Match an mCODE bundle")
def get_clinical_trial(session: Current, body: _Json = None) -> Response:
    """A searchset of ResearchStudy resources, best match first; `search.score` 0.75 and more is a likely match."""
    return _matched(session, body)


@router.post("/fhir/ResearchStudy/$match", summary="Match, as an operation")
def match_operation(session: Current, body: _Json = None) -> Response:
    """`Parameters` with `trialMatchClinicalData` in, `Parameters` with `trialMatchOutput` out."""
    from her2nav.app.fhir_match import parameters

    items = body.get("parameter") if isinstance(body, Mapping) else None
    if not isinstance(items, list):
        return json_answer({"error": "Invalid Parameters"}, 400)
    given = next(
        (
            item.get("resource")
            for item in items
            if isinstance(item, Mapping) and item.get("name") == "trialMatchClinicalData"
        ),
        None,
    )
    return _matched(session, given, parameters(body), wrap=True)


def _matched(session: Current, bundle: Any, wanted: Any = None, *, wrap: bool = False) -> Response:
    from her2nav.app.fhir_match import fhir_match

    if not isinstance(bundle, Mapping) or bundle.get("resourceType") != "Bundle":
        return json_answer({"error": "Invalid patientBundle"}, 400)
    try:
        found = fhir_match(session, bundle, wanted=wanted)
    except Her2NavError as error:
        status = status_of(error)
        return json_answer({"error": error.message if status < 500 else "internal fault"}, status)
    if len(found["entry"]) > _MOST:
        found["entry"] = found["entry"][:_MOST]
    if wrap:
        out = {"name": "trialMatchOutput", "resource": found}
        return json_answer({"resourceType": "Parameters", "parameter": [out]}, media="application/fhir+json")
    return json_answer(found, media="application/fhir+json")
