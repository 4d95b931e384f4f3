"""What around two numbers shows that they are a day and a month without their year."""

from __future__ import annotations

import re

_CLOSES_DAY = re.compile(r"\s?[:,;)]")
_LEADS_TO_DAY = re.compile(r"\b(?:on|of|from|since|until|till|by|the|am|vom|bis|ab)\s$")
_EDGES = ("\t", "\n", "|", "")


def is_day(match: re.Match[str], plain: str, text: str) -> bool:
    """True for "04.05." where a sign, a word or the cell of a table shows a day; a number may close a sentence."""
    start, end = match.span()
    if _CLOSES_DAY.match(plain, end) or _LEADS_TO_DAY.search(plain, max(0, start - 6), start):
        return True
    return text[end : end + 2].strip(" ")[:1] in _EDGES and text[max(0, start - 2) : start].strip(" ")[-1:] in _EDGES


_IN_SERIES = re.compile(r"\b(?:ef|lvef|echo|muga|fraction)\b[^.;\n]{0,36}\d\s?%[,;]\s$")
_SHARE_NEXT = re.compile(r"\s(?:was\s)?\d\d\s?%")


def in_series(match: re.Match[str], before: str) -> bool:
    """True for the day of a further ejection fraction: "EF 55%, 12/6 57%, 10/3 61%"."""
    return _SHARE_NEXT.match(match.string, match.end()) is not None and _IN_SERIES.search(before) is not None
