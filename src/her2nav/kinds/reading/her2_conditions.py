"""What is asked of one IHC score alone: "if IHC is 2+, a negative FISH is required"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.her2_tokens import Atom
from her2nav.model.tree import Node, When


@dataclass(frozen=True, slots=True)
class AskedWhen:
    """A result that is asked of one score.

    Attributes:
        start: Where "if" begins.
        node: The guard: where the score is that one, the result must hold.
    """

    start: int
    node: Node


_IF = re.compile(
    r"\b(?P<if>if|when|whenever|where|in (?:the )?cases? (?:of|that|where)|should)"
    r"(?: (?:the|an?|her2|ihc|result|score|status|tumou?r|is|initial|local|central))*[ ,]*\Z"
)
_OF_PATIENTS = re.compile(
    r"\b(?:for )?(?:all |any |those )?(?:patients|participants|subjects|women|cases|tumou?rs|those|samples)"
    r" (?:with|having|who have|who are|whose (?:tumou?rs? )?(?:is|are)?|that are|scor(?:ed|ing))"
    r"(?: (?:an?|the|her2|tumou?rs?|scored|score|of))* *\Z"
)
_MUST = re.compile(r"\b(?:must|should|shall|need|needs|has to|have to|require[sd]?|will)\b")
_TESTED = re.compile(
    r"\b(?:must|should|shall|need|needs|has to|have to|require[sd]?|will|is|are) ?(?:also )?(?:be )?(?:perform|done|test|confirm|carried|determin|required|conduct)"
)
_BEGINS = re.compile(r"(?:\A|[.;:(,]) *\Z")
_UNDER = frozenset({"method", "ihc"})
_RESULTS = frozenset({"ish", "word", "amp", "status"})


def asked_of_a_score(atoms: Sequence[Atom], text: str, start: int) -> AskedWhen | None:
    """Return the guard that a stretch of HER2 words makes; None where it is no condition.

    Args:
        atoms: The pieces of the stretch, in order.
        text: The sentence.
        start: Where the stretch begins in it.
    """
    places = [i for i, item in enumerate(atoms) if item.kind == "ihc"]
    if len(places) != 1 or atoms[places[0]].value != ("2+",):
        return None
    place = places[0]
    before = [item for item in atoms[:place] if not (item.kind == "status" and item.value == ("equivocal",))]
    after = [item for item in atoms[place + 1 :] if not (item.kind == "status" and item.value == ("equivocal",))]
    found = _IF.search(text, 0, start)
    if found is None and after and _MUST.search(text, atoms[place].end, after[0].start):
        found = _OF_PATIENTS.search(text, 0, start)
    if found is None or any(item.kind not in _UNDER for item in before):
        return None
    guard = leaf("her2_status", any_of=[{"ihc": ["2+"]}])
    sign = _sign(after)
    if sign is None:
        only_tested = all(item.kind == "method" for item in after) and _BEGINS.search(text, 0, found.start())
        if only_tested and _TESTED.search(text, atoms[place].end) is not None:
            # "If IHC is 2+, FISH must be performed": what it must show stays open, and 2+ is not asked of anybody.
            return AskedWhen(found.start(), When(guard, leaf("unread")))
        return None
    return AskedWhen(found.start(), When(guard, leaf("her2_status", any_of=[{"ish": sign}])))


def _sign(after: Sequence[Atom]) -> str | None:
    """Return the one result of in situ hybridisation that the pieces behind the score name."""
    by_ish = any(item.kind == "ish" or item.value == ("ish",) for item in after)
    if not by_ish or any(item.kind not in {*_RESULTS, "method"} or len(item.value) > 1 for item in after):
        return None
    signs = {item.value[0] for item in after if item.kind in _RESULTS}
    return signs.pop() if len(signs) == 1 and signs <= {"positive", "negative"} else None
