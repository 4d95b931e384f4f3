"""Stores of every earlier schema open; the files are those that the releases wrote."""

import gzip
from pathlib import Path

import pytest

from her2nav.model.errors import InputError
from her2nav.model.kept_record import Query
from her2nav.store.connection import FILE, connect
from her2nav.store.reading import StoreReader
from her2nav.store.schema import VERSION

STORES = Path(__file__).parent / "stores"


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_a_store_of_an_earlier_release_opens(version: int, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(gzip.decompress((STORES / f"schema_{version}.sqlite3.gz").read_bytes()))
    with StoreReader(tmp_path) as store:
        assert store.state().trials == 3
        assert {hit.nct_id for hit in store.search(Query('"trastuzumab"')).hits}
        trial = store.trial("NCT00000001")
        assert trial.status_text == "COMPLETED"
        assert store.trial_at("NCT00000001", 1) != trial
        assert len(store.snapshots()) == (2 if version == 1 else 3)
        assert (store.gone("NCT00000003") is not None) is (version > 1)
        assert bool(store.meta("sync:")) is (version > 1)


def test_a_store_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    connection = connect(tmp_path, create=True, writes=True)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(InputError, match="newer her2nav"):
        StoreReader(tmp_path)
