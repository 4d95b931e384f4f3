"""The result of a patient: status, what to find out next, options, trials; one trial in full; what if."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from her2nav.app.derived import Derived
from her2nav.app.report import report_sections
from her2nav.app.session import Session
from her2nav.app.what_if import WhatIf, sentence, what_if
from her2nav.matching.evaluate import Verdict
from her2nav.model.errors import InputError
from her2nav.report.phrases import closing_lines, day, verdict_line
from her2nav.web.api.common import Current
from her2nav.web.memory import Memory
from her2nav.web.pages import trials
from her2nav.web.pages.state import Form, State, state_of
from her2nav.web.pages.view import page

router = APIRouter(include_in_schema=False)
_FIRST = ("status", "next", "options")
_LATER = ("timeline", "disputed")


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
        arms=match.arms,
        notes=match.trial.record.notes,
    )


@router.post("/what-if")
def supposed(request: Request, session: Current, form: Form) -> HTMLResponse:
    """The result page with what a supposition would change on top."""
    state = state_of(session, form)
    text = form.get("what_if", "").strip()
    derived = memory_of(request).derived(session, state)
    try:
        if not text:
            raise InputError("say what to suppose", allowed="for example ish=positive, or start trastuzumab deruxtecan")
        found = what_if(session, derived.case, derived.matched.chosen.compiled, text)
    except InputError as error:
        return show_result(request, session, state, derived=derived, alert=str(error), status=400)
    return show_result(request, session, state, derived=derived, changed=_changed(derived, found, state))


def show_result(
    request: Request,
    session: Session,
    state: State,
    *,
    derived: Derived | None = None,
    changed: Mapping[str, Any] | None = None,
    alert: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Return the result page.

    Args:
        request: The request.
        session: Knowledge, trials, clock.
        state: The patient, the words, the filters.
        derived: The patient's answers where some are known.
        changed: What a supposition changes.
        alert: What went wrong.
        status: Of the answer.
    """
    memory = memory_of(request)
    derived = derived or memory.derived(session, state)
    sections = {one.id: one for one in report_sections(derived, state.register)}
    shown = page(
        request,
        "result",
        status=status,
        **_frame(derived, state) | {"alert": alert},
        first=[sections[name] for name in _FIRST if name in sections],
        later=[sections[name] for name in _LATER if name in sections],
        monitoring=sections.get("monitoring"),
        listing=trials.listing(derived, state.filters, state.register),
        choices=trials.choices(derived.matched.matches),
        changed=changed,
        supposed=state.fields.get("what_if", ""),
    )
    memory.keep(state, derived)
    return shown


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


def _changed(derived: Derived, found: WhatIf, state: State) -> dict[str, Any]:
    words = derived.knowledge.words
    return {
        "says": found.says,
        "sentence": sentence(found) if found.treatment else "",
        "rows": [
            {
                "nct_id": one.nct_id,
                "title": one.after.trial.record.title,
                "effect": one.effect.value.replace("_", " "),
                "before": verdict_line(one.before, words, state.register),
                "after": verdict_line(one.after, words, state.register),
                "opens": one.after.verdict is not Verdict.INELIGIBLE and one.before.verdict is Verdict.INELIGIBLE,
            }
            for one in found.changes
        ],
    }
