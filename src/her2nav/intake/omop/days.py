"""The day of every row beside the patient's own day: what lies after it counts for nothing, and is listed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from her2nav.intake.fhir.chart import Chart
from her2nav.intake.omop.rows import Record
from her2nav.model.dates import PartialDate

BEGINS = {
    "death": "death_date",
    "condition_occurrence": "condition_start_date",
    "measurement": "measurement_date",
    "observation": "observation_date",
    "procedure_occurrence": "procedure_date",
    "drug_exposure": "drug_exposure_start_date",
    "specimen": "specimen_date",
    "note": "note_date",
    "episode": "episode_start_date",
}
"""The column that says when a row's fact was so."""
_ENDS = {"procedure_occurrence": "procedure_end_date", "episode": "episode_end_date"}
"""The column that says when it ended, where an end may not lie before the beginning or after the patient's day."""
_LISTS = {
    "condition_occurrence": ("conditions",),
    "procedure_occurrence": ("procedures",),
    "drug_exposure": ("therapies", "medications"),
    "measurement": ("specimens",),
    "specimen": ("specimens",),
    "episode": ("therapies",),
}


class Days:
    """Sets rows aside by their days.

    Args:
        day: The patient's day.
        own: It is the patient's own by a column of the source; otherwise it is the clock's, after which no day can
            lie, so that what does is asked about and its list is not whole.
    """

    def __init__(self, chart: Chart, day: date, *, own: bool) -> None:
        self.chart, self.day, self.own = chart, day, own
        self.left_out: set[str] = set()

    def kept(self, records: list[Record]) -> Iterator[Record]:
        """Yield the rows that count; a date that is none is taken out of its row."""
        for record in records:
            column = BEGINS[record.table]
            text = record.day(column)
            if text is None:
                yield record
                continue
            low = _low(text)
            if low is None and record.table != "drug_exposure":
                self.chart.skip(record.place, f".{column}", "no date")
                record.empty(column)
            if low is not None and low > self.day:
                self._later(record, column, text)
                continue
            self._check_end(record, low)
            yield record

    def _later(self, record: Record, column: str, text: str) -> None:
        """List a row that lies after the patient's day; a death is asked about whatever the day is."""
        if not self.own:
            self.left_out.update(_LISTS.get(record.table, ()))
        if self.own and record.table != "death":
            self.chart.skip(record.place, f".{column}", "after the patient's day")
            return
        told = f"{text} lies after the patient's day {self.day}" if self.own else f"{text} lies in the future"
        self.chart.ask("future", f"{record.table}: {told}; left out", record.place.origin(column))

    def _check_end(self, record: Record, begin: date | None) -> None:
        column = _ENDS.get(record.table)
        text = record.day(column) if column is not None else None
        if column is None or text is None:
            return
        low = _low(text)
        if low is None:
            problem = "no date"
        elif low > self.day:
            problem = "after the patient's day"
        elif begin is not None and PartialDate.parse(text).high < begin:
            problem = "an end before the beginning"
        else:
            return
        self.chart.skip(record.place, f".{column}", problem)
        record.empty(column)


@lru_cache(maxsize=65536)
def _low(text: str) -> date | None:
    try:
        return PartialDate.parse(text).low
    except ValueError:
        return None
