"""`her2nav match`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from her2nav.cli.common import Format, parse_day, print_json, print_warnings


class StatusFilter(StrEnum):
    """Which recruitment statuses the human output shows."""

    RECRUITING = "recruiting"
    ALL = "all"


def match(
    patient: Annotated[
        str, typer.Argument(help="Patient file (YAML or JSON); - reads standard input.", metavar="PATIENT")
    ],
    as_of: Annotated[str | None, typer.Option("--as-of", help="Judge as on this day.", metavar="DATE")] = None,
    status: Annotated[
        StatusFilter, typer.Option("--status", help="recruiting hides trials known not to recruit.")
    ] = StatusFilter.RECRUITING,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Show only the first N trials.", metavar="N")] = None,
    full: Annotated[bool, typer.Option("--full", help="List every criterion of every trial.")] = False,
    explain: Annotated[
        str | None, typer.Option("--explain", help="Print one trial in full.", metavar="NCT########")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Words for patients and families.")] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Say the HER2 status and list the trials that may fit, each with its reasons."""
    from her2nav.app.match import match as run_match
    from her2nav.app.match import match_json, match_to_json
    from her2nav.app.session import Session
    from her2nav.intake.patient_file import read_patient

    session = Session()
    read = read_patient(
        patient if patient == "-" else Path(patient), session.knowledge, session.today(), parse_day(as_of)
    )
    answer = run_match(session, read)
    print_warnings(answer.warnings)
    if explain is not None:
        found = answer.find(explain)
        if output is Format.JSON:
            data = match_json(session, answer, top=0)
            data["matches"] = [match_to_json(found, answer.case.as_of, answer.status_limit_days)]
            print_json(data)
            return
        from her2nav.cli.match_view import show_trial

        show_trial(answer, found, plain=plain)
        return
    if output is Format.JSON:
        print_json(match_json(session, answer, top=top, full=full))
        return
    from her2nav.cli.match_view import show_matches

    show_matches(answer, everything=status is StatusFilter.ALL, top=top, plain=plain, full=full)
