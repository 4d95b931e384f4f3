"""Tables with their layout, looked at and not read yet: every column is there, and no column names a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from her2nav.intake.tables.cells import TableFile, open_table, size_of
from her2nav.intake.tables.mapping import Layout, TableRule, default_layout
from her2nav.intake.tables.sheet import FieldRules
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import key
from her2nav.model.base import Frozen
from her2nav.model.errors import InputError


class TableWords(Frozen):
    """`intake/tables.yaml`: cells that say nothing, columns that name a person, units that are converted."""

    missing: tuple[str, ...]
    private: tuple[str, ...]
    private_of_patient: tuple[str, ...]
    """The same for tables whose rows are not entries of a list: in a list of tests, `name` is that of the test."""
    scales: dict[str, dict[str, str]]


@dataclass
class Tables:
    """Tables with their layout, ready to be read patient by patient.

    Attributes:
        told: What is worth knowing of the files as a whole, one line each: columns that are not read.
    """

    layout: Layout
    files: list[TableFile]
    rules: list[int]
    knowledge: Knowledge
    as_of_column: str | None = None
    told: list[str] = field(default_factory=list)

    @cached_property
    def words(self) -> TableWords:
        """The words of `intake/tables.yaml`."""
        return self.knowledge.record("intake/tables.yaml", TableWords)

    @cached_property
    def missing(self) -> frozenset[str]:
        """Cells that say nothing, in small letters."""
        return frozenset(one.lower() for one in (*self.words.missing, *self.layout.mapping.missing, ""))

    @cached_property
    def fixed(self) -> frozenset[str]:
        """Fields that hold for life."""
        return frozenset(self.knowledge.record("intake/fields.yaml", FieldRules).fixed)

    @property
    def size(self) -> int:
        """About how many bytes of text there are."""
        return sum(size_of(one.path) for one in self.files)

    @cached_property
    def places(self) -> list[dict[str, int]]:
        """Position of every column, by file."""
        return [{name: i for i, name in enumerate(one.header)} for one in self.files]

    @cached_property
    def commas(self) -> list[bool]:
        """Whether a comma is a decimal point, by file: as the mapping says, else where semicolons separate."""
        mapping = self.layout.mapping
        said = [self.layout.mapping.tables[rule].decimal or mapping.decimal for rule in self.rules]
        return [one == "comma" if one else file.delimiter == ";" for one, file in zip(said, self.files, strict=True)]

    def rule(self, number: int) -> TableRule:
        """Return the table rule of a file."""
        return self.layout.mapping.tables[self.rules[number]]

    def id_column(self, number: int) -> str:
        """Return the column that says whose row it is."""
        return self.rule(number).id or self.layout.mapping.id or ""

    def as_of(self, number: int) -> str | None:
        """Return the column with the patient's day, where a file has it."""
        wanted = self.as_of_column or self.layout.mapping.as_of
        return wanted if wanted in self.files[number].header else None


def open_tables(
    sources: Sequence[str], layout: Layout | None, knowledge: Knowledge, as_of_column: str | None = None
) -> Tables:
    """Look at the headers of tables; nothing is read yet.

    Raises:
        InputError: A file has no rule, a rule no file, or a column is absent.
    """
    files, rules = [], []
    layout = layout or default_layout(open_table(sources[0]).header, sources[0], knowledge)
    for source in sources:
        number = layout.rule_of(source)
        if number is None:
            raise InputError(
                "the mapping file says nothing of this table",
                file=source,
                allowed=", ".join(one.file for one in layout.mapping.tables) or "tables: in the mapping file",
                code="mapping_needed",
            )
        files.append(open_table(source, layout.form(number)))
        rules.append(number)
    tables = Tables(layout, files, rules, knowledge, as_of_column)
    for number, one in enumerate(files):
        _check_columns(tables, number, one)
    if as_of_column is not None and not any(as_of_column in one.header for one in files):
        raise InputError(
            f"no table has the column '{as_of_column}'", place="--as-of-column", allowed=", ".join(files[0].header[:30])
        )
    return tables


def _check_columns(tables: Tables, number: int, file: TableFile) -> None:
    rule = tables.rule(number)
    column = tables.id_column(number)
    names = _needed(rule)
    file.columns([column, *names])
    if tables.layout.mapping.copy_id is None and _private(column, tables.words):
        raise InputError(
            f"the column '{column}' may be a record number, and those are not copied",
            file=file.name,
            place="line 1",
            allowed="copy_id: false (patients go by FILE:LINE), or copy_id: true where it is a study number",
            code="private_column",
        )
    for fed in (*rule.columns, *((rule.value,) if rule.value else ())):
        if fed != column and _private(fed, tables.words, of_patient=rule.entry is None):
            raise InputError(
                f"the column '{fed}' holds a name, number or address of a person, and those are not copied",
                file=file.name,
                place="line 1",
                allowed="other columns; rename it where it holds something else",
                code="private_column",
            )
    unread = [one for one in file.header if one and one not in {column, tables.as_of(number), *names}]
    if unread:
        shown = ", ".join(unread[:12]) + (f" and {len(unread) - 12} more" if len(unread) > 12 else "")
        tables.told.append(f"{file.path.name}: columns not read: {shown}")


def _private(column: str, words: TableWords, *, of_patient: bool = True) -> bool:
    patterns = (*words.private, *words.private_of_patient) if of_patient else words.private
    return any(re.fullmatch(pattern, key(column)) for pattern in patterns)


def _needed(rule: TableRule) -> list[str]:
    """Return the columns that a table must have."""
    own = (rule.variable, rule.value, rule.date, rule.unit, rule.uln, rule.lln)
    of_columns = [
        name for column, one in rule.columns.items() for name in (column, one.date, one.unit_column, one.uln, one.lln)
    ]
    return list(dict.fromkeys(one for one in (*rule.where, *of_columns, *own) if one))


def paths(sources: Sequence[str], layout: Layout) -> list[str]:
    """Return the files of folders that the mapping names, and the other sources as they are."""
    found: list[str] = []
    for source in sources:
        path = Path(source)
        if path.is_dir():
            found += sorted(
                str(one) for one in path.iterdir() if one.is_file() and layout.rule_of(one.name) is not None
            )
        else:
            found.append(source)
    return found
