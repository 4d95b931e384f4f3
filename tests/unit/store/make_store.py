"""Writes stores/schema_N.sqlite3.gz with this release's schema; run once when a migration is added, keep the old ones.

PYTHONPATH=tests python tests/unit/store/make_store.py
"""

import gzip
import json
import sqlite3
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from her2nav.app.registry import import_records
from her2nav.app.sync_state import Phase, SyncState
from her2nav.knowledge.load import load_knowledge
from her2nav.store.connection import FILE
from her2nav.store.schema import VERSION
from her2nav.store.writing import StoreWriter
from registry.records import v2, xml

TARGET = Path(__file__).parent / "stores" / f"schema_{VERSION}.sqlite3.gz"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = [json.dumps(v2("NCT00000001")).encode(), json.dumps(v2("NCT00000002")).encode(), xml("NCT00000003")]
        later = [json.dumps(v2("NCT00000001", status="COMPLETED", update="2026-11-10")).encode()]
        for day, contents in ((20, first), (21, later)):
            paths = [folder / f"record_{number}" for number in range(len(contents))]
            for path, content in zip(paths, contents, strict=True):
                path.write_bytes(content)
            with StoreWriter(folder / "store") as store:
                import_records(store, load_knowledge(), paths, now=lambda day=day: datetime(2026, 11, day, tzinfo=UTC))
        with StoreWriter(folder / "store") as store:
            with store.batch():
                store.listings.mark("her2", 1, ["NCT00000001", "NCT00000002"], date(2026, 11, 22))
                store.listings.left("NCT00000003", date(2026, 11, 22), "the registry has no such study any more")
                store.set_meta(
                    "sync:her2", SyncState("digest", 1, Phase.DONE, "2026-11-22", date(2026, 11, 22)).to_json()
                )
            store.publish("sync", datetime(2026, 11, 22, tzinfo=UTC))
        connection = sqlite3.connect(folder / "store" / FILE)
        connection.execute("UPDATE record SET source = 'record'")
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
        connection.close()
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_bytes(gzip.compress((folder / "store" / FILE).read_bytes(), mtime=0))


if __name__ == "__main__":
    main()
