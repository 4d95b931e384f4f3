"""Nets for sentences that tell what a word means, what will do instead, or what is left of a disease.

What was read of them stays, with the way out that their own words name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from her2nav.criteria.logic import left_unread, with_leaves
from her2nav.kinds.reading.base import doubt_on, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node
from her2nav.model.trial import Criterion, Role


def mended(criterion: Criterion, plain: str) -> Criterion:
    """Return a demand of the inclusions with the way out that its own words name.

    Args:
        criterion: As it was read.
        plain: Its plain text.
    """
    if criterion.role is not Role.DECIDES or criterion.section != "inclusion":
        return criterion
    node = criterion.node
    for net in _NETS:
        if net.words.search(plain):
            node = with_leaves(node, net.mend, guards=False)
    return criterion if node == criterion.node else replace(criterion, node=node)


def _biopsied_instead(item: Leaf, denied: bool) -> Node:
    if denied or item.kind != "tissue_available" or "archival" not in item.params.any_of:
        return item
    return replace(item, params=item.params.model_copy(update={"new_biopsy_instead": True}))


def _of_what_is_left(item: Leaf, denied: bool) -> Node:
    if not denied or item.kind != "disease_setting" or "early" not in item.params.settings:
        return item
    spread = tuple(name for name in item.params.settings if name not in _LIMITED)
    if not spread:
        return left_unread(item)
    kept = replace(item, params=item.params.model_copy(update={"settings": spread}))
    return AnyOf((kept, left_unread(item)), item.span)


_LIMITED = frozenset({"early", "locally_advanced_resectable"})


def _by_definition(item: Leaf, denied: bool) -> Node:
    if denied or item.kind != "menopausal_status":
        return item
    return AnyOf((item, leaf("unread", note="whether the status is asked for or only defined is not read")), item.span)


def _also_by_the_sample(item: Leaf, denied: bool) -> Node:
    if denied or item.kind != "procedure" or item.params.kinds != ("biopsy",):
        return item
    return AnyOf((item, leaf("judgement", topic="a biopsy that stands on record as a sample alone")), item.span)


def _stage_open(item: Leaf, denied: bool) -> Node:
    if denied or item.kind != "disease_setting":
        return item
    return AnyOf((item, leaf("unread", note="which of several stages belong together is not read")), item.span)


def _size_open(item: Leaf, denied: bool) -> Node:
    sized = item.kind == "disease_setting" and item.params.min_tumour_size_mm is not None
    open_ = leaf("unread", note="whether the size is asked of all, or of the last extent alone, is not said")
    return AnyOf((item, open_), item.span) if sized and not denied else item


def _any_activating(item: Leaf, denied: bool) -> Node:
    if item.kind != "her2_mutation" or "activating" in item.params.any_of:
        return item
    return replace(item, params=item.params.model_copy(update={"any_of": (*item.params.any_of, "activating")}))


def _older_let_in(item: Leaf, denied: bool) -> Node:
    if denied or item.kind != "age" or item.params.max is None:
        return item
    most = replace(item, params=item.params.model_copy(update={"min": None}))
    older = AnyOf((most, doubt_on("somewhat older patients, too")), item.span)
    if item.params.min is None:
        return older
    return AllOf((replace(item, params=item.params.model_copy(update={"max": None})), older), item.span)


@dataclass(frozen=True, slots=True)
class _Net:
    """Words of a demand, and what becomes of the leaves of its tree where they stand in it."""

    words: Sought
    mend: Callable[[Leaf, bool], Node]


_NETS = (
    _Net(
        Sought(
            r"\b(?:if|when|where|in case)\b[^.;]{0,60}\b(?:not|no|unavailable|insufficient|inadequate)\b[^.;]{0,100}\bbiops"
        ),
        _biopsied_instead,
    ),
    _Net(
        Sought(
            r"\A\W*(?:no|without|absence of)\b[^.;]{0,40}\b(?:local|regional|loco-?regional)(?: recurrent)? disease\b"
            r"|\A\W*(?:no|without|absence of)\b[^.;]{0,40}\b(?:locali[sz]ed|local|regional|loco-?regional)\b[^.;]{0,40}\b(?:recurrences?|relapses?)\b"
        ),
        _of_what_is_left,
    ),
    # Groups of categories that a semicolon parts, and cancers that can and cannot be removed, are alternatives.
    _Net(Sought(r"\([^()]*\bt[0-4][^();]*;[^()]*\bt[0-4][^()]*\)"), _stage_open),
    _Net(Sought(r"(?<!un)\b(?:resectable|operable)\b[^.;]{0,140}\bor (?:unresectable|inoperable)\b"), _stage_open),
    # "Locally advanced, inflammatory, or operable cancer (above 3 cm)": the size may be that of the last alone.
    _Net(
        Sought(
            r"\b(?:locally advanced|inflammatory|metastatic|unresectable|inoperable)\b[^.;()]{0,60}\bor [^.;()]{0,80}\([^()]{0,40}\d ?(?:cm|mm)\b"
        ),
        _size_open,
    ),
    _Net(
        Sought(
            r"\b(?:or|and|and/or) (?:an)?other (?:\w+ ){0,2}activating (?:\w+ )?(?:mutations?|alterations?|variants?)\b"
        ),
        _any_activating,
    ),
    _Net(
        Sought(
            r"\b(?:older|elderly)(?: \w+){0,2} (?:patients?|participants?|subjects?|persons?|individuals?|women|men)\b[^.;]{0,60}\b(?:up to|may|can|could|allowed|eligible|considered|discretion|judge?ment|enrolled|included)\b"
            r"|\b(?:patients?|participants?|subjects?) (?:older than|over|above) [5-8]\d\b[^.;]{0,60}\b(?:may|can|could|allowed|eligible|considered|discretion)\b"
        ),
        _older_let_in,
    ),
    # A list of procedures is called complete without every biopsy: the sample it gave is what a record holds.
    _Net(Sought(r"\bbiops(?:y|ies|ied)\b"), _also_by_the_sample),
    _Net(Sought(r"\A\W*(?:peri|post|pre)?[- ]?menopausal\b(?: status)? (?:is|will be|are) defined\b"), _by_definition),
)
