"""What a lead and its entries say, once they are read."""

from __future__ import annotations

from her2nav.criteria import item_words as words
from her2nav.criteria.illness import ILLNESS
from her2nav.criteria.logic import any_of
from her2nav.kinds.reading.adequacy import FUNCTION
from her2nav.kinds.reading.base import doubt_on, leaf
from her2nav.model.tree import AllOf, Leaf, Node, leaves

ANY_BRAIN = leaf("cns_metastases", accepted=["untreated_asymptomatic", "treated_stable", "active_or_progressing"])
"""That there are metastases of the brain."""


def of_brain(node: Node) -> bool:
    """Whether a proposition is on metastases of the brain and nothing else."""
    return {inner.kind for inner in leaves(node)} - {"unread", "judgement"} == {"cns_metastases"}


_MEASURED = frozenset({"lab_value", "vital_sign", "qtc", "lvef", "body_measure"})
_TREATED = frozenset({"washout", "procedure", "prior_therapy", "concomitant_medication"})


def heads_treatments(header: Node, group: Node) -> bool:
    """Whether the lead of an exclusion names nothing but earlier treatment, of which its list says what is meant."""
    bare = isinstance(header, Leaf) and header.kind == "prior_therapy" and header.params == leaf("prior_therapy").params
    return bare and any(inner.kind in _TREATED for inner in leaves(group))


def heads(written: str, header: Node, group: Node) -> bool:
    """Whether the lead of an exclusion names the sort of illness of which its list says what is meant."""
    named, listed = ({inner.kind for inner in leaves(node)} - {"judgement", "unread"} for node in (header, group))
    if not named or not named <= ILLNESS or not listed & (ILLNESS | _MEASURED):
        return False
    return words.NAMES_ITS_LIST.search(written) is not None and words.BINDS_ITS_LIST.search(written) is None


def her2(node: Node) -> frozenset[str]:
    """The HER2 results that an entry asks for beside other things; entries that ask for different ones are groups."""
    return (
        frozenset(repr(inner.params) for inner in leaves(node) if inner.kind == "her2_status")
        if isinstance(node, AllOf)
        else frozenset()
    )


def says_little(item: Leaf) -> bool:
    """Whether a leaf of a lead says no more than what stands under it."""
    return item.kind == "unread" or getattr(item.params, "topic", None) == FUNCTION


def is_open(node: Node) -> bool:
    """Whether nothing of a proposition was read."""
    return all(inner.kind == "unread" for inner in leaves(node))


def unread_share(node: Node | None, span: tuple[int, int]) -> int:
    """Characters within a span that stay unread."""
    if node is None:
        return span[1] - span[0]
    return sum(
        max(0, min(inner.span[1], span[1]) - max(inner.span[0], span[0]))
        for inner in leaves(node)
        if inner.kind == "unread" and inner.span
    )


def setting_open(node: Node) -> Node:
    """Return what a lead asks, with the state of the cancer open: its entries say what they ask of it."""
    match node:
        case AllOf(parts=parts):
            return AllOf(tuple(map(setting_open, parts)), node.span)
        case Leaf(kind="disease_setting"):
            return any_of([node, doubt_on("by its list those in another state of the cancer, too")])
    return node
