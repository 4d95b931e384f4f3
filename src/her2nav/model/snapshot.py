"""A state of the registry's store; what a match needs of its records is no more than that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the store that answers quote.

    Attributes:
        name: Day and number: `2026-11-21.3`.
        kind: What made it: `import`, `sync` or `reindex`.
        read: Records read; each is added, updated or unchanged.
    """

    id: int
    name: str
    made_at: str
    kind: str
    read: int = 0
    added: int = 0
    updated: int = 0
    damaged: int = 0

    @property
    def unchanged(self) -> int:
        """Records that changed nothing."""
        return self.read - self.added - self.updated
