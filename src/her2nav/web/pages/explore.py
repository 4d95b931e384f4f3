"""Pages without a patient, each at an address that stays: trials, drugs, studies, rules, variants, conflicts, words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from her2nav.app import reference
from her2nav.app.catalogue import HER2, SETTINGS
from her2nav.app.evidence import drawable
from her2nav.app.paging import paged
from her2nav.report.glossary import glossary as terms
from her2nav.report.sections import Section
from her2nav.web.api.common import Current
from her2nav.web.pages.view import page

router = APIRouter(include_in_schema=False)
_Asked = Annotated[str, Query(max_length=200)]
_Number = Annotated[int, Query(alias="page")]
_PER_PAGE = 50


def _list(request: Request, title: str, entries: Sequence[reference.Entry], number: int, **more: Any) -> HTMLResponse:
    values: dict[str, Any] = {"fields": (), "asked": {}, "lead": "", "action": "", **more}
    return page(request, "list", title=title, shown=paged(entries, _PER_PAGE, number), **values)


def _sections(request: Request, title: str, parts: Sequence[Section], **more: Any) -> HTMLResponse:
    values: dict[str, Any] = {"fields": (), "asked": {}, "lead": "", "action": "", "picture": "", "shown": None, **more}
    return page(request, "sections_page", title=title, parts=parts, **values | {"register": "clinical"})


@router.get("/explore")
def explore(request: Request) -> HTMLResponse:
    """What there is to look at."""
    return page(request, "explore")


@router.get("/explore/search")
def search(request: Request, session: Current, q: _Asked = "", page_number: _Number = 1) -> HTMLResponse:
    """Everything that is called by some words."""
    found = reference.search(session, q)
    fields = ({"name": "q", "label": "Words", "options": None},)
    return _list(request, "Search", found, page_number, fields=fields, asked={"q": q}, action="/explore/search")


@router.get("/explore/trials")
def trials(
    request: Request,
    session: Current,
    tumour: _Asked = "",
    her2: _Asked = "",
    setting: _Asked = "",
    drug: _Asked = "",
    page_number: _Number = 1,
) -> HTMLResponse:
    """Trials of the catalogue by tumour, HER2 category, setting and drug."""
    asked = {"tumour": tumour, "her2": her2, "setting": setting, "drug": drug}
    fields = (
        _tumour_field(session),
        {"name": "her2", "label": "HER2", "options": _words(HER2)},
        {"name": "setting", "label": "Setting", "options": _words(SETTINGS)},
        {"name": "drug", "label": "Drug or class", "options": None},
    )
    entries = reference.trials(session, asked)
    lead = "Curated trials that ship with the program. A status is as of its day: check it before you rely on it."
    return _list(
        request, "Trials", entries, page_number, fields=fields, asked=asked, action="/explore/trials", lead=lead
    )


@router.get("/explore/trials/{nct_id}")
def trial(request: Request, session: Current, nct_id: str) -> HTMLResponse:
    """One trial of the catalogue."""
    title, parts = reference.trial(session, nct_id)
    return _sections(request, title, parts)


@router.get("/explore/drugs")
def drugs(request: Request, session: Current, page_number: _Number = 1) -> HTMLResponse:
    """All drugs, those directed at HER2 first."""
    return _list(request, "Drugs", reference.drugs(session), page_number, action="/explore/drugs")


@router.get("/explore/drugs/{identifier}")
def drug(request: Request, session: Current, identifier: str) -> HTMLResponse:
    """One drug with its trials and studies."""
    title, parts = reference.drug(session, identifier)
    return _sections(request, title, parts)


@router.get("/explore/studies")
def studies(
    request: Request,
    session: Current,
    tumour: _Asked = "",
    drug: _Asked = "",
    setting: _Asked = "",
    study: _Asked = "",
    page_number: _Number = 1,
) -> HTMLResponse:
    """Studies with their results and a forest plot."""
    asked = {"tumour": tumour, "drug": drug, "setting": setting, "study": study}
    wanted = {name: value for name, value in asked.items() if value}
    parts: list[Section] = []
    shown, picture = None, ""
    if wanted:
        parts, shown = reference.studies(session, asked, page_number)
        picture = urlencode(wanted) if drawable(session, reference.studies_query(session, asked)) else ""
    fields = (
        _tumour_field(session),
        {"name": "drug", "label": "Drug or class", "options": None},
        {"name": "setting", "label": "Setting", "options": None},
        {"name": "study", "label": "Study", "options": None},
    )
    lead = "" if wanted else "Choose a tumour, a drug or a study."
    more = {"fields": fields, "asked": asked, "action": "/explore/studies", "lead": lead}
    return _sections(request, "Studies", parts, **more, picture=picture, shown=shown)


@router.get("/explore/forest.svg")
def forest(
    request: Request, session: Current, tumour: _Asked = "", drug: _Asked = "", setting: _Asked = "", study: _Asked = ""
) -> Response:
    """The response rates of the studies as a picture; a page that says so where there is nothing to draw."""
    from her2nav.app.evidence import picture

    asked = {"tumour": tumour, "drug": drug, "setting": setting, "study": study}
    svg, drawn = picture(session, reference.studies_query(session, asked))
    if not drawn:
        return page(
            request,
            "message",
            status=404,
            heading="Nothing can be drawn",
            told="None of these studies states a response rate with its number of patients.",
            allowed="another tumour, drug or study",
            back=(f"/explore/studies?{urlencode(asked)}", "The same studies as a table"),
        )
    headers = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(svg.encode(), media_type="image/svg+xml", headers=headers)


@router.get("/explore/rules")
def rules(request: Request, session: Current) -> HTMLResponse:
    """Guidelines whose tables decide a status."""
    return _list(request, "Rules of interpretation", reference.rules(session), 1, action="/explore/rules")


@router.get("/explore/rules/{identifier}")
def rule(request: Request, session: Current, identifier: str) -> HTMLResponse:
    """Every row of a guideline's tables."""
    title, parts = reference.rule(session, identifier)
    return _sections(request, title, parts)


@router.get("/explore/conflicts")
def conflicts(request: Request, session: Current, tumour: _Asked = "", page_number: _Number = 1) -> HTMLResponse:
    """Where the sources disagree, and what is used."""
    parts, shown = reference.conflicts(session, tumour or None, page_number)
    more = {"fields": (_tumour_field(session),), "asked": {"tumour": tumour}, "action": "/explore/conflicts"}
    return _sections(request, "Where the sources disagree", parts, **more, shown=shown)


@router.get("/explore/variants")
def variants(request: Request, session: Current, text: _Asked = "", tumour: _Asked = "") -> HTMLResponse:
    """An ERBB2 variant: names, class, meaning."""
    parts = reference.variant_sections(session, text, tumour or None) if text.strip() else []
    fields = ({"name": "text", "label": "Variant, as written", "options": None}, _tumour_field(session))
    lead = "" if text else "For example S310F, A775_G776insYVMA or p.Val777Leu."
    more = {"fields": fields, "asked": {"text": text, "tumour": tumour}, "action": "/explore/variants", "lead": lead}
    return _sections(request, "ERBB2 variants", parts, **more)


@router.get("/glossary")
def glossary(request: Request, session: Current) -> HTMLResponse:
    """The words of the pages."""
    return page(request, "glossary", terms=terms(session.knowledge))


@router.get("/about")
def about(request: Request) -> HTMLResponse:
    """What this is and is not, and what happens to what people enter."""
    return page(request, "about")


def _words(values: Sequence[str]) -> list[tuple[str, str]]:
    """Return values to choose from; `any` is what an empty choice means."""
    return [(one, one.replace("_", " ")) for one in values if one != "any"]


def _tumour_field(session: Current) -> dict[str, Any]:
    return {"name": "tumour", "label": "Tumour", "options": reference.tumours(session)}
