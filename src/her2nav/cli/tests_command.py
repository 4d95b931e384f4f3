"""`her2nav tests`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from her2nav.cli.common import Format, parse_day, print_json, print_warnings
from her2nav.cli.shared_options import Patient


def plan(
    patient: Patient,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the plan as a page, for reading and print.", metavar="FILE")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Judge as on this day.", metavar="DATE")] = None,
    assays: Annotated[bool, typer.Option("--assays", help="Also print what each kind of test can show.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Words for patients and families.")] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Say what to test for HER2, on which tissue, in what order and why; and what is done already."""
    from her2nav.app.patient_source import patient_of
    from her2nav.app.session import Session
    from her2nav.app.tests_plan import assays as table_of_assays
    from her2nav.app.tests_plan import plan_json, plan_tests

    session = Session()
    read = patient_of(session, patient, parse_day(as_of))
    case, answer = plan_tests(session, read)
    print_warnings(read.warnings)
    if html is not None:
        from her2nav.app.pages import tests_page
        from her2nav.files.writing import write_whole

        write_whole(html, [tests_page(session, case, answer, read.warnings)])
    if output is Format.JSON:
        print_json(plan_json(session, case, answer, read.warnings))
        return
    if html is not None:
        typer.echo(f"page: {html}")
        return
    from her2nav.cli.tests_view import show_assays, show_plan
    from her2nav.report.phrases import Register

    register: Register = "plain" if plain else "clinical"
    show_plan(case, answer, register, session.versions(trials=False))
    if assays:
        show_assays(table_of_assays(session), register)
