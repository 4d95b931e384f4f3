"""Reading what is imported: in this process, or, when there is much of it, in others beside the one that writes.

The records come in the order of the files either way, so a store does not depend on how many processes read.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path

from her2nav.knowledge.load import Knowledge
from her2nav.model.kept_record import NewRecord, ReadyRecord
from her2nav.model.registry_trial import RegistryTrial
from her2nav.registry.read import READER, Damage, Piece, pieces_of, read_piece
from her2nav.registry.tags import Tagger, tagger_of
from her2nav.store.codec import sha256, trial_json
from her2nav.store.rows import ready_record

ALONE = 200
"""So many pieces are read here before other processes are started; as long as those begin, this one goes on."""

MOST_PROCESSES = 3
"""More do not help, for one process writes; and each takes its memory."""

_BATCH = 40
_BATCH_BYTES = 1 << 20
_AHEAD = 6
"""Batches ready for each process, so that none is idle while a transaction is written."""

_COLLECT_AFTER = 200_000
"""Nothing that is read holds cycles: looking for them often only costs time."""


@dataclass(frozen=True, slots=True)
class Came:
    """A record that was read.

    Attributes:
        faults: What was left out of it.
        size: Its length in bytes.
    """

    record: NewRecord | ReadyRecord
    source: str
    place: str
    faults: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class When:
    """The days of an import.

    Attributes:
        at: Now.
        fetched: Day on which the files were fetched, where that is known.
    """

    at: datetime
    fetched: date | None = None


def processes_for(wanted: int | None) -> int:
    """Return how many processes read: as many as wanted, else one for each core that is idle."""
    if wanted is not None:
        return wanted
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    # On a busy machine more processes make it slower.
    busy = round(os.getloadavg()[0]) if hasattr(os, "getloadavg") else 0
    return max(1, min(cores - busy, MOST_PROCESSES))


def new_record(trial: RegistryTrial, raw: bytes, source: str, at: datetime) -> NewRecord:
    """Return a record ready to be kept.

    Raises:
        ValueError: It holds text that cannot be written.
    """
    parsed = trial_json(trial)
    return NewRecord(trial, parsed, sha256(parsed), raw, sha256(raw), source, at, READER)


def read_all(paths: list[Path], knowledge: Knowledge, when: When, processes: int = 1) -> Iterator[Came | Damage]:
    """Yield the records of files, folders and archives, and what of them is damaged, in order.

    Args:
        paths: What the user named.
        knowledge: What recognises drugs and tumours.
        when: The days that are known.
        processes: How many others read where there is much; 1: this one alone.
    """
    pieces = pieces_of(paths)
    if processes == 1:
        yield from _read(pieces, when)
        return
    yield from _read(islice(pieces, ALONE), when)
    following = next(pieces, None)
    if following is not None:
        yield from _read_beside(chain([following], pieces), knowledge, when, processes)


def _read(pieces: Iterable[Piece | Damage], when: When) -> Iterator[Came | Damage]:
    for piece in pieces:
        if isinstance(piece, Damage):
            yield piece
            continue
        for item in read_piece(piece, when.fetched):
            if isinstance(item, Damage):
                yield item
                continue
            try:
                record = new_record(item.trial, item.raw, f"{item.source} {item.place}".strip(), when.at)
            except ValueError as error:  # half of a surrogate pair
                yield Damage(item.source, item.place, f"holds text that is not Unicode: {error}"[:200])
            else:
                yield Came(record, item.source, item.place, item.trial.faults, len(item.raw))


# --- other processes --------------------------------------------------------------------------------------------------

_Batch = list[Piece | Damage]


def _read_beside(
    pieces: Iterator[Piece | Damage], knowledge: Knowledge, when: When, processes: int
) -> Iterator[Came | Damage]:
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(knowledge, when),
    )
    waiting: deque[tuple[_Batch, Future[list[Came | Damage]] | None]] = deque()
    try:
        begun = pool.submit(_begun)
        while not begun.done() and (piece := next(pieces, None)) is not None:
            yield from _read([piece], when)
        for batch in _batches(pieces):
            waiting.append((batch, _given(pool, batch)))
            if len(waiting) > processes * _AHEAD:
                yield from _result(*waiting.popleft(), when)
        while waiting:
            yield from _result(*waiting.popleft(), when)
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(pieces: Iterator[Piece | Damage]) -> Iterator[_Batch]:
    batch: _Batch = []
    size = 0
    for piece in pieces:
        if isinstance(piece, Piece):
            piece = piece.bare()
            size += len(piece.raw)
        batch.append(piece)
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _given(pool: ProcessPoolExecutor, batch: _Batch) -> Future[list[Came | Damage]] | None:
    try:
        return pool.submit(_ready, batch)
    except BrokenProcessPool:
        return None


def _result(batch: _Batch, future: Future[list[Came | Damage]] | None, when: When) -> Iterable[Came | Damage]:
    """What a batch holds; read here where the other process was ended, by a system short of memory for example."""
    if future is not None:
        try:
            return future.result()
        except BrokenProcessPool:
            pass
    return _read(batch, when)


_held: tuple[Tagger, When] | None = None
"""In a process that reads: what it reads with."""


def _begin(knowledge: Knowledge, when: When) -> None:
    global _held
    # The process that writes answers the keyboard; this one ends when that one has.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(_COLLECT_AFTER)
    _held = tagger_of(knowledge), when


def _begun() -> None:
    """What an idle process answers."""


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _ready(batch: _Batch) -> list[Came | Damage]:
    assert _held is not None
    tagger, when = _held
    return [_complete(item, tagger) if isinstance(item, Came) else item for item in _read(batch, when)]


def _complete(came: Came, tagger: Tagger) -> Came:
    record = came.record
    assert isinstance(record, NewRecord)
    return Came(ready_record(record, tagger.entry(record.trial)), came.source, came.place, came.faults, came.size)
