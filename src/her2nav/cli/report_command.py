"""`her2nav report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from her2nav.app.choice import Choice, TrialSet
from her2nav.cli.common import ReadingTicker, parse_day, print_warnings
from her2nav.cli.paper import PaperChoice
from her2nav.cli.shared_options import Patient


def report(
    patient: Patient,
    out: Annotated[Path, typer.Option("--out", "-o", help="The page to write.", metavar="FILE.html")],
    plain: Annotated[bool, typer.Option("--plain", help="Words for patients and families.")] = False,
    numbers: Annotated[bool, typer.Option("--numbers", help="With --plain: numbers of studies too.")] = False,
    paper: Annotated[PaperChoice, typer.Option("--paper", help="Size of the sheet.")] = PaperChoice.A4,
    country: Annotated[
        str | None, typer.Option("--country", help="Whose approvals count: a country, or US, EU, CN, JP.")
    ] = None,
    trials: Annotated[
        TrialSet | None,
        typer.Option("--trials", help="Of the catalogue, of the registry store, or both; both where there is a store."),
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Judge as on this day.", metavar="DATE")] = None,
) -> None:
    """Write one page about a patient: result, what to find out, options, trials, monitoring, sources."""
    from her2nav.app.derived import Derived
    from her2nav.app.patient_source import patient_of
    from her2nav.app.report import report_page
    from her2nav.app.session import Session
    from her2nav.files.writing import write_whole

    session = Session()
    read = patient_of(session, patient, parse_day(as_of))
    with ReadingTicker() as ticker:
        derived = Derived(session, read, country, Choice(trials), ticker.tick)
        page = report_page(derived, "plain" if plain else "clinical", paper.sheet, numbers=numbers)
    print_warnings(read.warnings)
    write_whole(out, [page])
    typer.echo(f"page: {out}")
