"""Treatments that one line of a trial asks for, or asks of some of its patients, and another line forbids.

"Those with HER2-positive cancer must have had trastuzumab" and "no prior antibodies", "must have had cetuximab" and "no
prior drugs against EGFR": the second line cannot mean what the first asks for. Which earlier treatment it shuts out is
left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from her2nav.kinds.reading.base import leaf
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role

_DOUBT = "whether this forbids the treatment that the trial asks for, too"


def opened(criteria: Sequence[Criterion], knowledge: Knowledge) -> list[Criterion]:
    """Return the criteria with what forbids a treatment that is asked for open."""
    asked = {
        (scope, named)
        for item in criteria
        if item.section == "inclusion" and item.role is Role.DECIDES
        for named in _asked(item.node)
        for scope in (item.scope or ("",))
    }
    if not asked:
        return list(criteria)
    out = []
    for item in criteria:
        own = [named for scope, named in asked if scope == "" or scope in item.scope]
        out.append(replace(item, node=_opened(item.node, own, knowledge)) if item.role is Role.DECIDES else item)
    return out


def _asked(node: Node) -> Iterator[frozenset[str]]:
    """Yield the drugs of each treatment that a demand asks for, of everybody or under a condition."""
    match node:
        case AllOf(parts=parts):
            for part in parts:
                yield from _asked(part)
        case When(then=then):
            yield from _asked(then)
        case AnyOf(parts=parts) if _of_one_treatment(parts):
            for part in parts:
                yield from _asked(part)
        case Leaf(kind="prior_therapy", params=params) if params.drugs and not params.except_drugs:
            yield frozenset(params.drugs)


def _of_one_treatment(parts: Sequence[Node]) -> bool:
    """Whether alternatives are one treatment and what only a person can tell: "… unless contraindicated"."""
    kinds = [{item.kind for item in leaves(part)} for part in parts]
    return sum("prior_therapy" in kind for kind in kinds) == 1 and all(
        kind == {"prior_therapy"} or kind <= {"judgement", "unread"} for kind in kinds
    )


def _opened(node: Node, asked: Sequence[frozenset[str]], knowledge: Knowledge) -> Node:
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(_opened(part, asked, knowledge) for part in parts), node.span)
        case Not(part=Leaf(kind="prior_therapy") as denied) if _forbids(denied, asked, knowledge):
            return AnyOf((node, Leaf("unread", leaf("unread", note=_DOUBT).params, denied.span)), node.span)
        case Not(part=AnyOf(parts=parts)) if any(
            isinstance(part, Leaf) and part.kind == "prior_therapy" and _forbids(part, asked, knowledge)
            for part in parts
        ):
            return AllOf(tuple(_opened(Not(part), asked, knowledge) for part in parts), node.span)
    return node


def _forbids(denied: Leaf, asked: Sequence[frozenset[str]], knowledge: Knowledge) -> bool:
    """Whether a treatment that is denied without any limit is wider than one that is asked for."""
    said = denied.params.model_dump(exclude_defaults=True)
    if set(said) != {"drugs"}:
        return False
    return any(all(_terms(drug, knowledge) & set(denied.params.drugs) for drug in drugs) for drugs in asked)


def _terms(name: str, knowledge: Knowledge) -> frozenset[str]:
    """Return a drug or class with the classes that it belongs to."""
    ontology = knowledge.drugs
    if name in ontology.drugs:
        return ontology.terms_of(name)
    return frozenset({name, *ontology.class_closure.get(name, ())})
