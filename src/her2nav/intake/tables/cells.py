"""Rows of CSV, TSV and Parquet files as text, with the line each stands in; what cannot be read is one clear error."""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, cast

from her2nav.model.errors import FileError, InputError, SyntaxProblem

TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
PARQUET = (".parquet",)
ENDINGS = (*TEXT, *PARQUET)
ENCODINGS = ("utf-8", "utf-16", "latin-1", "cp1252")
DELIMITERS = (",", ";", "\t", "|")
_SIGNATURES = {b"PK\x03\x04": "a spreadsheet or a ZIP file", b"%PDF": "a PDF", b"PAR1": "Parquet"}
_LONGEST_CELL = 16 * 1024 * 1024
_BATCH = 50_000
_PACKED = 8
"""How many times larger text is than its packed form: a rough figure for deciding what fits into memory."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a text table is written; None: told from the file."""

    encoding: str = "utf-8"
    delimiter: str | None = None
    quoted: bool = True


@dataclass(slots=True)
class TableFile:
    """A table with its header; `rows` yields each row's line and cells, blanks around them removed."""

    path: Path
    header: tuple[str, ...]
    delimiter: str
    form: Form

    @property
    def name(self) -> str:
        """The path as shown to people."""
        return str(self.path)

    def rows(
        self, wanted: Sequence[int | None] | None = None, only: Callable[[Sequence[str]], bool] | None = None
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield line and cells, of the wanted columns only where they are named; None is a column of empty cells.

        A row with another number of cells than the header is an error with its line: a shifted cell would be read as
        the value of its neighbour.

        Args:
            wanted: The columns, by their places.
            only: Says of the cells as written, blanks around them, which rows are wanted: millions may not be.

        Raises:
            FileError: A byte is not in the encoding.
            SyntaxProblem: The row cannot be read.
        """
        if self.path.name.lower().endswith(PARQUET):
            found = _parquet_rows(self, wanted)
            yield from found if only is None else (row for row in found if only(row[1]))
            return
        width = len(self.header)
        pick = _picked(wanted, width)
        with _text_of(self.path, self.form.encoding) as text:
            reader = _reader(text, self.form, self.delimiter)
            try:
                next(reader, None)
                for cells in reader:
                    if len(cells) != width:
                        if not any(cell.strip() for cell in cells):
                            continue
                        raise SyntaxProblem(
                            f"{len(cells)} cells where the header has {width}",
                            file=self.name,
                            place=f"line {reader.line_num}",
                            allowed=f"columns separated by {self.delimiter!r}; text with that sign in quotes",
                        )
                    picked = pick(cells)
                    if only is None or only(picked):
                        yield reader.line_num, list(map(_STRIPPED, picked))
            except UnicodeDecodeError:
                raise _bad_encoding(self.path, self.form.encoding) from None
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise FileError(
                    "the packed file is damaged or cut off", file=self.name, allowed="a whole gzip file"
                ) from None
            except csv.Error as error:
                raise SyntaxProblem(
                    f"not valid CSV: {error}", file=self.name, place=f"line {reader.line_num}"
                ) from None

    def columns(self, names: Sequence[str]) -> list[int]:
        """Return the positions of columns.

        Raises:
            InputError: One is absent; what there is, is named.
        """
        found = []
        for name in names:
            if name not in self.header:
                raise InputError(
                    f"the column '{name}' is absent",
                    file=self.name,
                    place="line 1",
                    allowed=", ".join(self.header[:30]) + (" …" if len(self.header) > 30 else ""),
                    code="bad_columns",
                )
            found.append(self.header.index(name))
        return found


_STRIPPED = str.strip


def _picked(wanted: Sequence[int | None] | None, width: int) -> Callable[[list[str]], Sequence[str]]:
    """Return what takes the wanted cells out of a row."""
    if wanted is None:
        return lambda cells: cells
    places = [width if one is None else one for one in wanted]
    if len(places) < 2:
        return lambda cells: [([*cells, ""])[one] for one in places]
    take: Callable[[list[str]], Sequence[str]] = itemgetter(*places)
    return take if width not in places else lambda cells: take([*cells, ""])


def open_table(path: str | Path, form: Form | None = None) -> TableFile:
    """Read the header of a table.

    Raises:
        FileError: Missing, empty, in another encoding, or no table at all.
        SyntaxProblem: A column has no name or stands twice.
    """
    path, form = Path(path), form or Form()
    lower = path.name.lower()
    if not lower.endswith(ENDINGS):
        raise FileError("this is no table", file=str(path), allowed=", ".join("*" + one for one in ENDINGS))
    try:
        if path.is_dir():
            raise FileError("this is a folder", file=str(path), allowed="a file", code="is_folder")
        if path.stat().st_size == 0:
            raise FileError("the file is empty", file=str(path), allowed="a table with a header", code="empty_file")
        if lower.endswith(PARQUET):
            return _named(path, _parquet(path).collect_schema().names(), ",", form)
        with _opened(path) as raw:
            _check_start(path, raw.read(4), form)
        with _text_of(path, form.encoding) as text:
            try:
                first = text.readline(1 << 20)
            except UnicodeError:
                raise _bad_encoding(path, form.encoding) from None
    except FileNotFoundError:
        raise FileError("no such file", file=str(path), code="no_such_file") from None
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}", file=str(path), code="unreadable") from None
    except EOFError:
        raise FileError("the packed file is cut off", file=str(path), allowed="a whole gzip file") from None
    if "\0" in first:
        raise FileError("the file is binary, not text", file=str(path), allowed="a CSV file", code="binary_file")
    if not first.strip():
        raise FileError("the first line is empty", file=str(path), place="line 1", allowed="the names of the columns")
    if re.fullmatch(r"sep=.", first.lstrip("\ufeff").strip()):
        raise FileError(
            "the first line is a remark for a spreadsheet ('sep=')",
            file=str(path),
            place="line 1",
            allowed="the names of the columns in the first line: take this one out",
        )
    delimiter = form.delimiter or (
        "\t" if ".tsv" in path.suffixes[-2:] else max(DELIMITERS, key=re.sub(r'"[^"]*"', "", first).count)
    )
    reader = csv.reader([first], delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if form.quoted else csv.QUOTE_NONE)
    return _named(path, next(reader, []), delimiter, form)


def size_of(path: Path) -> int:
    """Return about how many bytes of text a table holds."""
    packed = path.name.lower().endswith((".gz", *PARQUET))
    return path.stat().st_size * (_PACKED if packed else 1)


def _named(path: Path, names: Sequence[str], delimiter: str, form: Form) -> TableFile:
    header = tuple(name.strip() for name in names)
    for number, name in enumerate(header, 1):
        if header.index(name) != number - 1:
            raise SyntaxProblem(
                f"the column '{name}' stands twice" if name else "two columns have no name",
                file=str(path),
                place=f"line 1, column {number}",
                allowed="each name once" if name else "the names of the columns in the first line, no title above them",
            )
    return TableFile(path, header, delimiter, form)


def _text_of(path: Path, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(cast("Any", _opened(path)), encoding=_codec(encoding), newline="")


def _reader(text: io.TextIOWrapper, form: Form, delimiter: str) -> Any:
    if csv.field_size_limit() < _LONGEST_CELL:
        csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if form.quoted else csv.QUOTE_NONE)


def _codec(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def _check_start(path: Path, start: bytes, form: Form) -> None:
    what = next((what for sign, what in _SIGNATURES.items() if start.startswith(sign)), None)
    if what is not None:
        raise FileError(f"the file is {what}", file=str(path), allowed="CSV or Parquet; save the sheet as CSV first")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) and form.encoding != "utf-16":
        raise FileError(
            "the file is UTF-16 text",
            file=str(path),
            allowed="UTF-8 text, or encoding: utf-16 in the mapping file",
            code="bad_encoding",
        )


def _bad_encoding(path: Path, encoding: str) -> FileError:
    """Say in which line the first byte stands that is not in the encoding."""
    place = None
    if encoding == "utf-8":
        with _opened(path) as raw:
            for number, line in enumerate(raw, 1):
                try:
                    line.decode()
                except UnicodeDecodeError:
                    place = f"line {number}"
                    break
    return FileError(
        f"a byte is not {encoding.upper()}",
        file=str(path),
        place=place,
        allowed=f"UTF-8 text, or encoding: {' | '.join(ENCODINGS[1:])} in the mapping file",
        code="bad_encoding",
    )


def _parquet(path: Path) -> Any:
    try:
        import polars
    except ImportError:
        raise InputError(
            "Parquet needs a library that is not installed",
            file=str(path),
            allowed='pip install "her2nav[cohort]", or CSV instead',
            code="extra_needed",
        ) from None
    try:
        frame = polars.scan_parquet(path)
        frame.collect_schema()
    except polars.exceptions.PolarsError as error:
        raise FileError(f"not readable Parquet: {str(error).splitlines()[0]}", file=str(path)) from None
    return frame


def _parquet_rows(table: TableFile, wanted: Sequence[int | None] | None) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with their number from 1, some thousand read at a time."""
    frame = _parquet(table.path)
    names = [table.header[i] for i in wanted if i is not None] if wanted is not None else list(table.header)
    pick = _spread(wanted)
    number = 0
    if not names:
        return
    while rows := frame.select(names).slice(number, _BATCH).collect().rows():
        for row in rows:
            number += 1
            yield number, pick([_text(value) for value in row])


def _spread(wanted: Sequence[int | None] | None) -> Callable[[list[str]], list[str]]:
    """Return what puts an empty cell where no column is wanted."""
    if wanted is None or None not in wanted:
        return lambda cells: cells

    def spread(cells: list[str]) -> list[str]:
        given = iter(cells)
        return [next(given) if one is not None else "" for one in wanted]

    return spread


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()
