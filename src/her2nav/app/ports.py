"""What the registry's use cases ask of a store; `her2nav.store` offers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from her2nav.model.kept_record import Found, IndexEntry, KeptRecord, NewRecord, Query, Snapshot, StoreState
from her2nav.model.registry_trial import RegistryTrial


class WritesTrials(Protocol):
    """The writing side: batches, made visible together by `publish`."""

    def batch(self) -> AbstractContextManager[None]:
        """Commit what is written inside, whole or not at all."""
        ...

    def kept(self, nct_ids: Iterable[str]) -> dict[str, list[KeptRecord]]:
        """Return the records kept of trials."""
        ...

    def newest_digest(self, nct_id: str) -> str | None:
        """Return the digest of a trial's newest view."""
        ...

    def raw(self, record_id: int) -> bytes:
        """Return a record as received."""
        ...

    def add_record(self, record: NewRecord) -> int:
        """Keep a record."""
        ...

    def add_view(
        self, trial: RegistryTrial, digest: str, entry: IndexEntry, *, record_id: int, composed: bytes | None = None
    ) -> None:
        """Write how a trial stands from the next snapshot on."""
        ...

    def confirm(self, nct_id: str, record_id: int, day: date) -> None:
        """Note that a record was received again unchanged."""
        ...

    def publish(self, kind: str, at: datetime, *, read: int = 0, damaged: int = 0) -> Snapshot | None:
        """Make everything pending visible at once."""
        ...

    def current(self) -> Iterator[tuple[int, RegistryTrial]]:
        """Yield every view that is, or will be, current, with its trial."""
        ...

    def forget_words(self) -> None:
        """Empty the index."""
        ...

    def index(self, view_id: int, entry: IndexEntry) -> None:
        """Write how a view is found."""
        ...

    def meta(self, key: str) -> str | None:
        """Return a note of the store."""
        ...

    def set_meta(self, key: str, value: str) -> None:
        """Write a note of the store."""
        ...


class ReadsTrials(Protocol):
    """The reading side; every answer is of one snapshot."""

    def state(self) -> StoreState:
        """Count what the store holds."""
        ...

    def knowledge(self) -> str | None:
        """Return the version of the knowledge that the index was made with."""
        ...

    def search(self, query: Query) -> Found:
        """Find trials."""
        ...

    def trial(self, nct_id: str) -> RegistryTrial:
        """Return one trial."""
        ...

    def trials(self, nct_ids: list[str] | None = None) -> Iterator[RegistryTrial]:
        """Yield trials."""
        ...

    def versions(self, nct_id: str) -> list[dict[str, str | None]]:
        """Describe every record kept of a trial."""
        ...

    def find_id(self, written: str) -> list[str]:
        """Return trials with an identifier."""
        ...

    def places(self, city: str | None = None) -> list[tuple[str, str, str, float, float]]:
        """Return places with coordinates."""
        ...
