"""Trial matching for mCODE clients: `getClinicalTrial`, and the same as the operation `ResearchStudy/$match`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.datastructures import URL

from her2nav.model.errors import Her2NavError
from her2nav.web.api.common import Current, json_answer
from her2nav.web.errors import status_of

router = APIRouter(tags=["mcode"])
_Json = Annotated[Any, Body()]
_MOST = 500
"""Trials in one answer; more are asked for by `_offset`."""
_Count = Annotated[int, Query(alias="_count", ge=1, le=_MOST)]
_Offset = Annotated[int, Query(alias="_offset", ge=0, le=1_000_000)]
NO_BUNDLE = {"error": "Invalid patientBundle"}
"""What the contract wants said of anything that is no bundle."""
NO_PARAMETERS = {"error": "a Parameters resource with trialMatchClinicalData, or the Bundle itself, is expected"}


def speaks(path: str) -> bool:
    """Return whether clients of the contract ask at an address: their errors are one sentence."""
    return path.startswith(("/mcode", "/fhir/"))


def refusal(error: Mapping[str, Any]) -> dict[str, Any]:
    """Return an error as clients of the contract expect it."""
    return {"error": error["error"]["message"]}


@router.get("/mcode/", summary="Is the matching service up", response_class=PlainTextResponse)
def up() -> str:
    """A short text."""
    return "HER2 Navigator clinical trial matching"


@router.post("/mcode/getClinicalTrial", summary="Match an mCODE bundle")
def get_clinical_trial(
    request: Request, session: Current, body: _Json = None, count: _Count = _MOST, offset: _Offset = 0
) -> Response:
    """A searchset of ResearchStudy resources, best match first; `search.score` 0.75 and more is a likely match."""
    return _matched(request, session, body, Part(count, offset))


@router.post("/fhir/ResearchStudy/$match", summary="Match, as an operation")
def match_operation(
    request: Request, session: Current, body: _Json = None, count: _Count = _MOST, offset: _Offset = 0
) -> Response:
    """`Parameters` with `trialMatchClinicalData` in, `Parameters` with `trialMatchOutput` out.

    A bundle may be sent bare, as FHIR allows for the one parameter that is a resource.
    """
    from her2nav.app.fhir_match import parameters

    if isinstance(body, Mapping) and body.get("resourceType") == "Bundle":
        return _matched(request, session, body, Part(count, offset), wrap=True)
    items = body.get("parameter") if isinstance(body, Mapping) else None
    if not isinstance(items, list):
        return json_answer(NO_PARAMETERS, 400)
    given = next(
        (
            item.get("resource")
            for item in items
            if isinstance(item, Mapping) and item.get("name") == "trialMatchClinicalData"
        ),
        None,
    )
    if given is None:
        return json_answer(NO_PARAMETERS, 400)
    return _matched(request, session, given, Part(count, offset), parameters(body), wrap=True)


@dataclass(frozen=True, slots=True)
class Part:
    """Which trials of a searchset are sent: so many, after so many."""

    count: int
    offset: int

    def of(self, found: dict[str, Any], url: URL) -> dict[str, Any]:
        """Return the part, `total` being that of the whole, with links to the parts beside it.

        The patient is in the body, so a link is asked with the same body again.
        """
        if self.offset == 0 and len(found["entry"]) <= self.count:
            return found
        places = {"self": self.offset}
        if self.offset + self.count < len(found["entry"]):
            places["next"] = self.offset + self.count
        if self.offset:
            places["previous"] = max(0, self.offset - self.count)
        links = [
            {"relation": name, "url": str(url.include_query_params(_count=self.count, _offset=at))}
            for name, at in places.items()
        ]
        rest = {name: value for name, value in found.items() if name != "entry"}
        return {**rest, "link": links, "entry": found["entry"][self.offset : self.offset + self.count]}


def _matched(
    request: Request, session: Current, bundle: Any, part: Part, wanted: Any = None, *, wrap: bool = False
) -> Response:
    from her2nav.app.fhir_match import fhir_match

    if not isinstance(bundle, Mapping) or bundle.get("resourceType") != "Bundle":
        return json_answer(NO_BUNDLE, 400)
    try:
        found = fhir_match(session, bundle, wanted=wanted)
    except Her2NavError as error:
        status = status_of(error)
        return json_answer({"error": error.message if status < 500 else "internal fault"}, status)
    found = part.of(found, request.url)
    if wrap:
        out = {"name": "trialMatchOutput", "resource": found}
        return json_answer({"resourceType": "Parameters", "parameter": [out]}, media="application/fhir+json")
    return json_answer(found, media="application/fhir+json")
