"""What a page of answers is made of: statements with their sources, tables, sections, pages; in both registers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from her2nav.interpret.results import RuleRef
from her2nav.knowledge.citations import cited
from her2nav.knowledge.conflicts import Conflict
from her2nav.knowledge.schema import Source
from her2nav.model.finding import Evidence
from her2nav.model.provenance import Provenance
from her2nav.report.phrases import Register, day
from her2nav.testing.results import SourceLine
from her2nav.therapy.safety_results import SourceLine as SafetySource

_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z])")
Paper = Literal["A4", "letter"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands.

    Attributes:
        source: Id of a document, or the public address of a registry record.
        locator: The place in it.
        confidence: How it was checked; empty where it was read from the registry.
        unverified: Shown as such; nothing is decided by it alone.
        checked_on: Day of the check, where known.
    """

    source: str
    locator: str
    confidence: str = ""
    unverified: bool = False
    checked_on: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One statement.

    Attributes:
        clinical: For clinicians; empty: for patients only.
        plain: For patients; empty: for clinicians only.
        places: Where it stands.
        record: The items of the patient's record that it rests on.
        numbers: It is a number of a study or of a population, which patients see only when they ask for numbers.
        unverified: No source of it was read or known well.
        items: What belongs under it.
        strong: It stands out.
    """

    clinical: str
    plain: str = ""
    places: tuple[Place, ...] = ()
    record: tuple[Evidence, ...] = ()
    numbers: bool = False
    unverified: bool = False
    items: tuple[Told, ...] = ()
    strong: bool = False

    def text(self, register: Register) -> str:
        """Return the words of a register."""
        return self.plain if register == "plain" else self.clinical


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page.

    Attributes:
        id: Anchor, unique on the page.
        title: Heading.
        told: Statements.
        lead: Paragraphs before them.
        tables: Tables after them.
        svg: A picture that is safe to embed, in words elsewhere on the page.
        quiet: Small print after them.
        parts: Sections one heading lower.
        keep: Not broken across sheets of paper.
        fresh: Begins on a new sheet.
        boxes: Empty fields to fill in by hand, by label; a text stands in the field.
        numbered: The statements are an ordered list.
        cards: What stands out at the top: what it is, its value, and the status whose colour it has.
        anchors: Of a list of sources, the id of the document of each statement.
    """

    id: str
    title: str
    told: tuple[Told, ...] = ()
    lead: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    svg: str = ""
    quiet: tuple[str, ...] = ()
    parts: tuple[Section, ...] = ()
    keep: bool = False
    fresh: bool = False
    boxes: tuple[tuple[str, str], ...] = ()
    numbered: bool = False
    cards: tuple[tuple[str, str, str], ...] = ()
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        title: Heading and title of the document.
        subtitle: Whose, what, as of when.
        register: For whom it is written.
        sections: Its parts.
        alerts: Sentences that stand before everything else.
        closing: Sentences that stand below every answer.
        foot: Small print: warnings, what the page is.
        versions: What it was made with.
        paper: Size of the sheet it is printed on.
        contents: Whether a list of its sections stands at the top.
        grade: Reading grade, of a plain page.
        names: Titles of trials on it, which a reading grade counts as one short word each.
        private: It holds data of a patient.
        dense: Set in small type on paper, so that a case fits on a sheet.
        explained: Words of the glossary are explained where they first stand, and at the end.
    """

    title: str
    subtitle: str
    register: Register
    sections: tuple[Section, ...]
    versions: Mapping[str, Any]
    alerts: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    paper: Paper = "A4"
    contents: bool = True
    grade: float | None = None
    names: tuple[str, ...] = ()
    private: bool = True
    dense: bool = False
    explained: bool = False


def told_of(sections: Iterable[Section]) -> Iterator[Told]:
    """Yield every statement of sections, those under others too."""
    for section in sections:
        yield from _under(section.told)
        yield from told_of(section.parts)


def _under(told: Iterable[Told]) -> Iterator[Told]:
    for one in told:
        yield one
        yield from _under(one.items)


def once(told: Iterable[Told]) -> tuple[Told, ...]:
    """Return statements of which patients read each sentence once; without one in either register they are left out."""
    seen: set[str] = set()
    found = []
    for one in told:
        kept = replace(one, plain="") if one.plain in seen else one
        seen.add(one.plain)
        if kept.clinical or kept.plain:
            found.append(kept)
    return tuple(found)


def said_once(points: Iterable[str]) -> list[str]:
    """Return texts without the sentences that one before them, or they themselves, already said.

    >>> said_once(["Ask for a scan. Ask for a scan.", "Ask for a scan.", "Rest. Ask for a scan."])
    ['Ask for a scan.', 'Rest.']
    """
    seen: set[str] = set()
    found = []
    for point in points:
        kept = []
        for sentence in _SENTENCE.split(point):
            if sentence not in seen:
                seen.add(sentence)
                kept.append(sentence)
        if kept:
            found.append(" ".join(kept))
    return found


# --- places ---------------------------------------------------------------------------------------------------------


def of_provenance(lines: Iterable[Provenance]) -> tuple[Place, ...]:
    """Return the places of a fact of `data/`."""
    return tuple(
        Place(
            line.source,
            line.locator,
            line.confidence.value,
            line.confidence.unverified,
            line.checked_on.isoformat(),
        )
        for line in lines
    )


def of_rules(rules: Iterable[RuleRef]) -> tuple[Place, ...]:
    """Return the places of rows of decision tables, each once."""
    places = (
        Place(ref.source, f"{ref.locator} (row {ref.id})", ref.confidence.value, ref.confidence.unverified)
        for ref in rules
    )
    return tuple(dict.fromkeys(places))


def of_plan(lines: Iterable[SourceLine]) -> tuple[Place, ...]:
    """Return the places of a reason of a testing plan."""
    return tuple(Place(line.source, line.locator, line.confidence.value, line.unverified) for line in lines)


def of_safety(lines: Iterable[SafetySource]) -> tuple[Place, ...]:
    """Return the places of a fact of the safety plan."""
    return tuple(Place(line.source, line.locator, line.confidence, line.unverified, line.checked_on) for line in lines)


def conflict_told(one: Conflict) -> Told:
    """Return a contradiction: all values with sources, which is used and why; one sentence for patients."""
    weak = " (unverified)" if one.unverified else ""
    claims = tuple(Told(f"{claim.says} [{cited(claim.cite)}]") for claim in one.claims)
    used = Told(f"Used here: {one.used}{weak}. Why: {one.why}.")
    return Told(f"{one.id}: {one.title}", one.plain or "", items=(*claims, used))


# --- sources at the end of a page -----------------------------------------------------------------------------------


def sources_section(
    title: str, sections: Iterable[Section], sources: Mapping[str, Source], register: Register
) -> Section:
    """Return the section that lists the documents, to which the statements of a page refer by number."""
    found = sources_of(sections, sources, register)
    return Section(
        "sources", title, tuple(told for _, told in found), numbered=True, anchors=tuple(name for name, _ in found)
    )


def sources_of(
    sections: Iterable[Section], sources: Mapping[str, Source], register: Register
) -> tuple[tuple[str, Told], ...]:
    """Return every document that statements rest on, by id, each once, with when it was published and checked."""
    found: dict[str, set[str]] = {}
    weak: dict[str, bool] = {}
    for told in told_of(sections):
        if told.text(register) and not (told.numbers and register == "plain"):
            for place in told.places:
                found.setdefault(place.source, set()).update([place.checked_on] if place.checked_on else [])
                weak[place.source] = weak.get(place.source, True) and place.unverified
    lines = []
    for name, days in sorted(found.items(), key=lambda item: title_of(item[0], sources)):
        source = sources.get(name)
        published = f", published {source.published}" if source is not None and source.published else ""
        checked = f"; checked {max(days)}" if days else ""
        read = f" ({source.how_read})" if source is not None and register == "clinical" else ""
        text = f"{title_of(name, sources)}{published}{checked}{read}"
        lines.append((name, Told(text, text, unverified=weak[name])))
    return tuple(lines)


def title_of(source: str, sources: Mapping[str, Source]) -> str:
    """Return the title of a document; an address stands for itself."""
    return sources[source].title if source in sources else source


def written_day(text: str) -> str:
    """Return a day of ISO form as people write it; a partial one as it stands."""
    from datetime import date

    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
