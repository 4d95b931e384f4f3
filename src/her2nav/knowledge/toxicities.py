"""Side effects of treatment: names to terms, with the wider terms that hold each."""

from collections.abc import Sequence

from pydantic import Field

from her2nav.knowledge.names import NameIndex, closure, key
from her2nav.knowledge.schema import Slug
from her2nav.model.base import Frozen


class ToxicityTerm(Frozen):
    """A row of `vocabularies/toxicities.csv`."""

    id: str = Slug
    name: str
    plain_name: str = Field(min_length=2)
    parents: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class ToxicityOntology:
    """Side effects with their wider terms."""

    def __init__(self, terms: Sequence[ToxicityTerm]) -> None:
        self.terms = {item.id: item for item in terms}
        self._closure = closure({item.id: item.parents for item in terms})
        self._index = NameIndex([(name, t.id) for t in terms for name in (t.name, t.id, *t.names)])
        for term in terms:
            for name in (term.name, *term.names):
                if key(name) and self._index.find(name) != term.id:
                    raise ValueError(f"'{name}' names {term.id} and {self._index.find(name)}")

    def find(self, written: str) -> str | None:
        """Return the term of a name, or None."""
        return self._index.find(written)

    def nearest(self, written: str) -> list[str]:
        """Return names that look alike."""
        return self._index.nearest(written)

    def wider(self, identifier: str) -> frozenset[str]:
        """Return the term and all that contain it."""
        return self._closure[identifier]

    def narrower(self, identifier: str) -> frozenset[str]:
        """Return the term and all inside it."""
        return frozenset(item for item, wider in self._closure.items() if identifier in wider)
