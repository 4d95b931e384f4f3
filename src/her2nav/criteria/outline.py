"""The outline of an eligibility text: items with what is nested under each, and its headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

SectionName = Literal["inclusion", "exclusion"]


@dataclass(slots=True)
class Item:
    """A bullet or paragraph with what is nested under it.

    Attributes:
        start: First character, bullet apart.
        end: One past its last character, nested items not counted.
        section: The section it stands in.
        scope: Names of cohorts, parts or phases a heading above limits it to; empty: all.
        children: Nested items.
        heading: Its heading where a label above says what it is about ("age").
    """

    start: int
    end: int
    section: SectionName
    scope: tuple[str, ...] = ()
    children: list[Item] = field(default_factory=list)
    heading: str = ""
    level: int = 0
    frayed: bool = False
    """A lead of which only the first entry is known: the list lost its indent."""
    of_group: bool = False
    """A heading that names whom the lines behind it bind; where these end is not known."""

    def walk(self) -> Iterator[Item]:
        """Yield the item and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class Outline:
    """An eligibility text taken apart.

    Attributes:
        text: As it is in the registry.
        plain: `language.view.plain` of it.
        items: Top-level items in order.
        headings: Spans of headings and bullet marks: text that states no criterion.
    """

    text: str
    plain: str
    items: list[Item]
    headings: list[tuple[int, int]]
