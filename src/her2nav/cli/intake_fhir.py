"""`her2nav intake` where the sources are FHIR."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from her2nav.app.fhir import Export
    from her2nav.app.session import Session
    from her2nav.cli.intake_tables import Ticker
    from her2nav.intake.reading import Reading

_REASONS = 10
_LINES = 30


def tell_skipped(reading: Reading) -> None:
    """Tell what was skipped on standard error, one line each, the first ones of many."""
    for one in reading.unused[:_LINES]:
        print(f"her2nav: skipped: {one.text}", file=sys.stderr)
    if len(reading.unused) > _LINES:
        print(f"her2nav: {len(reading.unused) - _LINES} more skipped: --format json lists all", file=sys.stderr)


def write_many(session: Session, readings: Iterator[Reading], out: Path | None, *, full: bool) -> None:
    """Write or print the records of an export and tell the counts.

    A line that is broken, or a resource that names nobody, does not stop an export: it is told and the status is 0.
    """
    from her2nav.app.fhir import Export, records, write_records

    export = Export()
    if out is not None and not full:
        write_records(session, readings, export, out)
        print(f"{export.summary()}; written to {out}")
    else:
        for line in records(session, readings, export, full=full):
            sys.stdout.write(line)
        print(f"her2nav: {export.summary()}", file=sys.stderr)
    _tell_counts(export)


def write_export(session: Session, sources: list[str], out: Path, ticker: Ticker) -> bool:
    """Write the records of an export of several patients and tell the counts; False: it is none, nothing was done."""
    from her2nav.app.fhir import Export, export_lines, write_lines

    lines = export_lines(session, sources, ticker.tell)
    if lines is None:
        return False
    export = Export()
    write_lines(ticker.counting(lines), export, out)
    print(f"{export.summary()}; written to {out}")
    _tell_counts(export)
    return True


def _tell_counts(export: Export) -> None:
    for line in export.partial:
        print(f"her2nav: partial: {line}", file=sys.stderr)
    for reason, count in export.skipped.most_common(_REASONS):
        print(f"her2nav: skipped {count}: {reason}", file=sys.stderr)
