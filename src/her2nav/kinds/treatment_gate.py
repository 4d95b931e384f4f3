"""Which criteria on drugs the treatments and medicines of a record do not touch."""

from __future__ import annotations

from collections.abc import Iterable

from her2nav.facts.case import Case
from her2nav.facts.lines import unlisted
from her2nav.facts.medications import is_judged, taken, widened, with_classes
from her2nav.facts.once import once_from
from her2nav.facts.terms import TermSet
from her2nav.knowledge.load import Knowledge


@once_from("medications", "planned", "therapies", "cancer")
def held(case: Case) -> frozenset[str] | None:
    """Return every drug and class that a course, a medicine or a drug beside the list may be; None: any."""
    found: set[str] = set()
    for one in _drugs(case):
        could = with_classes(one, case.knowledge).could
        if could is None:
            return None
        found |= could
    return frozenset(found)


def _drugs(case: Case) -> Iterable[TermSet]:
    for course in case.courses:
        yield from course.drugs
    for item in taken(case):
        yield from item.terms
    for group in unlisted(case):
        yield from group


def told_by_drugs(terms: tuple[str, ...], knowledge: Knowledge) -> frozenset[str] | None:
    """Return the terms asked for under every name; None where a drug does not tell whether it is meant."""
    if not all(is_judged(term, knowledge) for term in terms):
        return None
    return frozenset(widened(terms, knowledge) or (knowledge.line_rules.systemic,))


@once_from("complete", "medications", "planned", "therapies", "cancer")
def lists_of(case: Case) -> tuple[bool, bool, bool]:
    """Return what the answer rests on where no drug is meant: complete lists, and a list that is not settled."""
    complete, table = case.patient.complete, case.alone.therapies
    return complete.therapies, complete.medications, bool(table.unsettled.any())
