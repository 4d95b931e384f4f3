"""`her2nav intake` and `her2nav start`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from her2nav.cli.common import Format, print_json
from her2nav.model.errors import FileError, InputError

if TYPE_CHECKING:
    from her2nav.intake.reading import Origin, Reading

_TRIES = 3


class DateOrder(StrEnum):
    """Order of numeric dates."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


def intake(
    notes: Annotated[
        list[str],
        typer.Argument(
            help="Notes of one patient (text, PDF, DOCX; - reads standard input); FHIR: a bundle, an NDJSON export; "
            "tables (CSV, Parquet) or an OMOP folder.",
            metavar="SOURCE...",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the patient file here (.yaml or .json).", metavar="FILE")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            help="Add to this patient file what is new in the documents; what differs is settled by date or shown. "
            "The file itself is left as it is.",
            metavar="FILE",
        ),
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="Show text and values side by side; take corrections.")
    ] = False,
    date_order: Annotated[
        DateOrder | None,
        typer.Option("--date-order", help="dmy: day first; mdy: month first. Default: the note's own dates decide."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="Tables: which column feeds which field (YAML); see the docs.", metavar="FILE"),
    ] = None,
    as_of_column: Annotated[
        str | None,
        typer.Option("--as-of-column", help="Tables: column with each patient's own day, for shifted dates."),
    ] = None,
    profile: Annotated[
        bool, typer.Option("--profile", help="Tables and FHIR: how much of each field is coded, text only or absent.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Read reports, notes, FHIR, tables or OMOP into patient files; every value with its place in the source."""
    from her2nav.app.fhir import all_fhir, one_or_many
    from her2nav.app.intake import Intake, added_to, patient_yaml, summary, to_json, write_patient
    from her2nav.app.intake import intake as read
    from her2nav.app.intake_tables import TableOptions, are_tables
    from her2nav.app.session import Session
    from her2nav.cli.intake_tables import Ticker, of_many

    if review and output is Format.JSON:
        raise InputError("--review is for people", place="--format", allowed="text", code="bad_usage")
    if review and "-" in notes:
        raise InputError(
            "--review reads corrections from standard input", place="NOTE", allowed="files", code="bad_usage"
        )
    if into is not None and profile:
        raise InputError("--into and --profile are two tasks", place="--into", allowed="one", code="bad_usage")
    session = Session()
    options = TableOptions(str(mapping) if mapping else None, as_of_column)
    if are_tables(notes, options):
        if into is not None:
            raise _one_patient()
        from her2nav.cli.intake_tables import read_tables

        read_tables(session, notes, options, out, output, profile=profile, review=review)
        return
    fhir = all_fhir(notes)
    if profile:
        from her2nav.app.fhir import fhir_readings
        from her2nav.cli.intake_tables import show_profile

        if not fhir:
            raise InputError("--profile is for tables and FHIR", place="SOURCE", allowed="tables, a bundle, an export")
        ticker = Ticker()
        show_profile(session, ticker.counting(fhir_readings(session, notes, ticker.tell)), (), output)
        return
    if fhir:
        ticker = Ticker()
        if out is not None and output is Format.TEXT and not review and into is None:
            from her2nav.cli.intake_fhir import write_export

            if write_export(session, notes, out, ticker):
                return
        single, many = one_or_many(session, notes, ticker.tell)
        if single is None and into is not None:
            raise _one_patient()
        if single is None:
            from her2nav.cli.intake_fhir import write_many

            write_many(session, of_many(session, many, ticker, out, review=review), out, full=output is Format.JSON)
            return
        ticker.clear()
        found = single
    else:
        found = read(session, notes, date_order.value if date_order else None)
    if into is not None:
        from her2nav.intake.patient_file import read_patient

        known = read_patient(into, session.knowledge, session.today())
        found = Intake(found.notes, added_to(session, known, into.name, found.reading))
    done = "read" if into is None else f"added to {into.name}"
    reading = found.reading
    if review:
        from her2nav.cli.intake_review import corrections, show_values
        from her2nav.cli.intake_view import show_review

        if fhir:
            show_values(reading)
        else:
            show_review(found)
        reading, _ = corrections(session, reading)
        found = Intake(found.notes, reading)
    if out is not None:
        write_patient(reading, out)
    if output is Format.JSON:
        print_json(to_json(session, found))
        return
    if out is None:
        print(patient_yaml(reading), end="")
    else:
        print(f"{summary(reading, done)}; written to {out}")
    if not review:
        _to_standard_error(reading, done if out is None else None)
        if into is not None:
            _tell_older(reading, into.name)
        if fhir:
            from her2nav.cli.intake_fhir import tell_skipped

            tell_skipped(reading)


def _one_patient() -> InputError:
    return InputError(
        "--into adds to one patient file", place="--into", allowed="documents of one patient", code="bad_usage"
    )


def _tell_older(reading: Reading, file: str) -> None:
    """Tell which values of the patient file a later document replaced, and which of the document were earlier."""
    from her2nav.intake.adding.values import shown

    for one in reading.older:
        path = one.path.strip("/").replace("/", ".")
        what = "replaced by a later value" if one.origin.source == file else "an earlier value, not taken"
        print(f"her2nav: {what}: {path} {shown(one.value)}", file=sys.stderr)


def _to_standard_error(reading: Reading, done: str | None) -> None:
    """Tell what a person must look at, one line each; `done`: what the count says was done with the values."""
    from her2nav.app.intake import summary

    lines = [summary(reading, done)] if done else []
    if reading.partial:
        lines.append(f"partial: {reading.partial}")
    for one in reading.contradictions:
        places = ", ".join(f"{choice.value} ({_place(choice.origin)})" for choice in one.choices)
        lines.append(f"conflict, left out: {one.message}: {places}")
    for question in reading.questions:
        where = f"line {question.origin.line}: " if question.origin and question.origin.line else ""
        lines.append(f"to settle: {where}{question.message}")
    if any(question.code == "date_order" for question in reading.questions):
        lines.append("say the order with --date-order dmy or --date-order mdy")
    for line in lines:
        print(f"her2nav: {line}", file=sys.stderr)


def _place(origin: Origin) -> str:
    """Say where a value stands: the line of a note, or the path of a resource."""
    line = f"line {origin.line}" if origin.line else ""
    return ", ".join(part for part in (line, origin.quote if origin.start is None else "") if part)


def start(
    out: Annotated[
        Path, typer.Option("--out", help="Write the patient file here (.yaml or .json).", metavar="FILE")
    ] = Path("patient.yaml"),
    replace: Annotated[bool, typer.Option("--replace", help="Write over an existing file.")] = False,
) -> None:
    """Make a patient file from six questions, where there is no document; an empty answer means "not known"."""
    from her2nav.app.intake import patient_yaml, write_patient
    from her2nav.app.session import Session
    from her2nav.app.six_questions import QUESTIONS, answer, joined

    if out.exists() and not replace:
        raise FileError("the file exists", file=str(out), allowed="another --out, or --replace", code="exists")
    session = Session()
    print("Six questions. Leave out names and addresses. Press Enter where you do not know.\n")
    readings = []
    for number, question in enumerate(QUESTIONS, start=1):
        print(f"{number}. {question.text}\n   for example: {question.example}")
        for attempt in range(1, _TRIES + 1):
            print("   > ", end="", flush=True)
            words = sys.stdin.readline().strip()
            if not words:
                break
            given = answer(session, question, words)
            if given.understood:
                readings.append(given.reading)
                break
            print(
                "   That was not understood."
                + (" Try other words, or press Enter." if attempt < _TRIES else " It is left open.")
            )
    reading = joined(readings)
    if not reading.patient:
        raise InputError("no answer was given", allowed="an answer to at least one question", code="no_answers")
    write_patient(reading, out)
    print(f"\n{patient_yaml(reading)}\nWritten to {out}. Next, for example:")
    print(f"  her2nav interpret {out}\n  her2nav tests {out} --plain\n  her2nav match {out}")
