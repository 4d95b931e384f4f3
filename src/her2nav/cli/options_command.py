"""`her2nav options`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from her2nav.cli.common import Format, parse_day, print_json, print_warnings
from her2nav.cli.shared_options import Patient


def options(
    patient: Patient,
    country: Annotated[
        str | None, typer.Option("--country", help="Whose approvals count: a country, or US, EU, CN, JP.")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Answer as on this day.", metavar="DATE")] = None,
    full: Annotated[bool, typer.Option("--full", help="List every condition and every entry.")] = False,
    ctdna: Annotated[
        Path | None, typer.Option("--ctdna", help="Write the series of plasma results as SVG.", metavar="FILE.svg")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Words for patients and families.")] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """List HER2-directed options: on label, guideline, trials, what is open, what does not fit and why."""
    from her2nav.app.options import options as run_options
    from her2nav.app.options_json import options_json
    from her2nav.app.patient_source import patient_of
    from her2nav.app.session import Session

    session = Session()
    read = patient_of(session, patient, parse_day(as_of))
    answer = run_options(session, read, country)
    print_warnings(answer.warnings)
    if ctdna is not None:
        from her2nav.cli.options_view import write_ctdna

        write_ctdna(answer, ctdna)
    if output is Format.JSON:
        print_json(options_json(session, answer))
        return
    from her2nav.cli.options_view import show_options

    show_options(answer, session.versions(), plain=plain, full=full)
