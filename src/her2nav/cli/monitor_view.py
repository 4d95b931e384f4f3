"""How a safety plan looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from her2nav.app.monitor import disputed
from her2nav.cli.common import console, indented
from her2nav.cli.disputed_view import show_disputed
from her2nav.cli.monitor_plain import show_plain
from her2nav.facts.case import Case
from her2nav.report.option_words import option_words
from her2nav.report.phrases import Register, closing_lines, day
from her2nav.therapy.safety_results import (
    BaselineAnswer,
    CalendarLine,
    DrugAnswer,
    RuleAnswer,
    SafetyAnswer,
    Sentence,
    SourceLine,
)

_STYLES = {
    "stop": "bold red",
    "hold": "bold red",
    "hold_until_reviewed": "bold red",
    "possible_hold": "yellow",
    "treat": "yellow",
    "check": "yellow",
    "unknown": "cyan",
    "none": "green",
}
_MARKS = {
    "done": ("✔", "green"),
    "missing": ("✘", "bold red"),
    "stale": ("!", "yellow"),
    "not_applicable": ("–", "dim"),
}
_PHASES = {
    "not_on_record": "not on record; give --start where it has begun",
    "planned": "planned",
    "running": "running",
    "ended": "ended",
}
_NEXT = 3
"""Dates of a schedule that stand in the table."""


def show_monitor(
    case: Case, answer: SafetyAnswer, register: Register, versions: dict[str, Any], written: tuple[str, int] | None
) -> None:
    """Print the answer of `monitor`."""
    out = console()
    if register == "plain":
        show_plain(out, case, answer)
    else:
        _clinical(out, case, answer)
    title = option_words(case.knowledge).lines["disputed"]
    show_disputed(out, disputed(case, answer), title, plain=register == "plain")
    if written is not None:
        name, count = written
        out.print(f"\n{count} dates written to {name}", soft_wrap=True)
        if not count:
            out.print("No date lies ahead; --start gives the first dose where the record does not.")
    out.print()
    for line in closing_lines(case.knowledge.words, register, lung=answer.lung_risk and register == "clinical"):
        out.print(Text(line))
    out.print(Text(f"her2nav {versions['her2nav']} · knowledge {versions['knowledge']}", "dim"))


def _clinical(out: Console, case: Case, answer: SafetyAnswer) -> None:
    name = case.patient.id or "patient"
    out.print(Text.assemble((f"Safety plan for {name}", "bold"), f" · as of {day(case.as_of)}"))
    for drug in answer.drugs:
        _drug(out, drug)
    if not any(drug.held for drug in answer.drugs):
        return
    several = len(answer.drugs) > 1
    _sentences(out, "Boxed warnings (US label)", answer.boxed, several=several)
    _sentences(
        out,
        f"Contraindications ({', '.join(answer.jurisdictions) or 'US, EU'})",
        answer.contraindications,
        several=several,
    )
    _rules(out, answer.rules)
    _interactions(out, answer)
    _baseline(out, answer.baseline)
    _calendar(out, answer.calendar)
    _heart(out, answer)
    _doses(out, answer)
    _contraception(out, answer)
    _sentences(out, "Good to know", answer.advice, several=several)
    _symptoms(out, answer)


def _drug(out: Console, drug: DrugAnswer) -> None:
    parts = [drug.name, _PHASES[drug.phase]]
    if drug.start:
        parts.append(f"first dose {drug.start}")
    if drug.end:
        parts.append(f"last dose {drug.end}")
    out.print(" · ".join(parts))
    if not drug.held:
        out.print(Text(f"  No safety facts are held for {drug.name}: use its label.", "yellow"))
    elif drug.before_label:
        out.print(Text(f"  No label on this day; the first is of {drug.label_from}.", "yellow"))


def _heading(out: Console, title: str) -> None:
    out.print()
    out.print(Text(title, "bold underline"))


def _source(line: SourceLine) -> str:
    unverified = " unverified" if line.unverified else ""
    return f"[{line.source}, {line.locator}, {line.confidence}{unverified}, checked {line.checked_on}]"


def _sentences(out: Console, title: str, sentences: Sequence[Sentence], *, several: bool) -> None:
    if not sentences:
        return
    _heading(out, title)
    for one in sentences:
        who = f"{one.drug.replace('_', ' ')}: " if several and one.drug else ""
        who += (
            f"{one.jurisdiction}: " if one.jurisdiction and len({line.jurisdiction for line in sentences}) > 1 else ""
        )
        mark = "UNVERIFIED: " if one.source.unverified else ""
        note = f" ({one.note})" if one.note else ""
        out.print(
            indented(
                Text.assemble("• ", who, (mark, "yellow"), one.clinical + note, (f"  {_source(one.source)}", "dim")), 2
            )
        )


def _rules(out: Console, rules: Sequence[RuleAnswer]) -> None:
    if not rules:
        return
    _heading(out, "Hold and stop rules on the values of the record")
    # A rule of all drugs is said once where several drugs are asked about.
    rules = list({(rule.rule, rule.code, _values(rule)): rule for rule in reversed(rules)}.values())[::-1]
    quiet = [rule for rule in rules if rule.flag == "none"]
    for rule in rules:
        if rule.flag != "none":
            _rule(out, rule)
    if quiet:
        out.print(indented(Text("No hold by:", "green"), 2))
        for rule in quiet:
            out.print(indented(Text.assemble("✔ ", rule.title, (f"  {_values(rule)}", "dim"), _note(rule)), 4))


def _note(rule: RuleAnswer) -> str:
    return f"  ({rule.note})" if rule.note else ""


def _values(rule: RuleAnswer) -> str:
    return "; ".join(f"{one.name} {one.value}" + (f" ({one.date})" if one.date else "") for one in rule.values)


def _rule(out: Console, rule: RuleAnswer) -> None:
    where = f" (if {rule.setting} disease)" if rule.setting else ""
    out.print(indented(Text.assemble((rule.heading, _STYLES[rule.flag]), f" · {rule.title}{where}"), 2))
    for outcome in rule.outcomes:
        if not outcome.certain and outcome.action == "continue":
            continue
        mark = "UNVERIFIED: " if outcome.source.unverified else ""
        text = outcome.clinical if outcome.certain else f"possible: {outcome.clinical}"
        out.print(indented(Text.assemble((mark, "yellow"), text), 6))
    if rule.values:
        out.print(indented(Text(f"values: {_values(rule)}"), 6))
    for one in rule.find_out:
        out.print(indented(Text(f"find out: {one.clinical}", "cyan"), 6))
    if rule.after_hold:
        out.print(indented(Text(f"then: {rule.after_hold}"), 6))
    if rule.note:
        out.print(indented(Text(rule.note, "yellow"), 6))
    out.print(indented(Text(_source(rule.source), "dim"), 6))


def _interactions(out: Console, answer: SafetyAnswer) -> None:
    _heading(out, "Interactions and combinations with the patient's medicines")
    for one in answer.interactions:
        doubt = "" if one.certain else ("UNVERIFIED: " if one.source.unverified else "possible: ")
        line = Text.assemble(
            "! ", (doubt, "yellow"), (one.medicine, "bold"), f" with {one.drug.replace('_', ' ')}: {one.advice}",
            (f"  {_source(one.source)}", "dim"),
        )  # fmt: skip
        out.print(indented(line, 2))
    if not answer.interactions:
        out.print("  None on record that matters.")
    for name in answer.unread_medicines:
        out.print(indented(Text(f"? {name}: not a name that is known; check it by hand", "yellow"), 2))
    if not answer.medications_complete:
        out.print(indented(Text("The list of medicines is not marked complete: ask for all of them.", "cyan"), 2))


def _baseline(out: Console, lines: Sequence[BaselineAnswer]) -> None:
    if not lines:
        return
    _heading(out, "Before the first dose")
    order = ("missing", "stale", "done", "not_applicable")
    for one in sorted(lines, key=lambda line: order.index(line.status)):
        mark, style = _MARKS[one.status]
        status = one.status.replace("_", " ")
        parts = [f"{one.name}: {status}"]
        if one.condition:
            parts.append(f"({one.condition})")
        parts.append(f"– {one.detail}" + (f" ({one.date})" if one.date else ""))
        out.print(indented(Text.assemble((f"{mark} ", style), " ".join(parts)), 2))
        if one.requirement in ("not_met", "unknown"):
            word = "not met" if one.requirement == "not_met" else "not known whether met"
            out.print(indented(Text(f"needs {one.requirement_text}: {word}", "yellow"), 6))


def _calendar(out: Console, lines: Sequence[CalendarLine]) -> None:
    if not lines:
        return
    _heading(out, "Calendar")
    table = Table(box=None, padding=(0, 1), show_edge=False)
    for title in ("check", "how often", "next dates", "last done", "source"):
        table.add_column(title, overflow="fold")
    for one in lines:
        often = f"{one.shown} ({one.drug.replace('_', ' ')})"
        if one.source.unverified:
            often = f"UNVERIFIED: {often}"
        done = (one.last_done or "not on record") + (" OVERDUE" if one.overdue else "")
        table.add_row(one.name, often, _next(one), done, f"{one.source.locator}, {one.source.confidence}")
    out.print(table)


def _next(line: CalendarLine) -> str:
    if line.next_due is None:
        return "–"
    coming = [one for one in line.dates if one >= line.next_due]
    return ", ".join(coming[:_NEXT]) + (" …" if len(coming) > _NEXT else "")


def _heart(out: Console, answer: SafetyAnswer) -> None:
    if not answer.heart_risks:
        return
    _heading(out, "Risk to the heart")
    words = {"met": ("!", "present"), "unknown": ("?", "not known"), "not_met": ("✔", "absent")}
    for one in sorted(answer.heart_risks, key=lambda risk: ("met", "unknown", "not_met").index(risk.truth)):
        mark, word = words[one.truth]
        unverified = " (unverified limit)" if one.source.unverified else ""
        shown = f" – {'; '.join(one.evidence)}" if one.evidence else ""
        out.print(indented(Text(f"{mark} {one.clinical}: {word}{unverified}{shown}"), 2))
    if any(one.truth == "met" for one in answer.heart_risks):
        _bullets(out, "Protection:", (_said(one) for one in answer.heart_protection))


def _said(one: Sentence) -> str:
    mark = "UNVERIFIED: " if one.source.unverified else ""
    return f"{mark}{one.clinical}" + (f" ({one.note})" if one.note else "")


def _bullets(out: Console, title: str, lines: Iterable[str]) -> None:
    out.print(indented(Text(title), 2))
    for line in lines:
        out.print(indented(Text(f"• {line}"), 4))


def _doses(out: Console, answer: SafetyAnswer) -> None:
    if not answer.doses:
        return
    _heading(out, "Dose bands and reduction steps")
    for one in answer.doses:
        mark = "UNVERIFIED: " if one.source.unverified else ""
        unclear = "" if one.applies else " (whether it is for this patient is not known)"
        line = (
            f"• {mark}{one.drug.replace('_', ' ')} {one.label}, {one.schedule}{unclear}; levels {', '.join(one.levels)}"
        )
        out.print(indented(Text.assemble(line, (f"  {_source(one.source)}", "dim")), 2))
        if one.fits is False:
            out.print(indented(Text(f"! on record {one.recorded}: not one of these levels", "bold red"), 4))
        elif one.fits:
            out.print(indented(Text(f"on record {one.recorded}: one of these levels", "green"), 4))


def _contraception(out: Console, answer: SafetyAnswer) -> None:
    if all(one.applies is False for one in answer.contraception):
        return
    _heading(out, "Contraception and breastfeeding after the last dose")
    names = {
        "female": "contraception, patient who can become pregnant",
        "male": "contraception, male patient with a partner who can",
        "breastfeeding": "no breastfeeding",
    }
    for one in answer.contraception:
        if one.applies is False:
            continue
        length = one.length or "not verified: check the label"
        until = f", until {day(date.fromisoformat(one.until))}" if one.until else ""
        here = "" if one.applies else " (if it applies)"
        text = f"• {one.drug.replace('_', ' ')}: {names[one.who]}: {length}{until}{here}"
        out.print(indented(Text.assemble(text, (f"  {_source(one.source)}", "dim")), 2))


def _symptoms(out: Console, answer: SafetyAnswer) -> None:
    _heading(out, "Symptoms that need action")
    for one in answer.symptoms:
        out.print(indented(Text(f"• {'now' if one.urgency == 'now' else 'same day'}: {one.clinical}"), 2))
