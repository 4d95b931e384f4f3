"""Pages from templates."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from her2nav.app.session import Session
from her2nav.report.glossary import Gloss
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


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page.

    Args:
        request: Tells the prefix of a reverse proxy and where in the navigation we are.
        template: Name of the template without its ending.
        status: Of the answer.
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
    register: Register = found["register"]
    gloss = Gloss(session.knowledge, register)
    found["by"] = Telling(register, session.knowledge.sources, gloss, numbers=register == "clinical", pictures=False)
    return HTMLResponse(environment().get_template(f"{template}.html.j2").render(found), status)
