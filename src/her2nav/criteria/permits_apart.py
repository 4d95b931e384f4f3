"""A bracket at the end of a sentence that lets somebody in: a sentence of its own.

"ECOG 0 or 1 (patients with ECOG 2 may be included at the discretion of the investigator)": read within the sentence, the
bracket would be one more demand, and nobody could fulfil both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from her2nav.criteria.sentences import part
from her2nav.language.sought import Sought
from her2nav.language.view import View

_LET_IN = r"(?:included|enrolled|allowed|permitted|eligible|accepted|considered|entered)"
_BRACKET = Sought(
    rf"\((?P<said>[^()]{{4,200}}?\b(?:may|can|could|might)(?: also| still)? be {_LET_IN}\b[^()]{{0,140}}?)[.;]?\s*\)[\s.;]*\Z"
)
_WHOM = re.compile(
    r"\W*(?:note\W+)?(?:(?:some|selected|other) )?(?:patients|participants|subjects|individuals|those|women|men)\b|.*\b(?:discretion|approval|approved by|agreement|consultation|discussion)\b"
)
_DEMANDS = re.compile(
    r"\b(?:not|no|only|must|unless|except|if|provided|as long as)\b|gilbert|(?:liver|hepatic|bone) (?:metasta|involve)"
)


def permits_apart(views: Sequence[View]) -> Iterator[View]:
    """Yield the sentences, each bracket that lets somebody in behind the one that it ends."""
    for view in views:
        found = _BRACKET.search(view.text)
        if found is None or _DEMANDS.search(found["said"]) or not _WHOM.match(found["said"]):
            yield view
            continue
        before = part(view, 0, found.start())
        if not re.search(r"\w", before.text):
            yield part(view, *found.span("said"))
            continue
        yield before
        yield part(view, *found.span("said"))
