"""Errors as answers: the one error object for programs; nothing of a fault of ours but its kind."""

from __future__ import annotations

from typing import Any

from her2nav.model.errors import Her2NavError, InputError

_STATUS = {"too_large": 413, "unknown_trial": 404, "not_found": 404, "no_such_file": 404, "media_type": 415}
_PROGRAMS = ("/api/", "/mcode", "/fhir/", "/cds-services")
"""Where programs ask; everywhere else an error is a page."""
HEADINGS = {404: "This page does not exist", 413: "That is too large", 429: "Too many requests"}
"""Headings of pages that tell an error; others are told by what they say."""


def wants_page(path: str, accept: str) -> bool:
    """Return whether an error is told as a page: to a browser, and at the address of a page unless JSON is asked for.

    >>> wants_page("/api/match", "*/*"), wants_page("/explore", "*/*"), wants_page("/explore", "application/json")
    (False, True, False)
    """
    if "text/html" in accept:
        return True
    return not path.startswith(_PROGRAMS) and "json" not in accept


def status_of(error: Her2NavError) -> int:
    """Return the HTTP status of an error: the user's is 4xx, ours 500."""
    if not isinstance(error, InputError):
        return 500
    return _STATUS.get(error.code, 400)


def internal() -> dict[str, Any]:
    """Return the error object of a fault of ours."""
    said = "internal fault; the request was not answered"
    return {"error": {"code": "internal", "message": said, "file": None, "place": None, "allowed": None}}
