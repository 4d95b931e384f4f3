"""Pages of sections as HTML: no script, nothing from outside, fit for A4 and Letter paper and for a screen reader."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from her2nav.knowledge.load import Knowledge
from her2nav.report.glossary import Gloss
from her2nav.report.html import environment
from her2nav.report.reading_grade import FORMULA, TARGET, page_grade
from her2nav.report.sections import Page
from her2nav.report.telling import Plainly, Telling


def render(page: Page, knowledge: Knowledge, *, numbers: bool = False) -> str:
    """Return a page as HTML; a plain page states its own reading grade.

    Args:
        page: What is on it.
        knowledge: Titles of sources, names of drugs.
        numbers: Show patients the numbers of studies as well.
    """
    gloss = Gloss(knowledge, page.register) if page.explained else Plainly()
    if page.register == "plain":
        html = _rendered(page, knowledge, Plainly(), numbers=numbers)
        page = replace(page, grade=page_grade(html, (*names(knowledge), *page.names)))
    return _rendered(page, knowledge, gloss, numbers=numbers)


def _rendered(page: Page, knowledge: Knowledge, gloss: Gloss | Plainly, *, numbers: bool) -> str:
    numbered = {name: place for one in page.sections for place, name in enumerate(one.anchors, 1)}
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            page=page,
            register=page.register,
            by=Telling(page.register, knowledge.sources, gloss, numbers=numbers, places=numbered),
            formula=FORMULA,
            target=TARGET,
        )
    )


@lru_cache(maxsize=2)
def names(knowledge: Knowledge) -> tuple[str, ...]:
    """Return the names that a reading grade counts as one short word: drugs, their brands, tumour types of patients."""
    drugs = [name for drug in knowledge.drugs.drugs.values() for name in (drug.name, *(b.name for b in drug.brands))]
    sources = [source.title for source in knowledge.sources.values()]
    return tuple(name for name in (*drugs, *sources) if len(name) > 2)
