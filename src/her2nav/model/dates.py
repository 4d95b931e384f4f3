"""Dates as people know them: a day, a month or only a year, each an interval of days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from her2nav.model.errors import ValueProblem

_PATTERN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True, order=False)
class PartialDate:
    """A date known to the day, the month or the year.

    Attributes:
        text: As written: `2025`, `2025-06` or `2025-06-03`.
        low: First day it can be.
        high: Last day it can be.

    >>> PartialDate.parse("2025-06").high
    datetime.date(2025, 6, 30)
    """

    text: str
    low: date
    high: date

    @classmethod
    def parse(cls, value: object) -> PartialDate:
        """Read a date; raises ValueError that says what is allowed."""
        if type(value) is str:
            return _parsed(value.strip())
        if isinstance(value, PartialDate):
            return value
        if isinstance(value, date):
            exact = date(value.year, value.month, value.day)
            return cls(exact.isoformat(), exact, exact)
        return _parsed(str(value).strip())

    @property
    def exact(self) -> bool:
        """True when the day is known."""
        return self.low == self.high

    def days_before(self, day: date) -> tuple[int, int]:
        """Return the least and the most days from this date to `day` (negative: this date is later)."""
        return (day - self.high).days, (day - self.low).days

    def certainly_after(self, day: date) -> bool:
        """True when every day it can be lies after `day`."""
        return self.low > day

    def possibly_by(self, day: date) -> PartialDate:
        """Narrow to the part that is not after `day`; a date wholly after it is returned unchanged."""
        if self.high <= day or self.low > day:
            return self
        return PartialDate(self.text, self.low, day)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.to_string_ser_schema(when_used="always")
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": r"^\d{4}(-\d{1,2}(-\d{1,2})?)?$",
            "description": "Year, year-month or year-month-day.",
        }


def status_day(current_on: date | None, last_update: PartialDate | None, verified: PartialDate | None) -> date | None:
    """Return the day on which a registry's status was known to be so: a status never stands without it.

    Args:
        current_on: The day the record was captured.
        last_update: Of the record; the last day it can be counts.
        verified: When the sponsor last verified it, where nothing else is known; the first day it can be counts.
    """
    known = [day for day in (current_on, last_update.high if last_update else None) if day is not None]
    if known:
        return max(known)
    return verified.low if verified else None


def exact_day(written: str, place: str, allowed: str) -> date:
    """Return the day that a text names.

    Args:
        written: As a person wrote it.
        place: The option or field, for the message.
        allowed: What would do, for the message.

    Raises:
        ValueProblem: It is no date, or a month or a year.
    """
    try:
        found = PartialDate.parse(written)
    except ValueError as error:
        raise ValueProblem(str(error), place=place, allowed=allowed) from None
    if not found.exact:
        raise ValueProblem(f"'{written}' is not a day", place=place, allowed=allowed)
    return found.low


def add_months(day: date, months: int) -> date:
    """Move by calendar months, to the last day of a shorter month.

    >>> add_months(date(2025, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def age_in_years(born: PartialDate, on: date) -> tuple[int, int]:
    """Return the least and greatest completed years of age on a day."""

    def completed(birth: date) -> int:
        return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))

    return completed(min(born.high, on)), completed(born.low)


def plus_days(day: date, days: int) -> date:
    """Add days, stopping at the calendar's ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


@lru_cache(maxsize=16384)
def _parsed(text: str) -> PartialDate:
    """Read a date; records name the same days again and again."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a date; write 2025, 2025-06 or 2025-06-03")
    year = int(match.group(1))
    month, day = (int(part) if part else None for part in match.groups()[1:])
    if not 1850 <= year <= 2200:
        raise ValueError(f"the year {year} is not possible; write 1850 to 2200")
    if month is None:
        return PartialDate(text, date(year, 1, 1), date(year, 12, 31))
    if not 1 <= month <= 12:
        raise ValueError(f"'{text}' has no such month; write year-month-day, months 01 to 12")
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return PartialDate(f"{year:04}-{month:02}", date(year, month, 1), date(year, month, last))
    if not 1 <= day <= last:
        raise ValueError(f"'{text}' does not exist; {year:04}-{month:02} has {last} days")
    exact = date(year, month, day)
    return PartialDate(exact.isoformat(), exact, exact)
