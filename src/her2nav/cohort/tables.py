"""Tables of pairs: CSV, JSON lines, Excel and Parquet, each written row by row."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from her2nav.files.writing import write_whole
from her2nav.model.errors import InputError

COLUMNS = (
    "patient",
    "nct_id",
    "title",
    "arm",
    "verdict",
    "blocking_reason",
    "missing_facts",
    "next_question",
    "eligible_from",
    "repeat_before",
    "holds_until",
    "new",
    "status",
    "status_date",
    "to_confirm",
    "unread",
    "ruled_by",
    "void_rulings",
    "as_of",
)
"""Columns of every table."""
LISTS = frozenset({"missing_facts", "repeat_before", "new", "ruled_by", "void_rulings"})
"""Columns that hold several things: a list in JSON, joined elsewhere."""
NUMBERS = frozenset({"to_confirm", "unread"})
_JOIN = "; "
_SHEET = 1_000_000
_FORMULA = ("=", "+", "@", "\t", "\r")

Row = Mapping[str, Any]
Rows = Callable[[], Iterable[Row]]
"""Gives the rows anew each time it is called."""


def cell(name: str, value: Any) -> str:
    """Return a value as the text of a cell; what a spreadsheet would take for a formula is marked as text.

    >>> cell("missing_facts", ["LVEF", "ISH"]), cell("title", "=1+1"), cell("arm", None)
    ('LVEF; ISH', "'=1+1", '')
    """
    if value is None:
        return ""
    text = _JOIN.join(str(item) for item in value) if name in LISTS else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_csv(path: Path, rows: Rows) -> None:
    """Write comma-separated values, header first."""
    write_whole(path, _csv_lines(rows()))


def _csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([cell(name, row[name]) for name in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def write_jsonl(path: Path, rows: Rows) -> None:
    """Write one JSON object a line."""
    write_whole(path, (json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows()))


def write_xlsx(path: Path, rows: Rows) -> None:
    """Write an Excel file; what does not fit on one sheet goes on the next.

    Raises:
        InputError: The library is not installed.
    """
    check_library("xlsx")
    openpyxl = import_module("openpyxl")
    write_only_cell = import_module("openpyxl.cell").WriteOnlyCell
    book: Any = openpyxl.Workbook(write_only=True)
    sheet: Any = None
    left = 0

    def text(value: Any) -> Any:
        found = write_only_cell(sheet, value)
        # Never a formula, whatever it begins with.
        found.data_type = "s"
        return found

    for row in rows():
        if not left:
            sheet, left = book.create_sheet(f"pairs {len(book.worksheets) + 1}"), _SHEET
            sheet.freeze_panes = "A2"
            sheet.append([name.replace("_", " ") for name in COLUMNS])
        sheet.append(
            [row[name] if name in NUMBERS else text(cell(name, row[name]).removeprefix("'")) for name in COLUMNS]
        )
        left -= 1
    if sheet is None:
        book.create_sheet("pairs 1").append([name.replace("_", " ") for name in COLUMNS])
    temporary = path.with_name(f".{path.name}.tmp")
    book.save(temporary)
    temporary.replace(path)


def write_parquet(path: Path, rows: Rows) -> None:
    """Write Parquet, streamed from a CSV file beside it so that memory stays flat.

    Raises:
        InputError: The library is not installed.
    """
    check_library("parquet")
    import polars

    passing = path.with_name(f".{path.name}.csv.tmp")
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        write_csv(passing, rows)
        types = {name: polars.Int64 if name in NUMBERS else polars.String for name in COLUMNS}
        polars.scan_csv(passing, schema=types).sink_parquet(temporary)
        temporary.replace(path)
    finally:
        passing.unlink(missing_ok=True)
        temporary.unlink(missing_ok=True)


WRITERS: Mapping[str, Callable[[Path, Rows], None]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}
"""How each format is written, by the ending of the file."""


_LIBRARIES = {
    "xlsx": ("openpyxl", 'pip install "her2nav[cohort]"'),
    "parquet": ("polars", 'pip install "her2nav[cohort]"'),
}


def check_library(name: str) -> None:
    """Refuse a format whose library is not installed, before hours of work.

    Raises:
        InputError: It is not.
    """
    library, how = _LIBRARIES.get(name, ("", ""))
    if library and find_spec(library) is None:
        raise InputError(
            f"{name} needs a library that is not installed",
            place="--to",
            allowed=f"{how}, or --to csv",
            code="extra_needed",
        )


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while part := stream.read(1 << 20):
            found.update(part)
    return found.hexdigest()
