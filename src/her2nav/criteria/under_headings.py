"""Lines that say only how long or how much, and a heading above them that says of what.

"Life expectancy:" over "At least 3 months": the line alone is no criterion.
"""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import days_of, leaf
from her2nav.language.patterns import MACROS
from her2nav.model.tree import Leaf

_LIFE = re.compile(r"life expectancy|expected survival")
_AT_LEAST = re.compile(
    rf"\W*(?:at least|a minimum of|minimum(?: of)?|more than|greater than|longer than|over|not less than|no less than|≥|>=|>)?\s*(?P<time>{MACROS['time']})(?: or (?:more|longer|greater))?\W*"
)
_WEEKS_OF_A_MONTH = 4
_WEEKS_OF_A_YEAR = 48


def told_by_heading(heading: str, written: str, span: tuple[int, int]) -> Leaf | None:
    """Return the proposition of a plain line under a heading; None where both together are none that is known."""
    if _LIFE.fullmatch(heading.strip(" :-")) is None:
        return None
    found = _AT_LEAST.fullmatch(written)
    days = days_of(found["time"]) if found is not None else None
    if found is None or days is None:
        return None
    weeks = days // 7
    if "month" in found["time"]:
        weeks = days // 30 * _WEEKS_OF_A_MONTH
    elif "year" in found["time"]:
        weeks = days // 365 * _WEEKS_OF_A_YEAR
    return Leaf("life_expectancy", leaf("life_expectancy", min_weeks=weeks).params, span) if weeks else None
