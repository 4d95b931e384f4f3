"""Options that several commands share, each written once; a command that has one takes its type from here."""

from __future__ import annotations

from typing import Annotated

import typer

from her2nav.app.choice import About, TreeChoice, TrialSet
from her2nav.cli.common import Format

PATIENT_HELP = "A patient file, a FHIR bundle, a report or a letter (text, PDF, DOCX); - reads standard input."
Patient = Annotated[str, typer.Argument(help=PATIENT_HELP, metavar="PATIENT")]
Output = Annotated[Format, typer.Option("--format", help="text for people, json for programs.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Judge as on this day.", metavar="DATE")]
Plain = Annotated[bool, typer.Option("--plain", help="Words for patients and families.")]
Trials = Annotated[
    TrialSet | None,
    typer.Option("--trials", help="Of the catalogue, of the registry store, or both; both where there is a store."),
]
Criteria = Annotated[
    TreeChoice,
    typer.Option(
        "--criteria",
        help="Criteria curated by a person, or read by the program; auto: curated while the text is unchanged.",
    ),
]
AboutWhat = Annotated[
    About,
    typer.Option("--about", help="Of the store: her2 takes only trials that mention HER2; else any on the cancer."),
]
