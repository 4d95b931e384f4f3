"""An OMOP folder to readings, one for each person: the entrance to this package."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from her2nav.intake.omop.concepts import load_vocabulary
from her2nav.intake.omop.folder import TABLES, Folder
from her2nav.intake.omop.person import Reader, Setting
from her2nav.intake.reading import Reading
from her2nav.intake.tables.mapping import Mapping
from her2nav.intake.tables.shares import IN_MEMORY, Group, Keyed, joined, share, spilled
from her2nav.knowledge.load import Knowledge

_TOLD = 16_384
"""Rows after which the progress is told."""
_BATCH = 48
"""Persons that a process reads at a time."""
_CONCEPTS = {
    table: tuple(i for i, name in enumerate(names) if name.endswith("_concept_id")) for table, names in TABLES.items()
}
"""Where the concept ids of a table stand."""


def read_omop(
    folder: Folder,
    mapping: Mapping,
    knowledge: Knowledge,
    today: date,
    *,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Reading]:
    """Yield the reading of every person, persons in the order of their ids within a share.

    Args:
        folder: The tables.
        mapping: What the mapping file says.
        knowledge: Vocabularies and codes.
        today: The clock's day, for persons without one of their own.
        workers: Processes for a large folder.
        progress: Told what is being done.

    Raises:
        InputError: A row cannot be read; with file and line.
    """
    tell = progress or (lambda _: None)
    used: set[str] = set()
    rows = _collecting(folder, used, tell)
    if folder.size <= IN_MEMORY:
        groups = list(joined(rows))
        reader = Reader(_setting(folder, mapping, knowledge, today, used, tell))
        for group in groups:
            yield reader.read(group)
        return
    with spilled(rows, folder.size) as paths:
        setting = _setting(folder, mapping, knowledge, today, used, tell)
        if workers == 1:
            reader = Reader(setting)
            for path in paths:
                for group in share(path):
                    yield reader.read(group)
            return
        with ProcessPoolExecutor(workers, initializer=_prepare, initargs=(setting,)) as pool:
            yield from _side_by_side(pool, paths, workers)


def _collecting(folder: Folder, used: set[str], tell: Callable[[str], None]) -> Iterator[Keyed]:
    """Yield rows, and note which concepts they use."""
    shown, count, name = -1, 0, ""
    seen: set[Any] = set()
    concepts: Callable[[list[str]], Any] | None = None
    for keyed in folder.rows():
        number = keyed[1]
        if number != shown:
            _note(used, seen)
            shown, count = number, 0
            name, positions = folder.sources[number].shown, _CONCEPTS[folder.sources[number].table]
            concepts = itemgetter(*positions) if positions else None
            tell(name)
        count += 1
        if count % _TOLD == 0:
            tell(f"{name}: {count:,} rows")
            _note(used, seen)
        if concepts is not None:
            # Rows name the same few concepts together: they are taken apart once.
            seen.add(concepts(keyed[3]))
        yield keyed
    _note(used, seen)


def _note(used: set[str], seen: set[Any]) -> None:
    """Take the concepts of rows over."""
    for one in seen:
        used.update((one,) if isinstance(one, str) else one)
    seen.clear()


def _setting(
    folder: Folder, mapping: Mapping, knowledge: Knowledge, today: date, used: set[str], tell: Callable[[str], None]
) -> Setting:
    vocabulary = load_vocabulary(folder, used, knowledge, tell)
    tell("persons")
    column = folder.as_of[1] if folder.as_of else ""
    places = {source.table: folder.as_of_index(source.table) for source in folder.sources}
    as_of = {table: (at, column) for table, at in places.items() if at is not None}
    return Setting(tuple(folder.sources), mapping, vocabulary, knowledge, today, as_of, folder.barred)


_READER: list[Reader] = []
"""What a worker process reads with."""


def _prepare(setting: Setting) -> None:
    _READER[:] = [Reader(setting)]


def _read_groups(groups: list[Group]) -> list[Reading]:
    return [_READER[0].read(group) for group in groups]


def _side_by_side(pool: ProcessPoolExecutor, paths: Sequence[Path], workers: int) -> Iterator[Reading]:
    """Read persons in several processes, few at a time: a reading with its places is far larger than its rows."""
    waiting: deque[Future[list[Reading]]] = deque()
    for path in paths:
        groups = share(path)
        while batch := list(islice(groups, _BATCH)):
            waiting.append(pool.submit(_read_groups, batch))
            if len(waiting) > 2 * workers:
                yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def workers_for(folder: Folder) -> int:
    """Return how many processes are worth it."""
    return min(4, os.cpu_count() or 1) if folder.size > IN_MEMORY else 1
