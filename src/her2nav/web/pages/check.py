"""A page for pathologists: type in a HER2 result, see at once what it means and by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from her2nav.app import reference
from her2nav.app.interpret import interpret, typed_in
from her2nav.app.session import Session
from her2nav.interpret.to_json import specimen_to_json
from her2nav.model.errors import InputError
from her2nav.web.api.common import Current
from her2nav.web.pages.state import Form
from her2nav.web.pages.view import page

router = APIRouter(include_in_schema=False)
_FIELDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("ihc.score", "IHC score", "0, 1+, 2+ or 3+", ("0", "1+", "2+", "3+")),
    ("ihc.percent_cells", "Stained tumour cells, %", "0 to 100", ()),
    ("ihc.intensity", "Intensity", "", ("none", "faint", "weak", "moderate", "intense")),
    ("ihc.completeness", "Completeness", "", ("complete", "incomplete", "basolateral", "lateral")),
    ("ihc.cluster_cells", "Stained cells in the largest cluster", "biopsies of the stomach", ()),
    ("ish.her2_cep17_ratio", "HER2/CEP17 ratio", "for example 2.1", ()),
    ("ish.her2_copy_number", "Mean HER2 signals per cell", "for example 4.6", ()),
    ("ish.result", "ISH, the laboratory's word", "", ("positive", "negative", "equivocal")),
    ("kind", "Specimen", "", ("biopsy", "resection", "cytology_block")),
)
"""Path in a specimen, label, hint, and the values where there are few."""


@router.get("/check")
def empty(request: Request, session: Current) -> HTMLResponse:
    """The empty form."""
    return _show(request, session, {}, None, None)


@router.post("/check")
def check(request: Request, session: Current, form: Form) -> HTMLResponse:
    """The form with what the result means."""
    values = {name: form.get(name, "").strip() for name, *_ in _FIELDS} | {"tumour": form.get("tumour", "")}
    try:
        if not values["tumour"]:
            raise InputError("choose the tumour: the rules differ", place="tumour", allowed="a tumour of the list")
        case = interpret(session, typed_in(session, _nested(values), None))
    except InputError as error:
        return _show(request, session, values, None, str(error), status=400)
    assert case.her2 is not None
    specimen = specimen_to_json(case.her2.specimens[0])
    words = session.knowledge.words
    overall = case.her2.overall
    found = {
        "status": words.status[overall.status.shown].clinical,
        "colour": overall.status.shown,
        "expression": words.expression[overall.expression.shown].clinical,
        "specimen": specimen,
        "next": [item["clinical"] for item in specimen["next"]],
    }
    return _show(request, session, values, found, None)


def _nested(values: Mapping[str, str]) -> dict[str, Any]:
    nested: dict[str, Any] = {"tumour_type": values["tumour"]}
    for name, *_ in _FIELDS:
        if values[name]:
            group, _, key = name.partition(".")
            if key:
                nested.setdefault(group, {})[key] = values[name]
            else:
                nested[group] = values[name]
    return nested


def _show(
    request: Request,
    session: Session,
    values: Mapping[str, str],
    found: Mapping[str, Any] | None,
    alert: str | None,
    *,
    status: int = 200,
) -> HTMLResponse:
    fields = [
        {"name": name, "label": label, "hint": hint, "options": options} for name, label, hint, options in _FIELDS
    ]
    return page(
        request,
        "check",
        status=status,
        alert=alert,
        fields=fields,
        tumours=reference.tumours(session),
        values=values,
        found=found,
        register="clinical",
    )
