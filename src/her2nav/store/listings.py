"""What the registry listed for a query, which trials left it, and how fresh those that stay are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from her2nav.model.kept_record import KnownTrial

_AT_ONCE = 500


class Listings:
    """Used inside a batch of the writer, like everything that writes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def mark(self, query: str, run: int, nct_ids: Iterable[str], day: date) -> None:
        """Note that the registry lists trials in a run; one that had left is back."""
        ids = list(dict.fromkeys(nct_ids))
        self._connection.executemany(
            "INSERT INTO listing VALUES (?, ?, ?) ON CONFLICT (query, nct_id) DO UPDATE SET run = excluded.run",
            [(query, nct_id, run) for nct_id in ids],
        )
        self.back(ids, day)

    def count(self, query: str, run: int) -> int:
        """Return how many trials a run listed."""
        row = self._connection.execute("SELECT count(*) FROM listing WHERE query = ? AND run = ?", (query, run))
        return int(row.fetchone()[0])

    def not_listed(self, query: str, run: int) -> list[str]:
        """Return trials that an earlier run listed and this one does not."""
        rows = self._connection.execute(
            "SELECT nct_id FROM listing WHERE query = ? AND run < ? ORDER BY nct_id", (query, run)
        )
        return [row[0] for row in rows]

    def forget(self, query: str, nct_ids: Iterable[str]) -> None:
        """Trials are no longer looked for under a query."""
        self._connection.executemany(
            "DELETE FROM listing WHERE query = ? AND nct_id = ?", [(query, nct_id) for nct_id in nct_ids]
        )

    def known(self, nct_ids: Iterable[str]) -> dict[str, KnownTrial]:
        """Return what the newest view of trials says, visible or not."""
        found: dict[str, KnownTrial] = {}
        for some in _groups(list(dict.fromkeys(nct_ids))):
            rows = self._connection.execute(
                "SELECT nct_id, record_id, status, last_update FROM view WHERE id IN"
                f" (SELECT max(id) FROM view WHERE nct_id IN ({','.join('?' * len(some))}) GROUP BY nct_id)",
                some,
            )
            for nct_id, record_id, status, last_update in rows:
                found[nct_id] = KnownTrial(
                    nct_id, record_id, status, date.fromisoformat(last_update) if last_update else None
                )
        return found

    def left(self, nct_id: str, day: date, note: str) -> None:
        """Note that the registry no longer has a trial; shown with the next snapshot."""
        if self._presence([nct_id]).get(nct_id) != "left":
            self._connection.execute(
                "INSERT INTO presence (nct_id, event, day, note) VALUES (?, 'left', ?, ?)",
                (nct_id, day.isoformat(), note),
            )

    def back(self, nct_ids: Iterable[str], day: date) -> None:
        """Note that the registry has trials, which matters for those that had left."""
        for nct_id, event in self._presence(list(nct_ids)).items():
            if event == "left":
                self._connection.execute(
                    "INSERT INTO presence (nct_id, event, day, note) VALUES (?, 'back', ?, '')",
                    (nct_id, day.isoformat()),
                )

    def _presence(self, nct_ids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for some in _groups(nct_ids):
            rows = self._connection.execute(
                f"SELECT nct_id, event FROM presence WHERE nct_id IN ({','.join('?' * len(some))}) ORDER BY id", some
            )
            found |= dict(rows.fetchall())
        return found


def apply_presence(connection: sqlite3.Connection, snapshot: int) -> None:
    """Make visible with a snapshot what left the registry and what came back; inside the batch that makes it."""
    rows = connection.execute("SELECT nct_id, event FROM presence WHERE snapshot_id IS NULL ORDER BY id").fetchall()
    connection.executemany(
        "UPDATE trial SET gone_in = ? WHERE nct_id = ?",
        [(snapshot if event == "left" else None, nct_id) for nct_id, event in rows],
    )
    connection.execute("UPDATE presence SET snapshot_id = ? WHERE snapshot_id IS NULL", (snapshot,))


def _groups(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(items), _AT_ONCE):
        yield items[at : at + _AT_ONCE]
