"""Pages from templates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fastapi import Request
from fastapi.responses import HTMLResponse

from her2nav.app.session import Session
from her2nav.report.glossary import Gloss, Term
from her2nav.report.html import TEMPLATES
from her2nav.report.phrases import Register
from her2nav.report.telling import Telling
from her2nav.web.forms import sign
from her2nav.web.settings import Settings

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).resolve().parent.parent
STATIC = _HERE / "static"
NAVIGATION = (
    ("/", "Start"),
    ("/explore", "Explore"),
    ("/check", "Check a result"),
    ("/glossary", "Glossary"),
    ("/about", "About"),
)


TEAM = ("/team", "Team")
"""In the navigation where the server was given a run or cases."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the template engine; every value is escaped and an unknown name is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        # The macros that tell sections are those of the reports.
        loader=FileSystemLoader([_HERE / "templates", TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def telling(session: Session, register: Register) -> Telling:
    """Return how the statements of one page are told."""
    gloss = Gloss(session.knowledge, register)
    return Telling(register, session.knowledge.sources, gloss, numbers=register == "clinical", pictures=False)


def page(
    request: Request, template: str, *, status: int = 200, explained: Iterable[Term] = (), **values: Any
) -> HTMLResponse:
    """Return a page.

    Args:
        request: Tells the prefix of a reverse proxy and where in the navigation we are.
        template: Name of the template without its ending.
        status: Of the answer.
        explained: Words of the glossary that what is written already explains.
        values: What the template names.
    """
    settings: Settings = request.app.state.settings
    session: Session = request.app.state.session
    path = request.url.path.removeprefix(settings.prefix) or "/"
    here = next((one for one, _ in reversed((*NAVIGATION, TEAM)) if one != "/" and path.startswith(one)), "/")
    teams = settings.run is not None or settings.cases is not None
    found: dict[str, Any] = {
        "url": lambda place: f"{settings.prefix}{place}",
        "navigation": (*NAVIGATION, TEAM) if teams else NAVIGATION,
        "here": here,
        "csrf": sign(settings),
        "versions": session.versions(),
        "register": "plain",
        "alert": None,
        "back": None,
        **values,
    }
    by = found["by"] = telling(session, found["register"])
    cast("Gloss", by.gloss).also(explained)
    return HTMLResponse(environment().get_template(f"{template}.html.j2").render(found), status)
