"""Sync against a registry on this machine, with every fault that a network and a living registry have."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from her2nav.app.registry_search import search
from her2nav.app.registry_view import find_trial, trial_json
from her2nav.app.sync import sync
from her2nav.app.sync_result import Progress, Surroundings, Synced
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import Her2NavError, ValueProblem
from her2nav.registry.api_client import ApiClient, RegistryUnavailable, checked_url
from her2nav.registry.api_query import condition_id, query_of
from her2nav.registry.sync_settings import SyncSettings, sync_settings
from her2nav.store.reading import StoreReader
from her2nav.store.writing import StoreWriter
from registry import server
from registry.records import v2
from registry.server import Fault, Registry, serving

KNOWLEDGE = load_knowledge()
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def settings(**service: Any) -> SyncSettings:
    shipped = sync_settings(KNOWLEDGE)
    quick = {
        "page_size": 3, "listing_page_size": 4, "ids_per_request": 2, "seconds_between_requests": 0.0,
        "first_wait_seconds": 0.0, "read_seconds": 5.0, "answer_seconds": 5.0, "retries": 3,
    }  # fmt: skip
    return shipped.model_copy(update={"service": shipped.service.model_copy(update={**quick, **service})})


def studies(count: int = 10) -> dict[str, dict[str, Any]]:
    return {
        f"NCT{n:08}": v2(f"NCT{n:08}", update=f"2026-{1 + n % 10:02}-15", title=f"Trastuzumab trial {n}")
        for n in range(1, count + 1)
    }


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving(Registry(studies())) as running:
        yield running


class Bench:
    """A store and the registry it is synced with."""

    def __init__(self, registry: Registry, folder: Path) -> None:
        self.registry, self.folder = registry, folder
        self.slept: list[float] = []
        self.told: list[Progress] = []
        self.now = NOW

    def sync(self, *queries: str, **service: Any) -> Synced:
        around = Surroundings(
            url=self.registry.url, now=lambda: self.now, sleep=self.slept.append, progress=self.told.append
        )
        with StoreWriter(self.folder) as store:
            return sync(store, KNOWLEDGE, queries, settings=settings(**service), around=around)

    def contents(self) -> dict[str, Any]:
        with StoreReader(self.folder) as store:
            return {trial.nct_id: trial for trial in store.trials()}

    def next_day(self) -> None:
        self.now += timedelta(days=1)
        self.registry.day = (self.now - timedelta(days=1)).date().isoformat()
        self.registry.asked.clear()

    def change(self, nct_id: str, **given: Any) -> None:
        given.setdefault("update", self.registry.day)
        self.registry.studies[nct_id] = v2(nct_id, **given)


@pytest.fixture
def bench(registry: Registry, tmp_path: Path) -> Bench:
    return Bench(registry, tmp_path / "store")


def test_a_first_sync_reads_every_page_and_checks_the_count(bench: Bench) -> None:
    done = bench.sync()
    assert done.read == 10
    assert done.snapshot is not None
    assert (done.snapshot.added, done.snapshot.kind) == (10, "sync")
    assert len(bench.registry.pages()) == 4
    assert [("pageToken" in page, "countTotal" in page) for page in bench.registry.pages()] == [
        (False, True), (True, False), (True, False), (True, False),
    ]  # fmt: skip
    assert bench.registry.pages("NCTId") == [], "the count agreed, so the list need not be read"
    assert set(bench.contents()) == set(bench.registry.studies)
    trial = bench.contents()["NCT00000001"]
    assert str(trial.status_date) == "2026-11-20", "the day of the registry's data, not the day of the sync"
    assert done.warnings == []
    assert (bench.told[-1].done, bench.told[-1].total) == (10, 10)
    with StoreReader(bench.folder) as store:
        assert json.loads(store.raw("NCT00000001") or b"") == bench.registry.studies["NCT00000001"]


def test_a_later_sync_asks_for_updates_and_confirms_the_rest(bench: Bench) -> None:
    bench.sync()
    bench.next_day()
    bench.change("NCT00000004", status="COMPLETED")
    bench.change("NCT00000011")
    done = bench.sync()
    assert bench.registry.pages()[0]["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-11-17,MAX]"
    assert (done.read, done.queries[0].confirmed, done.queries[0].whole) == (2, 11, False)
    assert done.snapshot is not None
    assert (done.snapshot.added, done.snapshot.updated) == (1, 1)
    found = bench.contents()
    assert found["NCT00000004"].status_text == "COMPLETED"
    assert {str(trial.status_date) for trial in found.values()} == {"2026-11-21"}


def test_nothing_but_the_query_is_sent(bench: Bench) -> None:
    bench.sync()
    bench.next_day()
    bench.sync()
    for path, params in bench.registry.asked:
        assert path == "/version" or set(params) <= server.KNOWN
    wanted = query_of("her2", KNOWLEDGE, settings()).params["query.term"]
    assert {page["query.term"] for page in bench.registry.pages()} == {wanted}
    assert "AREA[EligibilityCriteria]" in wanted
    assert '"trastuzumab deruxtecan"' not in wanted, "the word trastuzumab finds it already"
    assert '"DS-8201a"' in wanted
    assert not {"filter.phase", "filter.overallStatus"} & {key for _, params in bench.registry.asked for key in params}


FAULTS: dict[str, Fault] = {
    "busy": server.refuse(429),
    "broken": server.refuse(500),
    "away": server.refuse(503),
    "cut": server.cut(),
    "half with a right length": server.half,
    "wrong JSON": server.instead(b"<html>maintenance</html>"),
    "other JSON": server.instead(b'{"message": "hello"}'),
    "a list": server.instead(b"[1, 2]"),
    "studies of another form": server.instead(b'{"studies": {}}'),
    "nothing": server.instead(b""),
    "not UTF-8": server.instead(b'{"studies": ["\xff"]}'),
    "reset": server.reset,
    "silent": server.silent(0.6),
    "drops": server.drops(2.0),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_met_with_patience(bench: Bench, name: str) -> None:
    bench.registry.faults = {3: FAULTS[name], 5: FAULTS[name]}
    done = bench.sync(read_seconds=0.3, answer_seconds=0.5)
    assert set(bench.contents()) == set(bench.registry.studies)
    assert done.retries == 2
    assert done.damaged == []


def test_waits_grow_and_retry_after_is_obeyed(bench: Bench) -> None:
    bench.registry.faults = {
        2: server.refuse(503),
        3: server.refuse(503),
        4: server.refuse(429, Retry_After="7"),
        6: server.refuse(429, Retry_After="Sat, 21 Nov 2026 12:00:30 GMT"),
    }
    bench.sync(first_wait_seconds=2.0, longest_wait_seconds=60.0)
    assert bench.slept == [2.0, 4.0, 7.0, 30.0]
    assert set(bench.contents()) == set(bench.registry.studies)


def test_requests_keep_their_distance(bench: Bench) -> None:
    bench.sync(seconds_between_requests=1.0)
    assert len(bench.slept) == 5, "four pages, and the version before and after"
    assert all(0.5 < pause <= 1.0 for pause in bench.slept)


def test_a_registry_that_asks_for_hours_ends_the_sync_and_keeps_what_was_read(bench: Bench) -> None:
    bench.registry.faults = {4: server.refuse(429, Retry_After="7200")}
    with pytest.raises(RegistryUnavailable, match="120 minutes") as caught:
        bench.sync()
    assert caught.value.code == "registry_busy"
    with StoreReader(bench.folder) as store:
        assert (store.state().trials, store.state().records) == (0, 6), "kept, and not shown half"
    bench.registry.asked.clear()
    done = bench.sync()
    assert done.queries[0].resumed
    assert "pageToken" in bench.registry.pages()[0], "goes on where it was"
    assert set(bench.contents()) == set(bench.registry.studies)


def test_a_registry_that_stays_away_is_one_clear_line(bench: Bench) -> None:
    bench.registry.every = server.refuse(503)
    with pytest.raises(RegistryUnavailable, match="no usable answer after 4 tries: status 503"):
        bench.sync()
    bench.registry.every = server.refuse(403)
    bench.registry.faults = {len(bench.registry.asked) + 1: server.instead(b"{}")}
    with pytest.raises(RegistryUnavailable, match="status 403"):
        bench.sync()


def test_an_empty_page_with_a_token_is_not_the_end(bench: Bench) -> None:
    bench.registry.empty_page_at = 3
    bench.sync()
    assert set(bench.contents()) == set(bench.registry.studies)


def test_the_same_page_for_ever_is_a_fault(bench: Bench) -> None:
    body = json.dumps({"studies": [], "nextPageToken": "same"}).encode()
    bench.registry.every = server.instead(body)
    with pytest.raises(RegistryUnavailable, match="again and again"):
        bench.sync()


def test_data_that_change_between_pages(bench: Bench) -> None:
    def change(number: int) -> None:
        if number == 3:  # after the first page: one moves to the end, one is new behind the cursor, one goes
            bench.change("NCT00000010", update="2026-11-19", status="SUSPENDED")
            bench.change("NCT00000012", update="2026-01-01")
            del bench.registry.studies["NCT00000001"]
            bench.registry.changes += 1

    bench.registry.before = change
    done = bench.sync()
    assert len(bench.registry.pages("NCTId")) >= 3, "the count did not agree, so the list was read"
    found = bench.contents()
    assert set(bench.registry.studies) <= set(found)
    assert found["NCT00000010"].status_text == "SUSPENDED"
    assert done.warnings == []


def test_a_token_that_is_no_longer_taken(bench: Bench) -> None:
    bench.registry.old_tokens = False

    def change(number: int) -> None:
        if number == 4:
            bench.registry.day = "2026-11-21"

    bench.registry.before = change
    bench.sync()
    assert set(bench.contents()) == set(bench.registry.studies)
    assert ["pageToken" in page for page in bench.registry.pages()][:3] == [False, True, True]


def test_a_registry_without_a_count(bench: Bench) -> None:
    bench.registry.count = False
    done = bench.sync()
    assert set(bench.contents()) == set(bench.registry.studies)
    assert "no count" in done.warnings[0]


def test_damaged_studies_are_named_and_stop_nothing(bench: Bench) -> None:
    del bench.registry.studies["NCT00000005"]["protocolSection"]["identificationModule"]["nctId"]
    done = bench.sync()
    assert len(bench.contents()) == 9
    assert "registry id" in done.damaged[0].reason


def test_a_study_that_vanishes_is_looked_up_before_it_is_called_gone(bench: Bench) -> None:
    bench.sync()
    bench.next_day()
    gone, hidden, moved = "NCT00000002", "NCT00000003", "NCT00000004"
    del bench.registry.studies[gone], bench.registry.studies[moved]
    bench.registry.aliases[moved] = "NCT00000009"
    bench.registry.listed = lambda nct_id: nct_id != hidden
    bench.change(hidden, status="TERMINATED", update="2026-11-01")
    done = bench.sync()
    assert done.queries[0].gone == [gone]
    assert done.queries[0].moved == {moved: "NCT00000009"}
    assert done.queries[0].not_found_by_query == [hidden]
    assert {path for path, _ in bench.registry.asked} >= {f"/studies/{gone}", f"/studies/{moved}"}
    with StoreReader(bench.folder) as store:
        assert store.trial(gone).title, "what was known of it stays"
        left = store.gone(gone)
        assert left is not None
        assert (left.day, left.snapshot) == ("2026-11-21", "2026-11-22.1")
        assert store.gone(hidden) is None
        assert store.trial(hidden).status_text == "TERMINATED"
        assert "NCT00000009" in (store.gone(moved).note if store.gone(moved) else "")
        recruiting = search(store, KNOWLEDGE, "", {"status": ("recruiting",)}).found
        assert gone not in {hit.nct_id for hit in recruiting.hits}
        assert store.state().by_status["no longer in the registry"] == 2
        shown = find_trial(store, KNOWLEDGE, gone, today=lambda: bench.now.date())
        assert shown.recruiting is False
        assert trial_json(shown, KNOWLEDGE)["gone"]["day"] == "2026-11-21"
    bench.next_day()
    bench.change(gone, update="2026-02-15", title="Trastuzumab trial 2")
    again = bench.sync()
    assert again.queries[0].gone == []
    with StoreReader(bench.folder) as store:
        assert store.gone(gone) is None
        assert [item.event for item in store.presence_between(0, 99) if item.nct_id == gone] == ["left", "back"]


def test_a_list_that_is_suddenly_empty_is_not_believed(bench: Bench) -> None:
    bench.sync()
    bench.next_day()
    bench.registry.listed = lambda _: False
    with pytest.raises(RegistryUnavailable, match="no trial at all"):
        bench.sync()
    with StoreReader(bench.folder) as store:
        assert store.gone("NCT00000001") is None


def test_queries_are_kept_and_refreshed_together(bench: Bench) -> None:
    done = bench.sync(condition_id("stomach cancer", KNOWLEDGE))
    assert [item.id for item in done.queries] == ["condition:gastric"]
    assert '"stomach cancer"' in bench.registry.pages()[0]["query.cond"]
    bench.next_day()
    assert [item.id for item in bench.sync().queries] == ["her2", "condition:gastric"]
    assert "query.cond" in bench.registry.pages()[-1]


def test_other_words_in_the_question_read_all_anew(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.sync()
    bench.next_day()
    changed = settings().her2.model_copy(update={"spellings": ("HER-2/neu", "another")})
    around = Surroundings(url=bench.registry.url, now=lambda: bench.now, sleep=bench.slept.append)
    with StoreWriter(bench.folder) as store:
        done = sync(store, KNOWLEDGE, settings=settings().model_copy(update={"her2": changed}), around=around)
    assert done.queries[0].whole
    assert "filter.advanced" not in bench.registry.pages()[0]


def test_an_interrupted_sync_of_long_ago_is_begun_anew(bench: Bench) -> None:
    bench.registry.faults = {n: server.refuse(503) for n in range(4, 9)}
    with pytest.raises(RegistryUnavailable):
        bench.sync()
    bench.now += timedelta(hours=30)
    bench.registry.asked.clear()
    bench.registry.faults.clear()
    done = bench.sync()
    assert not done.queries[0].resumed
    assert "pageToken" not in bench.registry.pages()[0]
    assert set(bench.contents()) == set(bench.registry.studies)


@pytest.mark.parametrize(
    "url", ["http://example.org/api", "ftp://127.0.0.1/", "file:///etc/passwd", "clinicaltrials.gov"]
)
def test_only_safe_addresses(url: str) -> None:
    with pytest.raises(ValueProblem):
        checked_url(url)


@pytest.mark.parametrize("words", ["", "()", "x" * 200])
def test_conditions_that_cannot_be_asked(words: str) -> None:
    with pytest.raises(Her2NavError):
        condition_id(words, KNOWLEDGE)


def test_a_condition_cannot_smuggle_an_expression() -> None:
    found = query_of(condition_id('foo") OR AREA[LocationCity]("Boston', KNOWLEDGE), KNOWLEDGE, settings())
    assert found.params == {"query.cond": '("foo or area locationcity boston")'}


def test_the_pages_as_the_registry_serves_them(shared: Path) -> None:
    from her2nav.registry.api_page import read_page
    from her2nav.registry.shape_v2 import parse_v2

    read: Callable[[str], Any] = lambda name: read_page((shared / "data/registry/api_v2_pages" / name).read_bytes())  # noqa: E731
    first, following = read("search_phelan_limit5_20260811.json"), read("search_phelan_next_20260811.json")
    assert (len(first.studies), first.total) == (5, 21)
    assert first.token
    assert following.total is None, "the count comes with the first page only"
    assert read("search_nsclc_egfr_l858r_20260811.json").token is None
    for raw, data in first.studies:
        assert json.loads(raw) == data
        assert parse_v2(data).partial, "trimmed: no date of the last update"


def test_pages_that_go_round_in_a_circle_are_a_fault(bench: Bench) -> None:
    def turn(number: int) -> None:
        token = "one" if number % 2 else "other"
        study = v2("NCT00000001") if number % 2 else v2("NCT00000002")
        bench.registry.every = server.instead(json.dumps({"studies": [study], "nextPageToken": token}).encode())

    bench.registry.before = turn
    with pytest.raises(RegistryUnavailable, match="again and again"):
        bench.sync()
    assert len(bench.registry.asked) < 8


@pytest.mark.parametrize("target", ["/maintenance", "/api/v2/studies/NCT00000004"])
def test_a_study_that_is_sent_nowhere_is_not_called_gone(bench: Bench, target: str) -> None:
    bench.sync()
    bench.next_day()
    bench.registry.listed = lambda nct_id: nct_id != "NCT00000004"
    del bench.registry.studies["NCT00000004"]
    bench.registry.redirects["NCT00000004"] = target
    with pytest.raises(RegistryUnavailable, match="sends the question for NCT00000004"):
        bench.sync()
    with StoreReader(bench.folder) as store:
        assert store.gone("NCT00000004") is None


@pytest.mark.parametrize("value", ["\u00b2", "soon", "-5", "99999999999999999999"])
def test_odd_values_of_retry_after(value: str) -> None:
    client = ApiClient(
        settings().service, url="http://127.0.0.1:9", sleep=lambda _: None, clock=lambda: 0.0, now=lambda: NOW
    )
    seconds = client._retry_after(value)
    assert seconds is None or seconds > 1e6
