"""The result of a patient: status, what to find out next, options, trials; one trial in full; what if."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from her2nav.app.derived import Derived
from her2nav.app.session import Session
from her2nav.app.what_if import WhatIf, sentence
from her2nav.app.what_if_form import Asked, says, suppose, suppositions
from her2nav.matching.changed import Effect
from her2nav.model.errors import InputError
from her2nav.report.phrases import Register, closing_lines, day, verdict_line
from her2nav.web.api.common import Current
from her2nav.web.memory import Memory
from her2nav.web.pages import trials
from her2nav.web.pages.pieces import pieces_of
from her2nav.web.pages.state import Form, State, state_of
from her2nav.web.pages.view import page

router = APIRouter(include_in_schema=False)
_FIRST = ("status", "next", "options")
_LATER = ("timeline", "disputed")
_MOST = 40
"""Trials of one effect that a what-if page lists; the rest is counted."""
_VERDICT_ENDS = re.compile(r"[;:]| because")


@router.post("/result")
def result(request: Request, session: Current, form: Form) -> HTMLResponse:
    """The result page of the record in the form."""
    return show_result(request, session, state_of(session, form))


@router.post("/trial")
def trial(request: Request, session: Current, form: Form) -> HTMLResponse:
    """One trial, criterion by criterion."""
    state, memory = state_of(session, form), memory_of(request)
    derived = memory.derived(session, state)
    match = derived.matched.find(form.get("nct", ""))
    memory.keep(state, derived)
    return page(
        request,
        "trial",
        **_frame(derived, state),
        row=trials.row(derived, match, state.register),
        criteria=trials.details(match, state.register),
        arms=[(arm.label, _short(derived, arm.verdict.word, state.register), arm.open is False) for arm in match.arms],
        notes=match.trial.record.notes,
    )


@router.post("/what-if")
def supposed(request: Request, session: Current, form: Form) -> HTMLResponse:
    """What a supposition would change: a page of its own, with the way back."""
    state, memory = state_of(session, form), memory_of(request)
    derived, asked = memory.derived(session, state), Asked.of(form)
    changed, alert = None, None
    try:
        changed = _changed(derived, suppose(derived, asked), state) | _says(session, asked)
    except InputError as error:
        alert = f"{error.message} {error.allowed or ''}".strip()
    memory.keep(state, derived)
    return page(
        request,
        "what_if",
        status=400 if alert else 200,
        **_frame(derived, state) | {"alert": alert},
        changed=changed,
        suppositions=suppositions(session.knowledge),
        supposed=asked,
    )


def show_result(
    request: Request,
    session: Session,
    state: State,
) -> HTMLResponse:
    """Return the result page.

    Args:
        request: The request.
        session: Knowledge, trials, clock.
        state: The patient, the words, the filters.
    """
    memory = memory_of(request)
    derived = memory.derived(session, state)
    pieces = pieces_of(derived, state.register)
    shown = page(
        request,
        "result",
        **_frame(derived, state),
        explained=[word for one in pieces.values() for word in one.words],
        first=[pieces[name] for name in _FIRST if name in pieces],
        later=[pieces[name] for name in _LATER if name in pieces],
        monitoring=pieces.get("monitoring"),
        listing=trials.listing(derived, state.filters, state.register),
        choices=trials.choices(derived.matched.chosen.compiled, derived.knowledge),
        suppositions=suppositions(session.knowledge),
        supposed=Asked(),
    )
    memory.keep(state, derived)
    return shown


def _short(derived: Derived, verdict: str, register: Register) -> str:
    """Return a verdict in the words of its table, without what would need a reason or a count."""
    words = derived.knowledge.words.verdict[verdict]
    return _VERDICT_ENDS.split(words.plain if register == "plain" else words.clinical)[0].lower()


def memory_of(request: Request) -> Memory:
    """Return the server's memory of answers."""
    memory: Memory = request.app.state.memory
    return memory


def _frame(derived: Derived, state: State) -> dict[str, Any]:
    """Return what every page of a patient shows."""
    case = derived.case
    tumour = derived.knowledge.tumours.types[case.tumour_id or ""]
    plain = state.register == "plain"
    return {
        "register": state.register,
        "record": state.record,
        "filters": state.filters,
        "title": tumour.plain_name if plain else tumour.name,
        "as_of": day(case.as_of),
        "warnings": state.read.warnings,
        "closing": closing_lines(derived.knowledge.words, state.register, lung=derived.lung),
        "versions": derived.versions,
        "alert": None,
    }


_EFFECTS = {
    Effect.FITS: ("Fits", "Nothing is open any more on the record."),
    Effect.OPENS: ("Opens", "Does not fit today, and then would fit or might fit."),
    Effect.CLOSES: ("Closes", "Fits or might fit today, and then would not."),
    Effect.PAUSES: ("Pauses", "Would have to wait."),
    Effect.CLEARER: ("Clearer", "Still may fit, with fewer open questions."),
    Effect.LESS_CLEAR: ("Less clear", "May fit, with more open questions."),
}
"""In the order in which they stand, with heading and meaning."""


def _says(session: Session, asked: Asked) -> dict[str, Any]:
    chosen = says(session.knowledge, asked)
    return {"says": chosen} if chosen else {}


def _changed(derived: Derived, found: WhatIf, state: State) -> dict[str, Any]:
    """Return what changes, by effect; those of trials that recruit or soon will; others are only counted."""
    words = derived.knowledge.words
    rows: dict[Effect, list[dict[str, Any]]] = {}
    for one in found.counted:
        rows.setdefault(one.effect, []).append(
            {
                "nct_id": one.nct_id,
                "title": one.after.trial.record.title,
                "before": verdict_line(one.before, words, state.register),
                "after": verdict_line(one.after, words, state.register),
                "until": one.until,
            }
        )
    groups = [
        (name, about, rows[one][:_MOST], len(rows[one])) for one, (name, about) in _EFFECTS.items() if one in rows
    ]
    return {
        "says": found.says,
        "sentence": sentence(found) if found.treatment else "",
        "groups": groups,
        "closed": len(found.others),
    }
