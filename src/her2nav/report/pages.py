"""Pages of sections as HTML: no script, nothing from outside, fit for A4 and Letter paper and for a screen reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from her2nav.knowledge.load import Knowledge
from her2nav.report.html import environment
from her2nav.report.phrases import Register
from her2nav.report.reading_grade import FORMULA, TARGET, page_grade
from her2nav.report.sections import Page, Told, title_of

if TYPE_CHECKING:
    from markupsafe import Markup


def shown(told: Iterable[Told], register: Register, *, numbers: bool) -> list[Told]:
    """Return the statements that a register has words for; numbers of studies only where they are asked for."""
    return [one for one in told if one.text(register) and (numbers or register == "clinical" or not one.numbers)]


def render(page: Page, knowledge: Knowledge, *, numbers: bool = False) -> str:
    """Return a page as HTML; a plain page states its own reading grade.

    Args:
        page: What is on it.
        knowledge: Titles of sources, names of drugs.
        numbers: Show patients the numbers of studies as well.
    """
    html = _rendered(page, knowledge, numbers=numbers)
    if page.register != "plain":
        return html
    return _rendered(
        replace(page, grade=page_grade(html, (*names(knowledge), *page.names))), knowledge, numbers=numbers
    )


def _rendered(page: Page, knowledge: Knowledge, *, numbers: bool) -> str:
    from markupsafe import Markup

    engine = environment()

    def listed(told: Sequence[Told], register: Register, every: bool) -> list[Told]:
        return shown(told, register, numbers=every)

    def safe(svg: str) -> Markup:
        return Markup(svg)  # pictures escape what they quote

    engine.filters.setdefault("shown", listed)
    engine.filters.setdefault("safe_svg", safe)
    return engine.get_template("page.html.j2").render(
        page=page,
        register=page.register,
        numbers=numbers,
        formula=FORMULA,
        target=TARGET,
        title_of=lambda source: title_of(source, knowledge.sources),
        numbers_of={name: place for one in page.sections for place, name in enumerate(one.anchors, 1)},
    )


@lru_cache(maxsize=2)
def names(knowledge: Knowledge) -> tuple[str, ...]:
    """Return the names that a reading grade counts as one short word: drugs, their brands, tumour types of patients."""
    drugs = [name for drug in knowledge.drugs.drugs.values() for name in (drug.name, *(b.name for b in drug.brands))]
    sources = [source.title for source in knowledge.sources.values()]
    return tuple(name for name in (*drugs, *sources) if len(name) > 2)
