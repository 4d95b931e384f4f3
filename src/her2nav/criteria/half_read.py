"""Leaves of which the text says more than was read, so that alone they would bind too many.

"Three weeks, or five half-lives, whichever is shorter" of which only the half-lives were read; "negative, defined as
below 10 %" of which the bare word would mean below 1 %; "no hyperplasia or carcinoma", which shuts out no other cancer;
a mutation in the family of the patient; the first of several stages.
"""

from __future__ import annotations

import re

from her2nav.criteria.logic import all_of, any_of, left_unread
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When, leaves

_ANY_CANCER = frozenset({"carcinoma", "cancer", "malignant"})
_OF_RELATIVES = re.compile(
    r"(?:(?<!receptor )(?<!gene )(?<!kinase )(?<!protein )(?<!raf )(?<!ras )\bfamil(?:y|ies)|\b(?:relatives?|parents?|sisters?|mothers?|siblings?|kindreds?))\b[^.;,()]{0,40}\Z"
)
"""In front of an alteration: it is another person's."""
_GENES = frozenset({"gene_status", "her2_mutation"})
_REACH = 60
_CLOSE = 24
_EARLIER = re.compile(r"\b(?:previous(?:ly)?|prior|earlier|history of|past)\b")
_DEFINED = re.compile(r"\bdefin(?:ed|ition)\b")


def as_meant(node: Node, plain: str) -> Node:
    """Return a tree in which what was half read is open.

    Args:
        node: What a criterion demands.
        plain: The plain text in which its spans lie.
    """
    return _limits_of_definitions(_open(node, plain, denied=False), plain)


def _open(node: Node, plain: str, *, denied: bool) -> Node:
    match node:
        case Leaf(kind="washout", params=params) if params.whichever and None in (params.days, params.half_lives):
            other = leaf("unread", note="the other period is not read")
            return any_of([node, other]) if params.whichever == "shorter" else all_of([node, other])
        case Leaf(kind="tumour_type", params=params) if denied and _names_any(params):
            return left_unread(node)
        case Leaf(kind="tumour_type", params=params, span=span) if not denied and span is not None:
            if not (params.types and params.histologies and _goes_on_in_brackets(plain, span)):
                return node
            # "Gynaecological cancer (endometrioid, …": the first of several kinds is not asked of all.
            open_ = leaf("unread", note="which histologies are meant is not read")
            return all_of([Leaf(node.kind, params.model_copy(update={"histologies": ()}), span), open_])
        case Leaf(kind=kind, span=span) if kind in _GENES and span is not None:
            theirs = _OF_RELATIVES.search(plain, max(0, span[0] - _REACH), span[0])
            return left_unread(node) if theirs is not None else node
        case Not(part=part):
            return Not(_open(part, plain, denied=not denied), node.span)
        case AllOf(parts=parts):
            parts = parts if denied else _first_histologies(_stages_of_a_list(parts, plain), plain)
            return AllOf(tuple(_open(part, plain, denied=denied) for part in parts), node.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(_open(part, plain, denied=denied) for part in parts), node.span)
        case AtLeast(n=n, parts=parts):
            return AtLeast(n, tuple(_open(part, plain, denied=denied) for part in parts), node.span)
        case When(when=Leaf(kind="unread"), then=Leaf(kind="tumour_type", span=span) as cancer) if span is not None:
            # "Previous breast cancer if diagnosed long ago": the condition is all that is asked, and it was not read.
            earlier = _EARLIER.search(plain, max(0, span[0] - _CLOSE), span[1])
            return left_unread(cancer) if earlier is not None else node
        case When(when=when, then=then):
            return When(when, _open(then, plain, denied=denied), node.span, node.text)
    return node


_MORE = re.compile(r"\s*(?:,|and\b|or\b|/)")


def _goes_on_in_brackets(plain: str, span: tuple[int, int]) -> bool:
    """Whether a stretch ends within a bracket that it opened, before more entries of a list."""
    inside = plain[span[0] : span[1]]
    return inside.count("(") > inside.count(")") and _MORE.match(plain, span[1]) is not None


_LISTED = re.compile(r"\b(?:and|or|and/or)\b|,")


def _first_histologies(parts: tuple[Node, ...], plain: str) -> tuple[Node, ...]:
    """Return the parts, a histology open that may be the first of a list of which the others were not read."""
    out = list(parts)
    for i, (one, *_) in enumerate(parts[at:] for at in range(len(parts) - 1)):
        rest = [part for part in parts[i + 1 :] if isinstance(part, Leaf)]
        if not (isinstance(one, Leaf) and one.kind == "tumour_type" and one.params.histologies and one.span):
            continue
        if one.params.types:
            continue
        following = next((part for part in rest if part.kind == "tumour_type" and part.span), None)
        unread = any(part.kind == "unread" for part in rest)
        if following is not None and unread and _LISTED.search(plain, one.span[1], following.span[0]):  # type: ignore[index]
            out[i] = any_of([one, leaf("unread", note="which histologies are meant is not read")])
    return tuple(out)


_STAGES = re.compile(
    r"[\W]*(?:stages? )?(?:i{1,3}|iv)[abc]?\d?(?:[-\u2013/, ]|\band\b|\bor\b|\bto\b|(?:i{1,3}|iv)[abc]?\d?\b)*\W*"
)


def _stages_of_a_list(parts: tuple[Node, ...], plain: str) -> tuple[Node, ...]:
    """Return parts of a demand with a stage open beside which others stand that were not read: "stage I (T1 N0), IIA"."""
    more = any(
        isinstance(part, Leaf)
        and part.kind == "unread"
        and part.span is not None
        and _STAGES.fullmatch(plain, *part.span) is not None
        for part in parts
    )
    return tuple(
        any_of([part, leaf("unread", note="further stages are not read")])
        if more and isinstance(part, Leaf) and part.kind == "disease_setting" and part.params.stages
        else part
        for part in parts
    )


_STAGE_NAMED = re.compile(
    r"(?<!prior )(?<!initial )(?<!original )(?<!previous )(?<!no )(?<!not )(?<!excluding )(?<!except )(?<!or higher )\bstages? (?P<major>i{1,3}|iv)(?:[abc]\d?)?\b"
)
_MAJOR = re.compile(r"IV|I{1,3}")


def one_of_the_stages(node: Node, written: str) -> Node:
    """Return a demand with a stage open where its own words name other stages too: "stage IV. Stage III patients …"."""
    named = {found["major"].upper() for found in _STAGE_NAMED.finditer(written)} if "stage" in written else set()
    if len(named) < 2:
        return node

    def opened(part: Node) -> Node:
        match part:
            case AllOf(parts=parts):
                return AllOf(tuple(map(opened, parts)), part.span)
            case Leaf(kind="disease_setting", params=params) if params.stages and named - _majors(params.stages):
                return any_of([part, leaf("unread", note="further stages are not read")])
        return part

    return opened(node)


def _majors(stages: tuple[str, ...]) -> set[str]:
    return {found[0] for stage in stages if (found := _MAJOR.match(str(stage))) is not None}


def _names_any(params: object) -> bool:
    """Whether a kind of cancer is nothing but "carcinoma"."""
    said = params.model_dump(exclude_defaults=True)  # type: ignore[attr-defined]
    return set(said) == {"histologies"} and set(said["histologies"]) <= _ANY_CANCER


def _limits_of_definitions(node: Node, plain: str) -> Node:
    """Return "receptor-negative (negative is defined as below 10 %)" with the limit of the definition in both.

    A limit that is stated of one receptor alone is not that of the other.
    """
    stated = {
        (item.params.status, item.params.cutoff_percent)
        for item in leaves(node)
        if item.kind == "hormone_receptor" and _has_limit(item) and _defines(item, plain)
    }
    if len(stated) != 1:
        return node
    ((status, cutoff),) = stated

    def limited(part: Node) -> Node:
        match part:
            case Leaf(kind="hormone_receptor", params=params) if params.status == status and not _has_limit(part):
                changed = params.model_copy(update={"cutoff_percent": cutoff})
                return Leaf(part.kind, changed, part.span, part.text, part.rule)
            case AllOf(parts=parts):
                return AllOf(tuple(map(limited, parts)), part.span)
            case AnyOf(parts=parts):
                return AnyOf(tuple(map(limited, parts)), part.span)
        return part

    return limited(node)


def _has_limit(item: Leaf) -> bool:
    return "cutoff_percent" in item.params.model_dump(exclude_defaults=True)


def _defines(item: Leaf, plain: str) -> bool:
    """Whether words of a definition stand in a leaf's words or close in front of them."""
    return item.span is not None and _DEFINED.search(plain, max(0, item.span[0] - _CLOSE), item.span[1]) is not None
