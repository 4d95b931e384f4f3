"""A sentence as its forms see it: its words, where it stands, and the readers of its parts."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from her2nav.criteria.guarded import GuardReader
from her2nav.criteria.sentences import part
from her2nav.criteria.statement_nodes import bound_by, unread
from her2nav.kinds.reading.base import Section
from her2nav.language.view import View
from her2nav.model.tree import Leaf, Node

Answer = tuple[Node | None] | None
"""What a sentence states, which may be nothing; None where it is not of the form asked for."""
Place = tuple[int, int]


class Reads(Protocol):
    """What reads the parts of a sentence."""

    guards: GuardReader

    def sentence(self, view: View, section: Section, *, permits: bool = False) -> Node | None:
        """The proposition of one sentence."""
        ...

    def by_rules(self, view: View, section: Section) -> Node | None:
        """The same by the rules alone, whatever form the sentence has."""
        ...


class Whole(NamedTuple):
    """A sentence.

    Attributes:
        view: Its words.
        section: Where it stands.
        permits: It only allows something.
        reader: Reads its parts.
    """

    view: View
    section: Section
    permits: bool
    reader: Reads

    @property
    def text(self) -> str:
        """Its plain words."""
        return self.view.text

    @property
    def excludes(self) -> bool:
        """Whether it stands among the exclusions."""
        return self.section == "exclusion"

    def read(self, place: Place, section: Section | None = None) -> Node | None:
        """Return the proposition of a stretch."""
        return self.reader.sentence(part(self.view, *place), section or self.section)

    def by_rules(self, place: Place | None = None) -> Node | None:
        """Return what the rules alone make of a stretch, or of the whole."""
        return self.reader.by_rules(self.view if place is None else part(self.view, *place), self.section)

    def open(self, place: Place | None = None) -> Leaf:
        """Return a stretch, or the whole, as unread."""
        return unread(self.view.span(*(place or (0, len(self.text)))))

    def whom(self, place: Place) -> Leaf:
        """Return a stretch that says whom a demand binds."""
        return bound_by(self.view.span(*place))

    def behind(self, at: int) -> Place:
        """Return the stretch from a place on."""
        return at, len(self.text)
