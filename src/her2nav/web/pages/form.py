"""The guided form: the questions that matter for one tumour, then the same confirmation page as every other way in."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from her2nav.app.form import filled, questions_for, rules_of
from her2nav.app.patient_source import Given
from her2nav.app.session import Session
from her2nav.model.errors import InputError
from her2nav.web.api.common import Current
from her2nav.web.pages.start import show_confirm, show_start
from her2nav.web.pages.state import Form
from her2nav.web.pages.view import page

router = APIRouter(include_in_schema=False)


@router.post("/form")
def form(request: Request, session: Current, fields: Form) -> HTMLResponse:
    """The questions for the tumour chosen; as a POST, for no address may tell a person's cancer."""
    tumour = fields.get("tumour", "")
    try:
        return _show(request, session, tumour, {}, {})
    except InputError:
        return show_start(request, session, status=400, alert="Choose the cancer from the list first.")


@router.post("/form/filled")
def form_filled(request: Request, session: Current, fields: Form) -> HTMLResponse:
    """The answers: confirmed next, or shown again with what is wrong beside each field."""
    tumour = fields.get("tumour", "")
    answers = {name: value.strip() for name, value in fields.items() if name.startswith("a.") and value.strip()}
    found = filled(session, tumour, answers)
    if found.read is None:
        return _show(request, session, tumour, answers, found.wrong)
    return show_confirm(request, session, Given(found.read, "patient_file"))


def _show(
    request: Request, session: Session, tumour: str, answers: Mapping[str, str], wrong: Mapping[str, str]
) -> HTMLResponse:
    parts = questions_for(session, tumour)
    types, known = session.knowledge.tumours, session.knowledge.tumours.find(tumour) or tumour
    labels = {one.name: one.question.label for part in parts for row in part.rows for one in row.asked}
    return page(
        request,
        "form",
        status=400 if wrong else 200,
        tumour=known,
        name=types.types[known].name,
        rules=rules_of(session, known),
        parts=parts,
        answers=answers,
        wrong=wrong,
        mistakes=[(name, labels.get(name, "The form"), said) for name, said in wrong.items()],
    )
