"""Whether two written names mean one thing, by the vocabularies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from her2nav.knowledge.load import Knowledge

Find = Callable[[Knowledge, str], object]
_FINDERS: Mapping[str, Find] = {
    "drugs": lambda known, name: known.drugs.resolve(name).drugs or None,
    "cancer.tumour_type": lambda known, name: known.tumours.find(name),
    "cancer.histology": lambda known, name: known.histologies.find(name),
    "sites": lambda known, name: known.sites.find(name),
    "conditions": lambda known, name: known.conditions.find(name),
    "toxicities": lambda known, name: known.toxicities.find(name),
    "technique": lambda known, name: known.techniques.find(name),
    "labs": lambda known, name: known.variables.find(name),
}


_NESTED = ("conditions", "toxicities")
"""Vocabularies whose terms hold one another."""


@dataclass(frozen=True, slots=True)
class Names:
    """The vocabularies as they are asked here."""

    knowledge: Knowledge

    def same(self, place: str, one: str, other: str) -> bool:
        """Return whether two names of a field are one thing; names that nobody knows must be spelt alike."""
        if one.strip().lower() == other.strip().lower():
            return True
        find = _FINDERS.get(place)
        if find is None:
            return False
        found = find(self.knowledge, one)
        return found is not None and found == find(self.knowledge, other)

    def akin(self, place: str, one: str, other: str) -> bool:
        """Return whether one of two names of a condition or side effect holds the other."""
        terms = getattr(self.knowledge, place, None) if place in _NESTED else None
        if terms is None:
            return False
        first, second = terms.find(one), terms.find(other)
        return None not in (first, second) and (first in terms.wider(second) or second in terms.wider(first))

    def narrower(self, one: str, other: str) -> str | None:
        """Return the more exact of two tumour types of which one holds the other; None: neither does."""
        tumours = self.knowledge.tumours
        first, second = tumours.find(one), tumours.find(other)
        if first is None or second is None:
            return None
        if first in tumours.wider(second):
            return other
        return one if second in tumours.wider(first) else None
