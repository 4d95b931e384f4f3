"""The application: routes, errors, and the guard around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.staticfiles import StaticFiles

import her2nav
from her2nav.app.session import Session
from her2nav.model.errors import Her2NavError
from her2nav.web.api import hooks, mcode, patient, reference
from her2nav.web.api.common import json_answer
from her2nav.web.errors import HEADINGS, internal, status_of, wants_page
from her2nav.web.forms import OldForm
from her2nav.web.guard import App, Guard
from her2nav.web.memory import Memory
from her2nav.web.pages import check, downloads, explore, form, result, start, team
from her2nav.web.pages.view import STATIC, page
from her2nav.web.settings import Settings
from her2nav.web.worklists import Worklists

_ABOUT = (
    "HER2 status, treatment options and clinical trials with every reason. Decision support, not a medical device. "
    "The patient travels in the body of the request and is kept nowhere."
)


def create_app(session: Session | None = None, settings: Settings | None = None) -> FastAPI:
    """Return the application without its guard.

    Args:
        session: Knowledge, catalogue, clock; made when none is given.
        settings: Limits and permissions.
    """
    settings = settings or Settings()
    # An upload stays in memory whole: nothing of a patient touches the disk.
    MultiPartParser.spool_max_size = settings.max_body + 1
    app = FastAPI(
        title="HER2 Navigator",
        version=her2nav.__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.session = session or Session()
    app.state.settings = settings
    app.state.memory = Memory(settings)
    app.state.worklists = Worklists()
    for module in (patient, reference, mcode, hooks, start, form, result, downloads, explore, check, team):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(Her2NavError, _told)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)
    return app


def guarded(session: Session | None = None, settings: Settings | None = None) -> App:
    """Return the application as it is served."""
    settings = settings or Settings()
    return Guard(create_app(session, settings), settings)


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, Her2NavError)
    if isinstance(error, OldForm):
        return _again(request, error)
    status = status_of(error)
    return _answer(request, error.as_dict() if status < 500 else internal(), status)


def _again(request: Request, error: OldForm) -> Response:
    """Return what was entered in a form that lay too long, to be sent again: nothing is lost by waiting."""
    settings: Settings = request.app.state.settings
    path = request.url.path.removeprefix(settings.prefix)
    return page(request, "again", status=400, action=path, fields=error.fields)


def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    parts = [str(part) for part in first["loc"]]
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if mcode.speaks(request.url.path.removeprefix(request.app.state.settings.prefix)) and parts[0] == "body":
        return json_answer(mcode.NO_BUNDLE, 400)
    if parts == ["body"] and sent and not sent.endswith(("/json", "+json")):
        # The body was not even looked at.
        return _answer(request, _error("media_type", f"{sent} is not taken here", allowed="application/json"), 415)
    if first["type"] == "json_invalid":
        return _answer(request, _error("bad_json", "this is not JSON", place=f"character {parts[-1]}"), 422)
    # The message of the check without the value: a value may be a patient's.
    place = "/".join(parts[1:]) or parts[0]
    return _answer(request, _error("bad_input", str(first["msg"]), place=place), 422)


_HTTP = {
    404: ("not_found", "there is nothing at this address"),
    405: ("bad_method", "this address is not asked in that way"),
}
"""Code and words for what the framework refuses."""


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, said = _HTTP.get(error.status_code, (f"http_{error.status_code}", str(error.detail)))
    headers = dict(error.headers or {})
    allowed = headers.get("Allow") or headers.get("allow")
    return _answer(request, _error(code, said, allowed=allowed), error.status_code, headers)


def _fault(request: Request, _: Exception) -> Response:
    return _answer(request, internal(), 500)


def _error(code: str, message: str, *, place: str | None = None, allowed: str | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "file": None, "place": place, "allowed": allowed}}


def _answer(request: Request, error: dict[str, Any], status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error as JSON to a program, as a page to a person."""
    settings: Settings = request.app.state.settings
    path = request.url.path.removeprefix(settings.prefix)
    if not wants_page(path, request.headers.get("accept", "")):
        answer = json_answer(mcode.refusal(error) if mcode.speaks(path) else error, status)
    else:
        said = error["error"]
        told = ": ".join(part for part in (said["file"], said["place"], said["message"]) if part)
        heading = HEADINGS.get(status, "That did not work")
        answer = page(request, "message", status=status, heading=heading, told=told, allowed=said["allowed"])
    answer.headers.update(headers or {})
    return answer
