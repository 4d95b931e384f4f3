"""The registry on the user's disk: importing records, searching them, showing one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from her2nav.app.ports import WritesTrials
from her2nav.app.registry_reading import Came, When, new_record, read_all
from her2nav.knowledge.load import Knowledge
from her2nav.model.kept_record import KeptRecord, NewRecord, ReadyRecord
from her2nav.model.registry_trial import RegistryTrial
from her2nav.model.snapshot import Snapshot
from her2nav.registry.compose import Version, compose
from her2nav.registry.read import Damage, parse_raw
from her2nav.registry.tags import Tagger, tagger_of
from her2nav.store.codec import sha256, trial_from_json, trial_json, unpack
from her2nav.store.rows import ready_record, view_row

BATCH = 400
BATCH_BYTES = 16 << 20
"""Records of one transaction: at most so many, and so many bytes."""


def system_now() -> datetime:
    """Return the moment on the machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something about a record that was kept all the same."""

    source: str
    place: str
    reason: str


@dataclass
class Imported:
    """What an import did.

    Attributes:
        read: Records read; each added a trial, updated one or changed nothing.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    damaged: list[Damage] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    snapshot: Snapshot | None = None

    @property
    def unchanged(self) -> int:
        """Records that changed nothing."""
        return self.read - self.added - self.updated

    def as_dict(self) -> dict[str, Any]:
        """Return the form of the `registry import` command's JSON."""
        return {
            "read": self.read,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "damaged": [{"source": d.source, "place": d.place, "reason": d.reason} for d in self.damaged],
            "warnings": [{"source": w.source, "place": w.place, "reason": w.reason} for w in self.warnings],
            "snapshot": self.snapshot.name if self.snapshot else None,
        }


Record = NewRecord | ReadyRecord

Progress = Callable[[int, int], None]
"""Called with the records read and the damaged ones so far."""


def import_records(
    store: WritesTrials,
    knowledge: Knowledge,
    paths: list[Path],
    *,
    now: Callable[[], datetime] = system_now,
    fetched: date | None = None,
    progress: Progress | None = None,
    processes: int = 1,
) -> Imported:
    """Read files, folders and archives into the store; what is damaged is listed and never stops the rest.

    Args:
        store: Where to; visible to readers only when all is done.
        knowledge: What recognises drugs and tumours.
        paths: What to read.
        now: The clock.
        fetched: Day on which the files were fetched, where that is known.
        progress: Told after each batch.
        processes: How many others read where there is much to read; 1: this one does all.
    """
    if store.meta("knowledge") != knowledge.version:
        reindex(store, knowledge)
    result = Imported()
    at = now()
    keeper = Keeper(store, tagger_of(knowledge), at)
    for batch in _batches(read_all(paths, knowledge, When(at, fetched), processes), result):
        keeper.keep(batch)
        if progress is not None:
            progress(result.read, len(result.damaged))
    result.snapshot = store.publish("import", now(), read=result.read, damaged=len(result.damaged))
    if result.snapshot is not None:
        result.added, result.updated = result.snapshot.added, result.snapshot.updated
    return result


def reindex(store: WritesTrials, knowledge: Knowledge) -> int:
    """Make the index anew with this knowledge and return how many trials it holds; readers see the old or the new."""
    tagger = tagger_of(knowledge)
    count = 0
    with store.batch():
        store.forget_words()
        for view_id, trial in store.current():
            store.index(view_id, tagger.entry(trial))
            count += 1
        store.set_meta("knowledge", knowledge.version)
    return count


def _batches(items: Iterable[Came | Damage], result: Imported) -> Iterator[list[Record]]:
    """Collect records, few enough to be held in memory; note what is damaged on the way."""
    batch: list[Record] = []
    size = 0
    for item in items:
        if isinstance(item, Damage):
            result.damaged.append(item)
            continue
        result.read += 1
        result.warnings += [Warned(item.source, item.place, fault) for fault in item.faults]
        batch.append(item.record)
        size += item.size
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Keeper:
    """Puts records into a store: decides what is new, what changed, and how the records of a trial go together."""

    def __init__(self, store: WritesTrials, tagger: Tagger, at: datetime) -> None:
        self._store = store
        self._tagger = tagger
        self._at = at

    def new(self, trial: RegistryTrial, raw: bytes, source: str) -> NewRecord:
        """Return a record ready to be kept.

        Raises:
            ValueError: It holds text that cannot be written.
        """
        return new_record(trial, raw, source, self._at)

    def keep(self, records: Sequence[Record]) -> None:
        """Write records in one transaction; they become visible with the next snapshot."""
        if not records:
            return
        with self._store.batch():
            self.keep_inside(records)

    def keep_inside(self, records: Sequence[Record]) -> None:
        """Write records inside a batch that the caller holds, together with what it writes itself."""
        kept = self._store.kept(record.nct_id for record in records)
        for record in records:
            mine = kept.setdefault(record.nct_id, [])
            added = self._one(record, mine)
            if added is not None:
                mine.append(added)

    def _one(self, record: Record, kept: list[KeptRecord]) -> KeptRecord | None:
        same = next((k for k in kept if k.digest == record.digest or k.raw_sha256 == record.raw_sha256), None)
        if same is not None:
            if record.current_on is not None and (same.current_on is None or record.current_on > same.current_on):
                self._store.confirm(record.nct_id, same.id, record.current_on)
            return None
        if isinstance(record, NewRecord):
            ready, trial = ready_record(record, self._tagger.entry(record.trial)), record.trial
        else:
            ready, trial = record, None
        number = self._store.add_record(ready)
        if kept:
            self._recompose(trial or _trial_of(ready), number, ready.fetched_at, kept)
        else:
            self._store.add_view(ready.view, record_id=number)
        return KeptRecord(
            number,
            ready.nct_id,
            ready.shape,
            ready.digest,
            ready.raw_sha256,
            ready.fetched_at,
            ready.current_on,
            ready.partial,
        )

    def _recompose(self, new: RegistryTrial, number: int, fetched_at: str, kept: list[KeptRecord]) -> None:
        versions = [self._version(item) for item in kept]
        versions.append(Version(new, fetched_at, number))
        trial, base = compose(versions)
        composed = trial_json(trial)
        digest = sha256(composed)
        if digest == self._store.newest_digest(trial.nct_id):
            return
        assert base.record_id is not None
        self._store.add_view(
            view_row(trial, digest, self._tagger.entry(trial)),
            record_id=base.record_id,
            composed=composed if trial != base.trial else None,
        )

    def _version(self, item: KeptRecord) -> Version:
        trial = parse_raw(self._store.raw(item.id), item.shape)
        if item.current_on is not None:
            trial = replace(trial, current_on=item.current_on)
        return Version(trial, item.fetched_at, item.id)


def _trial_of(record: ReadyRecord) -> RegistryTrial:
    return replace(trial_from_json(unpack(record.parsed)), current_on=record.current_on)
