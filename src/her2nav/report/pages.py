"""Pages of sections as HTML: no script, nothing from outside, fit for A4 and Letter paper and for a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from her2nav.knowledge.load import Knowledge
from her2nav.report.glossary import Gloss
from her2nav.report.html import environment
from her2nav.report.reading_grade import FORMULA, TARGET, page_grade
from her2nav.report.sections import Page
from her2nav.report.telling import Plainly, Telling

if TYPE_CHECKING:
    from markupsafe import Markup


def render(page: Page, knowledge: Knowledge, *, numbers: bool = False) -> str:
    """Return a page as HTML; a plain page states its own reading grade.

    Args:
        page: What is on it.
        knowledge: Titles of sources, names of drugs.
        numbers: Show patients the numbers of studies as well.
    """
    gloss = Gloss(knowledge, page.register) if page.explained else Plainly()
    numbered = {name: place for one in page.sections for place, name in enumerate(one.anchors, 1)}
    by = Telling(page.register, knowledge.sources, gloss, numbers=numbers, places=numbered)
    macros = environment().get_template("sections.html.j2").module
    written = [macros.section(one, 2, by) for one in page.sections]  # type: ignore[attr-defined]
    if page.register == "plain":
        html = _framed(page, by, written)
        page = replace(page, grade=page_grade(html, (*names(knowledge), *page.names)))
    return _framed(page, by, written)


def _framed(page: Page, by: Telling, written: Sequence[Markup]) -> str:
    """Return a page around its sections."""
    template = environment().get_template("page.html.j2")
    return template.render(page=page, register=page.register, by=by, written=written, formula=FORMULA, target=TARGET)


@lru_cache(maxsize=2)
def names(knowledge: Knowledge) -> tuple[str, ...]:
    """Return the names that a reading grade counts as one short word: drugs, their brands, tumour types of patients."""
    drugs = [name for drug in knowledge.drugs.drugs.values() for name in (drug.name, *(b.name for b in drug.brands))]
    sources = [source.title for source in knowledge.sources.values()]
    return tuple(name for name in (*drugs, *sources) if len(name) > 2)
