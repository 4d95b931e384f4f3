"""Where a cohort's records come from: folders, lines of JSON, tables, Parquet, FHIR exports; read as a stream.

A record is handed on as text; it is parsed and judged elsewhere, so that one process can feed many.
"""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from her2nav.app.cohort_table import Table
from her2nav.app.fhir import fhir_readings
from her2nav.app.intake_tables import TableOptions, open_sources
from her2nav.app.session import Session
from her2nav.intake.omop.folder import is_omop
from her2nav.intake.reading import Reading
from her2nav.model.errors import FileError, Her2NavError, InputError

_RECORDS = (".yaml", ".yml", ".json")
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
_PARQUET = (".parquet",)
MAX_LINE = 16 * 1024 * 1024
MAX_RECORD = 8 * 1024 * 1024
_ROWS = 2000
_HEAD = 65536
ALLOWED = (
    "a folder of patient files, *.jsonl or *.ndjson (one patient a line), *.csv, *.parquet, FHIR bundles or NDJSON, "
    "an OMOP folder, tables with --mapping"
)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as it stands in the source.

    Attributes:
        place: File and line, for people.
        text: JSON, or YAML of a patient file.
        fallback: Stands for the id where the record has none.
        fault: Why it cannot be used; the text is then empty.
        code: Code of the fault.
    """

    place: str
    text: str
    fallback: str
    fault: str | None = None
    code: str = "bad_input"


def raw_records(session: Session, sources: Sequence[str], tables: TableOptions | None = None) -> Iterator[RawRecord]:
    """Yield the records of all sources, in a fixed order; one that cannot be read is a record with its fault.

    Args:
        session: Knowledge and the clock.
        sources: Files and folders.
        tables: What the user says of tables; with a mapping file, all sources are tables.

    Raises:
        FileError: A source is not there, or is nothing that can be read.
    """
    tables = tables or TableOptions()
    if tables.given:
        yield from _tables(session, sources, tables)
        return
    for written in sources:
        path = Path(written)
        if written == "-":
            raise FileError("standard input cannot be screened", allowed=ALLOWED)
        if is_omop(path):
            yield from _tables(session, [written], tables)
        elif path.is_dir():
            yield from _folder(session, path)
        elif not path.exists():
            raise FileError("no such file", file=written, code="no_such_file")
        else:
            yield from _file(session, path)


def _folder(session: Session, folder: Path) -> Iterator[RawRecord]:
    inside = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    known = [path for path in inside if path.name.lower().endswith((*_RECORDS, *_LINES, *_TABLES, *_PARQUET))]
    if not known:
        raise FileError("the folder holds no patient", file=str(folder), allowed=ALLOWED, code="no_patients")
    export = [path for path in known if _holds_fhir(path)]
    if export:
        # The resources of one patient may stand in several files of an export.
        yield from _fhir(session, export)
    for path in known:
        if path not in export:
            yield from _file(session, path, of_folder=folder)


def _file(session: Session, path: Path, of_folder: Path | None = None) -> Iterator[RawRecord]:
    name = path.name.lower()
    if _holds_fhir(path):
        yield from _fhir(session, [path])
    elif name.endswith(_LINES):
        yield from _lines(path)
    elif name.endswith(_TABLES):
        yield from _table(session, path)
    elif name.endswith(_PARQUET):
        yield from _parquet(path)
    elif name.endswith(_RECORDS):
        shown = str(path.relative_to(of_folder)) if of_folder else path.name
        yield _record(path, shown)
    else:
        raise FileError("this is no source of patients", file=str(path), allowed=ALLOWED, code="no_patients")


def _holds_fhir(path: Path) -> bool:
    """Return whether a file is FHIR: a resource says so of itself, a patient file does not."""
    if not path.name.lower().removesuffix(".gz").endswith((".ndjson", ".json", ".jsonl")):
        return False
    try:
        with _open(path) as stream:
            head = stream.read(_HEAD)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise _damaged(path) from None
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") and b'"resourceType"' in head


def _record(path: Path, fallback: str) -> RawRecord:
    from her2nav.files.reading import read_text

    try:
        text, _ = read_text(path, limit=MAX_RECORD)
    except FileError as error:
        return RawRecord(str(path), "", fallback, error.message, error.code)
    return RawRecord(str(path), text, fallback)


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def _line(stream: IO[bytes], path: Path) -> bytes:
    try:
        return stream.readline(MAX_LINE)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise _damaged(path) from None


def _damaged(path: Path) -> FileError:
    return FileError("the packed file is damaged or cut off", file=str(path), allowed="a whole gzip file")


def _lines(path: Path) -> Iterator[RawRecord]:
    with _open(path) as stream:
        number = 0
        while raw := _line(stream, path):
            number += 1
            place = f"{path}, line {number}"
            fallback = f"{path.name}, line {number}"
            if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
                raise FileError("a line is too long", file=str(path), place=f"line {number}", allowed="up to 16 MB")
            raw = raw.removeprefix(b"\xef\xbb\xbf").strip()
            if not raw:
                continue
            try:
                yield RawRecord(place, raw.decode(), fallback)
            except UnicodeDecodeError:
                yield RawRecord(place, "", fallback, "a byte is not UTF-8 (allowed: UTF-8 text)", "bad_encoding")


def _fhir(session: Session, paths: Sequence[Path]) -> Iterator[RawRecord]:
    names = [str(path) for path in paths]
    shown = names[0] if len(names) == 1 else f"{paths[0].parent} (FHIR export)"
    number = 0
    for reading in fhir_readings(session, names):
        if not reading.patient:
            continue
        number += 1
        identity = reading.patient.get("id")
        place = f"{shown}, patient {number}"
        text = json.dumps(reading.patient, ensure_ascii=False, default=str)
        yield RawRecord(place, text, str(identity or f"{paths[0].name}, patient {number}"))


def _tables(session: Session, sources: Sequence[str], tables: TableOptions) -> Iterator[RawRecord]:
    """Yield the patients of tables with a mapping file, or of an OMOP folder."""
    missing = next((one for one in sources if one != "-" and not Path(one).exists()), None)
    if missing is not None:
        raise FileError("no such file or folder", file=missing, code="no_such_file")
    shown = sources[0] if len(sources) == 1 else f"{Path(sources[0]).parent} (tables)"
    number = 0
    for reading in open_sources(session, sources, tables).readings:
        if not set(reading.patient) - {"id"}:
            continue
        number += 1
        text = json.dumps(reading.patient, ensure_ascii=False, default=str)
        fallback = f"{Path(shown).name}, patient {number}"
        yield RawRecord(f"{shown}, patient {number}{_row(reading)}", text, str(reading.patient.get("id") or fallback))


def _row(reading: Reading) -> str:
    """Say in which row of which table the patient's first value stands."""
    origin = next((one.origin for one in reading.provenance if one.origin.line), None)
    return f" ({origin.source} line {origin.line})" if origin is not None else ""


def _table(session: Session, path: Path) -> Iterator[RawRecord]:
    plain = path.name.lower().removesuffix(".gz")
    with _open(path) as raw:
        lines = _decoded(raw, path)
        first = next(lines, "")
        delimiter = "\t" if plain.endswith(".tsv") else max((",", ";", "\t"), key=first.count)
        header = next(csv.reader([first], delimiter=delimiter), [])
        table = Table([cell.strip() for cell in header], str(path), session.knowledge, decimal_comma=delimiter == ";")
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            for fault, line, identity, record in table.patients(reader):
                place, fallback = f"{path}, line {line}", identity or f"{path.name}, line {line}"
                if fault is not None:
                    yield RawRecord(place, "", fallback, fault)
                else:
                    text = record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
                    yield RawRecord(place, text, fallback)
        except csv.Error as error:
            raise FileError(f"not valid CSV: {error}", file=str(path), place=f"line {reader.line_num}") from None


def _decoded(raw: IO[bytes], path: Path) -> Iterator[str]:
    for number, line in enumerate(iter(lambda: _line(raw, path), b""), 1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise FileError(
                "a byte is not UTF-8", file=str(path), place=f"line {number}", allowed="UTF-8 text", code="bad_encoding"
            ) from None
        yield text.removeprefix("\ufeff") if number == 1 else text


def _parquet(path: Path) -> Iterator[RawRecord]:
    """Yield the rows of a Parquet file with the columns `id` and `patient` (JSON), some thousand rows at a time."""
    polars = parquet_library(path)
    try:
        frame = polars.scan_parquet(path)
        columns = frame.collect_schema().names()
    except polars.exceptions.PolarsError as error:
        raise FileError(f"not readable Parquet: {str(error).splitlines()[0]}", file=str(path)) from None
    if "patient" not in columns:
        raise FileError(
            "the column 'patient' is absent",
            file=str(path),
            allowed="columns id and patient (JSON)",
            code="bad_columns",
        )
    wanted = [name for name in ("id", "patient") if name in columns]
    at = 0
    while rows := frame.select(wanted).slice(at, _ROWS).collect().to_dicts():
        for row in rows:
            at += 1
            identity, text = row.get("id"), row["patient"]
            place = f"{path}, row {at}"
            fallback = str(identity) if identity is not None else f"{path.name}, row {at}"
            if not isinstance(text, str):
                yield RawRecord(place, "", fallback, "the patient is absent, or not JSON text")
            else:
                yield RawRecord(place, text, fallback)


def parquet_library(path: Path) -> Any:
    """Return the library that reads and writes Parquet.

    Raises:
        InputError: It is not installed.
    """
    try:
        import polars
    except ImportError:
        raise InputError(
            "Parquet needs a library that is not installed",
            file=str(path),
            allowed='pip install "her2nav[cohort]", or CSV or JSON lines instead',
            code="extra_needed",
        ) from None
    return polars


def fault_of(error: Her2NavError) -> str:
    """Return the line of an error without the file, whose place is told beside it."""
    text = f"{error.place}: {error.message}" if error.place else error.message
    return f"{text} (allowed: {error.allowed})" if error.allowed else text
