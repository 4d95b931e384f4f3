"""Criteria that ask for two things: what the record decides, and what only a person confirms.

"At least 18 years old and able to give informed consent" is decided by the age; the consent is listed for the trial
team. As one criterion it could never be met before somebody signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.logic import all_of, any_of
from her2nav.criteria.statement_nodes import role_of
from her2nav.kinds.reading.base import is_doubt
from her2nav.kinds.reading.narrowing import LEFT_OVER
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node, Not, leaves
from her2nav.model.trial import Criterion, Role

TWIN = "-confirm"
"""Behind the id of a criterion: the part of it that only a person confirms."""


def parted(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria; each that also asks for what only a person confirms is followed by that part as its own."""
    return [part for item in criteria for part in _parts(item)]


def _parts(criterion: Criterion) -> list[Criterion]:
    if criterion.role is not Role.DECIDES:
        return [criterion]
    if _is_opinion(criterion):
        return [replace(criterion, role=Role.CONFIRM)]
    rest, confirmed = _split(criterion.node)
    if confirmed is None:
        return [criterion]
    if rest is None:
        return [replace(criterion, role=Role.CONFIRM)]
    twin = replace(criterion, id=f"{criterion.id}{TWIN}", role=Role.CONFIRM, node=confirmed)
    return [replace(criterion, node=rest), twin]


def _split(node: Node) -> tuple[Node | None, Node | None]:
    """Return what decides and what is confirmed of a demand, by the parts that all must hold."""
    match node:
        case AllOf(parts=parts):
            pairs = [_split(part) for part in parts]
            rest = [one for one, _ in pairs if one is not None]
            confirmed = [other for _, other in pairs if other is not None]
            if not confirmed:
                return node, None
            return all_of(rest) if rest else None, all_of(confirmed)
        case Not(part=AnyOf(parts=parts)):
            rest = [part for part in parts if not _is_confirmed(part)]
            confirmed = [part for part in parts if _is_confirmed(part)]
            if not confirmed:
                return node, None
            return Not(any_of(rest), node.span) if rest else None, Not(any_of(confirmed), node.span)
    return (None, node) if _is_confirmed(node) else (node, None)


_DOCTOR = r"(?:the |their |an? )?(?:(?:treating|study|local|site|principal|responsible|primary) )*(?:investigators?|physicians?|oncologists?|doctors?|surgeons?|clinicians?|radiologists?)"
_OPINION = Sought(
    rf"\b(?:as )?(?:determined|judged|assessed|deemed|considered|decided|felt) by {_DOCTOR}\b|\bin (?:the )?(?:opinion|judge?ment|view|estimation) of {_DOCTOR}\b"
    rf"|\b(?:in|per|by|according to) {_DOCTOR}(?:'s?|s')? (?:opinion|judge?ment|discretion|view|assessment)\b|\bat the discretion of {_DOCTOR}\b"
)
_TREATMENT = frozenset({"procedure", "prior_therapy"})


def _is_opinion(criterion: Criterion) -> bool:
    """Whether a criterion asks for nothing but what a doctor thinks, and says so: "fit for A as determined by …"."""
    only = all(item.kind == "judgement" and not is_doubt(item) for item in leaves(criterion.node))
    return only and _OPINION.search(criterion.text.lower()) is not None


def _is_confirmed(node: Node) -> bool:
    return role_of([node]) is Role.CONFIRM or _is_opinion_on_treatment(node)


def _is_opinion_on_treatment(node: Node) -> bool:
    """Whether earlier treatment shuts out only where the investigator thinks ill of what it left behind.

    Nobody is shut out for the treatment alone, so that the opinion is all that the trial asks.
    """
    if not isinstance(node, Not) or not isinstance(node.part, AllOf):
        return False
    inner = list(leaves(node))
    rest = {item.kind for item in inner if getattr(item.params, "topic", None) != LEFT_OVER}
    return len(inner) > len(rest) and bool(rest) and rest <= _TREATMENT
