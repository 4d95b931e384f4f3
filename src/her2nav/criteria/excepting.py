"""Exceptions to what a sentence asks: "A, unless B", "A, except if B", "A, excluding B"."""

from __future__ import annotations

from typing import NamedTuple

from her2nav.criteria.cancers import describing, either_cancer
from her2nav.criteria.connectors import Sign
from her2nav.criteria.logic import all_of, any_of, deny, left_unread
from her2nav.criteria.turns import (
    BUT_NOT,
    EASED,
    SHUTS_OUT,
    TREATED,
)
from her2nav.criteria.walk import Walk
from her2nav.model.tree import AllOf, AnyOf, Node, Not, When, leaves


def _other_cancers(exception: Node) -> bool:
    return all(item.kind not in _ILLNESS for item in leaves(exception))


_ILLNESS = frozenset({"comorbidity", "immune", "infection", "lung_disease", "cardiac_history", "peripheral_neuropathy"})


class Turn(NamedTuple):
    """An exception or a guard with what stood before it."""

    sign: Sign
    node: Node | None
    other: Node | None

    def bound(self, condition: Node, *, instead: bool) -> Turn:
        """The exception with a condition behind it: "except B, who are let in if C", "… or if D"."""
        if self.other is None:
            return self
        if instead and isinstance(self.other, AllOf):
            *whom, last = self.other.parts
            return self._replace(other=AllOf((*whom, any_of([last, condition]))))
        return self._replace(other=AllOf((self.other, condition)))

    def parted(self, condition: Node) -> Node | None:
        """Two demands, each under its condition: "A in case of B or C in case of D", "A if not B or C if B"."""
        denied = isinstance(self.other, Not)
        said = self.other.part if isinstance(self.other, Not) else self.other
        if self.node is None or not isinstance(said, AnyOf) or said.span is not None:
            return None
        *whom, demand = said.parts
        if denied and any(item.kind not in EASED | {"unread"} for item in leaves(demand)):
            return None
        either = deny(any_of(whom)) if denied else any_of(whom)
        return all_of([When(either, self.node), When(condition, demand)])


class Excepting(Walk):
    """The walk, with what an exception does to the words in front of it."""

    def _shuts_out(self, place: int, exception: Node | None = None) -> bool:
        """Whether an exception to a demand can only take somebody out: "stage IV disease, excluding X"."""
        if self._section != "inclusion":
            return False
        start = self._tokens[place].start
        if exception is not None and BUT_NOT.match(self._masked, start):
            return {item.kind for item in leaves(exception)} <= TREATED
        return SHUTS_OUT.match(self._masked, start) is not None

    def _excepted(self, node: Node | None, exception: Node | None, *, shuts_out: bool = False) -> Node | None:
        if exception is None:
            return node
        if node is None:
            # "Effects (other than hair loss) must have gone": what stands in front was not read, so nothing is denied.
            return deny(exception) if shuts_out or _other_cancers(exception) else left_unread(exception)
        if shuts_out and not isinstance(node, Not) and all(item.kind not in EASED for item in leaves(node)):
            return all_of([node, deny(exception)])
        if all(item.kind == "unread" for item in leaves(node)):
            # What is let in from words that were not read says nothing alone.
            return node
        if self._section == "exclusion" or self._denying:
            return all_of([node, deny(exception)])
        if isinstance(node, AllOf):
            # "Lung cancer with progression on platinum, unless unfit for it": the cancer is asked for all the same.
            flat = [item for part in node.parts for item in (part.parts if isinstance(part, AllOf) else (part,))]
            said = describing(flat, wide=all(item.kind != "tumour_type" for item in leaves(exception)))
            if 0 < said < len(flat):
                return all_of([*flat[:said], any_of([all_of(flat[said:]), exception])])
        if (cancers := either_cancer(node)) is not None:
            # "Ductal cancer, or lobular cancer with progression, unless unfit": one of the cancers is asked for.
            return all_of([cancers, any_of([node, exception])])
        return any_of([node, exception])
