"""Writing to the store: batches that are safe once committed and visible only with the next snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path

from her2nav.model.kept_record import IndexEntry, KeptRecord, ReadyRecord, ViewRow
from her2nav.model.registry_trial import RegistryTrial
from her2nav.model.snapshot import Snapshot
from her2nav.store.codec import pack, trial_from_json, unpack
from her2nav.store.connection import connect, home, only_writer, plain_faults
from her2nav.store.listings import Listings, apply_presence


class StoreWriter:
    """The one writer of a store. Use as a context: it holds the folder's lock."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home()
        self._resources = ExitStack()

    @property
    def listings(self) -> Listings:
        """What the registry lists, for syncs."""
        return Listings(self._connection)

    def __enter__(self) -> StoreWriter:
        with ExitStack() as resources:
            resources.enter_context(only_writer(self.folder))
            self._connection = connect(self.folder, create=True, writes=True)
            resources.callback(self._connection.close)
            self._resources = resources.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Commit what is written inside, whole or not at all."""
        with plain_faults(self.folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk has SQLite roll back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    # --- what is there ------------------------------------------------------------------------------------------------

    def kept(self, nct_ids: Iterable[str]) -> dict[str, list[KeptRecord]]:
        """Return the records kept of trials, visible or not."""
        wanted = list(dict.fromkeys(nct_ids))
        found: dict[str, list[KeptRecord]] = {}
        rows = self._connection.execute(
            "SELECT id, nct_id, shape, digest, raw_sha256, fetched_at, current_on, partial FROM record"
            f" WHERE nct_id IN ({','.join('?' * len(wanted))}) ORDER BY id",
            wanted,
        )
        for number, nct_id, shape, digest, raw_sha256, fetched_at, current_on, partial in rows:
            day = date.fromisoformat(current_on) if current_on else None
            kept = KeptRecord(number, nct_id, shape, digest, raw_sha256, fetched_at, day, bool(partial))
            found.setdefault(nct_id, []).append(kept)
        return found

    def newest_digest(self, nct_id: str) -> str | None:
        """Return the digest of a trial's newest view, visible or not."""
        row = self._connection.execute(
            "SELECT digest FROM view WHERE nct_id = ? ORDER BY id DESC LIMIT 1", (nct_id,)
        ).fetchone()
        return row[0] if row else None

    def raw(self, record_id: int) -> bytes:
        """Return the bytes of a record as received."""
        return unpack(self._connection.execute("SELECT raw FROM record WHERE id = ?", (record_id,)).fetchone()[0])

    def meta(self, key: str) -> str | None:
        """Return a note of the store."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def meta_keys(self, prefix: str) -> list[str]:
        """Return the keys of notes that begin so."""
        rows = self._connection.execute(
            "SELECT key FROM meta WHERE substr(key, 1, ?) = ? ORDER BY key", (len(prefix), prefix)
        )
        return [row[0] for row in rows]

    def set_meta(self, key: str, value: str) -> None:
        """Write a note; inside a batch, or on its own."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # --- inside a batch -----------------------------------------------------------------------------------------------

    def add_record(self, record: ReadyRecord) -> int:
        """Keep a record and return its number."""
        cursor = self._connection.execute(
            "INSERT INTO record (nct_id, shape, digest, raw_sha256, raw, parsed, partial, last_update, current_on,"
            " source, fetched_at, reader) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.nct_id,
                record.shape,
                record.digest,
                record.raw_sha256,
                record.raw,
                record.parsed,
                record.partial,
                record.last_update,
                record.current_on.isoformat() if record.current_on is not None else None,
                record.source,
                record.fetched_at,
                record.reader,
            ),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def add_view(self, view: ViewRow, *, record_id: int, composed: bytes | None = None) -> None:
        """Write how a trial stands from the next snapshot on.

        Args:
            view: How it stands.
            record_id: The record it rests on.
            composed: The trial as JSON, where that record alone does not say it all.
        """
        cursor = self._connection.execute(
            "INSERT INTO view (nct_id, record_id, composed, current_on, digest, title, status, status_date,"
            " study_type, sponsor, first_posted, last_update, has_results, sites, card)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                view.nct_id,
                record_id,
                pack(composed) if composed is not None else None,
                view.current_on,
                view.digest,
                view.title,
                view.status,
                view.status_date,
                view.study_type,
                view.sponsor,
                view.first_posted,
                view.last_update,
                view.has_results,
                view.sites,
                view.card,
            ),
        )
        assert cursor.lastrowid is not None
        self.index(cursor.lastrowid, view.entry)
        if view.places:
            self._connection.executemany("INSERT OR IGNORE INTO place VALUES (?, ?, ?, ?, ?)", view.places)

    def index(self, view_id: int, entry: IndexEntry) -> None:
        """Write how a view is found."""
        self._connection.execute(
            "INSERT INTO words (rowid, ids, title, conditions, interventions, text) VALUES (?, ?, ?, ?, ?, ?)",
            (view_id, entry.ids, entry.title, entry.conditions, entry.interventions, entry.text),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO tag (kind, value, view_id) VALUES (?, ?, ?)",
            [(kind, value, view_id) for kind, values in entry.tags.items() for value in values],
        )

    def forget_words(self) -> None:
        """Empty the index, with what older views left in it; inside the batch that fills it again."""
        self._connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
        self._connection.execute("DELETE FROM tag")

    def current(self) -> Iterator[tuple[int, RegistryTrial]]:
        """Yield every view that is current, or will be with the next snapshot, with its trial."""
        rows = self._connection.execute(
            "SELECT view.id, coalesce(view.composed, record.parsed), view.current_on"
            " FROM view JOIN record ON record.id = view.record_id"
            " WHERE view.snapshot_id IS NULL OR view.id IN (SELECT view_id FROM trial)"
        )
        for number, packed, current_on in rows:
            yield number, trial_from_json(unpack(packed), current_on)

    def confirm(self, nct_id: str, record_id: int, day: date) -> None:
        """Note that a record was received again unchanged, so that its status is known for that day."""
        text = day.isoformat()
        self._connection.execute(
            "UPDATE record SET current_on = max(coalesce(current_on, ''), ?) WHERE id = ?", (text, record_id)
        )
        self._connection.execute(
            "INSERT INTO confirmation VALUES (?, ?) ON CONFLICT (nct_id) DO UPDATE SET day = max(day, excluded.day)",
            (nct_id, text),
        )

    # --- snapshots ----------------------------------------------------------------------------------------------------

    def publish(self, kind: str, at: datetime, *, read: int = 0, damaged: int = 0) -> Snapshot | None:
        """Make everything pending visible at once, under a new snapshot; None when nothing was pending.

        What an interrupted run left behind is published too: each of its records is whole.
        """
        one = self._connection.execute
        with self.batch():
            pending = one("SELECT nct_id, max(id) FROM view WHERE snapshot_id IS NULL GROUP BY nct_id").fetchall()
            confirmed = one("SELECT count(*) FROM confirmation").fetchone()[0]
            moved = one("SELECT count(*) FROM presence WHERE snapshot_id IS NULL").fetchone()[0]
            if not pending and not confirmed and not moved:
                return None
            known = {row[0] for row in one("SELECT nct_id FROM trial")}
            added = sum(nct_id not in known for nct_id, _ in pending)
            name = self._next_name(at)
            number = one(
                "INSERT INTO snapshot (name, made_at, kind, read, added, updated, damaged, knowledge)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    name,
                    at.isoformat(timespec="seconds"),
                    kind,
                    read,
                    added,
                    len(pending) - added,
                    damaged,
                    self.meta("knowledge"),
                ),
            ).lastrowid
            assert number is not None
            self._connection.executemany(
                "INSERT INTO trial (nct_id, view_id, added_in, changed_in) VALUES (?1, ?2, ?3, ?3)"
                " ON CONFLICT (nct_id) DO UPDATE SET view_id = ?2, changed_in = ?3",
                [(nct_id, view_id, number) for nct_id, view_id in pending],
            )
            one("UPDATE view SET snapshot_id = ? WHERE snapshot_id IS NULL", (number,))
            one(
                "UPDATE trial SET confirmed_on ="
                " (SELECT day FROM confirmation WHERE confirmation.nct_id = trial.nct_id)"
                " WHERE nct_id IN (SELECT nct_id FROM confirmation)"
            )
            one("DELETE FROM confirmation")
            apply_presence(self._connection, number)
        return Snapshot(
            number, name, at.isoformat(timespec="seconds"), kind, read, added, len(pending) - added, damaged
        )

    def _next_name(self, at: datetime) -> str:
        day = at.date().isoformat()
        taken = self._connection.execute("SELECT count(*) FROM snapshot WHERE name LIKE ?", (f"{day}.%",)).fetchone()
        return f"{day}.{taken[0] + 1}"
