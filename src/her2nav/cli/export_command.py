"""`her2nav export`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from her2nav.cli.common import parse_day, print_warnings
from her2nav.cli.shared_options import Patient


class Exported(StrEnum):
    """Formats."""

    JSON = "json"
    CSV = "csv"
    FHIR = "fhir"
    CAREPLAN = "careplan"


def export(
    patient: Patient,
    to: Annotated[Exported, typer.Option("--to", help="Trials as json, csv or a FHIR searchset; steps as a CarePlan.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write here, not to the screen.", metavar="FILE")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Judge as on this day.", metavar="DATE")] = None,
) -> None:
    """Write a patient's answers in an exchange format."""
    from her2nav.app.derived import Derived
    from her2nav.app.export import export as run
    from her2nav.app.patient_source import patient_of
    from her2nav.app.session import Session
    from her2nav.files.writing import write_whole

    session = Session()
    read = patient_of(session, patient, parse_day(as_of))
    content, _, _ = run(Derived(session, read), to.value)
    print_warnings(read.warnings)
    if out is None:
        print(content, end="" if content.endswith("\n") else "\n")
    else:
        write_whole(out, [content])
