from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from her2nav.app.registry import Imported, import_records
from her2nav.knowledge.load import load_knowledge
from her2nav.store.writing import StoreWriter

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Imported]:
    """Import the files given as name to bytes into the store of this test."""

    def import_(**files: bytes) -> Imported:
        paths = []
        for name, content in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            paths.append(path)
        with StoreWriter(tmp_path / "store") as store:
            return import_records(store, load_knowledge(), paths, now=lambda: NOW)

    return import_
