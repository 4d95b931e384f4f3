"""A sync that is killed anywhere and run again leaves the store that an undisturbed one leaves.

HER2NAV_KILLS says how often it is killed (`just soak`); the default is quick.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from her2nav.app.registry_search import search
from her2nav.app.sync import sync
from her2nav.app.sync_result import Surroundings
from her2nav.knowledge.load import load_knowledge
from her2nav.registry.sync_settings import sync_settings
from her2nav.store.connection import FILE
from her2nav.store.reading import StoreReader
from her2nav.store.writing import StoreWriter
from registry.records import v2
from registry.server import Registry, serving

KILLS = int(os.environ.get("HER2NAV_KILLS") or "3")
KNOWLEDGE = load_knowledge()
WORKER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from her2nav.app.sync import sync
from her2nav.app.sync_result import Surroundings
from her2nav.knowledge.load import load_knowledge
from her2nav.registry.sync_settings import sync_settings
from her2nav.store.writing import StoreWriter
folder, url, day, deadly = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
knowledge = load_knowledge()
shipped = sync_settings(knowledge)
quick = dict(page_size=4, listing_page_size=7, ids_per_request=3, seconds_between_requests=0.0, first_wait_seconds=0.0)
settings = shipped.model_copy(update={"service": shipped.service.model_copy(update=quick)})
seen = 0
def count(statement):
    global seen
    seen += 1
    if seen == deadly:
        os.kill(os.getpid(), signal.SIGKILL)
with StoreWriter(Path(folder)) as store:
    store._connection.set_trace_callback(count)
    now = datetime(2026, 11, day, 12, tzinfo=UTC)
    sync(store, knowledge, settings=settings, around=Surroundings(url=url, now=lambda: now))
print(seen)
"""


def first_day() -> Registry:
    return Registry({f"NCT{n:08}": v2(f"NCT{n:08}", update=f"2026-{1 + n % 9:02}-15") for n in range(1, 24)})


def second_day(registry: Registry) -> None:
    registry.day = "2026-11-21"
    for n in (3, 9, 24):
        registry.studies[f"NCT{n:08}"] = v2(f"NCT{n:08}", update="2026-11-21", status="COMPLETED")
    for n in (5, 6):
        registry.studies.pop(f"NCT{n:08}", None)
    registry.aliases["NCT00000006"] = "NCT00000007"


def work(folder: Path, url: str, day: int, deadly: int = 0) -> int | None:
    """Run a sync in a process of its own, killed at a statement; return how many statements it ran."""
    run = subprocess.run(
        [sys.executable, "-c", WORKER, str(folder), url, str(day), str(deadly)], capture_output=True, text=True
    )
    if run.returncode == -signal.SIGKILL:
        return None
    assert run.returncode == 0, run.stderr
    return int(run.stdout)


def contents(folder: Path) -> dict[str, Any]:
    """What a store says to its readers, and what it holds below, without numbers that only count runs."""
    with StoreReader(folder) as store:
        trials = {trial.nct_id: trial for trial in store.trials()}
        gone = {nct_id: store.gone(nct_id) is not None for nct_id in trials}
        found = sorted(hit.nct_id for hit in search(store, KNOWLEDGE, "deruxtecan", limit=100).found.hits)
    connection = sqlite3.connect(folder / FILE)
    try:
        records = connection.execute("SELECT nct_id, raw_sha256 FROM record ORDER BY 1, 2").fetchall()
        listed = connection.execute("SELECT query, nct_id FROM listing ORDER BY 1, 2").fetchall()
        pending = connection.execute("SELECT count(*) FROM view WHERE snapshot_id IS NULL").fetchone()
        phases = [
            json.loads(row[0])["phase"] for row in connection.execute("SELECT value FROM meta WHERE key LIKE 'sync:%'")
        ]
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        connection.close()
    return {
        "trials": trials, "gone": gone, "found": found, "records": records, "listed": listed, "pending": pending,
        "phases": phases, "whole": whole,
    }  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_killed_anywhere_and_run_again_it_is_as_if_nothing_had_been(tmp_path: Path) -> None:
    with serving(first_day()) as registry:
        undisturbed = tmp_path / "undisturbed"
        statements = work(undisturbed, registry.url, 21)
        first = contents(undisturbed)
        second_day(registry)
        later = work(undisturbed, registry.url, 22)
        second = contents(undisturbed)
        assert statements
        assert later
        assert first["whole"] == "ok"
        assert len(first["trials"]) == 23
        assert [nct_id for nct_id, gone in second["gone"].items() if gone] == ["NCT00000005", "NCT00000006"]
    draw = random.Random(int(os.environ.get("HER2NAV_SEED") or "1"))
    for number in range(KILLS):
        at = draw.randint(1, statements), draw.randint(1, later)
        with serving(first_day()) as registry:
            folder = tmp_path / f"killed-{number}"
            assert work(folder, registry.url, 21, at[0]) is None
            if (folder / FILE).exists():
                with StoreReader(folder) as store:
                    assert store.state().trials in (0, 23), "half a sync was seen"
            work(folder, registry.url, 21)
            assert contents(folder) == first, at
            second_day(registry)
            assert work(folder, registry.url, 22, at[1]) is None
            work(folder, registry.url, 22)
            assert contents(folder) == second, at


def test_readers_see_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    """Readers in other threads, each with its own connection, while a sync writes."""
    registry = first_day()
    shipped = sync_settings(KNOWLEDGE)
    quick = {"page_size": 2, "seconds_between_requests": 0.0}
    settings = shipped.model_copy(update={"service": shipped.service.model_copy(update=quick)})
    seen: list[tuple[int, int, str | None]] = []
    faults: list[BaseException] = []
    stop = threading.Event()

    def look() -> None:
        try:
            while not stop.is_set():
                with StoreReader(tmp_path) as store, store.one_state():
                    state = store.state()
                    found = search(store, KNOWLEDGE, "deruxtecan", limit=100).found
                    seen.append((state.trials, found.total, found.snapshot))
        except BaseException as error:  # noqa: BLE001 - told to the test
            faults.append(error)

    with serving(registry):

        def run(day: int) -> None:
            around = Surroundings(url=registry.url, now=lambda: datetime(2026, 11, day, 12, tzinfo=UTC))
            with StoreWriter(tmp_path) as store:
                sync(store, KNOWLEDGE, settings=settings, around=around)

        run(21)
        readers = [threading.Thread(target=look) for _ in range(3)]
        for reader in readers:
            reader.start()
        second_day(registry)
        run(22)
        while ("2026-11-22.1" not in {name for _, _, name in seen}) and not faults:
            pass
        stop.set()
        for reader in readers:
            reader.join()
    assert faults == []
    assert set(seen) <= {(23, 23, "2026-11-21.1"), (24, 24, "2026-11-22.1")}
    assert len(seen) > 3
