"""What people take along: the report, questions, the record, the answers as JSON, CSV and FHIR, a calendar."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Request, Response

from her2nav.app.derived import Derived
from her2nav.app.export import Made, export
from her2nav.model.errors import InputError
from her2nav.web.api.common import Current
from her2nav.web.pages.result import memory_of
from her2nav.web.pages.state import Form, State, state_of

router = APIRouter(include_in_schema=False)
STANDALONE = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}
"""A page that carries its own style and nothing else."""


@router.post("/report")
def report(request: Request, session: Current, form: Form) -> Response:
    """Everything on one page that can be printed and kept."""
    from her2nav.app.report import report_page

    state = state_of(session, form)
    memory = memory_of(request)
    derived = memory.derived(session, state)
    shown = _shown(report_page(derived, state.register))
    memory.keep(state, derived)
    return shown


@router.post("/take-along")
def take_along(request: Request, session: Current, form: Form) -> Response:
    """Questions to take along, with room for notes."""
    from her2nav.app.report import take_along_page

    state = state_of(session, form)
    memory = memory_of(request)
    derived = memory.derived(session, state)
    shown = _shown(take_along_page(derived, state.register))
    memory.keep(state, derived)
    return shown


@router.post("/download")
def download(request: Request, session: Current, form: Form) -> Response:
    """The record or an answer as a file."""
    kind = form.get("as", "")
    state = state_of(session, form)
    derived = memory_of(request).derived(session, state)
    maker = _OWN.get(kind)
    content, media, name = maker(derived, state) if maker else export(derived, kind)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content.encode(), media_type=media, headers=headers)


def _shown(html: str) -> Response:
    return Response(html.encode(), media_type="text/html; charset=utf-8", headers=STANDALONE)


def _patient(_: Derived, state: State) -> Made:
    return json.dumps(json.loads(state.record), ensure_ascii=False, indent=1), "application/json", "patient.json"


def _trials(derived: Derived, _: State) -> Made:
    """Return the first trials; all of a store would take longer than a page may, and be too large to open."""
    from her2nav.app.match import MANY_TRIALS, match_json

    data = match_json(derived.session, derived.matched, top=MANY_TRIALS)
    return json.dumps(data, ensure_ascii=False, default=str, indent=1), "application/json", "her2nav-match.json"


def _calendar(derived: Derived, state: State) -> Made:
    from her2nav.app.monitor import calendar_file, monitor

    drug, start = state.fields.get("drug", "").strip(), state.fields.get("start", "").strip()
    if not drug:
        raise InputError("say the treatment", place="drug", allowed="for example trastuzumab deruxtecan")
    try:
        first = date.fromisoformat(start) if start else None
    except ValueError:
        raise InputError(f"'{start}' is not a day", place="start", allowed="a day such as 2026-11-20") from None
    case, found = monitor(derived.session, state.read, drug, start=first)
    return calendar_file(found, case, full_titles=False), "text/calendar; charset=utf-8", "monitoring.ics"


_OWN: dict[str, Callable[[Derived, State], Made]] = {"patient": _patient, "json": _trials, "ics": _calendar}
