"""Cancers that exclude each other are alternatives, however a list joins them.

"Lung cancer, breast cancer (HER2-positive), pancreatic cancer" and cohorts named one bullet after another ask for one of
them. Read as "all of", nobody could ever fit.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeGuard

from her2nav.criteria.logic import all_of, any_of
from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.tumour_names import JUNCTION_OUT, on_both_sides
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, When, leaves
from her2nav.model.trial import Criterion, Role

_HISTOLOGY = "histology:"


def types_of(node: Node) -> frozenset[str]:
    """Return the tumour types of which a node asks for one; empty: none is asked for."""
    match node:
        case Leaf() if node.kind == "tumour_type":
            return frozenset(node.params.types or (f"{_HISTOLOGY}{name}" for name in node.params.histologies))
        case AllOf(parts=parts):
            each = [found for part in parts if (found := types_of(part))]
            # A histology in front is that of the cancer behind it.
            named = (found for found in each if any(not name.startswith(_HISTOLOGY) for name in found))
            return next(named, each[0] if each else frozenset())
        case AnyOf(parts=parts):
            # An alternative that was not read does not hide the cancers of the others.
            each = [types_of(part) for part in parts if any(item.kind != "unread" for item in leaves(part))]
            return frozenset().union(*each) if all(each) else frozenset()
    return frozenset()


def apart(one: frozenset[str], other: frozenset[str], knowledge: Knowledge) -> bool:
    """Whether no cancer is of both."""
    ontology = knowledge.tumours

    def reach(types: frozenset[str]) -> set[str]:
        return {item for own in types for item in (own, *ontology.narrower(own))}

    if any(item.startswith(_HISTOLOGY) for item in one | other):
        # Two histologies exclude each other; a histology and a cancer do not.
        return bool(one and other) and all(item.startswith(_HISTOLOGY) for item in one | other) and not one & other
    return bool(one and other) and reach(one).isdisjoint(reach(other))


def consistent(node: Node) -> Node:
    """Return the tree with ages that nobody can have at once unread: they define something, one way or another."""
    match node:
        case AllOf(parts=parts):
            ages = [
                item for part in parts for item in _conjuncts(part) if isinstance(item, Leaf) and item.kind == "age"
            ]
            least = max((item.params.min for item in ages if item.params.min is not None), default=None)
            most = min((item.params.max for item in ages if item.params.max is not None), default=None)
            if least is not None and most is not None and least > most:
                return _without(node, "age")
            if _apart([item for part in parts for item in _conjuncts(part)]):
                return _without(node, "disease_setting")
            return AllOf(tuple(consistent(part) for part in parts), node.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(consistent(part) for part in parts), node.span)
    return node


def _conjuncts(node: Node) -> list[Node]:
    return [item for part in node.parts for item in _conjuncts(part)] if isinstance(node, AllOf) else [node]


def _apart(conjuncts: list[Node]) -> bool:
    """Whether a tumour or node category is asked for that excludes another one asked for."""
    settings = [item.params for item in conjuncts if isinstance(item, Leaf) and item.kind == "disease_setting"]
    for name in ("t", "n"):
        asked = [set(getattr(params, name)) for params in settings if getattr(params, name)]
        if any(not (one & other) for one, other in itertools.combinations(asked, 2)):
            return True
    return False


def _without(node: Node, kind: str) -> Node:
    match node:
        case Leaf() if node.kind == kind:
            return Leaf("unread", leaf("unread").params, node.span)
        case AllOf(parts=parts):
            return AllOf(tuple(_without(part, kind) for part in parts), node.span)
    return node


def within(node: Node, knowledge: Knowledge) -> Node:
    """Return the tree with conjunctions of cancers that exclude each other as alternatives.

    What stands behind a cancer belongs to it, what stands before the first to all of them.
    """
    match node:
        case AllOf(parts=parts):
            inner = _histologies_apart([within(part, knowledge) for part in parts])
            return _parted(inner, node, knowledge)
        case AnyOf(parts=parts):
            return AnyOf(tuple(within(part, knowledge) for part in parts), node.span)
        case When(when=when, then=then):
            return When(when, within(then, knowledge), node.span)
    return node


def _histologies_apart(parts: list[Node]) -> list[Node]:
    """Return the parts with a histology alone joined to a cancer of another: no tumour is "serous and endometrioid"."""
    for (i, one), (j, other) in itertools.permutations(enumerate(parts), 2):
        if not (_has_histology(one) and _has_histology(other)) or one.params.types or not other.params.types:
            continue
        if set(one.params.histologies).isdisjoint(other.params.histologies):
            params = one.params.model_copy(update={"types": other.params.types})
            either = any_of([Leaf(one.kind, params, one.span), other])
            return [either if at == j else part for at, part in enumerate(parts) if at != i]
    return parts


def _has_histology(node: Node) -> TypeGuard[Leaf]:
    return isinstance(node, Leaf) and node.kind == "tumour_type" and bool(node.params.histologies)


def _parted(parts: list[Node], node: AllOf, knowledge: Knowledge) -> Node:
    types = [types_of(part) or _either_types(part) for part in parts]
    named = [i for i, found in enumerate(types) if found]
    while len(named) > 2 and not _goes_on(types[named[0]], types[named[1]], knowledge):
        # "Solid tumours, including: gastric cancer …, pancreatic cancer …": what stands in front binds all.
        named = named[1:]
    if len(named) < 2 or not any(
        _goes_on(types[one], types[other], knowledge) for one, other in itertools.pairwise(named)
    ):
        return AllOf(tuple(parts), node.span)
    starts = [_own_start(parts, at) if at != named[0] else at for at in named]
    groups = [parts[at:end] for at, end in zip(starts, [*starts[1:], len(parts)], strict=True)]
    either = any_of([all_of(group) for group in groups])
    return all_of([*parts[: named[0]], either])


def _goes_on(one: frozenset[str], other: frozenset[str], knowledge: Knowledge) -> bool:
    """Whether cancers go on with a list: they, or some of several, exclude those in front.

    "Cancer of the larynx, (…) and salivary glands or breast cancer".
    """
    one, other = _types_first(one), _types_first(other)
    return apart(one, other, knowledge) or (
        len(other) > 1 and not one & other and any(apart(one, frozenset({name}), knowledge) for name in other)
    )


def _types_first(found: frozenset[str]) -> frozenset[str]:
    """Return the types alone, where there are any beside histologies."""
    return frozenset(name for name in found if not name.startswith(_HISTOLOGY)) or found


def _either_types(node: Node) -> frozenset[str]:
    """Return the types of alternatives that are all cancers, some of them known by their histology alone."""
    if not isinstance(node, AnyOf) or any(item.kind != "tumour_type" for item in leaves(node)):
        return frozenset()
    return frozenset(name for item in leaves(node) for name in item.params.types)


def _own_start(parts: list[Node], at: int) -> int:
    """Return where what is said of a cancer begins: "Advanced HER2-negative" stands right in front of "breast cancer"."""
    first = at
    while first > 1 and _adjoins(parts[first - 1], parts[first]) and not types_of(parts[first - 1]):
        first -= 1
    # Words that adjoin the cancer in front as well may belong to either.
    return at if _adjoins(parts[first - 1], parts[first]) else first


def _adjoins(one: Node, other: Node) -> bool:
    """Whether nothing but a space stands between two parts."""
    return one.span is not None and other.span is not None and 0 <= other.span[0] - one.span[1] <= 1


def across(criteria: Sequence[Criterion], knowledge: Knowledge) -> list[Criterion]:
    """Return the criteria with those that ask for cancers that exclude each other bound to their own cancer.

    Each binds patients with its cancer only, and the first also asks for one of them, where no other criterion takes
    wider types.
    """
    out = _beside_labels(_asked_by_label(criteria), knowledge)
    for scope in dict.fromkeys(item.scope for item in criteria):
        out = _across(out, scope, knowledge)
    return [
        replace(item, node=_with_junction(item.node))
        if item.section == "inclusion" and _of_stomach(item.node) and JUNCTION_OUT.search(item.text.lower()) is None
        else item
        for item in out
    ]


def _of_stomach(node: Node) -> bool:
    return any(item.kind == "tumour_type" and "gastric" in item.params.types for item in leaves(node))


def _with_junction(node: Node) -> Node:
    """Return a list that takes cancers of the stomach and of the gullet with those that lie between."""
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(map(_with_junction, parts)), node.span)
        case AnyOf(parts=parts):
            bare = list(_named_alone(node))
            if on_both_sides({name for part in bare for name in part.params.types}):
                last = next(part for part in bare if "gastric" in part.params.types)
                parts = (*parts, Leaf(last.kind, leaf("tumour_type", types=["gej"]).params, last.span))
            return AnyOf(tuple(map(_with_junction, parts)), node.span)
    return node


def _named_alone(node: Node) -> Iterator[Leaf]:
    """Yield the cancers among alternatives of which nothing more is asked."""
    match node:
        case Leaf(kind="tumour_type", params=params) if set(params.model_dump(exclude_defaults=True)) == {"types"}:
            yield node
        case AnyOf(parts=parts):
            for part in parts:
                yield from _named_alone(part)


_LABEL = re.compile(r"(?P<label>[^:.;]{3,100}):\s", re.DOTALL)


_NOT_ASKED_ALONE = "whether this is asked of those with a cancer that another criterion names"


def _labelled(criteria: Sequence[Criterion]) -> list[int]:
    """Return the places of criteria that bind those with a cancer which they name in front: "lung cancer: must have …"."""
    return [i for i, item in enumerate(criteria) if isinstance(item.node, When) and _label_of(item) is not None]


def _label_of(item: Criterion) -> Node | None:
    """Return whom a name and a colon in front of a criterion bind, where they name a cancer."""
    first = item.node.parts[0] if isinstance(item.node, AllOf) else item.node
    labelled = (
        item.section == "inclusion"
        and isinstance(first, When)
        and types_of(first.when)
        and {inner.kind for inner in leaves(first.when)} <= {"tumour_type", "disease_setting"}
        and _LABEL.match(item.text)
        and not item.text.lower().startswith(("for ", "if ", "in "))
    )
    return first.when if labelled and isinstance(first, When) else None


def _asked_by_label(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria with the cancers asked for that only labels name: "Lung cancer: patients must have …"."""
    out = list(criteria)
    labelled = _labelled(criteria)
    asked = any(types_of(item.node) for item in criteria if item.section == "inclusion" and item.role is Role.DECIDES)
    if labelled and not asked:
        first = labelled[0]
        either = any_of([criteria[i].node.when for i in labelled])  # type: ignore[union-attr]
        out[first] = replace(criteria[first], node=AllOf((either, criteria[first].node)))
    return out


def _beside_labels(criteria: Sequence[Criterion], knowledge: Knowledge) -> list[Criterion]:
    """Return the criteria with those that ask for other cancers than a label names open to those of the label.

    "Breast cancer: must have had A." and, as an item of its own, "prostate cancer with B" are one list.
    """
    labels = [label for item in criteria if (label := _label_of(item)) is not None]
    return [_open_to(item, labels, knowledge) for item in criteria] if labels else list(criteria)


def _open_to(item: Criterion, labels: Sequence[Node], knowledge: Knowledge) -> Criterion:
    asked = types_of(item.node)
    if item.section != "inclusion" or item.role is not Role.DECIDES or not asked:
        return item
    others = [label for label in labels if apart(asked, types_of(label), knowledge)]
    if not others:
        return item
    let_in = [all_of([label, leaf("unread", note=_NOT_ASKED_ALONE)]) for label in others]
    return replace(item, node=any_of([item.node, *let_in]))


_OTHER_CANCERS = re.compile(
    r"\W*(?:any |all )?other (?:[\w-]+ ){0,2}(?:cancers?|tumou?rs?|malignanc(?:y|ies))\b(?! (?:treatment|therap))",
    re.IGNORECASE,
)
"""An entry that opens a list of cancers to others."""


def _across(criteria: Sequence[Criterion], scope: tuple[str, ...], knowledge: Knowledge) -> list[Criterion]:
    asked = {
        i: types_of(item.node)
        for i, item in enumerate(criteria)
        if item.section == "inclusion" and item.role is Role.DECIDES and item.scope == scope
    }
    asked = {i: _named_first(found, criteria[i]) for i, found in asked.items() if found}
    clashing = [
        i for i, found in asked.items() if any(apart(found, other, knowledge) for j, other in asked.items() if j != i)
    ]
    clashing = sorted({*clashing, *(i for i in asked if _is_next_entry(criteria[i], asked[i], i, clashing))})
    out = list(criteria)
    if not clashing:
        return out
    union = frozenset().union(*(asked[i] for i in clashing))
    others = [found for i, found in asked.items() if i not in clashing]
    if scope:
        others += [types_of(item.node) for item in criteria if item.section == "inclusion" and not item.scope]
    wider = any(found >= union or any(set(_narrower(item, knowledge)) & union for item in found) for found in others)
    for i in clashing:
        guard = _tumour(criteria[i].node)
        out[i] = replace(criteria[i], node=When(guard, criteria[i].node))
    if not wider:
        first = clashing[0]
        beside = [
            leaf_
            for i, item in enumerate(criteria)
            if item.section == "inclusion" and item.role is Role.DECIDES and item.scope == scope and i not in asked
            for leaf_ in _mentioned(item.node)
        ]
        if any(
            _OTHER_CANCERS.match(item.text) and i not in asked and item.scope == scope
            for i, item in enumerate(criteria)
        ):
            beside.append(leaf("unread", note="which other cancers are meant is not said"))
        if any(_hides_others(criteria[i].node) for i in clashing) or _unread_entry(criteria, clashing, scope):
            beside.append(leaf("unread", note="which cancer is meant by another entry of the list was not read"))
        either = any_of([*(_tumour(criteria[i].node) for i in clashing), *beside])
        out[first] = replace(out[first], node=AllOf((either, out[first].node)))
    return out


_SEVERAL = 2


def _hides_others(node: Node) -> bool:
    """Whether several alternatives to the cancers that a node names were not read."""
    match node:
        case AllOf(parts=parts):
            return any(_hides_others(part) for part in parts if types_of(part) == types_of(node))
        case AnyOf(parts=parts) if types_of(node):
            unread = sum(all(item.kind == "unread" for item in leaves(part)) for part in parts)
            return unread >= _SEVERAL or any(map(_hides_others, parts))
    return False


_NAME_AND_DASH = re.compile(r"\W*[A-Z][\w /()+-]{1,60}? [-\u2013] \w")
"""An entry that names its cancer in front of a dash: "NSCLC - progressed on platinum"."""


def _unread_entry(criteria: Sequence[Criterion], entries: Sequence[int], scope: tuple[str, ...]) -> bool:
    """Whether an entry between cancers with their own demands names, before its dash, one that was not read."""
    if not any(_NAME_AND_DASH.match(criteria[i].text) for i in entries):
        return False
    between = (
        item for item in criteria[entries[0] : entries[-1]] if item.scope == scope and item.section == "inclusion"
    )
    return any(
        _NAME_AND_DASH.match(item.text) is not None and all(one.kind != "tumour_type" for one in leaves(item.node))
        for item in between
    )


_WITH_HISTOLOGY = re.compile(r"[^.;:,]{3,60}, [\w -]{3,40} histology\b", re.IGNORECASE)


def _named_first(found: frozenset[str], item: Criterion) -> frozenset[str]:
    """Return the types without the histologies beside them, where both name cancers of one list.

    "Kidney cancer, clear cell histology" is kidney cancer, "adenocarcinoma or squamous cancer of the gullet" its cancers.
    """
    return _types_first(found) if _either_types(item.node) or _WITH_HISTOLOGY.match(item.text) is not None else found


_OF_AN_ORGAN = re.compile(
    r"[^.;:]{0,60}\b(?:carcinoma|sarcoma|cancer|tumou?r|melanoma)s? (?:of|in) (?:the )?[\w /-]{3,40}\W*",
    re.IGNORECASE,
)
"""An entry that names a histology and an organ, and nothing else."""
_OTHER_THAN = re.compile(r"[^.;:]{3,80}\b(?:tumou?rs?|cancers?|carcinomas?)(?: types?)? other than\b", re.IGNORECASE)
"""An entry that names cancers beside those of the others."""


def _is_next_entry(item: Criterion, found: frozenset[str], at: int, entries: Sequence[int]) -> bool:
    """Whether a histology of an organ that was not read stands beside entries of a list of cancers: it is one of them."""
    return (
        all(name.startswith(_HISTOLOGY) for name in found)
        and bool({at - 1, at + 1} & set(entries))
        and any(inner.kind == "unread" for inner in leaves(item.node))
        and (_OF_AN_ORGAN.fullmatch(item.text) is not None or _OTHER_THAN.match(item.text) is not None)
    )


def _narrower(item: str, knowledge: Knowledge) -> tuple[str, ...]:
    return () if item.startswith(_HISTOLOGY) else tuple(knowledge.tumours.narrower(item))


def _mentioned(node: Node) -> list[Node]:
    """Cancers that a criterion lets in without asking for one of them in so many words."""
    match node:
        case Leaf(kind="tumour_type") if node.params.types:
            return [node]
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return [found for part in parts for found in _mentioned(part)]
    return []


def _tumour(node: Node) -> Node:
    """The part of a node that names its cancers."""
    match node:
        case Leaf():
            return node
        case AllOf(parts=parts):
            return _tumour(next(part for part in parts if types_of(part) == types_of(node)))
        case AnyOf(parts=parts):
            return any_of([_tumour(part) for part in parts if types_of(part)])
    return node
