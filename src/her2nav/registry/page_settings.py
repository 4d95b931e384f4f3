"""The landing page's own facts: `registry/page.yaml` of the shipped data."""

from __future__ import annotations

from pydantic import Field

from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.provenance import Provenance

FILE = "registry/page.yaml"


class Group(Frozen):
    """A group of trials, by the words that a record mentions.

    Attributes:
        any: One of these must be there; empty: every trial that no earlier group took.
        unless: None of these may be there.
    """

    id: str
    title: str
    says: str
    any: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def takes(self, mentions: frozenset[str]) -> bool:
        """Return whether a trial that mentions this belongs here."""
        return (not self.any or bool(mentions.intersection(self.any))) and not mentions.intersection(self.unless)


class Statement(Frozen):
    """A sentence for patients about some tumours and those inside them; no tumours: about all."""

    tumours: tuple[str, ...]
    text: str
    provenance: tuple[Provenance, ...] = Field(min_length=1)

    @property
    def unverified(self) -> bool:
        """True when no source of it was read or known well."""
        return all(line.confidence.unverified for line in self.provenance)


class Question(Frozen):
    """A question to ask the treating team."""

    tumours: tuple[str, ...]
    text: str


class PageSettings(Frozen):
    """The whole file."""

    groups: tuple[Group, ...] = Field(min_length=1)
    testing: tuple[Statement, ...]
    questions: tuple[Question, ...]


def page_settings(knowledge: Knowledge) -> PageSettings:
    """Return the shipped settings."""
    return knowledge.record(FILE, PageSettings)
