"""Where the sync of a query stands: written in the same transaction as what was read, so that a kill loses nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from her2nav.app.ports import WritesTrials
from her2nav.registry.api_query import ApiQuery

PREFIX = "sync:"
"""Key of the state in the store's notes, before the query's id."""


class Phase(StrEnum):
    """The steps of a sync."""

    PAGES = "pages"
    """Whole records, page by page."""
    LISTING = "listing"
    """The list of what the query finds, then what is missing of it, then what vanished from it."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SyncState:
    """The state of one query's sync.

    Attributes:
        digest: Of the question: with another question all is read anew.
        run: Number of the run.
        since: Records updated on that day or later are asked for; None: all.
        token: Of the page to read next.
        pages: Pages read in this run.
        read: Records read in this run.
        total: What the registry said the pages hold.
        started_day: Day of the registry's data when the run began.
        started_at: When it began.
        disturbed: The run was interrupted, or its pages were read twice: the list must be compared.
        complete_day: Day of the registry's data of the last complete run.
        complete_at: When that ended.
    """

    digest: str
    run: int
    phase: Phase
    started_at: str
    started_day: date
    since: date | None = None
    token: str | None = None
    pages: int = 0
    read: int = 0
    total: int | None = None
    disturbed: bool = False
    complete_day: date | None = None
    complete_at: str | None = None

    def to_json(self) -> str:
        """Return the state as text."""
        return json.dumps({name: _plain(value) for name, value in asdict(self).items()})

    @classmethod
    def from_json(cls, text: str) -> SyncState:
        """Return the state of `to_json`."""
        data = json.loads(text)
        for name in ("started_day", "since", "complete_day"):
            data[name] = date.fromisoformat(data[name]) if data[name] else None
        return cls(**{**data, "phase": Phase(data["phase"])})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def read_state(store: WritesTrials, query: ApiQuery) -> SyncState | None:
    """Return where a query's sync stands; None when there was none."""
    text = store.meta(PREFIX + query.id)
    return SyncState.from_json(text) if text else None


def write_state(store: WritesTrials, query: ApiQuery, state: SyncState) -> None:
    """Note where a query's sync stands."""
    store.set_meta(PREFIX + query.id, state.to_json())


def opening_state(
    before: SyncState | None, query: ApiQuery, *, now: datetime, day: date, overlap_days: int, resume_hours: int
) -> tuple[SyncState, bool]:
    """Return the state to go on from, and whether an interrupted run is gone on with.

    Args:
        before: The state found; None at the first sync.
        query: What is asked.
        now: The clock.
        day: Day of the registry's data.
        overlap_days: Updates are asked for again from so many days before the last complete run.
        resume_hours: An interrupted run older than this is begun anew.
    """
    if before is None:
        return SyncState(query.digest, 1, Phase.PAGES, now.isoformat(timespec="seconds"), day), False
    same = before.digest == query.digest
    age = now - datetime.fromisoformat(before.started_at)
    if before.phase is not Phase.DONE and same and age < timedelta(hours=resume_hours):
        return replace(before, disturbed=True), True
    since = before.complete_day - timedelta(days=overlap_days) if same and before.complete_day else None
    return SyncState(
        query.digest,
        before.run + 1,
        Phase.PAGES,
        now.isoformat(timespec="seconds"),
        day,
        since=since,
        complete_day=before.complete_day if same else None,
        complete_at=before.complete_at if same else None,
    ), False
