"""`her2nav monitor`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from her2nav.cli.common import Format, parse_day, print_json, print_warnings
from her2nav.cli.shared_options import Patient
from her2nav.model.errors import ValueProblem


class Titles(StrEnum):
    """Titles of the events of a calendar file."""

    NEUTRAL = "neutral"
    FULL = "full"


def monitor(
    patient: Patient,
    drug: Annotated[str, typer.Option("--drug", help="Drug, brand or regimen; several joined by +.", metavar="NAME")],
    start: Annotated[
        str | None, typer.Option("--start", help="Day of the first dose; default: on record.", metavar="DATE")
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="Whose label: US, EU or a country.", metavar="COUNTRY")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Judge as on this day.", metavar="DATE")] = None,
    ics: Annotated[
        str | None, typer.Option("--ics", help="Write the dates as a calendar file.", metavar="FILE")
    ] = None,
    titles: Annotated[
        Titles, typer.Option("--titles", help="Titles in the calendar file: neutral says Appointment only.")
    ] = Titles.NEUTRAL,
    months: Annotated[int, typer.Option("--months", help="Length of the calendar.", metavar="N")] = 12,
    lvef_lln: Annotated[
        str | None,
        typer.Option("--lvef-lln", help="Lower limit of normal of the heart laboratory, percent.", metavar="PERCENT"),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Words for patients and families.")] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Say what to check before and during a treatment, when, and what the values on record ask for."""
    from her2nav.app import monitor as use_case
    from her2nav.app.patient_source import patient_of
    from her2nav.app.session import Session

    session = Session()
    read = patient_of(session, patient, parse_day(as_of))
    case, answer = use_case.monitor(
        session,
        read,
        drug,
        start=parse_day(start, "--start"),
        country=country,
        lvef_lln=_percent(lvef_lln),
        months=months,
    )
    print_warnings(read.warnings)
    written = None
    if ics is not None:
        _write(ics, use_case.calendar_file(answer, case, full_titles=titles is Titles.FULL))
        written = ics, len({event.date for event in use_case.exported(answer, case)})
    if output is Format.JSON:
        print_json(use_case.monitor_json(session, case, answer, read.warnings))
        return
    from her2nav.cli.monitor_view import show_monitor

    show_monitor(case, answer, "plain" if plain else "clinical", session.versions(trials=False), written)


def _percent(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text.strip().removesuffix("%").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueProblem(f"'{text}' is not a number", place="--lvef-lln", allowed="for example 50")
    return number


def _write(name: str, text: str) -> None:
    from her2nav.files.writing import write_whole

    write_whole(Path(name), [text])
