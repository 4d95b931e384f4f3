"""Tumour types and histologies: names and codes to types, and what each type implies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from her2nav.knowledge.names import Hierarchy, NameIndex, closure
from her2nav.knowledge.schema import Histology, TumourType

ROOT = "solid_tumour"


class TumourOntology:
    """Tumour types with their wider types."""

    def __init__(self, types: Sequence[TumourType]) -> None:
        self.types = {item.id: item for item in types}
        self._closure = closure({item.id: item.parents for item in types})
        codes = [(code, item.id) for item in types for code in item.oncotree]
        names = [(name, item.id) for item in types for name in (item.name, item.id, *item.names, item.plain_name)]
        self._index = NameIndex([*names, *codes])

    def find(self, written: str) -> str | None:
        """Return the type of a name or OncoTree code, or None."""
        return self._index.find(written)

    def nearest(self, written: str) -> list[str]:
        """Return names that look alike."""
        return self._index.nearest(written, cutoff=0.6)

    def wider(self, identifier: str) -> frozenset[str]:
        """Return the type and all types that contain it."""
        return self._closure[identifier]

    def narrower(self, identifier: str) -> frozenset[str]:
        """Return the type and all types inside it."""
        return self._narrower.get(identifier, frozenset({identifier}))

    @cached_property
    def _narrower(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {identifier: set() for identifier in self.types}
        for identifier, wider in self._closure.items():
            for item in wider:
                found[item].add(identifier)
        return {identifier: frozenset(items) for identifier, items in found.items()}

    def scoring(self, identifier: str) -> str | None:
        """Return the HER2 scoring system of a type, inherited along the first parents; None: no rule is known."""
        return self._inherited(identifier, "her2_scoring")

    def guideline(self, identifier: str) -> str | None:
        """Return the folder of decision tables of a type, inherited along the first parents."""
        return self._inherited(identifier, "guideline")

    def _inherited(self, identifier: str, field: str) -> str | None:
        while True:
            item = self.types[identifier]
            value: str | None = getattr(item, field)
            if value is not None or not item.parents:
                return value
            identifier = item.parents[0]


class HistologyOntology(Hierarchy):
    """Histologies with their wider ones."""

    def __init__(self, histologies: Sequence[Histology]) -> None:
        self.histologies = {item.id: item for item in histologies}
        super().__init__(
            {item.id: item.parents for item in histologies},
            [(name, h.id) for h in histologies for name in (h.name, h.id, *h.names)],
        )
