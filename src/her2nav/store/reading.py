"""Questions to the store; every answer is of one snapshot."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from her2nav.model.errors import InputError, ValueProblem
from her2nav.model.outline import Outline
from her2nav.model.snapshot import Snapshot
from her2nav.store.candidates import Candidates
from her2nav.store.codec import outline_from_json, trial_from_json, unpack
from her2nav.store.connection import FILE, connect, home, plain_faults
from her2nav.store.filters import where

if TYPE_CHECKING:
    # A match asks for none of them, and to make them takes a while.
    from her2nav.model.kept_record import Found, Hit, Presence, Query, StoreState
    from her2nav.model.registry_trial import RegistryTrial

_WEIGHTS = "20.0, 10.0, 8.0, 6.0, 1.0"
"""How much a word counts in ids, title, conditions, interventions and text."""

_MOST_WEIGHED = 3000
"""A word that more trials hold tells them apart no longer: to weigh it takes long and means little."""

_HOLDING = "(SELECT rowid FROM words WHERE words MATCH ?)"
_NEWEST_FIRST = "view.last_update DESC, view.nct_id"

_CURRENT = "trial JOIN view ON view.id = trial.view_id"
_STATUS_DATE = "max(coalesce(view.status_date, ''), coalesce(trial.confirmed_on, ''))"
_PRESENCE = (
    "SELECT presence.nct_id, presence.event, presence.day, presence.note, snapshot.name"
    " FROM presence JOIN snapshot ON snapshot.id = presence.snapshot_id"
)
_STATUS = (
    "CASE WHEN trial.gone_in IS NOT NULL THEN 'no longer in the registry' ELSE coalesce(view.status, 'not stated') END"
)
_TRIAL = f"""
    SELECT coalesce(view.composed, record.parsed), view.current_on, trial.confirmed_on
    FROM {_CURRENT} JOIN record ON record.id = view.record_id
"""


class StoreReader:
    """A reader of the store. It never waits for a writer, and never sees what is not whole."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home()
        self._connection = connect(self.folder, create=False, writes=False)
        self._depth = 0

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> StoreReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Within this block every answer is of the same snapshot, whatever is written meanwhile."""
        if self._depth:
            yield
            return
        with plain_faults(self.folder):
            self._connection.execute("BEGIN")
            self._depth = 1
            try:
                yield
            finally:
                self._depth = 0
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def snapshot(self) -> Snapshot | None:
        """The newest snapshot; None for an empty store."""
        row = self._connection.execute(
            "SELECT id, name, made_at, kind, read, added, updated, damaged FROM snapshot ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return Snapshot(*row) if row else None

    def snapshots(self) -> list[Snapshot]:
        """All snapshots, oldest first."""
        rows = self._connection.execute(
            "SELECT id, name, made_at, kind, read, added, updated, damaged FROM snapshot ORDER BY id"
        )
        return [Snapshot(*row) for row in rows]

    def knowledge(self) -> str | None:
        """Return the version of the knowledge that the index was made with."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = 'knowledge'").fetchone()
        return row[0] if row else None

    def state(self) -> StoreState:
        """Count what the store holds."""
        from her2nav.model.kept_record import StoreState

        with self.one_state():
            snapshot = self.snapshot()
            one = self._connection.execute
            trials, newest = one(f"SELECT count(*), max(view.last_update) FROM {_CURRENT}").fetchone()
            by_status = dict(one(f"SELECT {_STATUS}, count(*) FROM {_CURRENT} GROUP BY 1 ORDER BY 2 DESC"))
            records = one("SELECT count(*) FROM record").fetchone()[0]
            knowledge = self.knowledge()
        path = self.folder / FILE
        return StoreState(
            trials=trials,
            snapshot=snapshot.name if snapshot else None,
            made_at=snapshot.made_at if snapshot else None,
            newest=newest,
            by_status=by_status,
            records=records,
            knowledge=knowledge,
            path=str(path),
            bytes=path.stat().st_size,
        )

    def trial(self, nct_id: str) -> RegistryTrial:
        """Return one trial.

        Raises:
            InputError: It is not in the store.
        """
        row = self._connection.execute(f"{_TRIAL} WHERE trial.nct_id = ?", (nct_id,)).fetchone()
        if row is None:
            raise InputError(f"trial '{nct_id}' is not in the store", code="unknown_trial")
        return _trial(*row)

    def trials(self, nct_ids: list[str] | None = None) -> Iterator[RegistryTrial]:
        """Yield trials by registry id, or all of them; ids that are not in the store are left out."""
        if nct_ids is None:
            for row in self._connection.execute(f"{_TRIAL} ORDER BY trial.nct_id"):
                yield _trial(*row)
            return
        for nct_id in nct_ids:
            found = self._connection.execute(f"{_TRIAL} WHERE trial.nct_id = ?", (nct_id,)).fetchone()
            if found is not None:
                yield _trial(*found)

    def outlines(self, nct_ids: Iterable[str]) -> Iterator[Outline]:
        """Yield the outlines of trials; ids that are not in the store are left out."""
        for nct_id in nct_ids:
            found = self._connection.execute(f"{_TRIAL} WHERE trial.nct_id = ?", (nct_id,)).fetchone()
            if found is not None:
                packed, *days = found
                yield outline_from_json(unpack(packed), *days)

    def trial_at(self, nct_id: str, snapshot_id: int) -> RegistryTrial | None:
        """Return a trial as it stood in a snapshot; None when it was not there yet."""
        row = self._connection.execute(
            "SELECT coalesce(view.composed, record.parsed), view.current_on"
            " FROM view JOIN record ON record.id = view.record_id"
            " WHERE view.nct_id = ? AND view.snapshot_id <= ? ORDER BY view.id DESC LIMIT 1",
            (nct_id, snapshot_id),
        ).fetchone()
        return _trial(*row) if row else None

    def changed_between(self, after: int, until: int) -> list[tuple[str, int]]:
        """Return the trials that got a new view after one snapshot and by another, with the snapshot of the last."""
        rows = self._connection.execute(
            "SELECT nct_id, max(snapshot_id) FROM view WHERE snapshot_id > ? AND snapshot_id <= ?"
            " GROUP BY nct_id ORDER BY nct_id",
            (after, until),
        )
        return [(nct_id, snapshot) for nct_id, snapshot in rows]

    def gone(self, nct_id: str) -> Presence | None:
        """Return when and why a trial left the registry; None for one that is there."""
        from her2nav.model.kept_record import Presence

        row = self._connection.execute(
            f"{_PRESENCE} JOIN trial ON trial.nct_id = presence.nct_id AND trial.gone_in = presence.snapshot_id"
            " WHERE presence.nct_id = ? AND event = 'left' ORDER BY presence.id DESC LIMIT 1",
            (nct_id,),
        ).fetchone()
        return Presence(*row) if row else None

    def presence_between(self, after: int, until: int) -> list[Presence]:
        """Return which trials left the registry or came back after one snapshot and by another, in order."""
        from her2nav.model.kept_record import Presence

        rows = self._connection.execute(
            f"{_PRESENCE} WHERE presence.snapshot_id > ? AND presence.snapshot_id <= ? ORDER BY presence.id",
            (after, until),
        )
        return [Presence(*row) for row in rows]

    def meta(self, prefix: str) -> dict[str, str]:
        """Return the notes whose key begins so."""
        rows = self._connection.execute(
            "SELECT key, value FROM meta WHERE substr(key, 1, ?) = ?", (len(prefix), prefix)
        )
        return dict(rows.fetchall())

    @property
    def candidates(self) -> Candidates:
        """What the index says of trials, for matching."""
        return Candidates(self._connection)

    def versions(self, nct_id: str) -> list[dict[str, str | None]]:
        """Describe every record kept of a trial, oldest first."""
        rows = self._connection.execute(
            "SELECT shape, last_update, current_on, fetched_at, source, raw_sha256 FROM record WHERE nct_id = ?"
            " AND EXISTS (SELECT 1 FROM trial WHERE trial.nct_id = record.nct_id) ORDER BY id",
            (nct_id,),
        )
        names = ("shape", "last_update", "current_on", "fetched_at", "source", "raw_sha256")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def raw(self, nct_id: str) -> bytes | None:
        """Return the bytes, as received, of the record a trial mainly rests on."""
        row = self._connection.execute(
            f"SELECT record.raw FROM {_CURRENT} JOIN record ON record.id = view.record_id WHERE trial.nct_id = ?",
            (nct_id,),
        ).fetchone()
        return unpack(row[0]) if row else None

    def find_id(self, written: str) -> list[str]:
        """Return the registry ids of trials with an identifier, of whatever register."""
        phrase = '"' + written.replace('"', "") + '"'
        try:
            rows = self._connection.execute(
                "SELECT trial.nct_id FROM words JOIN trial ON trial.view_id = words.rowid WHERE words MATCH ? LIMIT 20",
                (f"ids : {phrase}",),
            ).fetchall()
        except sqlite3.OperationalError:
            return []
        return [row[0] for row in rows]

    def search(self, query: Query) -> Found:
        """Find trials, best first; without words, the last updated first.

        Where very many trials hold the words, those with all of them in the title come first, the last updated first.

        Raises:
            ValueProblem: An unknown filter, or words that the full-text index cannot take.
        """
        from her2nav.model.kept_record import Found

        condition, values = where(dict(query.filters or {}))
        with self.one_state():
            snapshot = self.snapshot()
            try:
                total = self._count(query.match, condition, values)
                if query.match is None or total <= _MOST_WEIGHED:
                    best, given = _weighed(query, condition, values)
                else:
                    best, given = _newest(query, query.match, condition, values)
                rows = self._connection.execute(
                    "SELECT view.nct_id, view.title, view.status, " + _STATUS_DATE + ", view.study_type, view.sponsor,"
                    " view.first_posted, view.last_update, view.has_results, view.sites, view.card, best.rank,"
                    f" trial.gone_in IS NOT NULL FROM ({best}) AS best"
                    " JOIN view ON view.id = best.id JOIN trial ON trial.view_id = view.id"
                    " ORDER BY best.rank, view.last_update DESC, view.nct_id LIMIT ?",
                    [*given, query.limit],
                ).fetchall()
            except sqlite3.OperationalError as error:
                if "fts5" not in str(error):
                    raise
                raise ValueProblem(f"the words cannot be searched: {error}", place="QUERY") from None
        hits = tuple(_hit(row) for row in rows)
        return Found(hits, total, snapshot.name if snapshot else None)

    def _count(self, match: str | None, condition: str, values: list[str]) -> int:
        source, given, conditions = _CURRENT if condition else "trial", list(values), [condition] if condition else []
        if match is not None:
            conditions, given = [f"trial.view_id IN {_HOLDING}", *conditions], [match, *given]
        sql = f"SELECT count(*) FROM {source}" + (f" WHERE {' AND '.join(conditions)}" if conditions else "")
        return int(self._connection.execute(sql, given).fetchone()[0])

    def places(self, city: str | None = None) -> list[tuple[str, str, str, float, float]]:
        """Return places with coordinates: city, state, country, latitude, longitude."""
        query = "SELECT city, state, country, latitude, longitude FROM place"
        if city is None:
            return self._connection.execute(query).fetchall()
        return self._connection.execute(f"{query} WHERE lower(city) = lower(?)", (city,)).fetchall()


def _weighed(query: Query, condition: str, values: list[str]) -> tuple[str, list[Any]]:
    """The views that hold the words, by how much the words count in them; without words, the newest."""
    # The order is settled on narrow rows; only the trials shown are read whole.
    if query.match is None:
        chosen = f"FROM {_CURRENT}" + (f" WHERE {condition}" if condition else "")
        sql = f"SELECT view.id AS id, NULL AS rank {chosen} ORDER BY {_NEWEST_FIRST} LIMIT ?"
        return sql, [*values, query.limit]
    source = "words CROSS JOIN trial ON trial.view_id = words.rowid"
    if condition:
        source += " JOIN view ON view.id = trial.view_id"
        condition = f" AND {condition}"
    sql = (
        f"SELECT trial.view_id AS id, bm25(words, {_WEIGHTS}) AS rank FROM {source}"
        f" WHERE words MATCH ?{condition} ORDER BY rank LIMIT ?"
    )
    return sql, [query.match, *values, query.limit]


def _newest(query: Query, match: str, condition: str, values: list[str]) -> tuple[str, list[Any]]:
    """The views that hold all words in the title, the newest first; then the others that hold them."""
    # The index gives the newest at once and the search ends when there are enough.
    chosen = (
        "SELECT view.id AS id, {} AS rank FROM view INDEXED BY view_recent CROSS JOIN trial ON trial.view_id = view.id"
        f" WHERE view.id {{}}{' AND ' + condition if condition else ''} ORDER BY {_NEWEST_FIRST} LIMIT ?"
    )
    titled = f"{{ids title}} : ({match})"
    first = chosen.format(0, f"IN {_HOLDING}")
    then = chosen.format(1, f"IN {_HOLDING} AND view.id NOT IN {_HOLDING}")
    sql = f"SELECT * FROM ({first}) UNION ALL SELECT * FROM ({then})"
    return sql, [titled, *values, query.limit, match, titled, *values, query.limit]


def _trial(packed: bytes, *days: str | None) -> RegistryTrial:
    return trial_from_json(unpack(packed), *days)


def _hit(row: tuple[object, ...]) -> Hit:
    from her2nav.model.kept_record import Hit

    nct_id, title, status, day, study_type, sponsor, posted, updated, results, sites, card, rank, gone = row
    more = json.loads(str(card))
    return Hit(
        nct_id=str(nct_id),
        title=title,  # type: ignore[arg-type]
        status=status,  # type: ignore[arg-type]
        status_date=str(day) or None,
        study_type=study_type,  # type: ignore[arg-type]
        phases=tuple(more["phases"]),
        sponsor=sponsor,  # type: ignore[arg-type]
        conditions=tuple(more["conditions"]),
        interventions=tuple(more["interventions"]),
        countries=tuple(more["countries"]),
        first_posted=posted,  # type: ignore[arg-type]
        last_update=updated,  # type: ignore[arg-type]
        has_results=bool(results),
        sites=int(str(sites)),
        rank=rank,  # type: ignore[arg-type]
        gone=bool(gone),
    )
