"""Reading the criteria of the store's trials on all cores, and keeping the trees until text or reader change."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import her2nav
from her2nav.app.leaf_notes import StoreNotes
from her2nav.criteria.version import READER
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.matching.packing import FORMAT, PackedTrial, pack
from her2nav.model.tree import Leaf
from her2nav.model.trial import Criterion, Role, Trial
from her2nav.store.candidates import Candidates
from her2nav.store.reading import StoreReader
from her2nav.store.trees import MadeBy, TreeState, TreeStore, TreeWriter

if TYPE_CHECKING:
    from her2nav.model.registry_trial import RegistryTrial

BATCH = 100
"""Trials that a worker reads at a time."""
ALONE = 150
"""Up to so many trials are read in this process: starting others, each with its own rules, would take longer."""
_SCOPE = "scope"
_EVERYTHING = "all"

Progress = Callable[[int, int], None]
"""Told how many trials are read, and how many there are."""


@dataclass(frozen=True, slots=True)
class TreesRead:
    """What a build did.

    Attributes:
        read: Trials whose criteria were read.
        kept: Trials whose trees were current already, or whose text had not changed.
        failed: Of those read, the trials at which the reader stumbled: their whole text counts as not read.
        dropped: Trees of trials that are no longer to be read.
        snapshot: Of the store.
    """

    read: int
    kept: int
    failed: tuple[str, ...]
    dropped: int
    snapshot: str | None = None


def read_json(done: TreesRead, knowledge: Knowledge) -> dict[str, Any]:
    """Return the JSON of `registry read`."""
    return {
        "read": done.read,
        "kept": done.kept,
        "failed": list(done.failed),
        "dropped": done.dropped,
        "versions": {
            "her2nav": her2nav.__version__,
            "knowledge": knowledge.version,
            "reader": READER,
            "snapshot": done.snapshot,
        },
    }


def made_by(knowledge: Knowledge) -> MadeBy:
    """Return what trees are made by today; others are stale."""
    return MadeBy(f"{her2nav.__version__}/{READER}/{FORMAT}", knowledge.version)


def read_trees(
    folder: Path,
    knowledge: Knowledge,
    *,
    everything: bool | None = None,
    again: bool = False,
    only: frozenset[str] | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
) -> TreesRead:
    """Bring the trees of a store up to date: new and changed texts are read, the rest stays.

    Args:
        folder: Of the store.
        knowledge: The vocabularies.
        everything: Read trials on any disease; False: on cancer, or with a mention of HER2; None: as last time.
        again: Read all texts, changed or not.
        only: Only these trials, and drop nothing.
        processes: How many; None: all cores.
        progress: Told before anything is read, and after each batch.
    """
    made = made_by(knowledge)
    with StoreReader(folder) as store, store.one_state(), TreeStore(folder) as trees:
        if everything is None:
            everything = trees.meta(_SCOPE) == _EVERYTHING
        snapshot = store.snapshot()
        name = snapshot.name if snapshot else None
        digests = store.candidates.digests()
        wanted = digests.keys() if everything else worth_reading(store.candidates) & digests.keys()
        known = {} if again else trees.known(made)
        todo = sorted(
            nct_id
            for nct_id in (wanted if only is None else wanted & only)
            if nct_id not in known or known[nct_id].record != digests[nct_id]
        )
        gone = sorted(known.keys() - wanted) if only is None else []
        if not todo and not gone and trees.meta(_SCOPE) is not None and not again:
            return TreesRead(0, len(wanted), (), 0, name)
        if progress is not None:
            # Whoever does not want to wait says so before a file is locked and processes are begun.
            progress(0, len(todo))
        with trees.writing(made) as writer:
            if only is None:
                writer.note(_SCOPE, _EVERYTHING if everything else "oncology")
            writer.forget(gone)
            read, failed = _build(store, writer, todo, digests, known, knowledge, processes, progress)
            if read:
                notes = StoreNotes(trees, made, knowledge)
                notes.make()
                notes.keep()
    return TreesRead(read, len(wanted) - read, tuple(failed), len(gone), name)


def worth_reading(candidates: Candidates) -> set[str]:
    """Return the trials that are about a tumour type we know, or mention HER2."""
    return candidates.tagged("tumour") | candidates.tagged("mentions")


def _build(
    store: StoreReader,
    writer: TreeWriter,
    todo: list[str],
    digests: dict[str, str],
    known: dict[str, TreeState],
    knowledge: Knowledge,
    processes: int | None,
    progress: Progress | None,
) -> tuple[int, list[str]]:
    """Read trials and write their trees; those whose text did not change are only noted."""
    states: dict[str, TreeState] = {}
    unchanged = 0

    def changed() -> Iterator[RegistryTrial]:
        nonlocal unchanged
        for trial in store.trials(todo):
            nct_id = trial.nct_id
            state = states[nct_id] = TreeState(digests[nct_id], text_digest(trial))
            if nct_id in known and known[nct_id].text == state.text:
                unchanged += 1
                writer.same(nct_id, state.record)
                continue
            yield trial

    read = 0
    failed: list[str] = []
    workers = 1 if len(todo) <= ALONE else processes or os.cpu_count() or 1
    for packed, broken in _packed(_batches(changed()), workers, knowledge):
        for item in packed:
            writer.put(item, states[item.nct_id])
        read += len(packed)
        failed += broken
        if progress is not None:
            progress(read + unchanged, len(todo))
    return read, failed


Packed = tuple[list[PackedTrial], list[str]]


def _packed(batches: Iterator[list[RegistryTrial]], workers: int, knowledge: Knowledge) -> Iterator[Packed]:
    if workers == 1:
        for batch in batches:
            yield _pack_batch(batch, knowledge)
        return
    # Needed by a match that has to read, which is rare.
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf) as pool:
        # A few batches ahead of the workers, so that memory does not grow with the store.
        waiting = [pool.submit(_pack_batch, batch) for batch in islice(batches, 2 * workers)]
        while waiting:
            done = waiting.pop(0).result()
            waiting += [pool.submit(_pack_batch, batch) for batch in islice(batches, 1)]
            yield done


def _deaf() -> None:
    """Leave Ctrl-C to the process that gives out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _pack_batch(trials: list[RegistryTrial], knowledge: Knowledge | None = None) -> Packed:
    knowledge = knowledge or _knowledge_of_worker()
    packed, failed = [], []
    for trial in trials:
        try:
            packed.append(pack_trial(trial, knowledge))
        except Exception:  # noqa: BLE001 - one text that the rules stumble at must not cost the other thousands
            packed.append(pack(_unread(trial, knowledge), trial.eligibility.text or ""))
            failed.append(trial.nct_id)
    return packed, failed


@lru_cache(maxsize=1)
def _knowledge_of_worker() -> Knowledge:
    return load_knowledge()


def pack_trial(trial: RegistryTrial, knowledge: Knowledge) -> PackedTrial:
    """Read the criteria of one trial and return them as they are kept."""
    from her2nav.criteria.reader import reader
    from her2nav.criteria.trial import read_trial

    found, _ = read_trial(trial, reader(knowledge), knowledge, date.min)
    return pack(found, trial.eligibility.text or "")


def _unread(trial: RegistryTrial, knowledge: Knowledge) -> Trial:
    """Return a trial whose whole text is left to a person."""
    from her2nav.criteria.reader import reader
    from her2nav.criteria.trial import read_trial
    from her2nav.kinds.reading.base import leaf
    from her2nav.model.registry_trial import Eligibility

    silent = replace(trial, eligibility=Eligibility(), conditions=())
    found, _ = read_trial(silent, reader(knowledge), knowledge, date.min)
    text = trial.eligibility.text or ""
    node = Leaf("unread", leaf("unread", note="the program stumbled at this text").params, (0, len(text)))
    whole = Criterion("r_text", Role.DECIDES, "registry", "All of the text: the program stumbled at it", node)
    return Trial(found.record, (whole,), "read")


def text_digest(trial: RegistryTrial) -> str:
    """Return a digest of what the reader sees of a record."""
    from her2nav.criteria.trial import purpose_of, titled_wider

    seen = trial.eligibility
    parts = [seen.text, seen.sex, seen.minimum_age, seen.maximum_age, trial.acronym, trial.shape]
    parts += [purpose_of(trial), str(titled_wider(trial)), *trial.conditions]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _batches(trials: Iterable[RegistryTrial]) -> Iterator[list[RegistryTrial]]:
    iterator = iter(trials)
    while batch := list(islice(iterator, BATCH)):
        yield batch
