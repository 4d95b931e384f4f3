"""Tables on disk for tests: written, read, and what came out."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from her2nav.app.intake import checked
from her2nav.app.session import Session
from her2nav.files.yamlfile import parse_yaml
from her2nav.intake.omop.folder import open_folder
from her2nav.intake.omop.read import read_omop
from her2nav.intake.reading import Reading
from her2nav.intake.tables.mapping import Layout, layout_of
from her2nav.intake.tables.read import open_tables, readings
from her2nav.knowledge.load import load_knowledge

TODAY = date(2026, 11, 21)
SESSION = Session(today=lambda: TODAY)


def layout(text: str) -> Layout:
    """Return a mapping file that is given as text."""
    return layout_of(parse_yaml(text, "mapping.yaml"), load_knowledge())


def table(path: Path, rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """Write a CSV file and return its name."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return str(path)


def read(mapping: str, *files: str, as_of_column: str | None = None) -> list[Reading]:
    """Read tables by a mapping."""
    tables = open_tables(files, layout(mapping), load_knowledge(), as_of_column)
    return [checked(SESSION, one) for one in readings(tables, TODAY)]


def omop(
    folder: Path, tables: Mapping[str, Sequence[Mapping[str, object]]], mapping: str = "", as_of: str | None = None
) -> dict[str, Reading]:
    """Write the rows of an OMOP folder, read it, and return readings by person."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        written = [columns, *([row.get(column, "") for column in columns] for row in rows)]
        table(folder / f"{name}.csv", written, "\t" if name.startswith("concept") else ",")
    found = layout(mapping or "{}")
    opened = open_folder(folder, found.form(), as_of or found.mapping.as_of, found.mapping.omop.do_not_contact)
    result = [checked(SESSION, one) for one in read_omop(opened, found.mapping, load_knowledge(), TODAY)]
    return {str(one.patient["id"]): one for one in result}


def asked(reading: Reading) -> str:
    """Return the questions of a reading, one a line."""
    return "\n".join(one.message for one in reading.questions)


def where(reading: Reading, path: str) -> tuple[str, int | None, str]:
    """Return table, line and column behind a value."""
    (found,) = [one.origin for one in reading.provenance if one.path == path]
    return found.source, found.line, found.quote
