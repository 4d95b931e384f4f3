"""Words that pages explain: found by the language automaton, once in a section, never inside a quotation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from her2nav.knowledge.load import Knowledge
from her2nav.language.dictionary import Dictionary
from her2nav.model.base import Frozen
from her2nav.model.provenance import Provenance
from her2nav.report.phrases import Register

if TYPE_CHECKING:
    from markupsafe import Markup

FILE = "web/glossary.yaml"
_CATEGORY = "glossary"
_BUTTON = '<button type="button" class="term" popovertarget="w-{0}" title="{1}">{2}</button>'
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]")


class Term(Frozen):
    """A word, in plain words, and more exactly where that helps; `also`: other ways to write it.

    One that is `listed` only stands in the glossary and is not sought in texts, where it may mean something else.
    """

    term: str
    plain: str
    clinical: str | None = None
    also: tuple[str, ...] = ()
    listed: bool = False

    @property
    def anchor(self) -> str:
        """Its id on a page.

        >>> Term(term="Line of therapy", plain="").anchor
        'line-of-therapy'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.term.lower()).strip("-")

    def says(self, register: Register) -> str:
        """Return the explanation; for clinicians only what is more exact than the plain words."""
        return self.plain if register == "plain" else self.clinical or ""


class Glossary(Frozen):
    """`web/glossary.yaml`."""

    provenance: Annotated[tuple[Provenance, ...], Field(min_length=1)]
    terms: tuple[Term, ...]


@lru_cache(maxsize=4)
def glossary(knowledge: Knowledge) -> tuple[Term, ...]:
    """Return the terms by name."""
    found = knowledge.record(FILE, Glossary)
    return tuple(sorted(found.terms, key=lambda one: one.term.casefold()))


@lru_cache(maxsize=4)
def _dictionary(knowledge: Knowledge) -> Dictionary:
    return Dictionary(
        (_CATEGORY, name, str(number))
        for number, one in enumerate(glossary(knowledge))
        if not one.listed
        for name in (one.term, *one.also)
    )


def found_in(text: str, knowledge: Knowledge) -> Iterator[tuple[int, int, Term]]:
    """Yield start, end and term of each word of the glossary in a text, but not of what is quoted in it."""
    low = text.lower()
    if len(low) != len(text):  # a letter whose small form is longer would shift every place
        return
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    hits, _ = _dictionary(knowledge).find(low)
    for hit in hits:
        number = hit.id(_CATEGORY)
        if number is not None and not any(first < hit.end and hit.start < end for first, end in quoted):
            yield hit.start, hit.end, glossary(knowledge)[int(number)]


class Gloss:
    """Explains the words of one page: the first time in each section, by a button that shows what the word means."""

    def __init__(self, knowledge: Knowledge, register: Register) -> None:
        self._knowledge, self._register = knowledge, register
        self._here: set[str] = set()
        self._used: dict[str, Term] = {}

    def begin(self) -> str:
        """Begin a section; returns nothing to print."""
        self._here.clear()
        return ""

    def __call__(self, text: str) -> Markup:
        """Return a text, escaped, with its words explained."""
        from markupsafe import Markup, escape

        pieces: list[Markup] = []
        done = 0
        for start, end, term in found_in(text, self._knowledge):
            if term.term in self._here or not term.says(self._register):
                continue
            self._here.add(term.term)
            self._used[term.term] = term
            button = Markup(_BUTTON).format(term.anchor, term.says(self._register), text[start:end])
            pieces += [escape(text[done:start]), button]
            done = end
        return Markup("").join([*pieces, escape(text[done:])])

    @property
    def used(self) -> tuple[Term, ...]:
        """The words explained so far."""
        return tuple(self._used.values())

    def also(self, used: Iterable[Term]) -> None:
        """Take in the words explained in what was written before."""
        self._used.update((one.term, one) for one in used)

    @property
    def words(self) -> list[tuple[str, str, str]]:
        """Anchor, term and explanation of every word explained so far."""
        used = sorted(self._used.values(), key=lambda one: one.term.casefold())
        return [(one.anchor, one.term, one.says(self._register)) for one in used]
