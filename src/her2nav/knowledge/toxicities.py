"""Side effects of treatment: names to terms, with the wider terms that hold each."""

from collections.abc import Sequence

from pydantic import Field

from her2nav.knowledge.names import Hierarchy, key
from her2nav.knowledge.schema import Slug
from her2nav.model.base import Frozen


class ToxicityTerm(Frozen):
    """A row of `vocabularies/toxicities.csv`."""

    id: str = Slug
    name: str
    plain_name: str = Field(min_length=2)
    parents: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class ToxicityOntology(Hierarchy):
    """Side effects with their wider terms."""

    def __init__(self, terms: Sequence[ToxicityTerm]) -> None:
        self.terms = {item.id: item for item in terms}
        super().__init__(
            {item.id: item.parents for item in terms},
            [(name, t.id) for t in terms for name in (t.name, t.id, *t.names)],
        )
        for term in terms:
            for name in (term.name, *term.names):
                if key(name) and self._index.find(name) != term.id:
                    raise ValueError(f"'{name}' names {term.id} and {self._index.find(name)}")
