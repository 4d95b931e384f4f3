"""`registry sync`: brings the store up to date with the registry, gently, and goes on where it was interrupted.

Each query is read on its own (`sync_query`); at the end one snapshot shows all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from her2nav.app.ports import SyncsTrials
from her2nav.app.registry import reindex
from her2nav.app.sync_query import QuerySync
from her2nav.app.sync_result import Surroundings, Synced
from her2nav.app.sync_state import PREFIX, Phase, SyncState, write_state
from her2nav.knowledge.load import Knowledge
from her2nav.registry.api_client import ApiClient
from her2nav.registry.api_query import HER2, ApiQuery, query_of
from her2nav.registry.sync_settings import SyncSettings, sync_settings


def kept_queries(store: SyncsTrials) -> list[str]:
    """Return the ids of the queries that the store keeps, HER2 first and always."""
    kept = [key.removeprefix(PREFIX) for key in store.meta_keys(PREFIX)]
    return [HER2, *sorted(item for item in kept if item != HER2)]


def sync(
    store: SyncsTrials,
    knowledge: Knowledge,
    queries: Sequence[str] = (),
    *,
    settings: SyncSettings | None = None,
    around: Surroundings | None = None,
) -> Synced:
    """Bring the store up to date.

    Args:
        store: Where to; readers see the result when all is done.
        knowledge: What the queries are built from, and what recognises drugs and tumours.
        queries: Ids of queries; none: those the store keeps, and HER2.
        settings: How the registry is asked; None: as shipped.
        around: The clock and the network.

    Raises:
        RegistryUnavailable: The registry does not answer as it should. What was read is kept, and not shown yet.
    """
    settings = settings or sync_settings(knowledge)
    around = around or Surroundings()
    wanted = [query_of(item, knowledge, settings) for item in (queries or kept_queries(store))]
    if store.meta("knowledge") != knowledge.version:
        reindex(store, knowledge)
    result = Synced()
    client = ApiClient(
        settings.service,
        url=around.url,
        sleep=around.sleep,
        clock=around.clock,
        now=around.now,
        waiting=around.waiting,
    )
    finished: list[tuple[ApiQuery, SyncState]] = []
    with client:
        try:
            now = around.now()
            # The registry's own day; never later than ours, or a status would be from tomorrow.
            result.data_version = client.version()
            result.data_day = min(day_of(result.data_version) or now.date(), now.date())
            for query in wanted:
                one = QuerySync(store, knowledge, client, settings.service, query, result, around)
                finished.append((query, one.run()))
        finally:
            result.requests, result.retries = client.traffic.requests, client.traffic.retries
    ended = around.now()
    result.snapshot = store.publish("sync", ended, read=result.read, damaged=len(result.damaged))
    with store.batch():
        for query, state in finished:
            done = replace(
                state,
                phase=Phase.DONE,
                token=None,
                complete_day=state.started_day,
                complete_at=ended.isoformat(timespec="seconds"),
            )
            write_state(store, query, done)
    return result


def day_of(stamp: str | None) -> date | None:
    """Return the day of a moment as the registry writes it; None where it is none.

    >>> day_of("2026-11-20T09:00:05")
    datetime.date(2026, 11, 20)
    """
    try:
        return date.fromisoformat((stamp or "")[:10])
    except ValueError:
        return None
