"""The sync of one query.

*Pages*: whole records, all of them the first time, later those updated since. *List*: id, status and last update of
everything that the query finds; it confirms what did not change, and tells what the pages missed because the data
changed meanwhile. *Look-ups*: what an earlier list held and this one does not is asked for by its id; only a registry
that answers "no such study" makes it gone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from her2nav.app.ports import SyncsTrials
from her2nav.app.registry import Keeper, Warned
from her2nav.app.sync_result import Progress, QueryResult, Surroundings, Synced
from her2nav.app.sync_state import Phase, SyncState, opening_state, read_state, write_state
from her2nav.knowledge.load import Knowledge
from her2nav.model.kept_record import NewRecord
from her2nav.registry.api_client import ApiClient, RegistryUnavailable, TokenRefused
from her2nav.registry.api_page import Page
from her2nav.registry.api_query import ApiQuery, updated_since
from her2nav.registry.fields import Unreadable
from her2nav.registry.read import Damage
from her2nav.registry.shape_v2 import parse_v2
from her2nav.registry.sync_settings import Service
from her2nav.registry.tags import tagger_of

_ROUNDS = 3
"""How often the list is read again when its length is not what the registry counted."""

_SOURCE = "ClinicalTrials.gov API v2"


class QuerySync:
    """The sync of one query."""

    def __init__(
        self,
        store: SyncsTrials,
        knowledge: Knowledge,
        client: ApiClient,
        service: Service,
        query: ApiQuery,
        result: Synced,
        around: Surroundings,
    ) -> None:
        assert result.data_day is not None
        self._store = store
        self._keeper = Keeper(store, tagger_of(knowledge), around.now())
        self._client = client
        self._service = service
        self._query = query
        self._all = result
        self._around = around
        self._day = result.data_day
        self._state, resumed = opening_state(
            read_state(store, query),
            query,
            now=around.now(),
            day=self._day,
            overlap_days=service.overlap_days,
            resume_hours=service.resume_hours,
        )
        self._mine = QueryResult(query.id, query.label, resumed=resumed, whole=self._state.since is None)
        result.queries.append(self._mine)

    def run(self) -> SyncState:
        """Read pages, list and vanished trials; return the state to be closed when all is visible."""
        with self._store.batch():
            write_state(self._store, self._query, self._state)
        if self._state.phase is Phase.PAGES:
            self._pages()
        if self._list_needed():
            self._list()
        else:
            self._mine.listed = self._store.listings.count(self._query.id, self._state.run)
        self._vanished()
        return self._state

    # --- whole records, page by page ---------------------------------------------------------------------------------

    def _pages(self) -> None:
        params = {
            **updated_since(self._query, self._state.since),
            "fields": ",".join(self._service.fields),
            "pageSize": str(self._service.page_size),
        }
        if self._service.sort:
            params["sort"] = ",".join(self._service.sort)
        step = "records" if self._state.since is None else f"records updated since {self._state.since}"
        meter = _Meter(self._around, self._query.label, step, self._state.read)
        restarted = False
        guard = _Guard(self._service.empty_pages)
        while True:
            first = self._state.token is None
            try:
                page = self._client.page(_paged(params, self._state.token))
            except TokenRefused:
                if restarted:
                    raise RegistryUnavailable("the registry refuses the tokens of its own pages") from None
                restarted = True
                guard = _Guard(self._service.empty_pages)
                self._state = replace(self._state, token=None, pages=0, read=0, total=None, disturbed=True)
                continue
            guard.check(page)
            records, ids = self._records(page)
            self._mine.read += len(records)
            self._state = replace(
                self._state,
                token=page.token,
                pages=self._state.pages + 1,
                read=self._state.read + len(records),
                total=page.total if first else self._state.total,
                phase=Phase.PAGES if page.token else Phase.LISTING,
            )
            with self._store.batch():
                self._keeper.keep_inside(records)
                self._store.listings.mark(self._query.id, self._state.run, ids, self._day)
                write_state(self._store, self._query, self._state)
            meter.tell(self._state.read, self._state.total)
            if page.token is None:
                return

    def _records(self, page: Page) -> tuple[list[NewRecord], list[str]]:
        """Return the records of a page, and the ids it lists; what is damaged is noted."""
        records: list[NewRecord] = []
        ids: list[str] = []
        for number, (raw, data) in enumerate(page.studies, start=1):
            record = self._record(raw, data, f"study {number}")
            if record is not None:
                records.append(record)
                ids.append(record.trial.nct_id)
        return records, ids

    def _record(self, raw: bytes, data: Any, place: str) -> NewRecord | None:
        if not isinstance(data, dict):
            self._damage(place, "not a registry record: not a group of fields")
            return None
        try:
            trial = parse_v2(data)
            record = self._keeper.new(replace(trial, current_on=self._day), raw, _SOURCE)
        except ValueError as error:  # unreadable, or half of a surrogate pair
            self._damage(place, str(error)[:200])
            return None
        self._all.faults += [Warned(_SOURCE, trial.nct_id, fault) for fault in trial.faults]
        return record

    def _damage(self, place: str, reason: str) -> None:
        damage = Damage(_SOURCE, place, reason)
        if damage not in self._all.damaged:
            self._all.damaged.append(damage)

    # --- the list of what the query finds -----------------------------------------------------------------------------

    def _list_needed(self) -> bool:
        """Pages alone suffice when all were read in one go, the count agrees, and the data did not change meanwhile."""
        state = self._state
        if state.since is not None or state.disturbed:
            return True
        count = self._store.listings.count(self._query.id, state.run)
        if not state.total == state.read == count:
            return True
        return self._all.data_version is None or self._client.version() != self._all.data_version

    def _list(self) -> None:
        for attempt in range(_ROUNDS):
            found, total = self._read_list()
            if total is None or len(found) == total:
                break
            if attempt == _ROUNDS - 1:
                self._all.warnings.append(
                    f"{self._query.label}: the registry counts {total:,} trials and lists {len(found):,};"
                    " it may be changing just now: sync again later"
                )
        if total is None:
            self._all.warnings.append(f"{self._query.label}: the registry gave no count to check the list with")
        self._mine.listed = len(found)
        wanted: list[str] = []
        with self._store.batch():
            known = self._store.listings.known(found)
            for nct_id, (status, updated) in found.items():
                item = known.get(nct_id)
                if item is None or item.status != status or item.last_update != updated:
                    wanted.append(nct_id)
                else:
                    self._store.confirm(nct_id, item.record_id, self._day)
                    self._mine.confirmed += 1
            self._store.listings.mark(self._query.id, self._state.run, found, self._day)
        self._fetch(wanted, "records missing or changed")

    def _read_list(self) -> tuple[dict[str, tuple[str | None, date | None]], int | None]:
        params = {
            **self._query.params,
            "fields": ",".join(self._service.listing_fields),
            "pageSize": str(self._service.listing_page_size),
        }
        if self._service.sort:
            params["sort"] = ",".join(self._service.sort)
        meter = _Meter(self._around, self._query.label, "list", 0)
        found: dict[str, tuple[str | None, date | None]] = {}
        token: str | None = None
        total: int | None = None
        guard = _Guard(self._service.empty_pages)
        while True:
            try:
                page = self._client.page(_paged(params, token))
            except TokenRefused:
                raise RegistryUnavailable("the registry refuses the tokens of its own pages") from None
            total = page.total if token is None else total
            guard.check(page)
            for _, data in page.studies:
                try:
                    trial = parse_v2(data)
                except (Unreadable, AttributeError, TypeError):
                    continue
                status = trial.status.value if trial.status else _constant(trial.status_text)
                found[trial.nct_id] = (status, trial.last_update)
            meter.tell(len(found), total)
            token = page.token
            if token is None:
                return found, total

    def _fetch(self, nct_ids: Sequence[str], step: str) -> set[str]:
        """Read whole records by id and keep them; return the ids that came."""
        came: set[str] = set()
        meter = _Meter(self._around, self._query.label, step, 0)
        size = self._service.ids_per_request
        for at in range(0, len(nct_ids), size):
            some = nct_ids[at : at + size]
            params = {
                "filter.ids": ",".join(some),
                "fields": ",".join(self._service.fields),
                "pageSize": str(size),
            }
            token: str | None = None
            guard = _Guard(self._service.empty_pages)
            while True:
                try:
                    page = self._client.page(_paged(params, token))
                except TokenRefused:
                    raise RegistryUnavailable("the registry refuses the tokens of its own pages") from None
                guard.check(page)
                records, ids = self._records(page)
                with self._store.batch():
                    self._keeper.keep_inside(records)
                    self._store.listings.back(ids, self._day)
                came.update(ids)
                self._mine.read += len(records)
                token = page.token
                if token is None:
                    break
            meter.tell(min(at + size, len(nct_ids)), len(nct_ids))
        return came

    # --- what vanished from the list ----------------------------------------------------------------------------------

    def _vanished(self) -> None:
        missing = self._store.listings.not_listed(self._query.id, self._state.run)
        if missing and self._mine.listed == 0:
            raise RegistryUnavailable(
                f"the registry lists no trial at all for {self._query.label}, where it listed {len(missing):,} before"
            )
        came = self._fetch(missing, "trials no longer listed")
        self._mine.not_found_by_query = sorted(came.intersection(missing))
        for nct_id in missing:
            if nct_id not in came:
                self._look_up(nct_id)
            with self._store.batch():
                self._store.listings.forget(self._query.id, [nct_id])

    def _look_up(self, nct_id: str) -> None:
        answer = self._client.study(nct_id)
        if answer.moved_to is not None:
            note = f"the registry now has it as {answer.moved_to}"
            self._mine.moved[nct_id] = answer.moved_to
            self._fetch([answer.moved_to], "trials with a new number")
        elif answer.raw is not None:
            # Hidden from lists for a moment, but there.
            page = Page(((answer.raw, json.loads(answer.raw)),), None, None)
            records, _ = self._records(page)
            with self._store.batch():
                self._keeper.keep_inside(records)
            self._mine.read += len(records)
            self._mine.not_found_by_query.append(nct_id)
            return
        else:
            note = "the registry has no study with this number any more"
            self._mine.gone.append(nct_id)
        with self._store.batch():
            self._store.listings.left(nct_id, self._day, note)


class _Guard:
    """Ends the reading of pages that would never end: tokens that come again, and nothing but empty pages."""

    def __init__(self, empty_pages: int) -> None:
        self._allowed = empty_pages
        self._empty = 0
        self._seen: set[str] = set()

    def check(self, page: Page) -> None:
        """Look at one page more.

        Raises:
            RegistryUnavailable: The pages go round in a circle, or hold nothing.
        """
        if page.token is not None and page.token in self._seen:
            raise RegistryUnavailable("the registry gives the same page again and again")
        if page.token is not None:
            self._seen.add(page.token)
        self._empty = 0 if page.studies else self._empty + 1
        if self._empty > self._allowed:
            raise RegistryUnavailable(f"the registry gave {self._empty} empty pages in a row")


class _Meter:
    """Rate and time left of one step."""

    def __init__(self, around: Surroundings, label: str, step: str, already: int) -> None:
        self._around, self._label, self._step, self._already = around, label, step, already
        self._start = around.clock()

    def tell(self, done: int, total: int | None) -> None:
        seconds = self._around.clock() - self._start
        rate = (done - self._already) / seconds if seconds > 0 else None
        self._around.progress(Progress(self._label, self._step, done, total, rate))


def _paged(params: dict[str, str], token: str | None) -> dict[str, str]:
    return {**params, "pageToken": token} if token else {**params, "countTotal": "true"}


def _constant(text: str | None) -> str | None:
    return text.upper().replace(" ", "_") if text else None
