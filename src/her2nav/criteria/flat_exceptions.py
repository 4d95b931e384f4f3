"""Cancers that a trial lets in, listed at the indent of the line that announces them.

"Another malignancy within five years with the following exceptions:" and, at the same indent, "cancer in situ of the
cervix": alone such a line would shut out those whom the trial lets in. The list ends with the first line that names none.
"""

from __future__ import annotations

import re

_ANNOUNCED = re.compile(
    r"\b(?:malignan\w+|cancers?|neoplas\w+|tumou?rs?)\b[^:]*\b(?:except\w*|other than|excluding|unless|apart from)\b[^.;:]{0,40}(?::|\bfollowing)\W*\Z"
)
_CURED = re.compile(
    r"\b(?:basal|non-?\s?melanoma\w*|in[- ]situ|superficial|dcis|lcis|curative(?:ly)?|(?:adequately|definitively|completely|successfully|surgically) (?:treated|resected|excised))\b|\bsquamous[- ]cell\b[^.;]*\bskin\b"
)
_OWN = re.compile(
    r"\A\W*(?:prior|previous|no|not|history|known|active|current|patients?|participants?|subjects?|women|men|who|has|have|had)\b|\bexclu\w+|\bnot (?:allowed|eligible|permitted)\b|:\W*\Z"
)
"""A line that is a criterion of its own."""
_LONGEST = 260


def announced(lead: str) -> bool:
    """Whether a line announces the other cancers that are let in."""
    return _ANNOUNCED.search(lead) is not None


def let_in(line: str) -> bool:
    """Whether a line names a cancer that may be let in, and no more."""
    return len(line) <= _LONGEST and _CURED.search(line) is not None and _OWN.search(line) is None
