"""What the registry's use cases ask of a store; `her2nav.store` offers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from her2nav.model.kept_record import (
    Found,
    IndexEntry,
    KeptRecord,
    KnownTrial,
    Presence,
    Query,
    ReadyRecord,
    StoreState,
    ViewRow,
)
from her2nav.model.registry_trial import RegistryTrial
from her2nav.model.snapshot import Snapshot


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

    def add_record(self, record: ReadyRecord) -> int:
        """Keep a record."""
        ...

    def add_view(self, view: ViewRow, *, record_id: int, composed: bytes | None = None) -> None:
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


class ListsTrials(Protocol):
    """What the registry listed for a query; written inside batches."""

    def mark(self, query: str, run: int, nct_ids: Iterable[str], day: date) -> None:
        """Note that the registry lists trials in a run."""
        ...

    def count(self, query: str, run: int) -> int:
        """Return how many trials a run listed."""
        ...

    def not_listed(self, query: str, run: int) -> list[str]:
        """Return trials that an earlier run listed and this one does not."""
        ...

    def forget(self, query: str, nct_ids: Iterable[str]) -> None:
        """Trials are no longer looked for under a query."""
        ...

    def known(self, nct_ids: Iterable[str]) -> dict[str, KnownTrial]:
        """Return what the newest view of trials says."""
        ...

    def left(self, nct_id: str, day: date, note: str) -> None:
        """Note that the registry no longer has a trial."""
        ...

    def back(self, nct_ids: Iterable[str], day: date) -> None:
        """Note that the registry has trials."""
        ...


class SyncsTrials(WritesTrials, Protocol):
    """The writing side with what a sync needs beside."""

    @property
    def listings(self) -> ListsTrials:
        """What the registry listed."""
        ...

    def meta_keys(self, prefix: str) -> list[str]:
        """Return the keys of notes that begin so."""
        ...


class ReadsTrials(Protocol):
    """The reading side; every answer is of one snapshot."""

    def snapshots(self) -> list[Snapshot]:
        """Return all snapshots, oldest first."""
        ...

    def trial_at(self, nct_id: str, snapshot_id: int) -> RegistryTrial | None:
        """Return a trial as it stood in a snapshot."""
        ...

    def changed_between(self, after: int, until: int) -> list[tuple[str, int]]:
        """Return the trials that changed after one snapshot and by another."""
        ...

    def gone(self, nct_id: str) -> Presence | None:
        """Return when and why a trial left the registry; None for one that is there."""
        ...

    def presence_between(self, after: int, until: int) -> list[Presence]:
        """Return which trials left the registry or came back between snapshots."""
        ...

    def meta(self, prefix: str) -> dict[str, str]:
        """Return the notes whose key begins so."""
        ...

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
