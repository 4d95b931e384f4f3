"""`intake --review` of FHIR, tables and OMOP: each patient's values with their places, and a person's corrections."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from her2nav.cli.common import console
from her2nav.cli.intake_view import plain_value
from her2nav.model.errors import ValueProblem

if TYPE_CHECKING:
    from her2nav.app.session import Session
    from her2nav.intake.reading import Origin, Reading

_LINES = 60
REST = "rest"
"""What a person writes to take all other patients as they were read."""


def place_of(origin: Origin) -> str:
    """Say where a value stands: table, row and column; or line and resource path."""
    if origin.line is None:
        return origin.quote
    name = _file(origin.source)
    # OMOP says table.column, and the file is the table.
    return f"{name} line {origin.line}, {origin.quote.removeprefix(name.split('.')[0] + '.')}"


def _file(source: str) -> str:
    return source.replace("\\", "/").rsplit("/", 1)[-1]


def show_values(reading: Reading) -> None:
    """Print every value with its place, what differs, what is open, and what was not used."""
    out = console()
    table = Table(box=None, padding=(0, 1), show_lines=False)
    for column in ("value", "", "where it stands"):
        table.add_column(column, overflow="fold")
    for one in reading.provenance:
        shown = Text(plain_value(one.value), style="bold")
        table.add_row(one.path.strip("/").replace("/", "."), shown, Text(place_of(one.origin)))
    out.print(table)
    if reading.partial:
        out.print(Text(f"partial: {reading.partial}", style="yellow"))
    for choice in reading.contradictions:
        out.print(Text(f"conflict, left out: {choice.message}", style="yellow"))
        for one in choice.choices:
            out.print(Text(f"    {plain_value(one.value)}: {place_of(one.origin)}"))
    for question in reading.questions:
        where = f"{place_of(question.origin)}: " if question.origin is not None else ""
        out.print(Text(f"to settle: {where}{question.message}"))
    for older in reading.older:
        path = older.path.strip("/").replace("/", ".")
        out.print(Text(f"older, not used: {path} = {plain_value(older.value)} ({place_of(older.origin)})", style="dim"))
    for unused in reading.unused[:_LINES]:
        where = f"{_file(unused.source)} line {unused.line}: " if unused.line else ""
        out.print(Text(f"not used: {where}{unused.text}", style="dim"))
    if len(reading.unused) > _LINES:
        out.print(Text(f"{len(reading.unused) - _LINES} more not used: --format json lists all", style="dim"))


def corrections(session: Session, reading: Reading, hint: str = "an empty line ends.") -> tuple[Reading, bool]:
    """Ask for corrections until an empty line or the end of the input.

    Returns:
        The reading as corrected, and whether the others are to be taken as they are.
    """
    from her2nav.app.intake import corrected, summary

    print(f"\nCorrections: PATH = VALUE, or - PATH to take a value out; {hint}")
    rest = False
    while True:
        print("> ", end="", flush=True)
        line = sys.stdin.readline()
        rest = not line or line.strip() == REST
        if rest or not line.strip():
            break
        try:
            reading = corrected(session, reading, line)
            print(f"done; {summary(reading)}")
        except ValueProblem as problem:
            print(f"not done: {problem}")
    print()
    return reading, rest


def reviewed(
    session: Session, readings: Iterator[Reading], show: Callable[[Reading], None] = show_values
) -> Iterator[Reading]:
    """Show one patient after another and yield each as a person left it."""
    rest = False
    for number, one in enumerate(readings, 1):
        reading = one
        if not rest and set(one.patient) - {"id"}:
            console().print(Text(f"\npatient {number}: {one.patient.get('id', 'without an id')}", style="bold"))
            show(one)
            hint = f"an empty line goes on to the next patient, {REST} takes all others as read."
            reading, rest = corrections(session, one, hint)
        yield reading
