"""Techniques of radiotherapy, surgery and other procedures: names, what each implies and rules out."""

import re
from collections.abc import Sequence
from functools import cached_property

from pydantic import Field

from her2nav.knowledge.names import NameIndex, closure
from her2nav.knowledge.schema import Slug
from her2nav.model.base import Frozen

_JOINERS = re.compile(r"\s*(?:[+/,;()]|\band\b|\bwith\b)\s*", re.IGNORECASE)
_WORDS_AT_MOST = 4


class Technique(Frozen):
    """A row of `vocabularies/techniques.csv`."""

    id: str = Slug
    name: str
    plain_name: str
    kinds: tuple[str, ...] = Field(min_length=1)
    """Kinds of procedure that it is a technique of."""
    axes: tuple[str, ...] = Field(min_length=1)
    """What it describes (delivery, field, intent, operation, ...); techniques of one axis rule each other out."""
    parents: tuple[str, ...] = ()
    major: bool | None = None
    """Whether it is a major operation; None: it may be."""
    sites: tuple[str, ...] = ()
    """Body sites where alone it is done; empty: anywhere."""
    certain_sites: tuple[str, ...] = ()
    """A procedure of its kind at one of these sites is this technique."""
    names: tuple[str, ...] = ()


class TechniqueOntology:
    """Techniques with their wider techniques."""

    def __init__(self, rows: Sequence[Technique]) -> None:
        self.techniques = {row.id: row for row in rows}
        self._closure = closure({row.id: row.parents for row in rows})
        self._index = NameIndex([(name, row.id) for row in rows for name in (row.id, row.name, *row.names)])

    def find(self, written: str) -> str | None:
        """Return the technique of a name, or None."""
        return self._index.find(written)

    def read(self, written: str) -> frozenset[str]:
        """Return every technique named in a text, with the wider ones."""
        whole = self.find(written)
        found = {whole} if whole is not None else set()
        if whole is None:
            for part in _JOINERS.split(written):
                found |= self._in_words(part.split())
        return frozenset(wider for item in found for wider in self._closure[item])

    def _in_words(self, words: list[str]) -> set[str]:
        found: set[str] = set()
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + _WORDS_AT_MOST), start, -1):
                item = self.find(" ".join(words[start:end]))
                if item is not None:
                    found.add(item)
                    start = end - 1
                    break
            start += 1
        return found

    def axes(self, items: frozenset[str]) -> frozenset[str]:
        """Return what a set of techniques describes."""
        return frozenset(axis for item in items for axis in self.techniques[item].axes)

    def narrower(self, identifier: str) -> frozenset[str]:
        """Return the technique and all inside it."""
        return self._narrower[identifier]

    @cached_property
    def _narrower(self) -> dict[str, frozenset[str]]:
        return {
            item: frozenset(other for other, wider in self._closure.items() if item in wider) for item in self._closure
        }
