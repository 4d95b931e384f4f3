"""Months by their names, and months with two figures that are years."""

from __future__ import annotations

import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero janv januar", "feb february febrero febr", "mar march marzo marz", "apr april abr abril",
            "may mayo mai", "jun june junio juni", "jul july julio juli", "aug august ago agosto",
            "sep sept september septiembre set", "oct october octubre okt", "nov november noviembre",
            "dec december dic diciembre dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
MONTH = "(?:{})".format(
    "|".join(
        f"{first}(?:{'|'.join(sorted((name[1:] for name in MONTHS if name[0] == first), key=len, reverse=True))})"
        for first in sorted({name[0] for name in MONTHS})
    )
)
_NEVER = "".join(rf"(?P<{name}>(?!))?" for name in ("num", "yy", "yd"))
_SHORT_YEAR = re.compile(rf"(?P<mony>{_NEVER}(?P<ym>{MONTH})\.?\s(?P<yshort>[1-3]\d))")
_SHORT_RANGE = re.compile(
    rf"(?<![\w./-])(?P<one>(?P<m>{MONTH})\.?\s(?P<y>[1-3]\d))\s?(?:-|to|until)\s?(?P<two>(?P<n>{MONTH})\.?\s(?P<z>[1-3]\d))"
    r"(?![\d:/]|[.,]\d|st|nd|rd|th|,?\s(?:19|20)\d\d)"
)
_OLDEST, _NEAR, _LONGEST = 15, 2, 6


def short_years(plain: str, words: set[int]) -> list[re.Match[str]]:
    """Return the months with two figures of a range that are years: "Mar 25 - Nov 25".

    Of months close together the figures may be days of one year: these are left alone.

    Args:
        plain: The text.
        words: Where the names of months, and other words of dates, begin.
    """
    found: list[re.Match[str]] = []
    done = 0
    for place in sorted(words):
        match = _SHORT_RANGE.match(plain, place) if place >= done else None
        if match is None:
            continue
        done = match.end()
        first, last = int(match["y"]), int(match["z"])
        months = (last - first) * 12 + MONTHS[match["n"]] - MONTHS[match["m"]]
        apart = (MONTHS[match["n"]] - MONTHS[match["m"]]) % 12
        if _OLDEST <= first <= last <= first + _LONGEST and months > 0 and _NEAR < apart < 12 - _NEAR:
            found += [one for name in ("one", "two") if (one := _SHORT_YEAR.match(plain, match.start(name)))]
    return found
