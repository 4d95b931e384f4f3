"""Parts of a sentence that name the cancer, and what binds only one of several cancers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from her2nav.criteria.logic import all_of, with_leaves
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AnyOf, Leaf, Node, Not, leaves

_NAMES_CANCER = frozenset({"tumour_type", "disease_setting"})
_CANCER = frozenset({"tumour_type", "disease_setting", "her2_status", "hormone_receptor"})


def of_the_cancer(node: Node) -> bool:
    """Whether a node names the cancer, its extent and its markers, and nothing else."""
    kinds = {item.kind for item in leaves(node)}
    return "tumour_type" in kinds and kinds <= _CANCER


_MARKERS = frozenset(
    {"disease_setting", "gene_status", "her2_status", "her2_mutation", "her2_amplification", "hormone_receptor", "pd_l1", "msi_mmr", "other_biomarker"}
)  # fmt: skip


def describing(parts: Sequence[Node], *, wide: bool) -> int:
    """Return how many parts in front describe the cancer: its name and extent, and its markers; none without a name.

    Args:
        parts: Of a conjunction, in order.
        wide: Markers that are asked for count too.
    """
    kinds = {"tumour_type", "disease_setting", *(_MARKERS if wide else ())}

    def describes(part: Node) -> bool:
        return not isinstance(part, Not) and {item.kind for item in leaves(part)} <= kinds

    first = next((i for i, part in enumerate(parts) if not describes(part)), len(parts))
    return first if any(of_the_cancer(part) for part in parts[:first]) else 0


def either_cancer(node: Node) -> Node | None:
    """Return the cancers of alternatives that each name one; None where one of them does not."""
    if not isinstance(node, AnyOf):
        return None
    names = [next((item for item in leaves(part) if item.kind == "tumour_type"), None) for part in node.parts]
    return AnyOf(tuple(name for name in names if name is not None)) if None not in names else None


def narrows(groups: list[list[Node]], split: int) -> bool:
    """Whether what stands behind "with" and in the alternatives to it says more of the cancer in front of it."""
    behind = [*groups[0][split:], *(node for group in groups[1:] for node in group)]
    return all(of_the_cancer(node) for node in groups[0][:split]) and not any(
        item.kind in _NAMES_CANCER for node in behind for item in leaves(node)
    )


def of_breast(parts: list[Node], inside: Node) -> list[Node] | None:
    """Return the parts with hormone receptors bound to breast cancer, where a list before them names others too."""
    last = parts[-1] if parts else None
    if all(item.kind != "hormone_receptor" for item in leaves(inside)):
        return None
    match last:
        case Leaf(kind="tumour_type", params=params) if "breast" in params.types and len(params.types) > 1:
            said = params.model_dump(exclude_defaults=True)
            others = leaf("tumour_type", **(said | {"types": [item for item in params.types if item != "breast"]}))
            own = leaf("tumour_type", **(said | {"types": ["breast"]}))
            either: list[Node] = [
                replace(others, span=last.span, rule=last.rule),
                replace(own, span=last.span, rule=last.rule),
            ]
        case AnyOf(parts=either_parts) if all(
            isinstance(item, Leaf) and item.kind == "tumour_type" for item in either_parts
        ):
            either = [*either_parts]
        case _:
            return None
    bound = [all_of([item, inside]) if _is_breast(item) else item for item in either]
    return [*parts[:-1], AnyOf(tuple(bound))] if any(map(_is_breast, either)) else None


def _is_breast(node: Node) -> bool:
    return isinstance(node, Leaf) and tuple(node.params.types) == ("breast",)


_SPREAD = frozenset({"metastatic", "recurrent"})
_EARLIER = frozenset({"0", "I", "IA", "IB", "II", "IIA", "IIB"})


def extents_apart(one: Any, other: Any) -> bool:
    """Whether no disease has the stage or setting of both parameters of `disease_setting`; relapsed disease may be metastatic.

    >>> stage = lambda *names: leaf("disease_setting", stages=names).params
    >>> extents_apart(stage("I"), stage("III")), extents_apart(stage("III"), stage("IIIB"))
    (True, False)
    """
    settings = [set(each.settings) for each in (one, other)]
    stages = [set(each.stages) for each in (one, other)]
    if all(settings) and settings[0].isdisjoint(settings[1]) and not all(each & _SPREAD for each in settings):
        return True
    if all(stages) and not any(_overlap(a, b) for a in stages[0] for b in stages[1]):
        return True
    return any(
        bool(staged) and staged <= _EARLIER and setting == {"metastatic"}
        for staged, setting in ((stages[0], settings[1]), (stages[1], settings[0]))
    )


def _overlap(one: str, other: str) -> bool:
    """Whether a stage is the other, or holds it: III stands for IIIA, IIIB and IIIC."""
    mains = one.rstrip("ABC"), other.rstrip("ABC")
    return one == other or (mains[0] == mains[1] and (one == mains[0] or other == mains[1]))


_ADVANCED = re.compile(
    r"\bin (?:the |an? )?(?:metastatic|advanced|recurrent|locally advanced|unresectable)(?:[ ,/]|\bor\b|\band\b|and/or|\bmetastatic\b|\badvanced\b|\brecurrent\b|\bunresectable\b)* ?(?:disease )?setting\b|\bfor (?:their )?(?:metastatic|advanced|recurrent)(?: or (?:metastatic|advanced|recurrent))? (?:\w+ ){0,2}(?:disease|cancer)\b"
)


def of_setting(node: Node, lead: str) -> Node:
    """Return an entry with its count of lines bound to the setting that the words above it name.

    "Treatment in the metastatic setting includes: up to two lines of chemotherapy" does not count adjuvant chemotherapy.
    """
    if _ADVANCED.search(lead) is None or "adjuvant" in lead:
        return node
    return with_leaves(node, _of_metastatic_disease, guards=False)


def _of_metastatic_disease(item: Leaf, denied: bool) -> Leaf:
    if item.kind != "lines_of_therapy" or item.params.setting != "any":
        return item
    said = item.params.model_dump(exclude_defaults=True) | {"setting": "metastatic"}
    return replace(item, params=leaf("lines_of_therapy", **said).params)
