"""`her2nav intake` where the sources are tables or an OMOP folder, and `--profile`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.table import Table
from rich.text import Text

from her2nav.cli.common import Format, console, print_json
from her2nav.model.errors import InputError

if TYPE_CHECKING:
    from her2nav.app.fhir import Export
    from her2nav.app.intake_profile import ProfileAnswer
    from her2nav.app.intake_tables import TableOptions
    from her2nav.app.session import Session
    from her2nav.intake.reading import Reading

_REASONS = 12
T = TypeVar("T")
_LINES = 30


class Ticker:
    """What is being done, on standard error where a person looks on."""

    def __init__(self) -> None:
        self._on, self._last = sys.stderr.isatty(), 0.0

    def tell(self, what: str) -> None:
        """Show what is being done, at most five times a second."""
        now = time.monotonic()
        if self._on and now - self._last > 0.2:
            self._last = now
            print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._on:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def stop(self) -> None:
        """Say nothing from now on: the screen is needed for something else."""
        self.clear()
        self._on = False

    def counting(self, readings: Iterable[T]) -> Iterator[T]:
        """Show how many patients went by."""
        for number, reading in enumerate(readings, 1):
            if number % 256 == 0:
                self.tell(f"{number:,} patients")
            yield reading
        self.clear()


def read_tables(
    session: Session,
    sources: list[str],
    options: TableOptions,
    out: Path | None,
    output: Format,
    *,
    profile: bool,
    review: bool = False,
) -> None:
    """Read tables: one patient as a patient file, several as NDJSON, or only their profile."""
    from her2nav.app.intake import patient_yaml, summary, to_json, write_patient
    from her2nav.app.intake_tables import TableExport, one_or_many, open_sources, records
    from her2nav.files.writing import write_whole

    ticker = Ticker()
    opened = open_sources(session, sources, options, ticker.tell)
    for line in opened.told:
        print(f"her2nav: {line}", file=sys.stderr)
    if profile:
        show_profile(session, ticker.counting(opened.readings), opened.told, output)
        return
    single, many = one_or_many(opened)
    if single is not None and (out is None or out.suffix.lower() not in (".ndjson", ".jsonl")):
        ticker.clear()
        if review:
            from her2nav.cli.intake_review import corrections, show_values

            show_values(single.reading)
            single = replace(single, reading=corrections(session, single.reading)[0])
        if out is not None:
            write_patient(single.reading, out)
        if output is Format.JSON:
            print_json(to_json(session, single))
        elif out is None:
            print(patient_yaml(single.reading), end="")
        else:
            print(f"{summary(single.reading)}; written to {out}")
        if not review:
            _tell_one(single.reading)
        return
    if single is not None:
        many = iter((single.reading,))
    many = of_many(session, many, ticker, out, review=review)
    export = TableExport()
    full = output is Format.JSON
    if out is not None and not full:
        if out.suffix.lower() not in (".ndjson", ".jsonl"):
            raise InputError(
                "the tables hold several patients",
                file=str(out),
                allowed="--out FILE.ndjson, one record a line",
                code="bad_usage",
            )
        write_whole(out, records(session, many, export, full=False))
        print(f"{_counts(export)}; written to {out}")
    else:
        for line in records(session, many, export, full=full):
            sys.stdout.write(line)
        print(f"her2nav: {_counts(export)}", file=sys.stderr)
    for line in export.partial:
        print(f"her2nav: partial: {line}", file=sys.stderr)
    for line in export.open_points:
        print(f"her2nav: {line}", file=sys.stderr)
    if (more := export.conflicts + export.to_settle - len(export.open_points)) > 0:
        print(f"her2nav: {more} more to look at: --format json lists all", file=sys.stderr)
    for reason, count in export.skipped.most_common(_REASONS):
        print(f"her2nav: not used {count}: {reason}", file=sys.stderr)
    if len(export.skipped) > _REASONS:
        print(f"her2nav: {len(export.skipped) - _REASONS} more reasons: --profile lists them", file=sys.stderr)


def of_many(
    session: Session, readings: Iterator[Reading], ticker: Ticker, out: Path | None, *, review: bool
) -> Iterator[Reading]:
    """Return the readings of several patients: counted on the screen, or shown one by one for corrections."""
    if not review:
        return ticker.counting(readings)
    if out is None:
        ticker.clear()
        raise InputError(
            "--review of several patients needs a place for the corrected records",
            place="--out",
            allowed="--out FILE.ndjson, one record a line",
            code="bad_usage",
        )
    from her2nav.cli.intake_review import reviewed

    ticker.stop()
    return reviewed(session, readings)


def _counts(export: Export) -> str:
    return (
        f"{export.patients} patients, {export.values} values read, {export.conflicts} conflict, "
        f"{export.to_settle} to settle, {sum(export.skipped.values())} rows or parts not used"
    )


def _tell_one(reading: Reading) -> None:
    """Tell what a person must look at, with table, row and column."""
    from her2nav.app.intake_tables import open_points

    if reading.partial:
        print(f"her2nav: partial: {reading.partial}", file=sys.stderr)
    for line in open_points(reading):
        print(f"her2nav: {line}", file=sys.stderr)
    for unused in reading.unused[:_LINES]:
        where = f"{unused.source} line {unused.line}, " if unused.line else ""
        print(f"her2nav: not used: {where}{unused.text}", file=sys.stderr)
    if len(reading.unused) > _LINES:
        print(f"her2nav: {len(reading.unused) - _LINES} more not used: --format json lists all", file=sys.stderr)


def show_profile(session: Session, readings: Iterable[Reading], told: Iterable[str], output: Format) -> None:
    """Print how much of each field there is."""
    from her2nav.app.intake_profile import Profile

    profile = Profile(session)
    for reading in readings:
        profile.add(reading)
    answer = profile.answer(told)
    if output is Format.JSON:
        print_json(answer.model_dump(mode="json"))
        return
    _print_profile(answer)


def _print_profile(answer: ProfileAnswer) -> None:
    out = console()
    out.print(Text(f"{answer.patients:,} patients, {answer.values:,} values", style="bold"))
    out.print(f"deceased {answer.deceased:,}, not to be contacted {answer.do_not_contact:,}: never listed by screen")
    lists = ", ".join(f"{name} of {count:,}" for name, count in sorted(answer.complete.items())) or "none"
    out.print(f"lists taken as complete, as the mapping file declares: {lists}")
    table = Table(box=None, padding=(0, 1))
    for column in ("field", "coded", "text only", "absent", "criteria that ask it"):
        table.add_column(column, justify="left" if column == "field" else "right")
    for one in answer.fields:
        shares = (one.coded, one.text_only, one.absent)
        table.add_row(one.field, *(_share(count, answer.patients) for count in shares), str(one.criteria))
    out.print(table)
    out.print("coded: can be judged. text only: words that no vocabulary knows, or read from a note.")
    if answer.not_used:
        out.print(Text(f"\nNot used: {answer.not_used_total:,} rows or parts; the most frequent", style="bold"))
        for item in answer.not_used[:_LINES]:
            out.print(f"  {item.count:>8,}  {item.what}", markup=False)
        if len(answer.not_used) > _LINES:
            out.print(f"  {len(answer.not_used) - _LINES} more kinds: --format json lists them")
    if answer.questions:
        shown = ", ".join(f"{code} {count:,}" for code, count in answer.questions.items())
        out.print(f"\nTo settle: {shown}")


def _share(count: int, patients: int) -> str:
    if not patients or not count:
        return "0 %"
    share = 100 * count / patients
    return f"{share:.0f} %" if share >= 1 else "<1 %"
