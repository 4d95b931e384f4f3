"""How the statements of a page are told: in which register, with which sources, and which words are explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from her2nav.knowledge.schema import Source
from her2nav.report.glossary import Gloss
from her2nav.report.phrases import Register
from her2nav.report.sections import Told, title_of

if TYPE_CHECKING:
    from markupsafe import Markup


def shown(told: Iterable[Told], register: Register, *, numbers: bool) -> list[Told]:
    """Return the statements that a register has words for; numbers of studies only where they are asked for."""
    return [one for one in told if one.text(register) and (numbers or register == "clinical" or not one.numbers)]


class Plainly:
    """Explains no word: for pages that are quoted elsewhere, and for the count of a reading grade."""

    words: tuple[tuple[str, str, str], ...] = ()

    def begin(self) -> str:
        """Begin a section."""
        return ""

    def __call__(self, text: str) -> str:
        """Return the text."""
        return text


@dataclass(frozen=True, slots=True)
class Telling:
    """What the macros of `sections.html.j2` ask.

    Attributes:
        register: For whom.
        sources: Titles of documents.
        gloss: Explains words.
        numbers: Numbers of studies are shown to patients too.
        pictures: Pictures stand in the page; False where its style rules forbid them.
        places: Numbers of the documents in the list at the end of the page, by id.
    """

    register: Register
    sources: Mapping[str, Source]
    gloss: Gloss | Plainly = field(default_factory=Plainly)
    numbers: bool = False
    pictures: bool = True
    places: Mapping[str, int] = field(default_factory=dict)

    def shown(self, told: Iterable[Told]) -> list[Told]:
        """Return the statements that are shown."""
        return shown(told, self.register, numbers=self.numbers)

    def title(self, source: str) -> str:
        """Return the title of a document."""
        return title_of(source, self.sources)

    def number(self, source: str) -> int | None:
        """Return the number of a document in the list at the end; None where there is none."""
        return self.places.get(source)

    def safe(self, svg: str) -> Markup:
        """Return a picture of ours, which escapes what it quotes."""
        from markupsafe import Markup

        return Markup(svg)
