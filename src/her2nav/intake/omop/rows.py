"""Rows of the CDM as the resources that the readers of FHIR take, each with its table, row and columns.

The meaning of codes is written down once, for FHIR and OMOP alike: a row becomes a resource in memory, and the same
readers settle it.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import Any

from her2nav.intake.fhir.chart import Chart, Place
from her2nav.intake.fhir.measures import write_plain_lab
from her2nav.intake.omop.concepts import Meaning, OmopData
from her2nav.intake.omop.folder import TABLES
from her2nav.intake.reading import Origin

_EVENTS: dict[str, tuple[str, str]] = {
    "measurement": ("measurement", "value_source_value"),
    "observation": ("observation", "value_as_string"),
}
_BOUNDS = frozenset("<>≤≥")
_ELEMENTS = {
    "measurement": {
        "code": "measurement_concept_id",
        "effective": "measurement_date",
        "effectiveDateTime": "measurement_date",
        "valueQuantity": "value_as_number",
        "valueCodeableConcept": "value_as_concept_id",
        "valueString": "value_source_value",
        "referenceRange": "range_high",
        "specimen": "measurement_event_id",
    },
    "observation": {
        "code": "observation_concept_id",
        "effective": "observation_date",
        "effectiveDateTime": "observation_date",
        "valueQuantity": "value_as_number",
        "valueCodeableConcept": "value_as_concept_id",
        "valueString": "value_as_string",
    },
    "condition_occurrence": {"code": "condition_concept_id", "onsetDateTime": "condition_start_date"},
    "procedure_occurrence": {
        "code": "procedure_concept_id",
        "performed": "procedure_date",
        "performedPeriod": "procedure_end_date",
    },
    "drug_exposure": {"code": "drug_concept_id", "start": "drug_exposure_start_date", "end": "drug_exposure_end_date"},
}
"""The column behind each element, for the place of a value."""


class RowPlace(Place):
    """A row of a table; the place of an element is its column."""

    __slots__ = ()

    def origin(self, element: str = "") -> Origin:
        """Return the place of a column, named by it or by the element that is made of it."""
        source, line, table, _ = self
        return Origin(source, None, None, line, _column(table, element))


@lru_cache(maxsize=4096)
def _column(table: str, element: str) -> str:
    first = element.split(".")[0].split("[")[0]
    column = _ELEMENTS.get(table, {}).get(first, element)
    return f"{table}.{column}" if column else table


_AT = {table: {name: i for i, name in enumerate(names)} for table, names in TABLES.items()}


class Record:
    """One row with its columns by name."""

    __slots__ = ("_at", "cells", "place", "table")

    def __init__(self, table: str, place: RowPlace, cells: list[str]) -> None:
        self.table, self.place, self.cells = table, place, cells
        self._at = _AT[table]

    def get(self, column: str) -> str:
        """Return a cell; empty where the table has no such column."""
        return self.cells[self._at[column]]

    def empty(self, column: str) -> None:
        """Take a cell out, once its text is listed as not used."""
        cells = list(self.cells)
        cells[self._at[column]] = ""
        self.cells = cells

    def day(self, column: str) -> str | None:
        """Return a date without its clock time."""
        text = self.get(column)
        if len(text) == 8 and text.isdigit():
            text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        return text[:10] or None


def number_text(text: str) -> str:
    """Return a number without the zeros that databases add.

    >>> number_text("2.4000000"), number_text("58.0"), number_text("100")
    ('2.4', '58', '100')
    """
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text.lower() else text


def observation_of(record: Record, meaning: Meaning, samples: dict[str, str]) -> dict[str, Any]:
    """Return a measurement or observation as an Observation.

    Args:
        record: The row.
        meaning: What its concepts mean.
        samples: Specimen of a day, where there is exactly one; and specimen ids.
    """
    stem, words = _EVENTS[record.table]
    data = meaning.data
    code = meaning.concept(
        record.table,
        record.get(f"{stem}_concept_id"),
        record.get(f"{stem}_source_concept_id"),
        record.get(f"{stem}_source_value"),
    )
    found: dict[str, Any] = {"resourceType": "Observation", "status": "final", "code": code}
    when = record.day(f"{stem}_date")
    if when:
        found["effectiveDateTime"] = when
    number, written = record.get("value_as_number"), record.get(words) or record.get("value_source_value")
    if number:
        unit = meaning.unit(record.get("unit_concept_id"), record.get("unit_source_value"))
        found["valueQuantity"] = {
            "value": number_text(number),
            "unit": unit,
            "comparator": _comparator(record, written, data),
        }
        if record.table == "measurement":
            limits = {"high": record.get("range_high"), "low": record.get("range_low")}
            given = {side: {"value": number_text(text)} for side, text in limits.items() if text}
            if given:
                found["referenceRange"] = [given]
    answer = record.get("value_as_concept_id")
    if answer not in ("", "0"):
        found["valueCodeableConcept"] = meaning.concept("value", answer)
    if written and not number:
        found["valueString"] = written
    if record.table == "measurement":
        event, event_field = record.get("measurement_event_id"), record.get("meas_event_field_concept_id")
        sample = event if event_field == data.specimen_field and event in samples else samples.get(f"day {when}", "")
        if sample:
            found["specimen"] = {"reference": f"Specimen/{sample}"}
    return found


_MEASUREMENT = _AT["measurement"]
_PLAIN = itemgetter(
    *(
        _MEASUREMENT[name]
        for name in (
            "value_as_number", "value_as_concept_id", "operator_concept_id", "value_source_value", "unit_concept_id",
            "unit_source_value", "range_high", "range_low",
        )
    )
)  # fmt: skip


def plain_lab(record: Record, variable: str, meaning: Meaning, chart: Chart) -> bool:
    """Read a measurement that is nothing but a number with its unit and limits, without a resource in between.

    Most rows of a database are such ones. Returns False where there is more to it, or something wrong with it.
    """
    value, answer, operator, written, unit, unit_written, high, low = _PLAIN(record.cells)
    if not value or answer not in ("", "0") or operator in meaning.data.operators or written[:1] in _BOUNDS:
        return False
    limits = [(name, number_text(text)) for name, text in (("uln", high), ("lln", low)) if text]
    measured = (number_text(value), meaning.unit(unit, unit_written), record.day("measurement_date"))
    return write_plain_lab(chart, record.place, variable, measured, limits)


def _comparator(record: Record, written: str, data: OmopData) -> str:
    """Return the sign of a bound, from its concept or from the text that the laboratory wrote."""
    operator = record.get("operator_concept_id") if record.table == "measurement" else ""
    sign = data.operators.get(operator, "")
    return sign or (written[:1] if written[:1] in _BOUNDS else "")


def specimens_of(records: list[Record], meaning: Meaning) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return specimens as resources by id, and the specimen of each id and of each day that has exactly one."""
    resources: dict[str, dict[str, Any]] = {}
    days: dict[str, list[str]] = {}
    for record in records:
        identity, when = record.get("specimen_id"), record.day("specimen_date")
        kind = meaning.concept("specimen", record.get("specimen_concept_id"), "", record.get("specimen_source_value"))
        resources[identity] = {
            "resourceType": "Specimen",
            "type": kind,
            "collection": {"collectedDateTime": when or ""},
        }
        days.setdefault(f"day {when}", []).append(identity)
    names = {identity: identity for identity in resources}
    return resources, names | {day: listed[0] for day, listed in days.items() if len(set(listed)) == 1}


def procedure_of(record: Record, meaning: Meaning, end: str | None) -> dict[str, Any]:
    """Return a procedure, or the days of a course of radiotherapy, as a Procedure."""
    code = meaning.concept(
        record.table,
        record.get("procedure_concept_id"),
        record.get("procedure_source_concept_id"),
        record.get("procedure_source_value"),
    )
    start = record.day("procedure_date")
    found: dict[str, Any] = {"resourceType": "Procedure", "status": "completed", "code": code}
    if end and end != start:
        found["performedPeriod"] = {"start": start, "end": end}
    elif start:
        found["performedDateTime"] = start
    return found
