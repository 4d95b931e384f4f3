"""The parts of a patient's result that no filter changes, written once for each register and kept with the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from her2nav.app.derived import Derived
from her2nav.app.report import report_sections
from her2nav.report.glossary import Gloss, Term
from her2nav.report.phrases import Register
from her2nav.report.sections import Section
from her2nav.report.telling import Telling
from her2nav.web.pages.view import environment, telling

if TYPE_CHECKING:
    from markupsafe import Markup

_ELSEWHERE = ("trials",)
"""Parts of a report that the page has in a form of its own."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a page.

    Attributes:
        id, title: Of its heading.
        html: As it stands in the page.
        picture: Whether the report has a picture here, which a page has not.
        words: Those of the glossary that are explained in it.
    """

    id: str
    title: str
    html: Markup
    picture: bool
    words: tuple[Term, ...]


@dataclass
class Seen(Derived):
    """A patient with every answer, as pages show them.

    Attributes:
        pieces: By register, then by the id of the part.
    """

    pieces: dict[Register, Mapping[str, Piece]] = field(default_factory=dict)


def pieces_of(seen: Seen, register: Register) -> Mapping[str, Piece]:
    """Return the parts of a result."""
    found = seen.pieces.get(register)
    if found is None:
        sections = report_sections(seen, register, left_out=_ELSEWHERE)
        found = seen.pieces[register] = {one.id: _piece(one, telling(seen.session, register)) for one in sections}
    return found


def _piece(section: Section, by: Telling) -> Piece:
    macros = environment().get_template("sections.html.j2").module
    html = macros.section(section, 2, by)  # type: ignore[attr-defined]
    return Piece(section.id, section.title, html, bool(section.svg), cast("Gloss", by.gloss).used)
