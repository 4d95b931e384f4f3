"""Numbers, comparisons and lengths of time as trials write them."""

from __future__ import annotations

import re
from decimal import Decimal

WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "fourteen": 14, "eighteen": 18, "twenty": 20, "twenty-one": 21, "twenty-eight": 28,
    "thirty": 30, "a": 1, "an": 1, "single": 1, "first": 1, "second": 2, "third": 3, "fourth": 4, "once": 1, "twice": 2,
}  # fmt: skip
DAYS = {
    "hour": Decimal(1) / 24, "day": Decimal(1), "week": Decimal(7), "month": Decimal(30), "year": Decimal(365)
}  # fmt: skip
_UNIT = {"h": "hour", "d": "day", "w": "week", "m": "month", "y": "year"}
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")
_OPERATORS = (
    (">=", re.compile(r"≥|>=|at least|minimum|no less|not less|not below|not under|or (more|greater|higher|above|better)|no lower|not lower|or over|equal to or (greater|more|higher)|(greater|more|higher) than or equal|(?:greater|superior|>) or equal|equal or (?:superior|greater|above)|(?<!\w)above or equal|(?<!\w)from\b")),
    ("<=", re.compile(r"≤|<=|at most|up to|maximum|no (more|greater|higher)|not (more|greater|exceed|higher|above|over)|or (less|lower|below|fewer)|does not exceed|not to exceed|equal to or (less|lower)|(less|lower|fewer) than or equal|(?:less|lower|below|inferior|<) or equal|equal or (?:inferior|less|below|lower)|within|limit|must not exceed")),
    (">", re.compile(r">|more|greater|above|over|exceed|higher|older|superior")),
    ("<", re.compile(r"<|less|below|under|fewer|lower|younger|inferior")),
)  # fmt: skip
FLIPPED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
DENIED = {">=": "<", "<=": ">", ">": "<=", "<": ">="}


def number(written: str) -> Decimal:
    """Return the number that digits or a word state.

    >>> number("1,500"), number("two"), number("1.5")
    (Decimal('1500'), Decimal('2'), Decimal('1.5'))

    Raises:
        ValueError: It is no number.
    """
    text = written.strip().strip("()")
    if text in WORDS:
        return Decimal(WORDS[text])
    text = _DECIMAL_COMMA.sub(".", _GROUPED.sub("", text.replace(" ", "")))
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"'{written}' is no number") from None


def operator(written: str) -> str | None:
    """Return >=, <=, > or < for a comparison in words or signs; None where it is none.

    >>> operator("no more than"), operator("greater than or equal to"), operator("<")
    ('<=', '>=', '<')
    """
    for sign, pattern in _OPERATORS:
        if pattern.search(written):
            return sign
    return None


def days(amount: str, unit: str) -> int:
    """Return a length of time in days: a week has 7, a month 30, a year 365.

    >>> days("4", "weeks"), days("three", "months")
    (28, 90)
    """
    return int(number(amount) * DAYS[_UNIT[unit.strip()[0]]])
