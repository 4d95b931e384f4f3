"""Parts of a sentence that name the cancer, and what binds only one of several cancers."""

from __future__ import annotations

from dataclasses import replace

from her2nav.criteria.logic import all_of
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AnyOf, Leaf, Node, leaves

_NAMES_CANCER = frozenset({"tumour_type", "disease_setting"})
_CANCER = frozenset({"tumour_type", "disease_setting", "her2_status", "hormone_receptor"})


def of_the_cancer(node: Node) -> bool:
    """Whether a node names the cancer, its extent and its markers, and nothing else."""
    kinds = {item.kind for item in leaves(node)}
    return "tumour_type" in kinds and kinds <= _CANCER


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
