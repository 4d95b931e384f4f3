"""Criteria side by side that nobody fulfils at once: results of one test, or nodes with and without cancer.

A list that lost its lead asks for them one by one: "IHC 3+" in one line, "IHC 2+ and ISH-positive" in the next. Which of
them is asked for is left open.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from her2nav.criteria.logic import with_leaves
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, leaves
from her2nav.model.trial import Criterion, Role

_STRONG = frozenset({"3+"})
_RESULTS = frozenset({"her2_status", "her2_amplification"})
_NODES = re.compile(
    r"(?<!no )(?<!without )\b(?:(?:positive|involved) (?:axillary |lymph |sentinel )*nodes?|node[- ]positive|pn[123])\b"
)
"""Nodes that hold cancer."""
_ONE_LINE = "whether this is asked of everybody, or is one of several lines to choose from"


def opened(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria of a trial with those open that contradict one beside them."""
    out = list(criteria)
    asked = [i for i, item in enumerate(out) if item.section == "inclusion" and item.role is Role.DECIDES]
    for run in _runs(criteria, asked):
        if any(_contradict(criteria[i].node, criteria[j].node) for i, j in itertools.combinations(run, 2)):
            for i in run:
                out[i] = _open(out[i], _RESULTS)
    if any(_NODES.search(criteria[i].text.lower()) for i in asked):
        out = [
            _open(item, _NODE_NEGATIVE) if i in asked and _without_nodes(item) else item for i, item in enumerate(out)
        ]
    return out


_NODE_NEGATIVE = frozenset({"disease_setting"})


def _runs(criteria: Sequence[Criterion], asked: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of criteria one behind the other that name results of HER2."""
    run: list[int] = []
    for i in asked:
        named = bool(_results(criteria[i].node))
        if run and (not named or criteria[run[-1]].scope != criteria[i].scope):
            yield run
            run = []
        if named:
            run.append(i)
    yield run


_SORTS = (
    (frozenset({"immune"}), frozenset({"comorbidity", "immune"})),
    (frozenset({"second_malignancy"}), frozenset({"second_malignancy", "tumour_type", "comorbidity"})),
    (frozenset({"infection", "viral_infection"}), frozenset({"infection", "viral_infection"})),
    (frozenset({"toxicity_recovery"}), frozenset({"comorbidity", "peripheral_neuropathy"})),
)
"""What an exclusion names, and what may be let in from it."""
_EXCEPTED = re.compile(
    r"\b(?:except\w*|with exceptions of|other than|apart from|excluding|unless)\b[^.;:]{0,40}(?::|\bfollowing)\W*\Z"
)
_MOST_LINES = 8
_LEFT_OUT = "whether this line is one of the exceptions that the line above announces"


def exceptions_open(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Return the exclusions with those open that may be the exceptions which a line in front of them announces.

    "Autoimmune disease except for the following:" and, at the same indent, "vitiligo": where such a list ends is not said.
    """
    out = list(criteria)
    for i, lead in enumerate(criteria):
        if lead.section != "exclusion" or _EXCEPTED.search(lead.text.lower()) is None:
            continue
        named = {inner.kind for inner in leaves(lead.node)}
        sort = next((may for what, may in _SORTS if named & what), frozenset[str]())
        for j in range(i + 1, min(len(out), i + 1 + _MOST_LINES)):
            kinds = {inner.kind for inner in leaves(out[j].node)} - {"unread", "judgement"}
            if out[j].section != "exclusion" or out[j].scope != lead.scope or not kinds <= sort:
                break
            if kinds and out[j].role is Role.DECIDES:
                out[j] = replace(out[j], node=AnyOf((out[j].node, leaf("unread", note=_LEFT_OUT))))
    return out


def _demands(node: Node) -> Iterator[Node]:
    if isinstance(node, AllOf):
        for part in node.parts:
            yield from _demands(part)
    else:
        yield node


def _results(node: Node) -> list[tuple[frozenset[str], bool]]:
    """The HER2 results that each demand of a criterion names: IHC scores, and whether amplification is one of them."""
    found = []
    for part in _demands(node):
        named = [item for item in leaves(part) if item.kind in _RESULTS]
        if isinstance(part, Not) or not named or any(item.kind not in {*_RESULTS, "unread"} for item in leaves(part)):
            continue
        rows = [row for item in named if item.kind == "her2_status" for row in item.params.any_of]
        scores = frozenset(score for row in rows for score in row.ihc)
        gene = len(rows) < len(named) or any(row.ish == "positive" or row.amplified for row in rows)
        if (scores or gene) and not any(row.status for row in rows):
            found.append((scores, gene))
    return found


def _contradict(one: Node, other: Node) -> bool:
    """Whether two criteria ask for results of which one makes the other needless, or impossible."""
    for ours, amplified in _results(one):
        for theirs, too in _results(other):
            if ours and theirs and ours.isdisjoint(theirs):
                return True
            if (ours == _STRONG and not amplified and too) or (theirs == _STRONG and not too and amplified):
                return True
    return False


def _without_nodes(item: Criterion) -> bool:
    """Whether a criterion asks for nodes free of cancer, and says nothing of others."""
    return _NODES.search(item.text.lower()) is None and any(
        isinstance(part, Leaf) and part.kind == "disease_setting" and part.params.n == ("N0",)
        for part in _demands(item.node)
    )


def _open(item: Criterion, kinds: frozenset[str]) -> Criterion:
    def made(inner: Leaf, denied: bool) -> Node:
        beside = _of_nodes(inner) if kinds is _NODE_NEGATIVE else not _of_a_status(inner)
        settled = denied or inner.kind not in kinds or not beside
        return inner if settled else AnyOf((inner, leaf("unread", note=_ONE_LINE)), inner.span)

    return replace(item, node=with_leaves(item.node, made, guards=False))


def _of_a_status(item: Leaf) -> bool:
    return item.kind == "her2_status" and any(row.status for row in item.params.any_of)


def _of_nodes(item: Leaf) -> bool:
    return item.kind == "disease_setting" and (bool(item.params.n) or item.params.min_tumour_size_mm is not None)
