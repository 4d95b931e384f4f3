"""The mapping file: which column feeds which field of the patient file, and which lists are known to be whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, field_validator, model_validator
from pydantic import Field as Default

from her2nav.files.places import Document
from her2nav.files.places import Path as DocumentPath
from her2nav.files.reading import read_text
from her2nav.files.validation import build
from her2nav.files.yamlfile import parse_yaml
from her2nav.intake.tables.cells import DELIMITERS, ENCODINGS, Form
from her2nav.intake.tables.dates import ORDERS
from her2nav.intake.tables.fields import LISTS, Field, NoField, entry_field, field_of
from her2nav.intake.tables.sheet import day_of
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.errors import ValueProblem
from her2nav.model.patient import Patient
from her2nav.model.treatment import Complete

MAX_BYTES = 1024 * 1024
_OWN = ("id", "as_of")
_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "\\t": "\t"}
Sign = Annotated[str, BeforeValidator(lambda value: _SIGNS.get(value, value) if isinstance(value, str) else value)]
"""A separating sign, or its name."""


class ColumnRule(Frozen):
    """What one column feeds; written as text it is `field` alone.

    Attributes:
        field: Path in the patient file, or below `entry` of the table.
        lab: A laboratory value: its variable. The row becomes an entry of `labs`.
        values: What words of the column mean; a word without a meaning says nothing.
        only: Only cells that `values` names are read; others are listed.
        date: Column with the day of this value.
        dates: Order of dates in this column, where it is not that of the file.
        unit: Unit of a laboratory value, or of weight and size, in this column.
        unit_column: Column that holds the unit.
        uln, lln: Columns with the laboratory's limits.
        split: Sign between several values of one cell.
    """

    field: str | None = None
    lab: str | None = None
    values: dict[str, str | None] | None = None
    only: bool = False
    date: str | None = None
    dates: str | None = None
    unit: str | None = None
    unit_column: str | None = None
    uln: str | None = None
    lln: str | None = None
    split: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"field": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_of(self) -> ColumnRule:
        if (self.field is None) == (self.lab is None):
            raise ValueError("a column feeds a field or a lab: write one of them")
        return self


class TableRule(Frozen):
    """One table.

    Attributes:
        file: Its name, or a pattern (`labs_*.csv`).
        id: Column with the patient, where it is not that of the file.
        entry: Every row is an entry of this list of the patient file; without it a row says something of the patient.
        where: Only rows whose column holds one of these words are read.
        columns: What each column feeds.
        variable, value: Columns of a table that has one fact a row: its name and its value.
        date, unit, uln, lln: Further columns of such a table.
        rows: What each name in `variable` feeds.
        constant: Fields of an entry that are the same in every row (`kind: radiotherapy`).
    """

    file: str
    id: str | None = None
    entry: str | None = None
    where: dict[str, tuple[str, ...]] = Default(default_factory=dict)
    columns: dict[str, ColumnRule] = Default(default_factory=dict)
    variable: str | None = None
    value: str | None = None
    date: str | None = None
    unit: str | None = None
    uln: str | None = None
    lln: str | None = None
    rows: dict[str, ColumnRule] = Default(default_factory=dict)
    constant: dict[str, str] = Default(default_factory=dict)
    dates: str | None = None
    decimal: Literal["point", "comma"] | None = None
    encoding: str | None = None
    delimiter: Sign | None = None

    @field_validator("where", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: one if isinstance(one, (list, tuple)) else [one] for key, one in value.items()}


class OmopRules(Frozen):
    """What the mapping file says of an OMOP folder.

    Attributes:
        tumour: The cancer that the cohort is about; another cancer is then another diagnosis, and no contradiction.
        codes: Local codes or concept ids, each with a code of a standard vocabulary: `LOINC 85319-2`.
        source_codes: Vocabulary of the source codes of a table, where concepts are absent.
        prescriptions: Whether prescriptions and orders of cancer medicines count as given.
        notes: Whether notes are read as text; what they say never takes the place of a coded value.
        do_not_contact: File in the folder with the persons who may not be contacted (column `person_id`).
    """

    tumour: str | None = None
    codes: dict[str, str] = Default(default_factory=dict)
    source_codes: dict[str, str] = Default(default_factory=dict)
    prescriptions: Literal["given", "not_counted"] = "not_counted"
    notes: Literal["read", "not_read"] = "not_read"
    do_not_contact: str | None = None


class Mapping(Frozen):
    """The whole file; see `docs/intake_tables.md`."""

    id: str | None = None
    copy_id: bool | None = None
    as_of: str | None = None
    dates: str = "iso"
    decimal: Literal["point", "comma"] | None = None
    encoding: str = "utf-8"
    delimiter: Sign | None = None
    missing: tuple[str, ...] = ()
    complete: Complete = Complete()
    tables: tuple[TableRule, ...] = ()
    omop: OmopRules = OmopRules()

    @property
    def declared(self) -> tuple[str, ...]:
        """The lists that are declared to hold everything."""
        return tuple(name for name, whole in self.complete if whole)


@dataclass(frozen=True)
class Layout:
    """A mapping file with its fields looked up.

    Attributes:
        name: The file; empty where none was given.
        mapping: As written.
        fields: Field of each column or row name, by table number, `columns` or `rows`, and name.
        constants: The same for constants.
    """

    name: str
    mapping: Mapping
    fields: dict[tuple[int, str, str], Field]
    _facts: dict[tuple[int, str], ColumnRule] = field(default_factory=dict)
    _days: dict[int, dict[str, str]] = field(default_factory=dict)

    def days_of(self, number: int) -> dict[str, str]:
        """Return the column with the day of another one, where a table feeds a field and its day from two columns."""
        found = self._days.get(number)
        if found is None:
            rules = self.mapping.tables[number].columns
            fed = {one.name: name for name in rules if not (one := self.fields[number, "columns", name]).section}
            pairs = ((column, fed.get(day_of(path) or "")) for path, column in fed.items())
            found = self._days[number] = {
                column: day
                for column, day in pairs
                if day is not None and day != column and rules[column].date in (None, day)
            }
        return found

    def fact(self, number: int, name: str) -> ColumnRule:
        """Return what a name feeds in a table of one fact a row, with the columns that the table names for all."""
        found = self._facts.get((number, name))
        if found is None:
            rule = self.mapping.tables[number]
            one = rule.rows[name]
            found = self._facts[number, name] = one.model_copy(
                update={
                    "date": one.date or rule.date,
                    "unit_column": one.unit_column or rule.unit,
                    "uln": one.uln or rule.uln,
                    "lln": one.lln or rule.lln,
                }
            )
        return found

    def rule_of(self, file: str) -> int | None:
        """Return the number of the table rule for a file's name."""
        name = Path(file).name.lower()
        return next((i for i, one in enumerate(self.mapping.tables) if fnmatch(name, one.file.lower())), None)

    def form(self, number: int | None = None) -> Form:
        """Return how a table is written."""
        rule = self.mapping.tables[number] if number is not None else None
        return Form(
            (rule and rule.encoding) or self.mapping.encoding, (rule and rule.delimiter) or self.mapping.delimiter
        )


def read_mapping(path: str | Path | None, knowledge: Knowledge) -> Layout:
    """Read and check a mapping file; without one, the layout says nothing.

    Raises:
        InputError: It cannot be read, or names a field that the patient file does not have.
    """
    if path is None:
        return Layout("", Mapping(), {})
    text, name = read_text(path, limit=MAX_BYTES)
    return layout_of(parse_yaml(text, name), knowledge)


def layout_of(document: Document, knowledge: Knowledge) -> Layout:
    """Check a mapping that is parsed.

    Raises:
        ValueProblem: A key or field does not exist; with line and what is allowed.
    """
    mapping = build(Mapping, document)

    def refuse(message: str, path: DocumentPath, allowed: str | None) -> ValueProblem:
        return ValueProblem(message, file=document.name, place=document.place(path), allowed=allowed)

    fields: dict[tuple[int, str, str], Field] = {}
    if mapping.omop.tumour is not None and knowledge.tumours.find(mapping.omop.tumour) is None:
        raise refuse(
            f"unknown tumour type '{mapping.omop.tumour}'", ("omop", "tumour"), "a name such as breast, gastric, NSCLC"
        )
    _check_forms(mapping.dates, mapping.encoding, mapping.delimiter, (), refuse)
    for number, table in enumerate(mapping.tables):
        here: DocumentPath = ("tables", number)
        _check_forms(table.dates, table.encoding, table.delimiter, here, refuse)
        if not (table.id or mapping.id):
            raise refuse("no column is named that says whose row it is", here, "id: COLUMN, here or for all tables")
        if (table.variable is None) != (table.value is None) or (table.variable is None) != (not table.rows):
            raise refuse("one fact a row needs variable, value and rows", here, "all three, or columns")
        if not table.columns and not table.rows:
            raise refuse("the table feeds nothing", here, "columns: {COLUMN: field}")
        if table.entry is not None and table.entry not in LISTS:
            raise refuse(f"'{table.entry}' is no list", (*here, "entry"), ", ".join(sorted(LISTS)))
        for group, rules in (("columns", table.columns), ("rows", table.rows)):
            for column, rule in rules.items():
                place: DocumentPath = (*here, group, column)
                if rule.dates is not None:
                    _check_forms(rule.dates, None, None, place, refuse)
                try:
                    fields[number, group, column] = _field(table.entry, rule, knowledge)
                except NoField as error:
                    raise refuse(error.message, place, error.near) from None
        for key, value in table.constant.items():
            place = (*here, "constant", key)
            try:
                field = entry_field(table.entry or "", key)
            except NoField as error:
                raise refuse(error.message, place, error.near) from None
            if problem := field.refusal(value):
                raise refuse(f"'{value}': {problem}", place, None)
            fields[number, "constant", key] = field
        _check_nested(number, fields, document, refuse)
    return Layout(document.name, mapping, fields)


def default_layout(header: tuple[str, ...], name: str, knowledge: Knowledge) -> Layout:
    """Return the layout of a table whose columns are named by their paths in the patient file.

    Raises:
        ValueProblem: None of its columns is.
    """
    columns = {cell: cell for cell in header if cell not in _OWN and cell.split(".")[0] in Patient.model_fields}
    if not columns or "id" not in header:
        raise ValueProblem(
            "which column feeds which field is not said",
            file=name,
            place="line 1",
            allowed="--mapping FILE, or a column id and columns named by paths such as demographics.age",
            code="mapping_needed",
        )
    day = {"as_of": "as_of"} if "as_of" in header else {}
    data = {"id": "id", "copy_id": "true", **day, "tables": [{"file": Path(name).name, "columns": columns}]}
    return layout_of(Document(data, name), knowledge)


def _check_nested(number: int, fields: dict[tuple[int, str, str], Field], document: Document, refuse: Any) -> None:
    """Refuse a column for a whole (`biomarkers.er`) beside one for its part (`biomarkers.er.percent`)."""
    own = [(place, one) for place, one in fields.items() if place[0] == number]
    for place, one in own:
        for _, other in own:
            if (
                one.section == other.section
                and len(one.path) < len(other.path)
                and other.path[: len(one.path)] == one.path
            ):
                raise refuse(
                    f"'{one.name}' stands beside its part '{other.name}'",
                    ("tables", number, *place[1:]),
                    f"a part of it, such as {one.name}.status",
                )


def _field(entry: str | None, rule: ColumnRule, knowledge: Knowledge) -> Field:
    if rule.lab is not None:
        if knowledge.variables.find(rule.lab) is None:
            near = ", ".join(knowledge.variables.nearest(rule.lab)) or "haemoglobin, anc, creatinine"
            raise NoField(f"no laboratory value is called '{rule.lab}'", near)
        return entry_field("labs", "value")
    assert rule.field is not None
    if entry is not None and not rule.field.startswith("/"):
        return entry_field(entry, rule.field)
    return field_of(rule.field, knowledge.genes)


def _check_forms(dates: str | None, encoding: str | None, delimiter: str | None, at: DocumentPath, refuse: Any) -> None:
    if dates is not None and dates not in ORDERS and "%" not in dates:
        raise refuse(f"'{dates}' is no order of dates", (*at, "dates"), ", ".join(ORDERS) + ", or a pattern: %d%b%Y")
    if encoding is not None and encoding not in ENCODINGS:
        raise refuse(f"'{encoding}' is no encoding that is read", (*at, "encoding"), ", ".join(ENCODINGS))
    if delimiter is not None and delimiter not in DELIMITERS:
        raise refuse(f"'{delimiter}' separates no columns", (*at, "delimiter"), "comma, semicolon, tab, |")
