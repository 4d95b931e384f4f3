"""A table of patients: one row a patient, columns named by their path in the patient file, or the columns of specimens.

Columns are `id`; `patient`, the whole record as JSON; paths such as `demographics.sex` or `performance.ecog`; and the
columns of `interpret --csv` (`tumour`, `ihc`, `ratio`, …), which fill one specimen. Rows of one id that follow each
other are specimens of one patient.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Protocol

import yaml

from her2nav.app.columns import read_header, specimen_of
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import Her2NavError, SyntaxProblem
from her2nav.model.patient import Patient

Row = tuple[str | None, int, str, dict[str, Any] | str]
"""Fault, line, id, record."""


class Reader(Protocol):
    """A CSV reader that knows its line."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the cells of each row."""


class Table:
    """The header of a table, and how its rows become patients.

    Raises:
        SyntaxProblem: A column stands twice, is unknown and looks like a slip, or nothing is known.
    """

    def __init__(self, header: Sequence[str], name: str, knowledge: Knowledge, *, decimal_comma: bool) -> None:
        self._name, self._knowledge, self._decimal_comma = name, knowledge, decimal_comma
        twice = next((cell for cell in header if cell and list(header).count(cell) > 1), None)
        if twice is not None:
            raise SyntaxProblem(f"the column '{twice}' stands twice", file=name, place="line 1")
        self._id = header.index("id") if "id" in header else None
        self._whole = header.index("patient") if "patient" in header else None
        self._paths = {i: _path(cell, name) for i, cell in enumerate(header) if _is_path(cell)}
        taken = {*self._paths, self._id, self._whole}
        rest = [i for i in range(len(header)) if i not in taken and header[i]]
        self._columns: dict[int, str] = {}
        self.unread: tuple[str, ...] = ()
        if rest and self._whole is None and (not self._paths or any(_known(header[i], knowledge) for i in rest)):
            found = read_header([header[i] for i in rest], name, knowledge)
            self._columns = {i: item.column for i, item in zip(rest, found.columns, strict=True) if item is not None}
            self.unread = found.unread
        elif rest:
            self.unread = tuple(header[i] for i in rest)
        self._width = len(header)
        if self._whole is None and not self._paths and not self._columns:
            raise SyntaxProblem("no column is known", file=name, place="line 1", allowed="id, patient, tumour, ihc, …")

    def patients(self, reader: Any) -> Iterator[Row]:
        """Yield each patient with the line on which the record begins."""
        waiting: tuple[int, str, dict[str, Any]] | None = None
        for cells in reader:
            line = 1 + reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            identity = cells[self._id].strip() if self._id is not None and self._id < len(cells) else ""
            fault, record = self._record([cell.strip() for cell in cells], identity)
            joins = waiting is not None and identity != "" and waiting[1] == identity
            if fault is not None or isinstance(record, str):
                if waiting is not None:
                    yield None, *waiting
                    waiting = None
                yield fault, line, identity, record
            elif joins and waiting is not None:
                waiting[2].setdefault("specimens", []).extend(record.get("specimens", []))
            else:
                if waiting is not None:
                    yield None, *waiting
                waiting = (line, identity, record)
        if waiting is not None:
            yield None, *waiting

    def _record(self, cells: list[str], identity: str) -> tuple[str | None, dict[str, Any] | str]:
        if len(cells) != self._width:
            return f"{len(cells)} cells where the header has {self._width}", {}
        if self._whole is not None:
            return (None, cells[self._whole]) if cells[self._whole] else ("the patient is absent", {})
        record: dict[str, Any] = {"id": identity} if identity else {}
        try:
            if self._columns:
                named = {column: cells[i] for i, column in self._columns.items()}
                tumour, specimen = specimen_of(named, self._knowledge, decimal_comma=self._decimal_comma)
                if tumour is not None:
                    record["cancer"] = {"tumour_type": tumour}
                if specimen:
                    record["specimens"] = [specimen]
            for i, path in self._paths.items():
                if cells[i]:
                    _put(record, path, _value(cells[i]))
        except Her2NavError as error:
            return error.message + (f" (allowed: {error.allowed})" if error.allowed else ""), {}
        except yaml.YAMLError:
            return "a cell in brackets is not a list or a group", {}
        return None, record


def _known(cell: str, knowledge: Knowledge) -> bool:
    from her2nav.app.columns import known_columns

    return any(cell.lower() in (item.column, *item.names) for item in known_columns(knowledge))


def _is_path(cell: str) -> bool:
    return cell.split(".")[0] in Patient.model_fields and cell != "id"


def _path(cell: str, name: str) -> list[str | int]:
    parts = cell.split(".")
    if not all(parts):
        raise SyntaxProblem(f"'{cell}' is no path", file=name, place="line 1", allowed="such as demographics.sex")
    return [int(part) if part.isdigit() else part for part in parts]


def _value(cell: str) -> Any:
    """Return what a cell says: a list or group in brackets, else text."""
    # BaseLoader makes only text, lists and mappings.
    return yaml.load(cell, yaml.BaseLoader) if cell[:1] in "[{" else cell  # noqa: S506


def _put(record: dict[str, Any], path: list[str | int], value: Any) -> None:
    target: Any = record
    for part, after in pairwise(path):
        empty: Any = [] if isinstance(after, int) else {}
        if isinstance(target, list):
            while isinstance(part, int) and len(target) <= part:
                target.append({} if isinstance(empty, dict) else [])
            target = target[int(part)]
        else:
            target = target.setdefault(part, empty)
    last = path[-1]
    if isinstance(target, list):
        target.append(value)
    else:
        target[last] = value
