"""A page for pathologists: type in a HER2 result, see at once what it means and by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from her2nav.app import reference
from her2nav.app.form import Asked, questions_at, value_of
from her2nav.app.interpret import interpret, typed_in
from her2nav.app.session import Session
from her2nav.interpret.to_json import specimen_to_json
from her2nav.model.errors import InputError
from her2nav.web.api.common import Current
from her2nav.web.pages.state import Form
from her2nav.web.pages.view import page

router = APIRouter(include_in_schema=False)
_PLACES = (
    "kind",
    "ihc.score",
    "ihc.percent_cells",
    "ihc.intensity",
    "ihc.completeness",
    "ihc.cluster_cells",
    "ihc.zero_subtype",
    "ish.method",
    "ish.her2_cep17_ratio",
    "ish.her2_copy_number",
    "ish.cep17_copy_number",
    "ish.cells_counted",
    "ish.percent_cells_ratio_ge2",
    "ish.result",
)
"""Places in a specimen that decide its status under some rules."""


@router.get("/check")
def empty(request: Request, session: Current) -> HTMLResponse:
    """The empty form."""
    return _show(request, session, {}, None, None)


@router.post("/check")
def check(request: Request, session: Current, form: Form) -> HTMLResponse:
    """The form with what the result means."""
    values = {name: form.get(name, "").strip() for name in (*_PLACES, "tumour")}
    wrong: dict[str, str] = {}
    nested: dict[str, Any] = {"tumour_type": values["tumour"]}
    for one in _fields(session):
        try:
            _put(nested, one.path, value_of(one, values[one.name]) if values[one.name] else None)
        except InputError as error:
            wrong[one.name] = f"{error.message}: {error.allowed}."
    try:
        if wrong:
            raise InputError("not every answer works", allowed="see beside the fields")
        if not values["tumour"]:
            raise InputError("choose the tumour: the rules differ", place="tumour", allowed="a tumour of the list")
        case = interpret(session, typed_in(session, nested, None))
    except InputError as error:
        return _show(request, session, values, None, str(error), status=400, wrong=wrong)
    assert case.her2 is not None
    specimen = specimen_to_json(case.her2.specimens[0])
    words = session.knowledge.words
    overall = case.her2.overall
    found = {
        "status": words.status[overall.status.shown].clinical,
        "colour": overall.status.shown,
        "expression": words.expression[overall.expression.word].clinical,
        "specimen": specimen,
        "next": [item["clinical"] for item in specimen["next"]],
    }
    return _show(request, session, values, found, None)


def _fields(session: Session) -> tuple[Asked, ...]:
    return questions_at(session.knowledge, "specimens.*.", _PLACES)


def _put(nested: dict[str, Any], path: str, value: Any) -> None:
    group, _, key = path.partition(".")
    if value is not None and key:
        nested.setdefault(group, {})[key] = value
    elif value is not None:
        nested[group] = value


def _show(
    request: Request,
    session: Session,
    values: Mapping[str, str],
    found: Mapping[str, Any] | None,
    alert: str | None,
    *,
    status: int = 200,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    return page(
        request,
        "check",
        status=status,
        alert=alert,
        fields=_fields(session),
        tumours=reference.tumours(session),
        answers=values,
        wrong=wrong or {},
        found=found,
        register="clinical",
    )
