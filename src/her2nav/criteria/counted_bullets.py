"""Numbers that stand behind the bullets of a list: "- 1 Adults", "- 2 Stage III"; they count and say nothing more."""

from __future__ import annotations

import re

from her2nav.criteria.outline import Item

_COUNT = re.compile(r"(?P<n>\d{1,2})(?:[.)]\s*|\s+)(?=[A-Z])")
"""In front of a capital letter only: "2 prior lines" is a demand."""
_FEWEST = 3


def counted_bullets(text: str, items: list[Item]) -> list[tuple[int, int]]:
    """Let entries begin behind numbers that count them up from one, and return the spans of these numbers.

    Args:
        text: As the registry gives it.
        items: Entries of one level, in order; those of one section are counted together.
    """
    taken: list[tuple[int, int]] = []
    for section in ("inclusion", "exclusion"):
        run: list[tuple[Item, int]] = []
        for item in items:
            if item.section != section:
                continue
            mark = _COUNT.match(text, item.start, item.end)
            if mark is None or int(mark["n"]) != len(run) + 1:
                break
            run.append((item, mark.end()))
        if len(run) < _FEWEST:
            continue
        for item, begins in run:
            taken.append((item.start, begins))
            item.start = begins
    return taken
