"""What is noted of the leaves of a store (`matching/leaf_notes.py`), kept beside its trees and made where it is not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from her2nav.app.shipped import program_digest
from her2nav.knowledge.load import Knowledge
from her2nav.matching.leaf_notes import LeafNotes
from her2nav.store.trees import MadeBy, TreeStore

_NAME = "leaf_notes"
_NUMBERS = np.dtype("<u4")
DAMAGED = "what was kept of the criteria beside their trees was damaged; it was made anew"


@dataclass
class StoreNotes:
    """Finds what is noted of leaves by their numbers; `keep` writes what had to be made.

    Attributes:
        trees: Of the store.
        made: What its trees were made by.
        knowledge: The vocabularies.
        warnings: What was found damaged.
    """

    trees: TreeStore
    made: MadeBy
    knowledge: Knowledge
    warnings: list[str] = field(default_factory=list)
    _made: bytes | None = None

    @property
    def made_by(self) -> str:
        """Names everything that the notes follow from beside the leaves."""
        return f"{self.made.reader} {self.made.knowledge} {program_digest()}"

    def of(self, numbers: NDArray[np.intp]) -> LeafNotes:
        """Return the notes of leaves; where one of them is new, those of all leaves are made."""
        known = self._kept()
        if known is not None and len(known[0]):
            every, notes = known
            places = np.minimum(np.searchsorted(every, numbers), len(every) - 1)
            if np.array_equal(every[places], numbers):
                return notes.taken(places)
        every, notes = self.make()
        return notes.taken(np.searchsorted(every, numbers))

    def make(self) -> tuple[NDArray[np.uint32], LeafNotes]:
        """Make the notes of all leaves, and return them with the numbers."""
        every = np.array(self.trees.every_leaf(), _NUMBERS)
        notes = LeafNotes.of(self.trees.leaves(every.tolist()), self.knowledge)
        self._made = notes.written() + every.tobytes()
        return every, notes

    def keep(self) -> None:
        """Keep what was made; not inside of `TreeStore.one_state`, which writes nothing."""
        if self._made is not None:
            self.trees.keep_derived(_NAME, self.made_by, self._made)
            self._made = None

    def _kept(self) -> tuple[NDArray[np.uint32], LeafNotes] | None:
        body = self.trees.derived(_NAME, self.made_by)
        if body is None:
            return None
        try:
            notes, rest = LeafNotes.read(body)
            every = np.frombuffer(rest, _NUMBERS)
            if len(every) != len(notes):
                raise ValueError("not one number for each leaf")
        except (ValueError, TypeError):
            self.warnings.append(DAMAGED)
            return None
        return every, notes
