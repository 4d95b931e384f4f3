"""The state of the cancer as a record's conditions name it, for a text that is silent on it."""

from __future__ import annotations

from collections.abc import Sequence

from her2nav.criteria.reader import Reader, ReadText
from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AnyOf, Leaf, Node, leaves
from her2nav.model.trial import Criterion, Role

_STATE = "disease_setting"


def recorded_state(conditions: Sequence[str], read: ReadText, reader: Reader) -> Criterion | None:
    """Ask for the state of the cancer that every condition of a record names, where the text says nothing of it.

    "Metastatic breast cancer" above a text that only asks for "women": for somebody else it stays open, and nobody is
    shut out by it, for a record's conditions are no criteria.
    """
    if any(item.kind == _STATE for criterion in read.criteria for item in leaves(criterion.node)):
        return None
    states: list[Node] = []
    for condition in conditions:
        named = [item for one in reader.read(condition).criteria for item in leaves(one.node)]
        if not any(item.kind == "tumour_type" for item in named):
            continue
        # "Ovarian cancer, recurrent ovarian cancer" in one entry: which of them binds is not told.
        state = None if "," in condition else _asked(named)
        if state is None:
            return None
        states.append(state)
    if not states:
        return None
    text = f"Conditions: {', '.join(conditions)}"
    node = AnyOf((*dict.fromkeys(states), leaf("unread", note=text)))
    return Criterion("r_state", Role.DECIDES, "registry", text, node)


def _asked(named: Sequence[Leaf]) -> Node | None:
    return next((Leaf(item.kind, item.params) for item in named if item.kind == _STATE), None)
