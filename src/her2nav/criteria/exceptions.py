"""Exceptions that would swallow what they are an exception from: an exclusion that shuts out nobody, or the wrong ones.

"Pregnant (a negative test is required)" is no exception for the pregnant; "another cancer, except: treated skin cancer"
names what is let in; "immunosuppressants, except: inhaled steroids" lets in no immunosuppressant. Where an exception, as
read, holds for everybody whom the exclusion names, the words of the exception stay unread: a person must look. So do
alternatives of an exclusion that ask for an illness, and conditions that only those fulfil who need not be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from her2nav.criteria.illness import ILLNESS
from her2nav.criteria.logic import in_doubt, left_unread
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, Span, When, leaves

_NEVER_ASKED = ILLNESS | {"procedure"}
"""Kinds that an exclusion never asks for."""
_CONTROLLED = frozenset({"uncontrolled", "low_cd4"})
"""States of an infection of which a trial wants the contrary."""


def sound_exceptions(node: Node, section: str) -> Node:
    """Return a demand whose exceptions leave something of it."""
    match node:
        case Not(part=part):
            return Not(_claimed(part), node.span)
        case AllOf(parts=parts):
            return AllOf(tuple(sound_exceptions(part, section) for part in parts), node.span)
        case AnyOf(parts=parts):
            asked = tuple(
                left_unread(part) if section == "exclusion" and _asks_for_illness(part) else part for part in parts
            )
            return AnyOf(tuple(sound_exceptions(part, section) for part in asked), node.span)
        case When(when=when, then=then):
            return When(_whom(when), sound_exceptions(then, section), node.span, node.text)
    return node


def _asks_for_illness(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind in _NEVER_ASKED


def _whom(when: Node) -> Node:
    """Return whom a demand binds: "those with hepatitis B may join if it is suppressed" binds all who have it."""
    match when:
        case Not(part=Leaf(kind="viral_infection", params=params) as infection) if params.state in _CONTROLLED:
            named = leaf("viral_infection", virus=params.virus, state="known")
            return replace(infection, params=named.params)
        case AllOf(parts=parts):
            return AllOf(tuple(map(_whom, parts)), when.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(_whom, parts)), when.span)
    return when


def _claimed(node: Node) -> Node:
    """Return a proposition that is denied, with no exception that holds wherever it holds."""
    match node:
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(_claimed, parts)), node.span)
        case AllOf(parts=parts):
            parts = by_virus(parts)
            claims = [claim for part in parts for claim in _claims(part)]
            kept = [inner for part in parts for inner in _narrowed(_claimed(part), claims)]
            merged = _with_exceptions_of(kept, parts)
            return merged[0] if len(merged) == 1 else AllOf(tuple(merged), node.span)
    return node


def _claims(node: Node) -> Iterator[Leaf]:
    """Return what is said to be there."""
    match node:
        case Leaf():
            yield node
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _claims(part)


def _narrowed(part: Node, claims: list[Leaf]) -> tuple[Node, ...]:
    """Return a part of the exclusion without the exceptions that the claims fulfil by themselves."""
    if _is_control(part, claims):
        return (left_unread(part),)
    if not isinstance(part, Not):
        return (part,)
    alternatives = part.part.parts if isinstance(part.part, AnyOf) else (part.part,)
    kept = tuple(
        left_unread(item) if _holds(item, claims) else _doubted(item, claims)
        for item in alternatives
        if not _is_explained(item, claims)
    )
    if kept == alternatives:
        return (part,)
    return (Not(kept[0] if len(kept) == 1 else AnyOf(kept), part.span),) if kept else ()


def _is_explained(item: Node, claims: list[Leaf]) -> bool:
    """Whether an exception only repeats the exclusion, or has become one of the immune disease itself.

    "Pregnant (a negative test is required)"; "autoimmune disease except vitiligo".
    """
    if not isinstance(item, Leaf):
        return False
    kinds = {claim.kind for claim in claims}
    return (item.kind == "pregnancy" and "pregnancy" in kinds) or (_names_only(item) and kinds & ILLNESS == {"immune"})


def _names_only(item: Node) -> bool:
    """Whether a part names diseases and says no more of them."""
    return (
        isinstance(item, Leaf)
        and item.kind == "comorbidity"
        and set(item.params.model_dump(exclude_defaults=True)) == {"any_of"}
    )


def _doubted(item: Node, claims: list[Leaf]) -> Node:
    """Return an exception that names a disease so that it lets in nobody who has another one besides."""
    named = isinstance(item, Leaf) and (item.kind in ILLNESS or item.kind == "metastatic_site")
    illness = named and any(claim.kind in ILLNESS for claim in claims)
    return in_doubt(item, doubt="everything on record by its exception") if illness else item


def _holds(item: Node, claims: list[Leaf]) -> bool:
    """Whether an exception holds wherever one of the claims holds."""
    match item:
        case Leaf(kind="second_malignancy"):
            return any(claim.kind == "second_malignancy" for claim in claims)
        case Leaf():
            return item.kind not in ("unread", "judgement") and any(
                claim.kind == item.kind and claim.params == item.params for claim in claims
            )
        case AllOf(parts=parts):
            return any(inner.kind == "second_malignancy" for inner in leaves(item)) or all(
                _holds(part, claims) for part in parts
            )
        case AnyOf(parts=parts):
            # The words of the exclusion stand in front of its exceptions once more.
            return any(_holds(part, claims) for part in parts)
    return False


def _is_control(part: Node, claims: list[Leaf]) -> bool:
    """Whether a part asks that an infection, which is shut out, is controlled: "active hepatitis C in need of treatment"."""
    if isinstance(part, AllOf):
        return all(_is_control(inner, claims) for inner in part.parts)
    return (
        isinstance(part, Not)
        and isinstance(part.part, Leaf)
        and part.part.kind == "viral_infection"
        and part.part.params.state in _CONTROLLED
        and any(claim.kind == "viral_infection" and claim.params.virus == part.part.params.virus for claim in claims)
    )


def _with_exceptions_of(kept: list[Node], parts: Iterable[Node]) -> list[Node]:
    """Return the parts with what is let in, named by itself, as exceptions of the other cancer or the immune disease."""
    let_in = [
        item
        for part in parts
        if isinstance(part, Not)
        for item in (part.part.parts if isinstance(part.part, AnyOf) else (part.part,))
        if isinstance(item, Leaf)
    ]
    cancers = [name for item in let_in if item.kind == "second_malignancy" for name in item.params.exceptions]
    diseases = [name for item in let_in if _names_only(item) for name in item.params.any_of]
    named = {"second_malignancy": cancers, "immune": diseases}

    def excepting(node: Node) -> Node:
        match node:
            case Leaf(kind=kind) if named.get(kind):
                exceptions = tuple(dict.fromkeys((*node.params.exceptions, *named[kind])))
                return replace(node, params=node.params.model_copy(update={"exceptions": exceptions}))
            case AllOf(parts=inner):
                return AllOf(tuple(map(excepting, inner)), node.span)
            case AnyOf(parts=inner):
                return AnyOf(tuple(map(excepting, inner)), node.span)
        return node

    return [excepting(node) for node in kept]


def by_virus(parts: Sequence[Node]) -> tuple[Node, ...]:
    """Return the parts of an exclusion with each infection beside its own exceptions.

    "Hepatitis B or HIV, except controlled HIV" does not let in hepatitis B because there is no HIV.
    """
    claimed = next((part for part in parts if _viruses(part) and not isinstance(part, Not)), None)
    excepted = next((part for part in parts if isinstance(part, Not) and _viruses(part)), None)
    if claimed is None or excepted is None or not isinstance(excepted, Not):
        return tuple(parts)
    infections = claimed.parts if isinstance(claimed, AnyOf) else (claimed,)
    alternatives = excepted.part.parts if isinstance(excepted.part, AnyOf) else (excepted.part,)
    told_apart = all(len(_viruses(item)) == 1 for item in (*infections, *alternatives) if _viruses(item))
    if len(infections) < 2 or not told_apart or not all(isinstance(item, Leaf) for item in infections):
        return tuple(parts)
    each = tuple(_beside(infection, alternatives, excepted.span) for infection in infections)
    return (AnyOf(each, claimed.span), *(part for part in parts if part is not claimed and part is not excepted))


def _beside(infection: Node, alternatives: Sequence[Node], span: Span | None) -> Node:
    """Return an infection without the exceptions of the others; what names no infection belongs to each."""
    own = tuple(item for item in alternatives if not _viruses(item) or _viruses(item) == _viruses(infection))
    return AllOf((infection, Not(own[0] if len(own) == 1 else AnyOf(own), span))) if own else infection


def _viruses(node: Node) -> frozenset[str]:
    return frozenset(item.params.virus for item in leaves(node) if item.kind == "viral_infection")
