"""The rows of tables, cell by cell, into a sheet; a cell that is not allowed is a question with its place."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from her2nav.intake.reading import Origin
from her2nav.intake.tables.dates import NoDate, read_date
from her2nav.intake.tables.fields import Field, entry_field
from her2nav.intake.tables.mapping import ColumnRule
from her2nav.intake.tables.opened import Tables
from her2nav.intake.tables.sheet import Sheet, Value
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate

_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,12})?")
_COMMA = re.compile(r"[-+]?(?:\d{1,15}|\d{1,3}(?:\.\d{3})+)(?:,\d{1,12})?")
_BOUND = re.compile(r"[<>≤≥]=?\s*[-+]?\d")
_YES = dict.fromkeys(("true", "yes", "y", "1"), True) | dict.fromkeys(("false", "no", "n", "0"), False)
_SPLIT = re.compile(r"\s*[;+|]\s*|\s*,\s*")
Entries = dict[str, dict[tuple[str, ...], Value]]
"""The entries that one row began, by list and position: `specimens.0` and `therapies.0` are two."""


class RowReader:
    """Reads rows into a sheet."""

    def __init__(self, tables: Tables, sheet: Sheet) -> None:
        self.tables, self.sheet = tables, sheet

    def read(self, number: int, line: int, cells: list[str]) -> None:
        """Read one row of a file."""
        row = _Row(self.tables, number, line, cells)
        rule = row.rule
        for column, allowed in rule.where.items():
            if row.cell(column) not in allowed:
                self.sheet.skip(row.origin(column), "a row that the mapping file leaves out")
                return
        as_of = self.tables.as_of(number)
        if as_of is not None and (day := self._day(row, as_of, None)):
            self._as_of(day, row.origin(as_of))
        if rule.variable is not None:
            self._fact(row)
            return
        entries: Entries = {}
        if rule.entry is not None:
            own = entries[rule.entry] = self.sheet.entry(rule.entry)
            for name, text in rule.constant.items():
                constant = self.tables.layout.fields[row.number, "constant", name]
                own[tuple(map(str, constant.path))] = Value(text, None, row.origin(""))
        filled = False
        days = self.tables.layout.days_of(row.number)
        for column, one in rule.columns.items():
            if column not in days.values():
                target = self.tables.layout.fields[row.number, "columns", column]
                filled |= self._cell(row, column, one, target, entries, days.get(column))
        if rule.entry is not None and not filled:
            self.sheet.lists[rule.entry].pop()
            self.sheet.left_out.add(rule.entry)
            self.sheet.skip(row.origin(""), "a row without any value that is read")

    def _as_of(self, day: str, origin: Origin) -> None:
        if not PartialDate.parse(day).exact:
            self.sheet.ask("as_of", f"the patient's day '{day}' is no full date; left out", origin)
            return
        known = self.sheet.single.get(("as_of",))
        if known is None or known[0].value < day:
            self.sheet.single["as_of",] = [Value(day, None, origin)]

    def _fact(self, row: _Row) -> None:
        """Read a row that holds one fact: its name and its value."""
        rule = row.rule
        assert rule.variable is not None
        assert rule.value is not None
        name = row.cell(rule.variable)
        one = rule.rows.get(name)
        if one is None:
            self.sheet.skip(row.origin(rule.variable), f"not mapped: {name[:60]}")
            return
        target = self.tables.layout.fields[row.number, "rows", name]
        self._cell(row, rule.value, self.tables.layout.fact(row.number, name), target, {})

    def _cell(
        self,
        row: _Row,
        column: str,
        rule: ColumnRule,
        target: Field,
        entries: Entries,
        day_column: str | None = None,
    ) -> bool:
        """Put what a cell says into the sheet; return whether it says anything.

        Args:
            row: The row.
            column: The column.
            rule: What it feeds.
            target: The field.
            entries: The entries that the row began.
            day_column: A column of the row that feeds the day of this field.
        """
        text = row.cell(column)
        origin = row.origin(column)
        if rule.values is not None and text in rule.values:
            mapped = rule.values[text]
            if mapped is None:
                return False
            text = mapped
        elif text.lower() in self.tables.missing:
            return False
        elif rule.only:
            self.sheet.skip(origin, f"a word that the mapping file does not name: {text[:40]}")
            return False
        day = self._day(row, rule.date or day_column, None)
        value = self._value(row, text, rule, target, origin)
        if value is None:
            if target.section:
                self.sheet.left_out.add(target.section.split(".")[0])
            return False
        if rule.lab is not None:
            self._lab(row, rule, value, day, origin)
            return True
        found = Value(value, day, origin, target.kind == "date")
        if not target.section:
            self.sheet.put(target.path, found)
            return True
        section, _, position = target.section.rpartition(".")
        if not position.isdigit():
            section = target.section
        entry = entries.get(target.section)
        if entry is None:
            entry = entries[target.section] = self.sheet.entry(section)
        entry[tuple(map(str, target.path))] = found
        if day and ("date",) not in entry and section in ("labs", "vitals", "cardiac.lvef", "toxicities"):
            entry["date",] = Value(day, None, row.origin(rule.date or ""), is_date=True)
        return True

    def _day(self, row: _Row, column: str | None, order: str | None) -> str | None:
        if column is None or row.cell(column).lower() in self.tables.missing:
            return None
        try:
            own = row.rule.columns.get(column)
            return read_date(row.cell(column), order or (own and own.dates) or row.dates)
        except NoDate as error:
            self.sheet.ask("date", f"{error}; left out", row.origin(column))
            return None

    def _value(self, row: _Row, text: str, rule: ColumnRule, target: Field, origin: Origin) -> Any:
        """Return the value of a cell, or None with a question where it is not allowed."""
        value: Any = text
        problem: str | None = None
        if target.kind == "date":
            try:
                value = read_date(text, rule.dates or row.dates)
            except NoDate as error:
                problem = str(error)
        elif target.kind == "number":
            value, problem = _number(text, comma=row.comma)
            if problem is None and rule.unit is not None and rule.lab is None:
                value, problem = self._scaled(value, target, rule.unit)
        elif target.kind == "yes_no":
            value = _YES.get(text.lower())
            problem = f"'{text[:40]}' is not yes or no" if value is None else None
        elif target.several or (text.startswith("[") and text.endswith("]")):
            inner = text.removeprefix("[").removesuffix("]") if text.endswith("]") else text
            parts = inner.split(rule.split) if rule.split else _SPLIT.split(inner)
            value = [part.strip() for part in parts if part.strip()]
        if problem is None and rule.lab is None and (refusal := target.refusal(value)):
            # What a vocabulary calls a word by is written in small letters with underscores.
            plain = text.lower().replace(" ", "_").replace("-", "_")
            if target.kind == "text" and not target.several and target.refusal(plain) is None:
                value = plain
            else:
                problem = f"'{text[:40]}': {refusal}"
        if problem is None:
            problem = _unknown(value, target, self.tables.knowledge)
        if problem is not None:
            self.sheet.ask("value", f"{target.name}: {problem}; left out", origin)
            return None
        return value

    def _scaled(self, value: str, target: Field, unit: str) -> tuple[Any, str | None]:
        """Convert a number to the unit of its field, by the factors of `intake/tables.yaml`."""
        factors = self.tables.words.scales.get(str(target.path[-1]))
        if factors is None:
            return value, None
        if unit not in factors:
            return None, f"unknown unit '{unit}' (allowed: {', '.join(factors)})"
        number = Decimal(value) * Decimal(factors[unit])
        return format(number.quantize(Decimal("0.1")) if factors[unit] != "1" else number, "f"), None

    def _lab(self, row: _Row, rule: ColumnRule, value: str, day: str | None, origin: Origin) -> None:
        knowledge = self.tables.knowledge
        variable = knowledge.variables.find(rule.lab or "") or ""
        written = rule.unit or (row.cell(rule.unit_column) if rule.unit_column else "")
        unit = knowledge.variables.unit(variable, written) if written else None
        if written and unit is None:
            allowed = ", ".join(knowledge.variables.units(variable))
            self.sheet.ask("unit", f"{rule.lab}: unknown unit '{written[:20]}' (allowed: {allowed}); left out", origin)
            return
        entry = self.sheet.entry("labs")
        entry["name",] = Value(variable, None, origin)
        entry["value",] = Value(value, day, origin)
        if unit:
            entry["unit",] = Value(unit, None, row.origin(rule.unit_column or origin.quote))
        if day:
            entry["date",] = Value(day, None, row.origin(rule.date or ""), is_date=True)
        for name, column in (("uln", rule.uln), ("lln", rule.lln)):
            if column is not None and row.cell(column).lower() not in self.tables.missing:
                limit, problem = _number(row.cell(column), comma=row.comma)
                if problem is None and entry_field("labs", name).refusal(limit) is None:
                    entry[name,] = Value(limit, None, row.origin(column))
                else:
                    self.sheet.ask("value", f"{name}: {problem or 'out of range'}; left out", row.origin(column))


class _Row:
    """A row with its table."""

    __slots__ = ("_at", "_source", "cells", "comma", "dates", "line", "number", "rule")

    def __init__(self, tables: Tables, file: int, line: int, cells: list[str]) -> None:
        self.cells, self.line = cells, line
        self.number = tables.rules[file]
        self.rule = tables.rule(file)
        self.dates = self.rule.dates or tables.layout.mapping.dates
        self.comma = tables.commas[file]
        self._at = tables.places[file]
        self._source = tables.files[file].path.name

    def cell(self, column: str) -> str:
        """Return the text of a column."""
        return self.cells[self._at[column]]

    def origin(self, column: str) -> Origin:
        """Return the place of a cell: table, row, column."""
        return Origin(self._source, None, None, self.line, column or "row")


def _number(text: str, *, comma: bool) -> tuple[str, str | None]:
    """Return a number as the patient file writes it; a bound is no value."""
    plain = text.replace(" ", "").removesuffix("%")
    if comma and _COMMA.fullmatch(plain):
        return plain.replace(".", "").replace(",", ".") if "," in plain or plain.count(".") > 1 else plain, None
    if _NUMBER.fullmatch(plain):
        return plain.removeprefix("+"), None
    if _BOUND.match(plain):
        return "", f"'{text[:40]}' is a bound and no value"
    sign = "comma" if comma else "point"
    # Where one sign cannot be told from the other, the mapping file says it; a guess would be wrong by a factor.
    other = "; decimal: comma in the mapping file reads it" if not comma and _WITH_COMMA.fullmatch(plain) else ""
    return "", f"'{text[:40]}' is not a number (allowed: at most 15 digits, decimal {sign}{other})"


_WITH_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+")


def _unknown(value: Any, target: Field, knowledge: Knowledge) -> str | None:
    """Return what is wrong with a name that every command refuses: the cancer, a laboratory value."""
    if target.path == ("cancer", "tumour_type") and knowledge.tumours.find(str(value)) is None:
        near = ", ".join(knowledge.tumours.nearest(str(value))) or "breast, gastric, NSCLC"
        return f"unknown tumour type '{str(value)[:40]}' (nearest: {near})"
    return None
