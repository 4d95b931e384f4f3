"""Pages for teams: the worklist of a screening, one pair with its reasons, rulings, and a board pack.

They read the files that whoever started the server named, and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from her2nav.app.paging import paged
from her2nav.app.screen_explain import explain_pair, rule_on
from her2nav.app.session import Session
from her2nav.app.team import board_page, cases_of, rulings_of
from her2nav.app.team_rows import Wanted, blocks
from her2nav.model.errors import InputError
from her2nav.web.api.common import Current
from her2nav.web.pages import trials
from her2nav.web.pages.downloads import STANDALONE
from her2nav.web.pages.state import Form, form_of
from her2nav.web.pages.view import page
from her2nav.web.settings import Settings
from her2nav.web.worklists import Worklists

router = APIRouter(prefix="/team", include_in_schema=False)
_Asked = Annotated[str, Query(max_length=100)]
_Number = Annotated[int, Query(alias="page")]
_PER_PAGE = 50
_FILTERS = {"trial": "Trial", "group": "Fits or not", "new": "New", "question": "Question left"}
_START = "her2nav serve --run FOLDER --reviews FILE --cases FOLDER"


@router.get("")
def team(
    request: Request,
    session: Current,
    trial: _Asked = "",
    group: _Asked = "",
    new: _Asked = "",
    question: _Asked = "",
    page_number: _Number = 1,
) -> HTMLResponse:
    """The worklist of the run; the cases where the server was given no run."""
    settings: Settings = request.app.state.settings
    if settings.run is None:
        return _cases(request, session, page_number)
    kept: Worklists = request.app.state.worklists
    rows, wanted = kept.of(session, settings.run), Wanted(trial, group, new, question)
    shown = rows.page(wanted, page_number)
    choices = rows.choices(wanted)
    listed = {row.trial for row in rows.rows}
    return page(
        request,
        "team",
        register="clinical",
        **_frame(settings),
        head=rows.head,
        unlisted=rows.unlisted,
        shown=shown,
        blocks=list(blocks(shown.rows)),
        fields=[{"name": name, "label": label, "options": choices[name]} for name, label in _FILTERS.items()],
        asked=wanted.asked,
        at=urlencode({**{name: value for name, value in wanted.asked.items() if value}, "page": shown.number}),
        # Trials that were amended and have nobody to list stand in no row.
        amended=[one for name, one in rows.head["trials"].items() if one["amended"] and name not in listed],
    )


@router.get("/rulings")
def rulings(
    request: Request,
    session: Current,
    trial: _Asked = "",
    person: _Asked = "",
    ruling: _Asked = "",
    page_number: _Number = 1,
) -> HTMLResponse:
    """What people ruled, the newest first."""
    settings: Settings = request.app.state.settings
    if settings.run is None or settings.reviews is None:
        raise InputError("the server was given no file of rulings", allowed=_START, code="not_found")
    every = rulings_of(settings.run, settings.reviews)
    asked = {"trial": trial, "person": person, "ruling": ruling}
    found = [one for one in every if all(getattr(one, name) == value for name, value in asked.items() if value)]
    labels = {"trial": "Trial", "person": "Who ruled", "ruling": "Ruling"}
    options = {name: sorted({getattr(one, name) for one in every}) for name in labels}
    return page(
        request,
        "rulings",
        register="clinical",
        **_frame(settings),
        shown=paged(found, _PER_PAGE, page_number),
        fields=[
            {"name": name, "label": label, "options": [(one, one.replace("_", " ")) for one in options[name]]}
            for name, label in labels.items()
        ],
        asked=asked,
    )


@router.get("/cases")
def cases(request: Request, session: Current, page_number: _Number = 1) -> HTMLResponse:
    """The cases that a board pack can be made of."""
    return _cases(request, session, page_number)


@router.post("/cases")
def more_cases(request: Request, session: Current, form: Form) -> HTMLResponse:
    """Another page of the cases; what is ticked stays ticked."""
    number = form.get("page", "")
    return _cases(request, session, int(number) if number.isdigit() and len(number) < 7 else 1, form)


@router.post("/pair")
def pair(request: Request, session: Current, form: Form) -> HTMLResponse:
    """One patient of the run with one trial, criterion by criterion."""
    patient, _, nct = form.get("pair", "").rpartition(" ")
    return _pair(request, session, _run(request), patient, nct, form)


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
        return _pair(request, session, folder, patient, nct, form, alert=str(error), status=400)
    said = f"{made.criterion} ruled {made.ruling.replace('_', ' ')} by {made.person}"
    told = f"Written: {said}. It counts from the next run on."
    return _pair(request, session, folder, patient, nct, form, told=told)


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
    html = await run_in_threadpool(board_page, session, settings.cases, sorted(_ticked(fields)), meeting)
    return Response(html.encode(), media_type="text/html; charset=utf-8", headers=STANDALONE)


def _ticked(fields: Mapping[str, str]) -> set[int]:
    return {int(name[5:]) for name in fields if name.startswith("case-") and name[5:].isdigit() and len(name) < 12}


def _frame(settings: Settings) -> dict[str, Any]:
    """Return what every team page shows: which others there are."""
    places = [
        ("/team", "Worklist", settings.run),
        ("/team/rulings", "Rulings", settings.run and settings.reviews),
        ("/team/cases", "Board pack", settings.cases),
    ]
    return {"places": [(place, name) for place, name, there in places if there]}


def _cases(request: Request, session: Session, number: int, form: Mapping[str, str] | None = None) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    if settings.cases is None:
        raise InputError("the server was given no screening and no cases", allowed=_START, code="not_found")
    every = [case for case, _ in cases_of(settings.cases)]
    shown = paged(every, _PER_PAGE, number)
    # Those of a short list are all meant until somebody unticks one; of a long one nobody means all.
    ticked = _ticked(form) if form is not None else {case.number for case in every if shown.pages == 1}
    here = {case.number for case in shown.rows}
    return page(
        request,
        "cases",
        register="clinical",
        **_frame(settings),
        shown=shown,
        ticked=ticked & here,
        elsewhere=sorted(ticked - here),
        meeting=(form or {}).get("meeting") or session.today().isoformat(),
    )


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
    form: Mapping[str, str],
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
        **_frame(settings),
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
        at=form.get("at", "")[:500],
        entered={} if told else form,
    )
