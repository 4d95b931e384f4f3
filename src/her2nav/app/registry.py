"""The registry on the user's disk: importing records, searching them, showing one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from her2nav.app.ports import WritesTrials
from her2nav.knowledge.load import Knowledge
from her2nav.model.kept_record import KeptRecord, NewRecord, Snapshot
from her2nav.model.registry_trial import RegistryTrial
from her2nav.registry.compose import Version, compose
from her2nav.registry.read import READER, Damage, ReadRecord, parse_raw, read_records
from her2nav.registry.tags import Tagger, tagger_of
from her2nav.store.codec import sha256, trial_json

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
) -> Imported:
    """Read files, folders and archives into the store; what is damaged is listed and never stops the rest.

    Args:
        store: Where to; visible to readers only when all is done.
        knowledge: What recognises drugs and tumours.
        paths: What to read.
        now: The clock.
        fetched: Day on which the files were fetched, where that is known.
        progress: Told after each batch.
    """
    if store.meta("knowledge") != knowledge.version:
        reindex(store, knowledge)
    result = Imported()
    keeper = Keeper(store, tagger_of(knowledge), now())
    # One thread reads while another writes: compression, hashing and SQLite leave Python to the reader.
    with ThreadPoolExecutor(max_workers=1) as pool:
        writing: Future[None] | None = None
        for batch in _batches(read_records(paths, fetched=fetched), keeper, result):
            if writing is not None:
                writing.result()
            if progress is not None:
                progress(result.read, len(result.damaged))
            writing = pool.submit(keeper.keep, batch)
        if writing is not None:
            writing.result()
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


def _batches(items: Iterable[ReadRecord | Damage], keeper: Keeper, result: Imported) -> Iterator[list[NewRecord]]:
    """Collect records, few enough to be held in memory; note what is damaged on the way."""
    batch: list[NewRecord] = []
    size = 0
    for item in items:
        if isinstance(item, Damage):
            result.damaged.append(item)
            continue
        try:
            record = keeper.new(item.trial, item.raw, f"{item.source} {item.place}".strip())
        except ValueError as error:  # half of a surrogate pair
            result.damaged.append(Damage(item.source, item.place, f"holds text that is not Unicode: {error}"[:200]))
            continue
        result.read += 1
        result.warnings += [Warned(item.source, item.place, fault) for fault in item.trial.faults]
        batch.append(record)
        size += len(item.raw)
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
        parsed = trial_json(trial)
        return NewRecord(trial, parsed, sha256(parsed), raw, sha256(raw), source, self._at, READER)

    def keep(self, records: Iterable[NewRecord]) -> None:
        """Write records in one transaction; they become visible with the next snapshot."""
        records = list(records)
        if not records:
            return
        with self._store.batch():
            self.keep_inside(records)

    def keep_inside(self, records: list[NewRecord]) -> None:
        """Write records inside a batch that the caller holds, together with what it writes itself."""
        kept = self._store.kept(record.trial.nct_id for record in records)
        for record in records:
            mine = kept.setdefault(record.trial.nct_id, [])
            added = self._one(record, mine)
            if added is not None:
                mine.append(added)

    def _one(self, record: NewRecord, kept: list[KeptRecord]) -> KeptRecord | None:
        trial = record.trial
        raw_sha256 = record.raw_sha256
        same = next((k for k in kept if k.digest == record.digest or k.raw_sha256 == raw_sha256), None)
        if same is not None:
            if trial.current_on is not None and (same.current_on is None or trial.current_on > same.current_on):
                self._store.confirm(trial.nct_id, same.id, trial.current_on)
            return None
        number = self._store.add_record(record)
        fetched_at = record.fetched_at.isoformat(timespec="seconds")
        if kept:
            self._recompose(record, number, fetched_at, kept)
        else:
            self._store.add_view(trial, record.digest, self._tagger.entry(trial), record_id=number)
        return KeptRecord(
            number, trial.nct_id, trial.shape, record.digest, raw_sha256, fetched_at, trial.current_on, trial.partial
        )

    def _recompose(self, record: NewRecord, number: int, fetched_at: str, kept: list[KeptRecord]) -> None:
        versions = [self._version(item) for item in kept]
        versions.append(Version(record.trial, fetched_at, number))
        trial, base = compose(versions)
        composed = trial_json(trial)
        digest = sha256(composed)
        if digest == self._store.newest_digest(trial.nct_id):
            return
        assert base.record_id is not None
        self._store.add_view(
            trial,
            digest,
            self._tagger.entry(trial),
            record_id=base.record_id,
            composed=composed if trial != base.trial else None,
        )

    def _version(self, item: KeptRecord) -> Version:
        trial = parse_raw(self._store.raw(item.id), item.shape)
        if item.current_on is not None:
            trial = replace(trial, current_on=item.current_on)
        return Version(trial, item.fetched_at, item.id)
