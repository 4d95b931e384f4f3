"""What an import does to the store, seen through its readers."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from her2nav.app.registry import Imported, import_records
from her2nav.app.registry_search import search
from her2nav.app.registry_view import find_trial, search_csv, search_json, state_json
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import FileError, InputError, UnknownName
from her2nav.model.kept_record import Query
from her2nav.store.connection import FILE
from her2nav.store.reading import StoreReader
from her2nav.store.writing import StoreWriter
from registry.records import page, row, v2, xml

Run = Callable[..., Imported]
KNOWLEDGE = load_knowledge()


def lines(*records: object) -> bytes:
    return b"\n".join(json.dumps(record).encode() for record in records)


def test_counts_and_snapshots(run: Run, tmp_path: Path) -> None:
    first = run(a=lines(v2("NCT00000001"), v2("NCT00000002"), {"nct_id": "?"}))
    assert (first.read, first.added, first.updated, first.unchanged, len(first.damaged)) == (2, 2, 0, 0, 1)
    again = run(a=lines(v2("NCT00000001", holder="2026-12-01"), v2("NCT00000002")))
    assert (again.read, again.added, again.updated, again.unchanged) == (2, 0, 0, 2)
    assert again.snapshot is None, "nothing changed, so no new snapshot"
    changed = run(a=lines(v2("NCT00000001", status="COMPLETED", update="2026-11-10"), v2("NCT00000003")))
    assert (changed.added, changed.updated) == (1, 1)
    with StoreReader(tmp_path / "store") as store:
        state = state_json(store.state(), KNOWLEDGE)
        assert state["trials"] == 3
        assert state["snapshot"] == "2026-11-21.2"
        assert state["newest"] == "2026-11-10"
        assert state["by_status"] == {"RECRUITING": 2, "COMPLETED": 1}
        before = store.trial_at("NCT00000001", 1)
        assert before is not None
        assert before.status_text == "RECRUITING"
        assert store.trial("NCT00000001").status_text == "COMPLETED"
        assert store.changed_between(1, 2) == [("NCT00000001", 2), ("NCT00000003", 2)]
        assert len(store.versions("NCT00000001")) == 2
        assert json.loads(store.raw("NCT00000002") or b"") == v2("NCT00000002")


def test_an_older_record_does_not_replace_a_newer_one(run: Run, tmp_path: Path) -> None:
    run(a=lines(v2(update="2026-10-30")))
    done = run(a=lines(v2(update="2025-01-01", status="NOT_YET_RECRUITING")))
    assert (done.read, done.unchanged) == (1, 1)
    with StoreReader(tmp_path / "store") as store:
        assert store.trial("NCT01234567").status_text == "RECRUITING"
        assert len(store.versions("NCT01234567")) == 2


def test_the_same_record_downloaded_later_confirms_its_status(run: Run, tmp_path: Path) -> None:
    run(a=xml(downloaded="November 01, 2026"))
    done = run(a=xml(downloaded="November 15, 2026"))
    assert (done.updated, done.unchanged) == (0, 1)
    with StoreReader(tmp_path / "store") as store:
        assert str(store.trial("NCT01234567").status_date) == "2026-11-15"
        assert store.search(Query()).hits[0].status_date == "2026-11-15"


def test_a_trimmed_record_takes_nothing_away(run: Run, tmp_path: Path) -> None:
    run(a=lines(v2()), b=lines(row(title=None, text="other words")))
    with StoreReader(tmp_path / "store") as store:
        trial = store.trial("NCT01234567")
    assert trial.title == "Trastuzumab Deruxtecan in HER2-low Gastric Cancer"
    assert len(trial.sites) == 3


def test_search(run: Run, tmp_path: Path) -> None:
    run(
        a=lines(v2("NCT00000001"), v2("NCT00000002", title="Another", status="COMPLETED", posted="2026-11-01")),
        b=xml("NCT00000003"),
    )
    with StoreReader(tmp_path / "store") as store:

        def ids(text: str = "", **filters: str) -> list[str]:
            found = search(store, KNOWLEDGE, text, {name: (value,) for name, value in filters.items()})
            return sorted(hit.nct_id for hit in found.found.hits)

        best = search(store, KNOWLEDGE, "Enhertu").found.hits[0]
        assert best.nct_id == "NCT00000001", "a brand finds the drug, the title counts most"
        assert ids("gastric deruxtecan") == ["NCT00000001", "NCT00000002"]
        assert ids("UMIN000012345") == ["NCT00000003"]
        assert ids("nct00000002") == ["NCT00000002"]
        assert ids("2021-000123-45") == ["NCT00000001", "NCT00000002"]
        assert ids(drug="T-DXd") == ["NCT00000001", "NCT00000002"]
        assert ids(drug="perjeta") == ["NCT00000003"]
        assert ids(**{"class": "anti_her2_adc"}) == ["NCT00000001", "NCT00000002"]
        assert ids(tumour="stomach cancer", status="recruiting") == ["NCT00000001"]
        assert ids(tumour="gastro_oesophageal", phase="2", country="France", mentions="her2-low")
        assert ids(setting="metastatic") == ["NCT00000001", "NCT00000002"]
        assert ids(posted_since="2026-10") == ["NCT00000002"]
        assert ids(sponsor="example") == ["NCT00000001", "NCT00000002"]
        assert ids(country="US") == ["NCT00000001", "NCT00000002", "NCT00000003"]
        with pytest.raises(UnknownName, match="drug"):
            ids(drug="nonsense")
        for text in ('"', "a AND OR NOT (", "her2:low*", "^x", "-", "'; DROP TABLE trial; --", "ids : x", "\0"):
            ids(text)
        answer = search(store, KNOWLEDGE, "deruxtecan zebra")
        assert answer.found.hits
        assert "at least one" in answer.warnings[0]
        data = search_json(answer, KNOWLEDGE)
        assert data["versions"]["snapshot"] == "2026-11-21.1"
        assert search_csv(answer).startswith("nct_id,title,status,")


def test_the_nearest_recruiting_site(run: Run, tmp_path: Path) -> None:
    run(a=lines(v2("NCT00000001"), v2("NCT00000002", sites=[])), b=xml("NCT00000003"))
    with StoreReader(tmp_path / "store") as store:
        answer = search(store, KNOWLEDGE, near="48.85, 2.35")
        assert answer.nearest is not None
        site, _ = answer.nearest["NCT00000001"]
        assert site is not None
        assert site.site.facility == "Near Clinic", "the site in Paris is closed"
        assert site.kilometres == pytest.approx(392, abs=3)
        assert answer.nearest["NCT00000002"] == (None, "the record has no sites")
        by_city, _ = answer.nearest["NCT00000003"]
        assert by_city is not None
        assert by_city.located_by == "city"
        shown = find_trial(store, KNOWLEDGE, "NCT00000001", near="Lyon, France")
        assert shown.nearest is not None
        assert shown.nearest.kilometres < 10
        with pytest.raises(InputError, match="places named"):
            find_trial(store, KNOWLEDGE, "NCT00000001", near="Springfield")
        with pytest.raises(UnknownName):
            find_trial(store, KNOWLEDGE, "NCT00000001", near="Xyzzyville")


def test_a_reader_never_sees_half_an_import(tmp_path: Path) -> None:
    source = tmp_path / "records.jsonl"
    source.write_bytes(lines(*(v2(f"NCT{n:08}") for n in range(1, 1501))))
    folder = tmp_path / "store"
    seen: set[int] = set()

    def look(*_: int) -> None:
        with StoreReader(folder) as store:
            seen.add(store.state().trials)
            seen.add(search(store, KNOWLEDGE, "deruxtecan", limit=2000).found.total)

    with StoreWriter(folder) as store:
        import_records(store, KNOWLEDGE, [source], progress=look)
    assert seen == {0}
    look()
    assert seen == {0, 1500}


KILLED = """
import os, sys
from pathlib import Path
from her2nav.app.registry import import_records
from her2nav.knowledge.load import load_knowledge
from her2nav.store.writing import StoreWriter
import her2nav.app.registry as registry
registry.BATCH = 50
def progress(read, damaged):
    print(read, flush=True)
with StoreWriter(Path(sys.argv[1])) as store:
    import_records(store, load_knowledge(), [Path(sys.argv[2])], progress=progress)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_a_killed_import_loses_nothing_committed_and_shows_nothing_half(tmp_path: Path) -> None:
    source, folder = tmp_path / "records.jsonl", tmp_path / "store"
    source.write_bytes(lines(*(v2(f"NCT{n:08}") for n in range(1, 1201))))
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder), str(source)], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    while int(worker.stdout.readline() or 1200) < 300:
        time.sleep(0)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    with StoreReader(folder) as store:
        assert store.state().trials == 0
        kept = store.state().records
    assert 0 < kept < 1200
    with StoreWriter(folder) as store:
        done = import_records(store, KNOWLEDGE, [source])
    assert (done.read, done.added) == (1200, 1200)
    with StoreReader(folder) as store:
        assert store.state().trials == 1200
        assert store.state().records == 1200


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with StoreWriter(tmp_path), pytest.raises(InputError, match="another import"), StoreWriter(tmp_path):
        pass


def test_no_store_and_no_store_of_ours(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no registry store"):
        StoreReader(tmp_path)
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(FileError, match="cannot be opened"):
        StoreReader(tmp_path)
    (tmp_path / FILE).unlink()
    other = sqlite3.connect(tmp_path / FILE)
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    with pytest.raises(InputError, match="not a store"):
        StoreReader(tmp_path)


def test_everything_in_the_shared_data_loads(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "registry"
    paths = [
        folder / name
        for name in ("api_v2_pages", "api_v2_studies.jsonl.gz", "awkward_records.zip", "seed_trials_2020.jsonl")
    ]
    with StoreWriter(tmp_path) as store:
        done = import_records(store, KNOWLEDGE, paths)
    assert done.read == 24 + 271 + 291 + 21
    assert {Path(item.source.split("!")[0]).name for item in done.damaged} == {"awkward_records.zip"}
    assert len(done.damaged) == 57
    assert done.warnings == []


def test_pages_and_rows_can_be_mixed(run: Run) -> None:
    done = run(a=page([v2("NCT00000001")]), b=lines(row("NCT00000001"), row("NCT00000002")), c=b"")
    assert (done.read, done.added, len(done.damaged)) == (3, 2, 1)


def test_a_word_that_nearly_all_trials_hold_gives_titles_first_and_the_newest_of_them(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("her2nav.store.reading._MOST_WEIGHED", 3)
    run(
        a=lines(
            v2("NCT00000001", title="Cancer one", update="2025-01-01"),
            v2("NCT00000002", title="Cancer two", update="2025-03-01"),
            v2("NCT00000003", title="Other", update="2026-01-01", text="Cancer of any kind"),
            v2("NCT00000004", title="Cancer four", update="2025-02-01", status="COMPLETED"),
            v2("NCT00000005", title="Other", update="2025-12-01", text="Cancer of any kind"),
        )
    )
    with StoreReader(tmp_path / "store") as store:
        found = search(store, KNOWLEDGE, "cancer").found
        few = search(store, KNOWLEDGE, "cancer", limit=4).found
        filtered = search(store, KNOWLEDGE, "cancer", {"status": ("recruiting",)}).found
    assert [hit.nct_id[-1] for hit in found.hits] == ["2", "4", "1", "3", "5"]
    assert ([hit.nct_id[-1] for hit in few.hits], few.total) == (["2", "4", "1", "3"], 5)
    assert [hit.nct_id[-1] for hit in filtered.hits] == ["2", "1", "3", "5"]


def test_an_empty_archive_is_said(run: Run) -> None:
    content = io.BytesIO()
    zipfile.ZipFile(content, "w").close()
    assert [item.reason for item in run(a=content.getvalue()).damaged] == ["the archive holds no file"]


def test_a_full_disk_is_one_clear_line_and_leaves_the_store_whole(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(lines(*(v2(f"NCT{n:08}") for n in range(1, 400))))
    with StoreWriter(tmp_path / "store") as store:
        store._connection.execute("PRAGMA max_page_count = 60")
        with pytest.raises(FileError, match="full"):
            import_records(store, KNOWLEDGE, [source])
    with StoreWriter(tmp_path / "store") as store:
        assert import_records(store, KNOWLEDGE, [source]).added == 399


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileError, match="cannot be written"), StoreWriter(tmp_path / "file"):
        pass


def test_a_store_cut_up_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    run(a=lines(*(v2(f"NCT{n:08}") for n in range(1, 200))))
    path = tmp_path / "store" / FILE
    body = path.read_bytes()
    path.write_bytes(body[: len(body) // 8] + bytes(len(body) // 2))
    with pytest.raises(FileError, match="store"), StoreReader(tmp_path / "store") as store, store.one_state():
        list(store.trials())


def test_a_filter_that_rests_on_no_vocabulary_warns_of_none(run: Run, tmp_path: Path) -> None:
    run(a=lines(v2("NCT00000001")))
    with StoreWriter(tmp_path / "store") as writer:
        writer.set_meta("knowledge", "older")
    with StoreReader(tmp_path / "store") as store:
        assert search(store, KNOWLEDGE, "", {"status": ("recruiting",)}).warnings == ()
        assert len(search(store, KNOWLEDGE, "", {"tumour": ("breast",)}).warnings) == 1
        assert "no word" in search(store, KNOWLEDGE, "?!").warnings[0]
