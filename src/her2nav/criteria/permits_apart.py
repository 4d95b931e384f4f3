"""A bracket at the end of a sentence that lets somebody in: a sentence of its own.

"ECOG 0 or 1 (patients with ECOG 2 may be included at the discretion of the investigator)": read within the sentence, the
bracket would be one more demand, and nobody could fulfil both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from her2nav.criteria.sentences import part
from her2nav.kinds.reading.base import leaf
from her2nav.language.sought import Sought
from her2nav.language.view import View
from her2nav.model.tree import Leaf

_LET_IN = r"(?:included|enrolled|allowed|permitted|eligible|accepted|acceptable|considered|entered)"
_SAID = rf"[^()\[\]]{{2,200}}?(?:\b(?:may|can|could|might)(?: also| still)? be {_LET_IN}|\b(?:are|is|will be) (?:also |still )?{_LET_IN}|\b(?:allowed|permitted|acceptable|eligible))\b[^()\[\]]{{0,140}}?"
_BRACKET = Sought(rf"(?:\((?P<said>{_SAID})[.;]?\s*\)|\[(?P<also>{_SAID})[.;]?\s*\])[\s.;]*\Z")
_MAY = re.compile(r"\b(?:may|can|could|might)(?: also| still)? be\b")
_WHOM = re.compile(
    r"\W*(?:note\W+)?(?:(?:some|selected|other) )?(?:patients|participants|subjects|individuals|those|women|men)\b"
)
_AGREED = re.compile(r"\b(?:discretion|approval|approved by|agreement|consultation|discussion|permission)\b")
_DEMANDS = re.compile(
    r"\b(?:not|no|only|must|unless|except|if|provided|as long as)\b|gilbert|transfus|growth factor|g-?csf|erythropo|(?:liver|hepatic|bone) (?:metasta|involve)"
)
_OUTSIDE = Sought(
    r"\((?P<said>(?:levels?|values?) (?:outside|above|exceeding) (?:this|these|the) (?:thresholds?|limits?|range)s? (?:is |are )?(?:allowed|permitted|acceptable)\b[^()]{0,140}|(?:the )?investigator'?s?'? discretion (?:will|may|can|should) be used\b[^()]{0,140})\)[\s.;]*\Z"
)


def allowed(view: View) -> Leaf:
    """Return the point of a sentence that only allows something, in its own words."""
    said = " ".join(view.text.split()).strip(" .;")
    return Leaf(
        "judgement", leaf("judgement", topic=f"what the trial allows ({said})").params, view.span(0, len(view.text))
    )


def permits_apart(views: Sequence[View]) -> Iterator[View]:
    """Yield the sentences, each bracket that lets somebody in behind the one that it ends."""
    for view in views:
        found = _BRACKET.search(view.text)
        name = "also" if found is not None and found["also"] else "said"
        said = found[name] if found is not None else ""
        lets_in = _AGREED.search(said) or (_WHOM.match(said) and _MAY.search(said))
        if (outside := _OUTSIDE.search(view.text)) is not None and outside.start() > 0:
            yield part(view, 0, outside.start())
            yield part(view, *outside.span("said"))
            continue
        if found is None or _DEMANDS.search(said) or not lets_in:
            yield view
            continue
        before = part(view, 0, found.start())
        if not re.search(r"\w", before.text):
            yield part(view, *found.span(name))
            continue
        yield before
        yield part(view, *found.span(name))
