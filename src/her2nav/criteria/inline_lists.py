"""Lists within one paragraph: "at least one of the following: A; B; or C" asks for one of them, not for all.

"Those with A are eligible if: B; C" asks B and C of nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.kinds.reading.base import Section
from her2nav.language.view import View

_OPENS = re.compile(
    r"\b(?:(?:at least |any |only |meeting |meets )?(?:one|1)(?: \(1\))?(?: or more)?|any|either) of (?:the )?(?:following|these)\b[^.;:]{0,60}:\s*(?=\S)"
)
"""The lead of a list that goes on in the same sentence."""


def lead_of(written: str) -> int:
    """Return where the first entry begins behind "one of the following:"; 0 where no such words stand there."""
    found = _OPENS.search(written)
    return found.end() if found is not None and written.rstrip().endswith(";") else 0


_LETS_IN = re.compile(
    r"\b(?:eligible|allowed|permitted|may (?:participate|enrol+|enter)|can (?:participate|enrol+|enter))\b[^.;:]{0,60}\b(?:if|provided(?: that)?|as long as|when)\b[^.;:]{0,60}:\s*(?=\S)"
)
"""The lead of conditions under which some patients are let in."""


def lets_in(written: str) -> bool:
    """Whether a sentence opens a list of conditions for some patients: "those with A are eligible if: B; C"."""
    return _LETS_IN.search(written) is not None and written.rstrip().endswith(";")


def gathered(views: Sequence[View], section: Section) -> list[list[View]]:
    """Return sentences in order, those of one list of alternatives that semicolons part together."""
    groups: list[list[View]] = []
    inside = False
    for view in views:
        if inside:
            groups[-1].append(view)
        else:
            groups.append([view])
            inside = section == "inclusion" and (lead_of(view.text) > 0 or lets_in(view.text))
        inside = inside and view.text.rstrip().endswith(";")
    return groups
