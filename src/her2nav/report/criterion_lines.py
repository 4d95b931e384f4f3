"""Nodes of criterion trees as lines for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When


@dataclass(frozen=True, slots=True)
class Line:
    """A node in words; whether it is a stretch that was not read."""

    text: str
    unread: bool = False


def node_line(node: Node, text: str, knowledge: Knowledge) -> Line:
    """Return one node, its parts left out."""
    match node:
        case Leaf(kind="unread", params=params, span=span):
            words = " ".join(text[span[0] : span[1]].split()) if span else params.note or ""
            return Line(f"not read: «{words}»", True)
        case Leaf(kind=kind, params=params):
            return Line(
                f"{kinds()[kind].name}: {_params(params.model_dump(mode='json', exclude_defaults=True), knowledge)}"
            )
        case AllOf():
            return Line("all of")
        case AnyOf():
            return Line("one of")
        case AtLeast(n=n):
            return Line(f"at least {n} of")
        case Not():
            return Line("not")
        case When():
            return Line("where the first holds, the second")
    raise TypeError(f"no node: {node!r}")


def _params(values: dict[str, Any], knowledge: Knowledge) -> str:
    return ", ".join(f"{name} {_value(value, knowledge)}" for name, value in values.items()) or "as it stands"


def _value(value: Any, knowledge: Knowledge) -> str:
    if isinstance(value, list):
        return " or ".join(_value(item, knowledge) for item in value)
    if isinstance(value, dict):
        return "(" + _params(value, knowledge) + ")"
    if isinstance(value, str) and knowledge.drugs.is_term(value):
        return knowledge.drugs.name(value)
    return str(value).replace("_", " ")
