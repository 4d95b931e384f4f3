"""Words that pages explain: `web/glossary.yaml` of the shipped data."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.provenance import Provenance

FILE = "web/glossary.yaml"


class Term(Frozen):
    """A word, in plain words, and more exactly where that helps."""

    term: str
    plain: str
    clinical: str | None = None


class Glossary(Frozen):
    """The whole file."""

    provenance: Annotated[tuple[Provenance, ...], Field(min_length=1)]
    terms: tuple[Term, ...]


def glossary(knowledge: Knowledge) -> tuple[Term, ...]:
    """Return the terms by name."""
    found = knowledge.record(FILE, Glossary)
    return tuple(sorted(found.terms, key=lambda one: one.term.casefold()))
