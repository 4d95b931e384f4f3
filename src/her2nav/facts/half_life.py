"""Half-lives of the drugs of a course, where a waiting time is counted in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import inf
from typing import Literal

from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import drug_terms
from her2nav.knowledge.drugs import DrugNames
from her2nav.knowledge.load import Knowledge
from her2nav.model.truth import Truth


def longest_half_life(
    written: tuple[DrugNames, ...], meant: Callable[[TermSet], Truth], knowledge: Knowledge
) -> tuple[float, float]:
    """Return the least and greatest that the longest half-life of the drugs meant can be, days, of those written.

    A drug that is meant and has no half-life that was checked makes the greatest infinite.
    """
    low, high = 0.0, 0.0
    for names in written:
        terms = drug_terms(names, knowledge.drugs)
        for drug, one in zip(names.drugs, terms, strict=False):
            answer, days = meant(one), half_life_days(drug, knowledge)
            if answer is not Truth.NOT_MET:
                high = max(high, inf if days is None else days)
            if answer is Truth.MET:
                low = max(low, days or 0.0)
        for item, one in zip(names.classes, terms[len(names.drugs) :], strict=False):
            if meant(one) is not Truth.NOT_MET:
                days_of = [half_life_days(drug, knowledge) for drug in knowledge.drugs.members(item)]
                high = max(high, inf if None in days_of else max((d for d in days_of if d is not None), default=inf))
        # Letters with several readings, and a name that nobody knows.
        rest = terms[len(names.drugs) + len(names.classes) :]
        if any(meant(one) is not Truth.NOT_MET for one in rest):
            high = inf
    return low, high if written else inf


@lru_cache(maxsize=4096)
def half_life_days(drug: str, knowledge: Knowledge) -> float | None:
    """Return the half-life of a drug; None when there is none or it is unverified."""
    record = knowledge.drugs.drugs[drug]
    lines = [line for line in record.provenance if not line.covers or "half_life" in line.covers]
    if record.half_life is None or all(line.confidence.unverified for line in lines):
        return None
    return float(record.half_life.days)


def joined(days: float, low: float, high: float, whichever: Literal["shorter", "longer"] | None) -> tuple[float, float]:
    """Return the least and greatest waiting time where days and half-lives are both given.

    A text that does not say which of the two counts can mean either.
    """
    least = max(low, days) if whichever == "longer" else min(low, days)
    most = min(high, days) if whichever == "shorter" else max(high, days)
    return least, most
