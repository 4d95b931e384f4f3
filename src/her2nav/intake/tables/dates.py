"""Dates as tables write them: ISO always, other orders only where the mapping file says which."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from her2nav.model.dates import PartialDate

ORDERS = ("iso", "dmy", "mdy", "excel")
_CLOCK = r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:\s?[AaPp][Mm])?(?:Z|[+-]\d\d:?\d\d)?)?"
_ISO = re.compile(rf"(\d{{4}})(?:-(\d{{1,2}})(?:-(\d{{1,2}}))?)?{_CLOCK}")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)")
_PARTS = re.compile(rf"(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}}){_CLOCK}")
_MONTH = re.compile(r"(\d{1,2})[./-](\d{4})")
_SERIAL = re.compile(r"(\d{4,5})(?:\.\d+)?")
_FIRST = date(1899, 12, 30)
"""The day from which spreadsheets count, for days after February 1900."""
_FIRST_SERIAL = 61
_ALLOWED = {
    "iso": "2025, 2025-06 or 2025-06-03; other orders: say dates: dmy or mdy in the mapping file",
    "dmy": "day, month, year: 03.06.2025, 03/06/2025, 06/2025, 2025, or 2025-06-03",
    "excel": "the number of a day as spreadsheets count them (46024), or 2025-06-03",
    "mdy": "month, day, year: 06/03/2025, 06/2025, 2025, or 2025-06-03",
}


class NoDate(ValueError):
    """A text is no date in the order asked for; the message says what is allowed."""


def _looks_serial(text: str) -> bool:
    """Return whether a number may be a day between 1927 and 2064 as spreadsheets count."""
    match = _SERIAL.fullmatch(text)
    return match is not None and 10_000 <= int(match[1]) < 60_000


@lru_cache(maxsize=65536)
def read_date(text: str, order: str) -> str:
    """Return a date in the form of the patient file; a clock time is left out.

    Args:
        text: The cell.
        order: `iso`, `dmy`, `mdy`, `excel` (days since the end of 1899), or a pattern with percent signs (`%d%b%Y`).

    Raises:
        NoDate: It is none, or none that exists.

    >>> read_date("03.06.2025", "dmy"), read_date("06/2025", "mdy"), read_date("20250603", "iso")
    ('2025-06-03', '2025-06', '2025-06-03')
    """
    parts: tuple[str | None, ...] | None = None
    if "%" in order:
        try:
            parts = (datetime.strptime(text, order).date().isoformat(),)  # noqa: DTZ007 - only the day is used
        except ValueError:
            raise NoDate(f"'{text}' is no date of the form {order}") from None
    elif order == "excel" and (match := _SERIAL.fullmatch(text)) and int(match[1]) >= _FIRST_SERIAL:
        parts = ((_FIRST + timedelta(days=int(match[1]))).isoformat(),)
    elif match := _ISO.fullmatch(text) or _PACKED.fullmatch(text):
        parts = match.groups()
    elif order != "iso" and (match := _PARTS.fullmatch(text)):
        first, second, year = match.groups()
        parts = (year, second, first) if order == "dmy" else (year, first, second)
    elif order != "iso" and (match := _MONTH.fullmatch(text)):
        parts = (match[2], match[1])
    if parts is None:
        told = "; spreadsheets count days so: dates: excel reads it" if _looks_serial(text) and order != "excel" else ""
        raise NoDate(f"'{text}' is no date (allowed: {_ALLOWED.get(order, order)}{told})")
    try:
        return PartialDate.parse("-".join(part for part in parts if part)).text
    except ValueError as error:
        allowed = _ALLOWED.get(order, order)
        raise NoDate(f"{error} (written '{text}'; allowed: {allowed})") from None
