"""Demands that nobody can fulfil at once: alternatives that were read as a list of demands, so they stay unread.

"At least one line for hormone-receptor-positive disease / for triple-negative disease" joined by "all of" would turn
everybody away. Which of them are alternatives is not said, so all that the list demands of the cancer, of its
treatment and of the end of it is left open.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from her2nav.criteria.alternatives import apart
from her2nav.criteria.cancers import extents_apart
from her2nav.criteria.logic import with_leaves
from her2nav.kinds.reading.base import leaf
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, leaves
from her2nav.model.trial import Criterion, Role

_OF_THE_CANCER = frozenset(
    {"tumour_type", "hormone_receptor", "her2_status", "her2_mutation", "her2_amplification", "gene_status", "msi_mmr", "pd_l1", "other_biomarker", "other_driver",
     "disease_setting", "disease_progression", "lines_of_therapy", "prior_therapy", "washout", "options_exhausted"}
)  # fmt: skip
"""Kinds that tell groups of patients apart; what everybody must have (age, blood counts) stays."""
_COMPARED = frozenset({"hormone_receptor", "gene_status", "msi_mmr", "her2_mutation", "her2_amplification"})
_ON_MARKERS = _COMPARED | {"her2_status", "tumour_type", "unread"}
_NOT_POSITIVE = frozenset({"negative", "low", "ultralow"})


def opened(node: Node, knowledge: Knowledge) -> Node:
    """Return a demand with what nobody can fulfil at once unread; so it is with each of several alternatives."""
    match node:
        case AllOf(parts=parts):
            return _opened_all(AllOf(tuple(opened(part, knowledge) for part in parts), node.span), knowledge)
        case AnyOf(parts=parts):
            return AnyOf(tuple(opened(part, knowledge) for part in parts), node.span)
    return node


def _opened_all(node: AllOf, knowledge: Knowledge) -> Node:
    demands = conjuncts(node)
    cancers = [
        frozenset(item.params.types) for item in demands if isinstance(item, Leaf) and item.kind == "tumour_type"
    ]
    made: Node = node
    two = any(apart(one, other, knowledge) for one, other in itertools.combinations(cancers, 2))
    if two or impossible(demands):
        made = without(made)
    women = [set(item.params.any_of) for item in demands if isinstance(item, Leaf) and item.kind == "menopausal_status"]
    if any(one.isdisjoint(other) for one, other in itertools.combinations(women, 2)):
        made = _left_open(made, "menopausal_status")
    return made


def alternatives_count(node: Node) -> Node:
    """Return a demand for measurable disease without its first half, where the other half names alternatives to it.

    "Measurable disease defined as: lesions by RECIST, or bone lesions": the second sort suffices.
    """
    if not isinstance(node, AllOf):
        return node
    either = [part for part in node.parts if isinstance(part, AnyOf)]
    named = [item for part in either for one in part.parts for item in conjuncts(one)]

    def told(part: Node) -> bool:
        return (
            isinstance(part, Leaf)
            and part.kind == "measurable_disease"
            and any(isinstance(item, Leaf) and item.kind == part.kind for item in named)
        )

    node = _or_bone_only(node)
    if not isinstance(node, AllOf):
        return node
    kept = tuple(part for part in node.parts if not told(part))
    return kept[0] if len(kept) == 1 else AllOf(kept, node.span)


def _or_bone_only(node: AllOf) -> Node:
    """Return "measurable disease" and "bone-only disease" as alternatives: no trial asks for both."""
    lesions = [part for part in node.parts if isinstance(part, Leaf) and part.kind == "measurable_disease"]
    alone = [
        part for part in node.parts if isinstance(part, Leaf) and part.kind == "metastatic_site" and part.params.only
    ]
    if not lesions or not alone:
        return node
    rest = [part for part in node.parts if part not in lesions and part not in alone]
    either = AnyOf((*lesions, *alone))
    return AllOf((either, *rest), node.span) if rest else either


def not_denied(node: Node) -> Node:
    """Return a demand with the denial of what it also asks for unread: "measurable disease … part 1 may permit non-measurable"."""
    if not isinstance(node, AllOf):
        return node
    asked = {(item.kind, str(item.params)) for item in conjuncts(node) if isinstance(item, Leaf)}

    def kept(part: Node) -> Node:
        match part:
            case AllOf(parts=parts):
                return AllOf(tuple(kept(inner) for inner in parts), part.span)
            case Not(part=Leaf(kind=kind) as denied) if kind != "unread" and (
                (kind, str(denied.params)) in asked
                or (kind == "measurable_disease" and kind in {one for one, _ in asked})
            ):
                return Leaf("unread", leaf("unread").params, denied.span)
        return part

    return kept(node)


def across(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria with those that contradict each other unread in what they say of the cancer."""
    demands = {
        i: _comparable(conjuncts(item.node))
        for i, item in enumerate(criteria)
        if item.section == "inclusion" and item.role is Role.DECIDES and not item.scope
    }
    clashing = {
        i
        for (one, ours), (other, theirs) in itertools.combinations(demands.items(), 2)
        if any(_clash(a, b) for a in ours for b in theirs)
        for i in (one, other)
    }
    asked = frozenset(
        kind
        for item in criteria
        if item.section == "inclusion" and item.role is Role.DECIDES
        for part in leaves(item.node)
        if part.kind == "tumour_type"
        for kind in part.params.types
    )
    out = [replace(item, node=without(item.node)) if i in clashing else item for i, item in enumerate(criteria)]
    return [replace(item, node=_without_own(item.node, asked)) if item.section == "exclusion" else item for item in out]


_BARE = re.compile(
    r"\W*(?:(?:has|have|had|subjects?|patients?|participants?|with|any|current) )*(?:known|active|symptomatic|uncontrolled|untreated|history of|meningeal|carcinomatous|leptomeningeal)\b",
    re.IGNORECASE,
)
_DEMANDED = re.compile(
    r"\b(?:must|confirmed|documented|diagnos\w+|at least|measurable|newly|radiograph\w+|cytolog\w+|positive|eligible|allowed|required|should)\b",
    re.IGNORECASE,
)


def bare_brain(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria with a bare name of disease of the brain open, where nothing else of the trial asks for it.

    "Known leptomeningeal involvement or brain metastases" among the demands is an exclusion whose heading was lost.
    """
    asking = [i for i, item in enumerate(criteria) if item.section == "inclusion" and _asks_for_brain(item.node)]
    if len(asking) != 1:
        return list(criteria)
    only = criteria[asking[0]]
    if _BARE.match(only.text) is None or _DEMANDED.search(only.text) is not None:
        return list(criteria)
    node = _left_open(_left_open(only.node, "cns_metastases"), "leptomeningeal_disease")
    return [replace(item, node=node) if item is only else item for item in criteria]


def _asks_for_brain(node: Node) -> bool:
    match node:
        case Leaf(kind="leptomeningeal_disease"):
            return True
        case Leaf(kind="cns_metastases", params=params):
            return "none" not in params.accepted
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return any(map(_asks_for_brain, parts))
    return False


def _without_own(node: Node, asked: frozenset[str]) -> Node:
    """An exclusion of the very cancers that the trial asks for is the header of others ("ovarian cancer: 1. …")."""
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(_without_own(part, asked) for part in parts), node.span)
        case Not(part=Leaf(kind="tumour_type") as named):
            own = set(named.params.types) and set(named.params.types) <= asked
            narrowed = len(named.params.model_dump(exclude_defaults=True)) > 1
            return Leaf("unread", leaf("unread").params, named.span) if own and not narrowed else node
    return node


def other_cancers_open(node: Node) -> Node:
    """Return an exclusion of other cancers with the cancers that it lets pass unread: they are not the patient's own."""
    if all(item.kind != "second_malignancy" for item in leaves(node)):
        return node
    return _left_open(node, "tumour_type") if isinstance(node, AllOf | AnyOf) else node


def _left_open(node: Node, kind: str, open_: Leaf | None = None) -> Node:
    """Return a node with every leaf of a kind unread, or as an open leaf that says what is asked."""
    said = open_ if open_ is not None else leaf("unread")

    def opened_one(item: Leaf, _: bool) -> Leaf:
        return Leaf(said.kind, said.params, item.span) if item.kind == kind else item

    return with_leaves(node, opened_one, guards=False)


_WHOM = leaf("judgement", topic="which women the words on contraception bind")


def women_only(node: Node) -> Node:
    """Return a criterion on contraception with the menopause open: it says who is bound, and asks it of nobody."""
    kinds = {item.kind for item in leaves(node)}
    return _left_open(node, "menopausal_status", _WHOM) if {"contraception", "menopausal_status"} <= kinds else node


def narrowed_alike(node: Node) -> Node:
    """Return an exclusion of a list of cancers of which words narrow the first: whether they narrow the rest is open.

    "Early stage serous, tubal or peritoneal cancer" shuts out nobody with advanced peritoneal cancer for certain.
    """
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(narrowed_alike(part) for part in parts), node.span)
        case Not(part=AnyOf(parts=parts)) if isinstance(parts[0], AllOf):
            first = list(leaves(parts[0]))
            named = [item.params for item in first if item.kind == "tumour_type"]
            narrowed = (
                bool(named) and not any(each.types for each in named) and first[0].kind in ("unread", "judgement")
            )
            if narrowed and all(
                item.kind in ("tumour_type", "unread", "judgement", "disease_setting") for item in first
            ):
                rest = tuple(
                    AllOf((part, leaf_unread(part.span)))
                    if isinstance(part, Leaf) and part.kind == "tumour_type"
                    else part
                    for part in parts[1:]
                )
                return Not(AnyOf((parts[0], *rest), node.part.span), node.span)
    return node


def leaf_unread(span: tuple[int, int] | None) -> Leaf:
    """Return an unread leaf at a place."""
    return Leaf("unread", leaf("unread").params, span)


def countable(node: Node) -> Node:
    """Return a demand on counts of lines that nobody can meet with the counts unread."""
    bounds: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    for item in _denied_too(node):
        inner = item.part if isinstance(item, Not) else item
        if not isinstance(inner, Leaf) or inner.kind != "lines_of_therapy":
            continue
        least, most = inner.params.min or 0, _MANY_LINES if inner.params.max is None else inner.params.max
        if isinstance(item, Not):
            if least > 0 and most < _MANY_LINES:
                continue
            least, most = (0, least - 1) if most == _MANY_LINES else (most + 1, _MANY_LINES)
        bounds.setdefault((inner.params.of, inner.params.except_of), []).append((least, most))
    if any(max(a for a, _ in found) > min(b for _, b in found) for found in bounds.values()):
        return _left_open(node, "lines_of_therapy")
    return node


_MANY_LINES = 99


def _denied_too(node: Node) -> list[Node]:
    """Return everything that a demand asks for together, what it denies included."""
    match node:
        case AllOf(parts=parts):
            return [item for part in parts for item in _denied_too(part)]
        case Not(part=AnyOf(parts=parts)):
            return [Not(part) for part in parts]
    return [node]


def conjuncts(node: Node) -> list[Node]:
    """Return everything that a demand asks for together."""
    return [item for part in node.parts for item in conjuncts(part)] if isinstance(node, AllOf) else [node]


def impossible(demands: Sequence[Node]) -> bool:
    """Whether two demands exclude each other."""
    return any(_clash(one, other) for one, other in itertools.combinations(_comparable(demands), 2))


def each_apart(demands: Sequence[Node]) -> bool:
    """Whether every two of several demands on the markers of a cancer exclude each other."""
    if any(item.kind not in _ON_MARKERS for node in demands for item in leaves(node)):
        return False
    return all(impossible([*conjuncts(one), *conjuncts(other)]) for one, other in itertools.combinations(demands, 2))


def _comparable(demands: Sequence[Node]) -> list[Node]:
    """The demands that another can contradict; there are few, so that long lists cost nothing."""
    found = []
    for item in demands:
        inner = item.part if isinstance(item, Not) else item
        if isinstance(inner, Leaf) and (
            inner.kind in _COMPARED
            or inner.kind == "her2_status"
            or (inner is item and inner.kind == "disease_setting")
        ):
            found.append(item)
    return found


def without(node: Node) -> Node:
    """Return a demand with what it says of the cancer and its treatment unread."""
    if isinstance(node, AllOf):
        return AllOf(tuple(map(without, node.parts)), node.span)
    if any(item.kind in _OF_THE_CANCER for item in leaves(node)):
        return Leaf("unread", leaf("unread").params, node.span or _around(node))
    return node


def _around(node: Node) -> tuple[int, int] | None:
    spans = [item.span for item in leaves(node) if item.span]
    return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None


def _clash(one: Node, other: Node) -> bool:
    match one, other:
        case Leaf(kind=kind), Not(part=Leaf(kind=denied) as inner) if kind == denied and kind in _COMPARED:
            return bool(one.params == inner.params)
        case Not(), Leaf():
            return _clash(other, one)
        case Leaf(kind="hormone_receptor"), Leaf(kind="hormone_receptor"):
            return _receptors(one) == _receptors(other) and one.params.status != other.params.status
        case Leaf(kind="her2_status"), Leaf(kind="her2_status"):
            said = [{item.status for item in each.params.any_of} for each in (one, other)]
            return any(a == {"positive"} and None not in b and b <= _NOT_POSITIVE for a, b in (said, said[::-1]))
        case Leaf(kind="disease_setting", params=ours), Leaf(kind="disease_setting", params=theirs):
            return extents_apart(ours, theirs)
    return False


def _receptors(node: Leaf) -> str:
    return str(node.params.receptor)
