"""Rows joined by patient: in memory while they are few, else split over temporary files so that memory stays flat.

The temporary folder can be opened by its owner only and is removed at the end, each share as soon as it was read.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

IN_MEMORY = 24 * 1024 * 1024
"""Bytes of text that are joined in memory."""
SHARE = 4 * 1024 * 1024
MAX_SHARES = 240

Row = tuple[int, int, list[str]]
"""Number of the table, line, cells."""
Keyed = tuple[str, int, int, list[str]]
"""Patient, number of the table, line, cells."""
Group = tuple[str, list[Row]]


def joined(rows: Iterable[Keyed]) -> Iterator[Group]:
    """Yield the rows of each patient in the order of the patients' ids, whatever the order of the rows."""
    grouped: dict[str, list[Row]] = {}
    for who, table, line, cells in rows:
        grouped.setdefault(who, []).append((table, line, cells))
    for who in sorted(grouped, key=order):
        yield who, grouped.pop(who)


def order(who: str) -> tuple[int, str]:
    """Sort numbers by size and all else as text.

    >>> sorted(["10", "9", "a"], key=order)
    ['9', '10', 'a']
    """
    return (len(who) if who.isdigit() else 1000), who


@contextmanager
def spilled(rows: Iterable[Keyed], size: int) -> Iterator[list[Path]]:
    """Split rows by patient over temporary files; give their paths."""
    count = max(1, min(MAX_SHARES, size // SHARE + 1))
    with tempfile.TemporaryDirectory(prefix="her2nav-") as folder:
        paths = [Path(folder) / f"{number:03}" for number in range(count)]
        streams = [path.open("w", encoding="utf-8", newline="\n") for path in paths]
        try:
            for who, table, line, cells in rows:
                text = json.dumps([who, table, line, cells], ensure_ascii=False, separators=(",", ":"))
                streams[zlib.crc32(who.encode()) % count].write(text + "\n")
        finally:
            for stream in streams:
                stream.close()
        yield paths


def share(path: Path) -> Iterator[Group]:
    """Yield the patients of one temporary file, and remove it."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        grouped = joined((who, table, line, cells) for who, table, line, cells in map(json.loads, stream))
        yield from grouped
    path.unlink()
