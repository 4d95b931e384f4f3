"""Reading in other processes: the store is the same, byte for byte, as when one process does all."""

import json
import sqlite3
import zipfile
import zlib
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from her2nav.app import registry_reading
from her2nav.app.registry import Imported, import_records
from her2nav.app.registry_reading import Came, When, processes_for, read_all
from her2nav.knowledge.load import load_knowledge
from her2nav.registry.read import Damage, Piece, pieces_of, read_piece, read_records
from her2nav.store.connection import FILE
from her2nav.store.writing import StoreWriter
from registry.records import page, row, v2, xml

KNOWLEDGE = load_knowledge()
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def contents(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything a store holds, the full-text index too."""
    connection = sqlite3.connect(folder / FILE)
    connection.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', 'words', 'instance')")
    tables = ("meta", "snapshot", "record", "view", "trial", "confirmation", "tag", "place", "temp.held")
    found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    connection.close()
    return found


def imported(folder: Path, paths: list[Path], processes: int) -> Imported:
    with StoreWriter(folder) as store:
        return import_records(store, KNOWLEDGE, paths, now=lambda: AT, fetched=date(2026, 11, 1), processes=processes)


def test_other_processes_make_the_same_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_reading, "ALONE", 3)
    monkeypatch.setattr(registry_reading, "_BATCH", 4)
    files = tmp_path / "in"
    files.mkdir()
    (files / "a.jsonl").write_bytes(
        lines(*(v2(f"NCT{n:08}", title=f"HER2 trial {n}") for n in range(1, 40)))
        + b'{"nct_id": "NCT1"}\n{"nct_id": "NCT00000077", "title": "\\ud800"}\n{"broken": \n'
        + lines(*(row(f"NCT{n:08}", status="Recruiting", captured="2026-11-02") for n in range(30, 50)))
    )
    (files / "b.json").write_bytes(page([v2("NCT00000003", status="COMPLETED", update="2026-11-20"), {"no": "id"}]))
    with zipfile.ZipFile(files / "c.zip", "w") as archive:
        for n in range(20, 60):
            archive.writestr(f"NCT{n:08}.xml", xml(f"NCT{n:08}"))
    one, many = imported(tmp_path / "one", [files], 1), imported(tmp_path / "many", [files], 2)
    assert one.as_dict() == many.as_dict()
    assert one.read == 100
    assert len(one.damaged) == 4
    assert contents(tmp_path / "one") == contents(tmp_path / "many")


def test_the_real_records_make_the_same_store(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_reading, "ALONE", 10)
    folder = shared / "data" / "registry"
    paths = [folder / "awkward_records.zip"]
    one, many = imported(tmp_path / "one", paths, 1), imported(tmp_path / "many", paths, 2)
    assert one.as_dict() == many.as_dict()
    assert contents(tmp_path / "one") == contents(tmp_path / "many")


def test_what_an_ended_process_left_is_read_here(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(lines(v2("NCT00000001"), v2("NCT00000002")))
    batch = [item.bare() for item in pieces_of([source]) if isinstance(item, Piece)]
    ended: Future[list[Came | Damage]] = Future()
    ended.set_exception(BrokenProcessPool())
    for future in (ended, None):
        came = list(registry_reading._result([*batch, Damage("x", "", "gone")], future, When(AT)))
        assert [item.record.nct_id for item in came if isinstance(item, Came)] == ["NCT00000001", "NCT00000002"]
        assert came[-1] == Damage("x", "", "gone")


def test_a_piece_reads_the_same_from_its_bytes_alone(tmp_path: Path) -> None:
    source = tmp_path / "a.json"
    source.write_bytes(page([v2("NCT00000001"), v2("NCT00000002")]))
    pieces = [item for item in pieces_of([source]) if isinstance(item, Piece)]
    assert [item.data is not None for item in pieces] == [True, True]
    alone = [item for piece in pieces for item in read_piece(piece.bare())]
    assert alone == list(read_records([source]))


def test_what_goes_to_the_writer_is_packed(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(lines(v2("NCT00000001")))
    (came,) = read_all([source], KNOWLEDGE, When(AT))
    assert isinstance(came, Came)
    ready = registry_reading._complete(came, registry_reading.tagger_of(KNOWLEDGE)).record
    assert zlib.decompress(ready.raw) == source.read_bytes().strip()


def test_how_many_processes_read() -> None:
    assert processes_for(1) == 1
    assert processes_for(7) == 7
    assert 1 <= processes_for(None) <= registry_reading.MOST_PROCESSES
