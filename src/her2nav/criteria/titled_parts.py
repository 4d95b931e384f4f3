"""Lines that name a part of the trial and its cancer, with the criteria of that part below them: "Phase 2 expansion: NSCLC"."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

_TITLE = re.compile(
    r"^[ \t]*(?P<part>(?:cohort|part|phase|arm|group)\s+\w{1,3}(?:[ -](?:dose[ -])?(?:expansion|escalation))?(?: cohorts?| part)?)\s*:\s*(?P<name>[^.:;<>≥≤\n]{3,70}?)(?P<colon>[ \t]*:)?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_SAYS = re.compile(r"\b(?:must|have|has|had|is|are|was|were|with|who|not|no|will|should|may|at least)\b", re.IGNORECASE)
_LINE = re.compile(r"^[ \t]*\S.*$", re.MULTILINE)
_FEWEST = 3
"""Titles that make sure that lines below each of them are meant for its part."""
_APART = 2
"""Lines from one title to the next where criteria stand between them."""


def title_at(text: str, start: int, end: int) -> tuple[str, tuple[int, int]] | None:
    r"""Return the part that a line names and where its cancer stands; None where the line is no title.

    >>> text = "part b: melanoma\nprior a\npart c: sarcoma\nprior b\npart d: glioma\nprior c\n"
    >>> title_at(text, 0, 16), title_at(text, 17, 24), title_at("part b: melanoma\npart c: sarcoma\nage", 0, 16)
    (('part b melanoma', (8, 16)), None, None)
    """
    return _titles(text).get((start, end))


@lru_cache(maxsize=8)
def _titles(text: str) -> dict[tuple[int, int], tuple[str, tuple[int, int]]]:
    if len(found := [one for one in _TITLE.finditer(text) if not _SAYS.search(one["name"])]) < _FEWEST:
        return {}
    lines = [line.start() for line in _LINE.finditer(text)]
    at = [lines.index(one.start()) for one in found]
    if any(behind - before < _APART for before, behind in itertools.pairwise([*at, len(lines)])):
        return {}
    return {
        (one.start("part"), max(one.end("name"), one.end("colon"))): (
            " ".join(f"{one['part']} {one['name']}".lower().split()),
            one.span("name"),
        )
        for one in found
    }
