"""Where a line on safety comes from, as faces show it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from her2nav.knowledge.monitoring import Fact, General, Item, MonitoringBook, Row, Rule, Sheet
from her2nav.therapy.safety_results import SourceLine
from her2nav.therapy.safety_tables import confidence


def source_line(
    book: MonitoringBook, fact: Fact | Item | Row, file: Sheet | General, rule: Rule | None = None
) -> SourceLine:
    """Return a source as faces show it; a row is never trusted further than its table."""
    known, key = _source_lines(book), (id(fact), id(file), id(rule))
    # Facts made by hand may be gone when another stands in their place: what is kept holds them.
    found = known.get(key)
    if found is None:
        found = known[key] = _source_line(book, fact, file, rule), (fact, file, rule)
    return found[0]


@lru_cache(maxsize=4)
def _source_lines(_: MonitoringBook) -> dict[tuple[int, int, int], tuple[SourceLine, Any]]:
    """Return the lines made so far of a book, by which objects they are about; patients share them."""
    return {}


def _source_line(book: MonitoringBook, fact: Fact | Item | Row, file: Sheet | General, rule: Rule | None) -> SourceLine:
    line = book.provenance(fact, file, rule)
    trust = confidence(rule, fact) if rule is not None and isinstance(fact, Row) else line.confidence
    return SourceLine(
        source=line.source,
        locator=line.locator,
        checked_on=line.checked_on.isoformat(),
        confidence=trust.value,
        unverified=trust.unverified,
    )
