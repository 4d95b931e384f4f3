"""A treatment behind words that were not read: of what it is said, is not known, and so nobody is asked for it.

"Lesions that had radiotherapy must have grown", "the number of courses of chemotherapy must be written down": these ask
nobody for radiotherapy or chemotherapy. What the patient had keeps its worth: whoever had it meets what was read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.criteria.connectors import Piece, Sign, pieces
from her2nav.criteria.readings import Reading, Spanned
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node

_GIVEN = frozenset({"prior_therapy", "procedure", "planned_therapy"})
"""Kinds that say that a treatment was given or is to come."""
_TELLS = re.compile(
    r"\b(?:must|should|shall|ha(?:s|ve) to|requires?|(?:is|are) (?:to be|considered|counted|defined)|will be|may be|can be|could be|cannot)\b"
)
"""Behind a treatment: it is the treatment of which something is asked."""
_LIMITED = re.compile(
    r"\W*(?:(?:to|of|with) )?(?:(?:not to exceed|not exceeding|no (?:more|greater) than|not (?:more|greater) than|less than|up to|a maximum of|limited to|[≤<])[^.;]{0,40}(?:\bc?gy\b|%|\bpercent|\bmg\b|\bmarrow|\bvolume|[\ue000-\uf8ff])|[≤<] ?\d+ ?(?:%|c?gy\b))"
)
"""Behind a treatment: how much of it is allowed."""
_UNDER_TERMS = re.compile(r"\bsubject to\b")
_SITES = frozenset({"metastatic_site", "cns_metastases"})
_OF_SITES = re.compile(
    r"\W*(?:\b(?:lesions?|disease|in|of|the|each|individually|alone|only)\b ?){0,4}\b(?:requires?|(?:is|are|will be) (?:not |un)?(?:acceptable|accepted|considered|counted|measurable|evaluable|allowed|eligible)|must (?:not |also )?(?:measure|have|be(?! (?:present|documented|confirmed|proven|evident|detectable|identified)))|should (?:measure|be (?:measured|treated|irradiated))|may|can(?:not)?)\b"
)
"""Behind metastases: something is said of those who have them, or of them as lesions."""
_HAD = re.compile(
    r"\b(?:must|should|shall|ha(?:s|ve)|had|who|previously|patients?|participants?|subjects?|women|received|treated|undergone|failed|progressed)\b"
)
"""In front of a treatment: somebody had it, or is asked for it."""
_OF_THE_COURSE = re.compile(
    r"(?:(?:documentation|documented|objective|radiographic|radiologic|radiological|clinical|clear|overt|proved|proven|shown?|shows|demonstrated?|acquired|secondary|adequately|subsequently|definitive|standard|disease|evidence|signs|be|to|have|of|the|an?|that|is|was|were|has|had)\b\W*)+"
)
"""Words that only say how a failure was seen, or of which sort it was: it is the patient's own."""
_CLAUSE = re.compile(r"[^.;:,()]*")


def _leaves(node: Node) -> list[Leaf] | None:
    """Return the leaves of a node that denies nothing; None of any other."""
    if isinstance(node, Leaf):
        return [node]
    if isinstance(node, AllOf | AnyOf):
        parts = [_leaves(part) for part in node.parts]
        return None if any(part is None for part in parts) else [item for part in parts for item in part or ()]
    return None


def _is_given(node: Node) -> bool:
    found = _leaves(node)
    return found is not None and any(item.kind in _GIVEN for item in found)


def _is_site(node: Node) -> bool:
    found = _leaves(node)
    return bool(found) and all(
        item.kind in _SITES and "none" not in getattr(item.params, "accepted", ()) for item in found or ()
    )


def _in_front(masked: str, start: int, end: int) -> Piece | None:
    """Return words that were not read right in front of a treatment; None where a "no" stands there, or nothing does."""
    before = pieces(masked, start, end)
    if any(piece.sign is Sign.NOT for piece in before):
        return None
    last = before[-1] if before else None
    return last if last is not None and last.sign is Sign.REST else None


def of_things(masked: str, readings: Sequence[Reading], spanned: Spanned) -> list[Reading]:
    """Return the readings of a demand, treatments of which something else is said left open.

    Args:
        masked: The sentence.
        readings: What rules have read, in order.
        spanned: Original span of a stretch of the sentence.
    """
    found: list[Reading] = []
    at = 0
    for i, reading in enumerate(readings):
        then = readings[i + 1].start if i + 1 < len(readings) else len(masked)
        whole = None
        if _is_given(reading.node):
            whole = _whose(masked, at, reading, then)
        elif _is_site(reading.node) and not _HAD.search(masked, at, reading.start):
            told = _OF_SITES.match(masked, reading.end)
            whole = (reading.end, told.end()) if told is not None else None
        at = reading.end
        if whole is not None:
            unread = Leaf("unread", leaf("unread").params, spanned(*whole))
            reading = reading._replace(node=AnyOf((reading.node, unread)))
        found.append(reading)
    return found


def _whose(masked: str, before: int, reading: Reading, then: int) -> tuple[int, int] | None:
    """Return the words that say of what a treatment is told; None where it is the patient's own."""
    front = _in_front(masked, before, reading.start)
    if front is not None and not _OF_THE_COURSE.fullmatch(masked, front.start, reading.start):
        return front.start, front.end
    limited = _LIMITED.match(masked, reading.end)
    if limited is not None and not _HAD.search(masked, before, reading.end):
        return limited.span()
    terms = _UNDER_TERMS.search(masked, reading.start)
    if terms is not None and not _HAD.search(masked, before, reading.start):
        return terms.span()
    clause = _CLAUSE.match(masked, reading.end, then)
    told = _TELLS.search(clause[0]) if clause is not None else None
    if told is None or _HAD.search(masked, before, reading.end):
        return None
    return reading.end, reading.end + told.end()
