"""Lists within one paragraph: "at least one of the following: A; B; or C" asks for one of them, not for all.

"Those with A are eligible if: B; C" asks B and C of nobody else. A time in front of a list of exclusions is the time of every
entry: "any of the following within six months: A; B".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.criteria.sentences import part
from her2nav.kinds.reading.base import Section
from her2nav.language.sought import Sought
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


_TIMED = Sought(
    r"\A\W*(?:(?:patients?|participants?|subjects?|those) (?:with|who (?:have )?had|who have) )?(?:(?:a |any |known )*(?:history|evidence|occurrence|diagnosis) of )?(?:(?:any|one|either|all)(?: \(1\))?(?: or more)? of (?:the )?(?:following|these)|the following)?"
    r"[^.;:()\d]{0,60}(?:\b(?:within|in|during|over)\b|≤)[^.;:()\d]{0,24}(?:\d+|\bone|\btwo|\bthree|\bsix|\btwelve)\b[^.;:\d]{0,20}\b(?:days?|weeks?|months?|years?)\b[^.;:]{0,80}:\s*(?=\S)"
)
"""The lead of a list with the time in which each entry shuts out."""
_OWN_TIME = re.compile(
    r"\b(?:days?|weeks?|months?|years?|ever|at any time|current\w*|active|ongoing|today)\b|\A\W*(?:other|note|except|unless|exceptions?|patients?|participants?|subjects?|women|men)\b"
)
"""In an entry: a time or people of its own, so that it may be no entry of the list."""


_JOINS = re.compile(r"\s*(?:and/or|or|and)\b,?\s*")


def timed(views: Sequence[View], section: Section) -> list[View]:
    """Return sentences in order; each entry of a list of exclusions behind a time stands behind that time.

    The list ends where a sign other than a semicolon stands.
    """
    if section != "exclusion" or len(views) < 2:
        return list(views)
    out: list[View] = []
    lead: View | None = None
    for view in views:
        if lead is not None and _OWN_TIME.search(view.text) is None:
            first = _JOINS.match(view.text)
            out.append(lead.joined(part(view, first.end() if first else 0, len(view.text))))
        else:
            out.append(view)
        if lead is None and (found := _TIMED.search(view.text)) is not None and "except" not in found[0]:
            lead = part(view, 0, len(view.text[: found.end()].rstrip()))
        if not view.text.rstrip().endswith(";"):
            lead = None
    return out


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
