"""How much of the criteria was read: whole, in part, not at all; per kind; and the commonest words that were not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from her2nav.criteria.parted import TWIN
from her2nav.criteria.reader import ReadText
from her2nav.model.tree import Node, leaves

PHRASE = 90
"""Longest unread phrase that is counted, in characters; a longer one is cut."""


@dataclass(slots=True)
class Coverage:
    """Counts over any number of texts; counts of several processes add up.

    Attributes:
        trials: Texts read.
        whole: Criteria of which every word was read.
        partly: Criteria of which some words stay unread.
        unread: Criteria of which nothing was read.
        kinds: For each kind, the criteria that hold it: read whole and in part.
        phrases: Unread phrases.
    """

    trials: int = 0
    whole: int = 0
    partly: int = 0
    unread: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)
    phrases: Counter[str] = field(default_factory=Counter)

    @property
    def criteria(self) -> int:
        """All criteria."""
        return self.whole + self.partly + self.unread

    def add(self, read: ReadText) -> None:
        """Count one text."""
        self.trials += 1
        for criterion in read.criteria:
            if criterion.id.endswith(TWIN):
                # The part that a person confirms was read whole, and belongs to the criterion before it.
                continue
            kinds = {item.kind for item in leaves(criterion.node)}
            missed = unread_phrases(criterion.node, read.outline.text)
            self.phrases.update(missed)
            if kinds == {"unread"}:
                self.unread += 1
                continue
            self.whole += not missed
            self.partly += bool(missed)
            for kind in kinds - {"unread"}:
                self.kinds.setdefault(kind, [0, 0])[1 if missed else 0] += 1

    def merge(self, others: Iterable[Coverage]) -> Coverage:
        """Add the counts of others to this one."""
        for other in others:
            self.trials += other.trials
            self.whole += other.whole
            self.partly += other.partly
            self.unread += other.unread
            self.phrases.update(other.phrases)
            for kind, (whole, partly) in other.kinds.items():
                mine = self.kinds.setdefault(kind, [0, 0])
                mine[0] += whole
                mine[1] += partly
        return self


def unread_phrases(node: Node, text: str) -> list[str]:
    """Return the words of a tree that were not read, in order."""
    spans = [item.span for item in leaves(node) if item.kind == "unread" and item.span]
    return [" ".join(text[start:end].lower().split())[:PHRASE] for start, end in spans]
