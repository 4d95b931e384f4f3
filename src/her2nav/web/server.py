"""The application: routes, errors, and the guard around them."""

from __future__ import annotations

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
from her2nav.web.errors import internal, status_of
from her2nav.web.guard import App, Guard
from her2nav.web.memory import Memory
from her2nav.web.pages import check, downloads, explore, form, result, start, team
from her2nav.web.pages.view import STATIC, page
from her2nav.web.settings import Settings

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
        root_path=settings.prefix,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.session = session or Session()
    app.state.settings = settings
    app.state.memory = Memory(settings)
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


_PROGRAMS = ("/api/", "/mcode", "/fhir/", "/cds-services")
"""Where programs ask; everywhere else an error is a page."""


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, Her2NavError)
    status = status_of(error)
    return _answer(request, error.as_dict() if status < 500 else internal(), status)


def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = "/".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    # The message of the check without the value: a value may be a patient's.
    said = {"code": "bad_input", "message": str(first["msg"]), "file": None, "place": place, "allowed": None}
    return _answer(request, {"error": said}, 422)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {"code": f"http_{error.status_code}", "message": str(error.detail), "file": None, "place": None}
    return _answer(request, {"error": {**said, "allowed": None}}, error.status_code)


def _fault(request: Request, _: Exception) -> Response:
    return _answer(request, internal(), 500)


def _answer(request: Request, error: dict[str, Any], status: int) -> Response:
    """Return an error as JSON to a program, as a page to a person."""
    settings: Settings = request.app.state.settings
    path = request.url.path.removeprefix(settings.prefix)
    if path.startswith(_PROGRAMS):
        return json_answer(error, status)
    said = error["error"]
    heading = "This page does not exist" if status == 404 else "That did not work"
    told = ": ".join(part for part in (said["file"], said["place"], said["message"]) if part)
    return page(request, "message", status=status, heading=heading, told=told, allowed=said["allowed"])
