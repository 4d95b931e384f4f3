"""How a plan of testing looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from her2nav.app.disputed import disputed_plan
from her2nav.cli.common import console, indented
from her2nav.cli.disputed_view import show_disputed
from her2nav.facts.case import Case
from her2nav.interpret.tables import Phrase
from her2nav.model.dates import PartialDate
from her2nav.report.option_words import option_words
from her2nav.report.phrases import Register, day
from her2nav.report.tests_page import NOTHING, STRENGTHS
from her2nav.testing.results import Item, Plan, Reason, Target, TissueOrder
from her2nav.testing.schema import Assay
from her2nav.testing.targets import shown_day

_STYLE = {"needed": "bold green", "advised": "green", "consider": "cyan"}


def show_plan(case: Case, plan: Plan, register: Register, versions: dict[str, Any]) -> None:
    """Print the answer of `tests`."""
    out, plain = console(), register == "plain"
    name = case.patient.id or "patient"
    out.print(Text.assemble((f"Tests for {name}", "bold"), f" · as of {day(case.as_of)}"))
    _status(out, case, register)
    certain = [item for item in plan.now if item.certain]
    open_ = [item for item in plan.now if not item.certain]
    _heading(out, "What to do now, in this order" if plain else "Now, in this order")
    if not certain:
        out.print(f"  {NOTHING[bool(open_)][plain]}")
    for number, item in enumerate(certain, start=1):
        _item(out, item, f"{number}.", register)
    if open_:
        _heading(out, "Perhaps: first find this out" if plain else "Depends on what is not known")
        for item in open_:
            _item(out, item, "?", register)
    if plan.tissue_order is not None:
        _order(out, plan.tissue_order, plan, register)
    if plan.later:
        _heading(out, "Later, only if something changes" if plain else "Later: what would trigger a test")
        if plain:
            out.print("  You do not need to do anything about these now.")
        for item in plan.later:
            _later(out, item, register)
    if plan.done:
        _heading(out, f"Already done ({len(plan.done)})")
        for one in plan.done:
            when = shown_day(PartialDate.parse(one.date)) if one.date else None
            dated = f" ({when or 'no date'})" if plain and one.group == "her2" and (when or "") not in one.plain else ""
            out.print(indented(Text("✔ " + (one.plain + dated if plain else one.clinical)), 2))
    notes = [note for note in plan.notes if not note.depends_on] if plain else plan.notes
    if notes:
        _heading(out, "Good to know")
        for note in notes:
            _reason(out, note, register, 2, "• ")
    title = option_words(case.knowledge).lines["disputed"]
    show_disputed(out, disputed_plan(case, plan), title, plain=plain)
    _foot(out, case, register, versions)


def show_assays(assays: Iterable[Assay], register: Register) -> None:
    """Print what each kind of test can show."""
    out = console()
    _heading(out, "Kinds of test")
    if register == "plain":
        for assay in assays:
            use = " (research only)" if assay.use == "research" else ""
            out.print(indented(Text.assemble((assay.name, "bold"), f": {assay.plain}{use}"), 2))
        return
    table = Table(box=None, padding=(0, 1), show_edge=False)
    for title in ("test", "detects", "sample", "for it", "against it", "source"):
        table.add_column(title, overflow="fold")
    for assay in assays:
        source = "; ".join(f"{line.source}, {line.locator}, {line.confidence.value}" for line in assay.provenance)
        use = "" if assay.use == "routine" else f" ({assay.use})"
        table.add_row(assay.name + use, ", ".join(assay.detects), assay.sample, assay.for_it, assay.against_it, source)
    out.print(table)


def _status(out: Console, case: Case, register: Register) -> None:
    """Name tumour and current status, in words of its own line."""
    tumour = case.knowledge.tumours.types[case.tumour_id or ""]
    if case.her2 is None:
        out.print(tumour.plain_name if register == "plain" else f"{tumour.name} · no HER2 rule is known for it")
        return
    words, overall = case.knowledge.words, case.her2.overall
    status = words.status.get(overall.status.shown, words.status["unknown"])
    if register == "plain":
        out.print(f"Your cancer: {tumour.plain_name}")
        out.print(f"HER2: {status.plain}.")
        if overall.status.value == "negative" and overall.expression.value in ("low", "ultralow"):
            out.print(f"      {words.expression[overall.expression.word].plain}.")
        if case.her2.mutation.value == "found":
            out.print(case.her2.mutation.plain)
        if case.her2.plasma.plain:
            out.print(case.her2.plasma.plain)
        return
    parts = [tumour.name, status.clinical]
    expression = overall.expression.word
    if expression in words.expression and expression not in ("positive", "unknown"):
        parts.append(words.expression[expression].clinical)
    if case.her2.mutation.value == "found":
        parts.append("ERBB2 variant reported")
    if case.her2.plasma.clinical:
        parts.append(case.her2.plasma.clinical)
    out.print(" · ".join(parts))


def _heading(out: Console, title: str) -> None:
    out.print()
    out.print(Text(title, "bold underline"))


def _item(out: Console, item: Item, number: str, register: Register) -> None:
    plain = register == "plain"
    strength = STRENGTHS[item.strength][plain]
    effort = "" if plain else f" · {item.effort}"
    title = item.plain if plain else item.clinical
    out.print(
        indented(
            Text.assemble(f"{number} ", (title, "bold"), "  ", (f"[{strength}{effort}]", _STYLE[item.strength])), 1
        )
    )
    for target in item.targets:
        if target.path is not None or not plain:
            out.print(indented(Text(f"on {_said(target, register)}"), 4))
            for caution in target.cautions:
                out.print(indented(Text(f"! {_said(caution, register)}", "yellow"), 6))
    if plain:
        out.print(indented(Text(item.burden), 4))
    if item.open and not plain:
        out.print(indented(Text(f"still open: {', '.join(item.open)}"), 4))
    for phrase in item.depends_on:
        word = "first find out" if plain else "depends on"
        out.print(indented(Text(f"{word}: {_said(phrase, register)}", "yellow"), 4))
    # A patient reads only the reasons that hold; that another may apply is for the team.
    told = [reason for reason in item.reasons if not (plain and item.certain and reason.depends_on)]
    for reason in told:
        _reason(out, reason, register, 4, "why: ", brief=not item.certain)


def _later(out: Console, item: Item, register: Register) -> None:
    assert item.trigger is not None
    trigger = _said(item.trigger, register)
    title = item.plain if register == "plain" else item.clinical
    out.print(indented(Text.assemble("• ", (trigger[0].upper() + trigger[1:], "bold"), f": {title}"), 1))
    if item.depends_on and register == "clinical":
        what = "; ".join(phrase.clinical for phrase in item.depends_on)
        out.print(indented(Text(f"depends on: {what}", "yellow"), 4))
    for reason in item.reasons[:1] if register == "plain" else item.reasons:
        _reason(out, reason, register, 4, "why: ", brief=True)


def _reason(out: Console, reason: Reason, register: Register, columns: int, lead: str, *, brief: bool = False) -> None:
    if register == "plain":
        mark = " (not checked)" if reason.unverified else ""
        out.print(indented(Text.assemble(lead, reason.plain, (mark, "yellow")), columns))
        return
    sources = "; ".join(
        f"{line.source}, {line.locator}, {line.confidence.value}" + (" unverified" if line.unverified else "")
        for line in reason.sources
    )
    mark = "UNVERIFIED: " if reason.unverified else ""
    rules = ", ".join(reason.rules)
    open_ = "" if brief or not reason.depends_on else f" (depends on {_joined(reason.depends_on)})"
    text = Text.assemble(lead, (mark, "yellow"), reason.clinical, (open_, "yellow"), (f"  [{rules}: {sources}]", "dim"))
    out.print(indented(text, columns))


def _order(out: Console, order: TissueOrder, plan: Plan, register: Register) -> None:
    names = {item.test: item.plain if register == "plain" else item.clinical for item in plan.now}
    chain = " -> ".join(names[test] for test in order.tests)
    if order.little:
        lead = (
            "There is little of the sample, so in this order"
            if register == "plain"
            else "Little tissue: shared in this order"
        )
    else:
        lead = "If there is little of the sample" if register == "plain" else "If tissue is short, in this order"
    out.print()
    out.print(indented(Text.assemble((f"{lead}: ", "bold"), chain), 1))
    _reason(out, order.reason, register, 4, "why: ")


def _foot(out: Console, case: Case, register: Register, versions: dict[str, Any]) -> None:
    line = case.knowledge.words.safety_lines["not_only_marker"]
    out.print()
    out.print(Text(line.plain if register == "plain" else line.clinical, "italic"))
    if register == "plain":
        out.print(Text("Take this list to your team. They know what is safe and useful for you.", "italic"))
    else:
        out.print(Text(f"her2nav {versions['her2nav']}, knowledge {versions['knowledge']}", "dim"))


def _said(phrase: Phrase | Target, register: Register) -> str:
    return phrase.plain if register == "plain" else phrase.clinical


def _joined(phrases: tuple[Phrase, ...]) -> str:
    return "; ".join(phrase.clinical for phrase in phrases)
