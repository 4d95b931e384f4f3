"""Pages for teams: the worklist of a screening, one pair with its reasons, rulings, and a board pack.

They read the files that whoever started the server named, and no others.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from her2nav.app.screen_explain import explain_pair, rule_on
from her2nav.app.session import Session
from her2nav.app.team import board_page, cases_of, worklist_of
from her2nav.app.worklist import GROUPS, worklist_json
from her2nav.model.errors import InputError
from her2nav.web.api.common import Current
from her2nav.web.pages import trials
from her2nav.web.pages.downloads import STANDALONE
from her2nav.web.pages.state import Form, form_of
from her2nav.web.pages.view import page
from her2nav.web.settings import Settings

router = APIRouter(prefix="/team", include_in_schema=False)


@router.get("")
def team(request: Request, session: Current) -> HTMLResponse:
    """The worklist and the cases, as far as the server was given them."""
    settings: Settings = request.app.state.settings
    if settings.run is None and settings.cases is None:
        raise InputError(
            "the server was given no screening and no cases",
            allowed="her2nav serve --run FOLDER --reviews FILE --cases FOLDER",
            code="not_found",
        )
    return page(
        request,
        "team",
        register="clinical",
        found=worklist_json(worklist_of(session, settings.run)) if settings.run is not None else None,
        groups=GROUPS,
        cases=[case for case, _ in cases_of(settings.cases)] if settings.cases is not None else (),
        today=session.today().isoformat(),
    )


@router.post("/pair")
def pair(request: Request, session: Current, form: Form) -> HTMLResponse:
    """One patient of the run with one trial, criterion by criterion."""
    patient, _, nct = form.get("pair", "").rpartition(" ")
    return _pair(request, session, _run(request), patient, nct)


@router.post("/rule")
def rule(request: Request, session: Current, form: Form) -> HTMLResponse:
    """Write a person's ruling on one criterion; it counts from the next run on."""
    settings: Settings = request.app.state.settings
    if settings.reviews is None:
        raise InputError("the server was given no file of rulings", allowed="her2nav serve --reviews FILE.jsonl")
    folder, patient, nct = _run(request), form.get("patient", ""), form.get("nct", "")
    try:
        person, reason = form.get("person", "").strip(), form.get("reason", "").strip()
        if not person or not reason:
            raise InputError("a ruling needs a person and a reason", place="person, reason")
        made = rule_on(
            session,
            folder,
            patient,
            nct,
            form.get("criterion", ""),
            ruling=form.get("ruling", ""),
            person=person,
            reason=reason,
            day=session.today(),
            into=settings.reviews,
        )
    except InputError as error:
        return _pair(request, session, folder, patient, nct, alert=str(error), status=400)
    said = f"{made.criterion} ruled {made.ruling.replace('_', ' ')} by {made.person}"
    told = f"Written: {said}. It counts from the next run on."
    return _pair(request, session, folder, patient, nct, told=told)


@router.post("/board")
async def board(request: Request, session: Current) -> Response:
    """A board pack of the cases that are ticked, to print."""
    from starlette.concurrency import run_in_threadpool

    settings: Settings = request.app.state.settings
    fields = await form_of(request)
    if settings.cases is None:
        raise InputError("the server was given no cases", allowed="her2nav serve --cases FOLDER", code="not_found")
    try:
        meeting = date.fromisoformat(fields.get("meeting", ""))
    except ValueError:
        raise InputError(
            "the day of the meeting is needed", place="meeting", allowed="a day such as 2026-11-25"
        ) from None
    chosen = [int(name.removeprefix("case-")) for name in fields if name.startswith("case-") and name[5:].isdigit()]
    html = await run_in_threadpool(board_page, session, settings.cases, chosen, meeting)
    return Response(html.encode(), media_type="text/html; charset=utf-8", headers=STANDALONE)


def _run(request: Request) -> Path:
    settings: Settings = request.app.state.settings
    if settings.run is None:
        raise InputError("the server was given no screening", allowed="her2nav serve --run FOLDER", code="not_found")
    return settings.run


def _pair(
    request: Request,
    session: Session,
    folder: Path,
    patient: str,
    nct: str,
    *,
    alert: str | None = None,
    told: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    found = explain_pair(session, folder, patient, nct)
    record = found.match.trial.record
    return page(
        request,
        "pair",
        status=status,
        register="clinical",
        alert=alert,
        told=told,
        name=found.name,
        nct=record.nct_id,
        title=record.title,
        verdict=found.match.verdict.word,
        differs=found.differs,
        ruled=[str(one) for one in found.applied.ruled],
        void=found.applied.void,
        criteria=trials.details(found.match, "clinical"),
        rules=settings.reviews is not None,
    )
