"""The columns of a table of specimens (`--csv`): their names, what they fill, and how people write what is in them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from her2nav.interpret.ngs import names_erbb2
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import key
from her2nav.model.base import Frozen
from her2nav.model.errors import SyntaxProblem, ValueProblem
from her2nav.model.provenance import Confidence
from her2nav.model.specimens import Variant

_RANGE = re.compile(r"\s*(?:\.\.|–|-|/|\bto\b)\s*")
_DECIMAL_COMMA = re.compile(r"\d+,\d+")
_EMPTY = frozenset({"", "na", "n/a", "nan", "-", "not stated", "missing"})
_NEAR = 0.75
_GENE = "ERBB2"
OUTPUT = (
    "line",
    "id",
    "tumour",
    "status",
    "expression",
    "ish_group",
    "amplification",
    "final",
    "outcome",
    "rule",
    "source",
    "flags",
    "next",
    "missing",
    "says",
    "error",
)
"""Columns of the result."""


class Column(Frozen):
    """A row of `audit/columns.csv`."""

    column: str
    path: str
    kind: Literal["id", "text", "word", "number", "date", "score", "list"]
    names: tuple[str, ...] = ()
    says: str


class CellWord(Frozen):
    """A row of `audit/words.csv`: what a spelling in a column fills, as `path=value`."""

    column: str
    written: str
    fills: tuple[str, ...]
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


@lru_cache(maxsize=4)
def known_columns(knowledge: Knowledge) -> tuple[Column, ...]:
    """Return the columns that are read."""
    return tuple(knowledge.table("audit/columns.csv", Column))


@lru_cache(maxsize=4)
def _words(knowledge: Knowledge) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found = {}
    for word in knowledge.table("audit/words.csv", CellWord):
        pairs = [fill.split("=", 1) for fill in word.fills]
        found[word.column, word.written] = [(path, value) for path, value in pairs]
    return found


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a table.

    Attributes:
        columns: For each column of the table what it fills; None: not read.
        unread: Names of the columns that are not read.
    """

    columns: tuple[Column | None, ...]
    unread: tuple[str, ...]


def read_header(cells: list[str], name: str, knowledge: Knowledge) -> Header:
    """Tell what the columns of a table fill.

    Raises:
        SyntaxProblem: A column stands twice, none is known, or one looks like a slip for a known one: a result in it
            would otherwise be lost without a word.
    """
    known: dict[str, Column] = {}
    for item in known_columns(knowledge):
        for written in (item.column, *item.names):
            known[key(written)] = item
    found: list[Column | None] = []
    unread: list[str] = []
    for number, cell in enumerate(cells, 1):
        column = known.get(key(cell))
        if column is not None and column in found:
            raise SyntaxProblem(
                f"the column '{column.column}' stands twice", file=name, place=f"line 1, column {number}"
            )
        if column is None:
            near = difflib.get_close_matches(key(cell), known, n=1, cutoff=_NEAR)
            if near:
                raise SyntaxProblem(
                    f"unknown column '{cell}'; did you mean '{known[near[0]].column}'?",
                    file=name,
                    place=f"line 1, column {number}",
                    allowed=", ".join(item.column for item in known_columns(knowledge)),
                    code="unknown_column",
                )
            unread.append(cell)
        found.append(column)
    if not any(column is not None and column.kind != "id" for column in found):
        raise SyntaxProblem(
            "no column is known",
            file=name,
            place="line 1",
            allowed=", ".join(item.column for item in known_columns(knowledge)),
        )
    return Header(tuple(found), tuple(unread))


def specimen_of(
    cells: Mapping[str, str], knowledge: Knowledge, *, decimal_comma: bool
) -> tuple[str | None, dict[str, Any]]:
    """Return tumour type and specimen of a row in the form of the patient file; empty cells are left out.

    Args:
        cells: Cell by column, without blanks around.
        knowledge: Columns and spellings.
        decimal_comma: Whether a comma in a number is a decimal point, as in tables separated by semicolons.
    """
    record: dict[str, Any] = {}
    meant: list[tuple[str, str, str, str]] = []
    for item in _present(knowledge, tuple(cells)):
        text = cells[item.column]
        if not text:
            continue
        found = _read(knowledge, item.column, text, decimal_comma)
        if found is None:
            continue
        own, further = found
        if further is None:
            _put(record, item.path, list(own) if isinstance(own, tuple) else own)
        else:
            meant += [(path, value, item.column, text) for path, value in further]
    for path, value, name, text in meant:
        before = _put(record, path, value)
        if before not in (None, value):
            raise ValueProblem(f"{name} '{text}' and {path.rsplit('/', 1)[-1]} '{before}' contradict each other")
    tumour = record.pop("tumour_type", None)
    ish = record.get("ish")
    if ish is not None:
        counted = any(name in ish for name in ("her2_cep17_ratio", "her2_copy_number", "cep17_copy_number"))
        if counted and "method" not in ish:
            ish["method"] = "dual_probe"
        if "group" in ish.get("recount", {}):
            ish["recount"]["blinded"] = "true"
    if "ngs" in record:
        record["ngs"]["matrix"] = "tissue"
    return tumour, record


@lru_cache(maxsize=64)
def _present(knowledge: Knowledge, names: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of a table that fill something, in the order of the known columns."""
    return tuple(item for item in known_columns(knowledge) if item.column in names and item.kind != "id")


@lru_cache(maxsize=65536)
def _read(
    knowledge: Knowledge, column: str, text: str, decimal_comma: bool
) -> tuple[Any, list[tuple[str, str]] | None] | None:
    """Return what a cell says: its own value, or the values that its word fills; None where it says nothing."""
    if text.lower() in _EMPTY:
        return None
    further = _words(knowledge).get((column, text.lower()))
    if further is not None:
        return None, further
    item = next(item for item in known_columns(knowledge) if item.column == column)
    own = _value(item, text, decimal_comma)
    return (tuple(own) if isinstance(own, list) else own), None


def score_range(text: str) -> list[str]:
    """Return the ends of an IHC score or range.

    >>> score_range("1+ to 2+"), score_range("3+")
    (['1+', '2+'], ['3+'])
    """
    return [part for part in _RANGE.split(text.strip()) if part]


def erbb2_variant(text: str) -> str:
    """Return a variant with the gene in front where it names none: the column and the option are ERBB2's.

    >>> erbb2_variant("p.S310F"), erbb2_variant("TP53 p.R175H")
    ('ERBB2 p.S310F', 'TP53 p.R175H')
    """
    return f"{_GENE} {text}" if names_erbb2(Variant(name=text)) is None else text


def typed_score(ihc: Mapping[str, str | None], knowledge: Knowledge) -> dict[str, Any]:
    """Return what an IHC score typed in fills: its ends where it is a range, the kind of IHC 0 where it says that.

    Raises:
        ValueProblem: The score says one kind of IHC 0, and the value beside it another.
    """
    cells = {column: value for column, path in (("ihc", "score"), ("zero", "zero_subtype")) if (value := ihc.get(path))}
    filled: dict[str, Any] = specimen_of(cells, knowledge, decimal_comma=False)[1].get("ihc", {})
    return filled


def _value(item: Column, text: str, decimal_comma: bool) -> Any:
    if item.kind == "number":
        if decimal_comma and _DECIMAL_COMMA.fullmatch(text):
            return text.replace(",", ".")
        return text
    if item.kind == "word":
        return text.lower().replace(" ", "_").replace("-", "_")
    if item.kind == "list":
        return [erbb2_variant(part.strip()) for part in text.split(";") if part.strip()]
    return score_range(text) if item.kind == "score" else text


def _put(record: dict[str, Any], path: str, value: Any) -> Any:
    """Set a value and return the one that stood there."""
    *folders, last = path.split("/")
    for folder in folders:
        record = record.setdefault(folder, {})
    before = record.get(last)
    record[last] = value
    return before
