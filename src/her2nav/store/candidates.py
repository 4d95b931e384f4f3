"""Which trials of the store are worth reading, and which may concern a patient: by their tags, none is unpacked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, cached_property


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A trial as lists show it.

    Attributes:
        digest: Of what its record says.
        status: In the registry's words; None when the record does not say.
        status_date: Last day on which that was known to be so, ISO.
        gone: True when the registry no longer has it.
    """

    nct_id: str
    digest: str
    title: str | None
    status: str | None
    status_date: str | None
    phases: tuple[str, ...]
    gone: bool


class Candidates:
    """Asks the store's index; use inside `StoreReader.one_state` with other questions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def digests(self) -> dict[str, str]:
        """Return the digest of what each trial's record says."""
        rows = self._connection.execute(
            "SELECT trial.nct_id, view.digest FROM trial JOIN view ON view.id = trial.view_id"
        )
        return dict(rows.fetchall())

    @cached_property
    def _trials(self) -> dict[int, str]:
        """The trial of each current view."""
        return dict(self._connection.execute("SELECT view_id, nct_id FROM trial").fetchall())

    def ids(self) -> set[str]:
        """Return every trial."""
        return set(self._trials.values())

    def gone(self) -> set[str]:
        """Return the trials that the registry no longer has."""
        return {row[0] for row in self._connection.execute("SELECT nct_id FROM trial WHERE gone_in IS NOT NULL")}

    def tagged(self, kind: str, values: Collection[str] | None = None) -> set[str]:
        """Return the trials with a tag of a kind; None: any tag of that kind."""
        if values is None:
            # Tags of earlier views stay in the index. So many numbers are matched here: SQLite would look up each.
            views = self._connection.execute("SELECT view_id FROM tag WHERE kind = ?", (kind,)).fetchall()
            current = self._trials
            return {current[view] for (view,) in views if view in current}
        found = self._connection.execute(
            "SELECT trial.nct_id FROM tag JOIN trial ON trial.view_id = tag.view_id"
            " WHERE tag.kind = ? AND tag.value IN (SELECT value FROM json_each(?))",
            (kind, json.dumps(sorted(values))),
        )
        return {nct_id for (nct_id,) in found}

    def values(self, kind: str, nct_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return the values of a kind of tag of each trial; trials without one are left out."""
        # All of a kind, and those asked for picked out here: SQLite would look through every tag of each trial.
        wanted = set(nct_ids)
        views = {view: nct_id for view, nct_id in self._trials.items() if nct_id in wanted}
        found: dict[str, set[str]] = {}
        for view, value in self._connection.execute("SELECT view_id, value FROM tag WHERE kind = ?", (kind,)):
            if view in views:
                found.setdefault(views[view], set()).add(value)
        return {nct_id: frozenset(values) for nct_id, values in found.items()}

    def rows(self, nct_ids: Iterable[str]) -> list[TrialRow]:
        """Return trials by registry id."""
        found = self._connection.execute(
            "SELECT trial.nct_id, view.digest, view.title, view.status,"
            " max(coalesce(view.status_date, ''), coalesce(trial.confirmed_on, '')),"
            " json_extract(view.card, '$.phases'), trial.gone_in IS NOT NULL"
            " FROM trial JOIN view ON view.id = trial.view_id"
            " WHERE trial.nct_id IN (SELECT value FROM json_each(?)) ORDER BY trial.nct_id",
            (json.dumps(sorted(nct_ids)),),
        )
        return [
            TrialRow(nct_id, digest, title, status, day or None, _phases(listed), bool(gone))
            for nct_id, digest, title, status, day, listed, gone in found
        ]


@cache
def _phases(listed: str) -> tuple[str, ...]:
    """Return phases that stand as JSON; a registry knows few combinations."""
    return tuple(json.loads(listed))
