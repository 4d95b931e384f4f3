"""How notes and what was read from them look side by side on a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from her2nav.app.intake import Intake, summary
from her2nav.cli.common import console
from her2nav.intake.reading import Sourced
from her2nav.model.dates import PartialDate


def show_review(found: Intake) -> None:
    """Print every line of the notes with the values read from it, then what conflicts and what is open."""
    out = console()
    reading = found.reading
    by_line: dict[tuple[str, int], list[Sourced]] = {}
    for one in reading.provenance:
        if one.origin.line is not None:
            by_line.setdefault((one.origin.source, one.origin.line), []).append(one)
    left = {(one.source, one.line): one.text for one in reading.unused if one.part}
    for note in found.notes:
        table = Table(title=note.name, title_justify="left", box=None, padding=(0, 1), show_lines=False, expand=True)
        table.add_column("line", justify="right", style="dim", no_wrap=True)
        table.add_column("text", ratio=3, overflow="fold")
        table.add_column("read", ratio=2, overflow="fold")
        for number, line in enumerate(note.text.split("\n"), start=1):
            if not line.strip():
                continue
            values = by_line.get((note.name, number), [])
            shown = Text("\n").join(_value(one) for one in values) if values else Text("")
            if (note.name, number) in left:
                shown.append(f"\nnot used: {left[note.name, number]}", style="dim")
            table.add_row(str(number), Text(" ".join(line.split()), style="" if values else "dim"), shown)
        out.print(table)
    _open_points(out, found)
    out.print(Text(summary(reading), style="bold"))


def _value(one: Sourced) -> Text:
    path = one.path.strip("/").replace("/", ".")
    return Text.assemble((path, "cyan"), " = ", (plain_value(one.value), "bold"))


def plain_value(value: Any) -> str:
    """Return a value as people write it."""
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, list):
        return ", ".join(plain_value(item) for item in value) or "none"
    if isinstance(value, dict):
        return " ".join(plain_value(item) for item in value.values())
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _open_points(out: Console, found: Intake) -> None:
    reading = found.reading
    if reading.partial:
        out.print(Text(f"\nPartial: {reading.partial}", style="yellow"))
    if reading.contradictions:
        out.print(Text("\nConflicts (left out; newest first)", style="bold red"))
        for one in reading.contradictions:
            out.print(f"  {one.message}")
            for choice in one.choices:
                out.print(f"    {choice.origin.source}, line {choice.origin.line}: {choice.origin.quote}", markup=False)
    if reading.questions:
        out.print(Text("\nTo settle", style="bold yellow"))
        for question in reading.questions:
            where = f"line {question.origin.line}: " if question.origin else ""
            out.print(f"  {where}{question.message}", markup=False)
    if reading.older:
        out.print(Text("\nOlder values, not used", style="bold"))
        for item in reading.older:
            out.print(
                f"  {item.path.strip('/').replace('/', '.')} = {plain_value(item.value)} (line {item.origin.line})",
                markup=False,
            )
    out.print()
