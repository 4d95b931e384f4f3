"""How answers to questions look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from her2nav.app.ask import Answer
from her2nav.app.ask_answers import QuestionList
from her2nav.app.derived import Derived
from her2nav.cli.common import console, indented
from her2nav.cli.disputed_view import show_disputed
from her2nav.knowledge.schema import Source
from her2nav.report.option_words import option_words
from her2nav.report.phrases import Register, closing_lines, day
from her2nav.report.sections import Section, Told, sources_of, title_of
from her2nav.report.telling import shown

_NEXT = "Often asked next"


def show_answer(derived: Derived, answer: Answer, *, plain: bool, numbers: bool) -> None:
    """Print one answer."""
    out = console()
    register: Register = "plain" if plain else "clinical"
    out.print(Text(answer.plain if plain else answer.clinical, "bold"))
    who = "For you" if plain else derived.name
    out.print(Text(f"{who}, as of {day(derived.case.as_of)}", "dim"))
    if not plain:
        for line in derived.read.warnings:
            out.print(Text(f"! {line}", "yellow"))
    out.print()
    _statements(out, answer.told, register, derived.knowledge.sources, numbers=numbers, columns=0)
    title = option_words(derived.knowledge).lines["disputed"]
    show_disputed(out, answer.conflicts, title, plain=plain)
    if plain:
        _sources(out, [Section("answer", "", answer.told)], derived.knowledge.sources)
        if any(one.numbers and one.plain for one in answer.told) and not numbers:
            out.print(Text("--numbers shows the numbers of studies too.", "dim"))
    _foot(out, derived, answer.asked.question.next, register)


def show_sections(derived: Derived, title: str, sections: Sequence[Section], *, plain: bool, numbers: bool) -> None:
    """Print sections, such as the questions to take along."""
    out = console()
    register: Register = "plain" if plain else "clinical"
    out.print(Text.assemble((title, "bold"), f" · {day(derived.case.as_of)}"))
    for section in sections:
        _section(out, section, register, derived.knowledge.sources, numbers=numbers)
    _foot(out, derived, (), register)


def show_list(listed: QuestionList, *, plain: bool) -> None:
    """Print what can be asked."""
    out = console()
    for group in listed.groups:
        out.print()
        out.print(Text(group.plain if plain else group.clinical, "bold underline"))
        for one in group.questions:
            text = (
                one.plain if plain else one.clinical.format(drug="DRUG", trial="NCT########", score="0, 1+, 2+ or 3+")
            )
            out.print(indented(Text.assemble((f"{one.question:<18} ", "cyan"), text), 2))
    out.print()
    out.print('her2nav ask PATIENT "your question", or the name on the left; DRUG, TRIAL, SCORE: name it after that.')


def show_nearest(questions: Sequence[tuple[str, str, str]], *, plain: bool) -> None:
    """Print one sentence and the questions that come nearest."""
    out = console()
    lead = (
        "We have no answer to that yet, but your team may. Is one of these what you mean?"
        if plain
        else "There is no answer to that here. The nearest questions:"
    )
    out.print(lead)
    for name, clinical, words in questions:
        out.print(indented(Text.assemble((f"{name:<18} ", "cyan"), words if plain else clinical), 2))


def _section(
    out: Console, section: Section, register: Register, sources: Mapping[str, Source], *, numbers: bool
) -> None:
    out.print()
    out.print(Text(section.title, "bold underline"))
    _statements(out, section.told, register, sources, numbers=numbers, columns=1, numbered=section.numbered)
    for part in section.parts:
        out.print(indented(Text(part.title, "bold"), 1))
        _statements(out, part.told, register, sources, numbers=numbers, columns=3, numbered=part.numbered)


def _statements(
    out: Console,
    told: Iterable[Told],
    register: Register,
    sources: Mapping[str, Source],
    *,
    numbers: bool,
    columns: int,
    numbered: bool = False,
) -> None:
    for number, one in enumerate(shown(told, register, numbers=numbers), 1):
        mark = f"{number}. " if numbered else ("" if one.strong and not columns else "• ")
        line = Text.assemble(mark, (one.text(register), "bold" if one.strong else ""))
        if one.unverified:
            line.append(" (not checked)" if register == "plain" else " UNVERIFIED", "yellow")
        if register == "clinical" and (one.places or one.record):
            line.append(f"  [{_from(one, sources)}]", "dim")
        out.print(indented(line, columns))
        _statements(out, one.items, register, sources, numbers=numbers, columns=columns + 3)


def _from(one: Told, sources: Mapping[str, Source]) -> str:
    record = [item.path + (f" ({item.date})" if item.date else "") for item in one.record]
    places = [
        ", ".join(part for part in (title_of(place.source, sources), place.locator, place.confidence) if part)
        for place in one.places
    ]
    return "; ".join((*record, *places))


def _sources(out: Console, sections: Sequence[Section], sources: Mapping[str, Source]) -> None:
    """Print where a plain answer comes from, each document once."""
    found = sources_of(sections, sources, "plain")
    out.print()
    out.print(Text("Where this comes from", "bold underline"))
    out.print(indented(Text("• your record"), 2))
    for _, one in found:
        out.print(indented(Text(f"• {one.plain}" + (" (not checked)" if one.unverified else ""), "dim"), 2))


def _foot(out: Console, derived: Derived, following: Sequence[str], register: Register) -> None:
    if following:
        out.print()
        out.print(Text(f"{_NEXT}: {', '.join(following)}", "dim"))
    out.print()
    for line in closing_lines(derived.knowledge.words, register, lung=derived.lung):
        out.print(Text(line, "italic"))
    if register == "clinical":
        versions = derived.versions
        out.print(Text(f"her2nav {versions['her2nav']} · knowledge {versions['knowledge']}", "dim"))
