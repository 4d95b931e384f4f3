"""Ways out and purposes that stand behind a demand and were not read: what was read of it does not shut out for certain.

"Recovered to grade 1 (alopecia excepted)", "negative for HIV and HBV, or HBV with an undetectable viral load", "lapatinib
within 12 months, or at any time for brain metastases": an exception, an alternative, what a treatment was given for.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.logic import left_unread
from her2nav.kinds.reading.base import doubt_on
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role

_EFFECT = r"(?:alopecia|hair|neuropath\w+|fatigue|an(?:a)?emia|lymphopenia|vitiligo|endocrin\w+|hypothyroid\w+|ototoxicity|hearing|nail|skin)"
_EXCEPTED = re.compile(
    rf"\b{_EFFECT}\b[^.;:]{{0,70}}?\b(?:excepted|excluded|exempt\w*|acceptable|accepted|allowed|permitted|tolerated|may (?:be|persist)|disregarded|not (?:included|counted|considered))\b"
    rf"|\b(?:any grade|except\w*|excluding|other than|aside from|apart from|but not)\b[^.;:]{{0,30}}\b{_EFFECT}\b"
)
_CONTROLLED = re.compile(
    r"\b(?:undetectable|suppressed|below (?:the )?(?:limit|level|lloq)|(?:dna|rna|pcr|load)\b[^.;]{0,12}\b(?:negative|not detect\w+))\b"
)
_GIVEN_FOR = re.compile(
    r"\b(?:at any time|therap(?:y|ies)|treatments?|radiotherapy|radiation|surgery|steroids?|medications?|drugs?|inhibitors?|dexamethasone|within \w+ (?:days|weeks|months|years))[\s,]{1,2}(?:given |used |administered |prescribed )?for (?:the (?:treatment of )?)?$"
)
_WHERE_THERE_IS_ANY = re.compile(
    r"\A(?:if|where|when|whenever|as) (?:clinically |medically |deemed )?(?:locally |regionally |commercially |currently |is |it is |are )*(?:available|indicated|appropriate|feasible|accessible|tolerated|approved|applicable)\W*\Z"
)
_IF_IT_SUITS = re.compile(
    r"[\s,(]*(?:if|where|when|as) (?:clinically |medically |deemed |locally |it is |they are )*(?:indicated|appropriate|available|applicable)\b(?! for\b)"
)
"""Right behind a treatment that is asked for."""
_IN_SOME_COUNTRIES = re.compile(
    r"\bin (?:regions?|countries|areas|locations|sites) where\b[^.;:]{0,60}\b(?:approved|available|accessible|reimbursed|standard)\b[^.;:]{0,180}\Z"
)
"""In front of it: who is asked for it."""
_BEFORE = 60
_SIDE_EFFECTS = "those with the side effects that it excepts"
_VIRUS = "those whose virus is under control"
_NOT_TO_BE_HAD = "those for whom the treatment was not to be had or not suitable"
_OF_TREATMENT = frozenset({"prior_therapy", "lines_of_therapy", "disease_progression"})


def across(criteria: Sequence[Criterion], plain: str) -> list[Criterion]:
    """Return the criteria with what such words put in doubt left open.

    Args:
        criteria: The criteria of a record.
        plain: The plain text of the record.
    """
    found: list[Criterion] = []
    for item in criteria:
        node = item.node
        if item.role is Role.DECIDES and item.span is not None:
            node = _opened(node, plain) if item.section == "inclusion" else _purposes(node, plain)
        found.append(item if node is item.node else replace(item, node=node))
    return found


def _opened(node: Node, plain: str) -> Node:
    """Return a demand with the side effects and the viruses open that an unread part of it lets in."""
    if isinstance(node, When):
        then = _opened(node.then, plain)
        return node if then is node.then else When(node.when, then, node.span)
    if not isinstance(node, Not) and _of_treatment(node) and _if_it_suits(plain, *_extent(node)):
        return AnyOf((node, doubt_on(_NOT_TO_BE_HAD)))
    if not isinstance(node, AllOf | AnyOf):
        return node
    parts = tuple(_opened(part, plain) for part in node.parts)
    if isinstance(node, AllOf):
        said = " ".join(plain[slice(*one.span)] for one in _unread(node) if one.span is not None)
        whole = plain[slice(*_extent(node))]
        if _EXCEPTED.search(whole) and re.search(_EFFECT, said):
            parts = tuple(_without_certainty(part, said) for part in parts)
        if _CONTROLLED.search(said):
            parts = tuple(AnyOf((part, doubt_on(_VIRUS))) if _of_virus(part) else part for part in parts)
        if any(map(_of_treatment, parts)) and any(_where_there_is_any(part, plain) for part in parts):
            asked = tuple(part for part in parts if not _where_there_is_any(part, plain))
            parts = tuple(AnyOf((part, doubt_on(_NOT_TO_BE_HAD))) if _of_treatment(part) else part for part in asked)
    if len(parts) == len(node.parts) and all(map(operator.is_, parts, node.parts)):
        return node
    return replace(node, parts=parts) if len(parts) > 1 else parts[0]


def _if_it_suits(plain: str, start: int, end: int) -> bool:
    """Whether words around a treatment ask for it only where it is to be had and suits."""
    front = plain[max(0, start - 5 * _BEFORE) : start]
    return _IF_IT_SUITS.match(plain, end - _TAIL) is not None or _IN_SOME_COUNTRIES.search(front) is not None


def _where_there_is_any(part: Node, plain: str) -> bool:
    """Whether a part of a demand only says that a treatment must be there or suit: "if locally available"."""
    if not isinstance(part, Leaf) or part.kind != "unread" or part.span is None:
        return False
    return _WHERE_THERE_IS_ANY.match(plain[slice(*part.span)]) is not None


def _of_treatment(part: Node) -> bool:
    found = list(leaves(part))
    return bool(found) and all(one.kind in _OF_TREATMENT for one in found)


def _unread(node: Node) -> list[Leaf]:
    return [one for one in leaves(node) if one.kind in ("unread", "judgement")]


def _extent(node: Node) -> tuple[int, int]:
    spans = [one.span for one in leaves(node) if one.span is not None]
    # A closing word of the bracket may stand behind the last leaf.
    return (min(one[0] for one in spans), max(one[1] for one in spans) + _TAIL) if spans else (0, 0)


def _without_certainty(part: Node, said: str) -> Node:
    """Return the recovery that is asked for, in doubt where unread words name a side effect that it does not except."""
    if not isinstance(part, Leaf) or part.kind != "toxicity_recovery":
        return part
    known = " ".join(one.name for one in part.params.exceptions)
    named = {match[0][:_STEM] for match in re.finditer(_EFFECT, said)}
    return part if all(stem in known for stem in named) else AnyOf((part, doubt_on(_SIDE_EFFECTS)))


_TAIL = 30
"""So far behind the last leaf of a demand words may still belong to it."""
_STEM = 7
"""So many letters tell the name of a side effect: "neuropa"."""


def _of_virus(part: Node) -> bool:
    """Whether a part denies viruses as such, whatever their load."""
    found = list(leaves(part))
    return bool(found) and all(one.kind == "viral_infection" and one.params.state == "any" for one in found)


def _purposes(node: Node, plain: str) -> Node:
    """Return an exclusion without brain metastases that only tell what a treatment was given for."""
    match node:
        case Leaf(kind="cns_metastases", span=(start, _)) if _GIVEN_FOR.search(plain, max(0, start - _BEFORE), start):
            return left_unread(node)
        case Not(part=Leaf(kind="cns_metastases") as inner) if _purposes(inner, plain) is not inner:
            return left_unread(inner)
        case Not(part=part):
            made = _purposes(part, plain)
            return node if made is part else Not(made, node.span)
        case AnyOf(parts=parts) | AllOf(parts=parts):
            opened = tuple(_purposes(part, plain) for part in parts)
            same = all(one is other for one, other in zip(opened, parts, strict=True))
            return node if same else replace(node, parts=opened)
    return node
