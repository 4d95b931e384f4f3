"""`screen`: many patients against many trials, in blocks, on all cores, kept on disk block by block."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import Any

from her2nav.app.cohort_source import RawRecord, raw_records
from her2nav.app.cohort_trials import MANY, CohortTrials, cohort_trials, criterion_digests
from her2nav.app.screen_block import BlockJudge, BlockResult
from her2nav.app.screen_options import ScreenOptions, fact_digests
from her2nav.app.session import Session
from her2nav.cohort.runfile import LISTED, Failure, Naming, RunFile
from her2nav.files.writing import write_whole
from her2nav.intake.tables.mapping import read_mapping
from her2nav.model.errors import FileError, InputError

RUN_JSON = "run.json"
_LOCK = "run.lock"
Progress = Callable[[int], None]
"""Told how many records are done."""


@dataclass
class Counts:
    """What a screening did.

    Attributes:
        read: Records in the source.
        failed: Of these, records that could not be judged.
        whole, in_part, as_before: Patients judged anew, judged for some trials, and taken over.
        gone: Patients of the earlier results of this folder who are no longer in the source.
        no_longer_listed: Patients of the run compared with who are gone from the source or may not be listed.
    """

    read: int = 0
    failed: int = 0
    whole: int = 0
    in_part: int = 0
    as_before: int = 0
    gone: int = 0
    no_longer_listed: int | None = None


@dataclass
class Screened:
    """A finished screening.

    Attributes:
        out: Folder of the run.
        trials: What patients were screened for.
        counts: What was done.
        made: The content of `run.json`.
    """

    out: Path
    trials: CohortTrials
    counts: Counts
    made: dict[str, Any] = field(default_factory=dict)


def screen(
    session: Session,
    options: ScreenOptions,
    out: Path,
    *,
    tell: Callable[[str], None],
    progress: Progress | None = None,
) -> Screened:
    """Screen patients and keep the results in a folder; what an earlier run left there is used where it still holds.

    Args:
        session: Knowledge, catalogue, store, clock.
        options: What to do.
        out: The folder.
        tell: Given one line for each record that cannot be judged.
        progress: Told how far it is.

    Raises:
        InputError: Sources, trials or the folder cannot be used.
    """
    trials = cohort_trials(session, options.asked, options.day)
    if not trials.digests:
        raise InputError("there is no trial to screen for", allowed="--trials, --trial-file or --portfolio")
    with RunFile(out, create=True) as run, _only_one(out):
        naming = run.naming(ids=options.ids)
        judge = BlockJudge(options, out, session, trials)
        run.keep_trials(trials.name, trials.digests)
        run.note("options", options.as_dict())
        run.note("trial_set", trials.name)
        run.note("criteria", criterion_digests(trials))
        run.note("open", sorted(name for name in trials.digests if trials.takes_patients(name)))
        _write(out, {"state": "running", **_head(session, options, trials)})
        done = _Writer(run, naming, options, judge, tell, progress)
        done.all(raw_records(session, options.sources, options.tables), out)
        counts = done.counts
        counts.gone = run.finish(done.run_name)
        if options.since is not None:
            with RunFile(Path(options.since)) as since:
                listed = since.states().get("listed", 0)
            counts.no_longer_listed = listed - done.listed_before
        made = {"state": "done", **_head(session, options, trials), **_result(run, counts, options.day)}
        run.note("made", made)
        _write(out, made)
    return Screened(out, trials, counts, made)


class _Writer:
    """Feeds blocks to the processes and writes what comes back, in order."""

    def __init__(
        self,
        run: RunFile,
        naming: Naming,
        options: ScreenOptions,
        judge: BlockJudge,
        tell: Callable[[str], None],
        progress: Progress | None,
    ) -> None:
        self.counts = Counts()
        self.listed_before = 0
        self.run_name = os.urandom(8).hex()
        self._run, self._naming, self._options, self._judge = run, naming, options, judge
        self._tell, self._progress = tell, progress
        self._seen: set[str] = set()
        self._base = "|".join(
            (
                judge.rules,
                judge.trials.name,
                str(options.today),
                str(options.as_of),
                _file_digest(options.reviews),
                str(options.since),
            )
        )

    def all(self, records: Iterator[RawRecord], out: Path) -> None:
        """Judge every block."""
        blocks = enumerate(_blocks(records, self._options.block))
        first = list(islice(blocks, 2))
        rest = chain(first, blocks)
        workers = 1 if len(first) < 2 else self._options.processes or os.cpu_count() or 1
        if workers == 1:
            for number, block in rest:
                seal = self._seal(block)
                if self._holds(number, seal, len(block)):
                    self._take_over(number, block)
                else:
                    self._put(number, seal, len(block), self._judge.block(block))
            return
        with ProcessPoolExecutor(
            workers, mp_context=get_context("spawn"), initializer=_prepare, initargs=(self._options, str(out))
        ) as pool:
            self._feed(pool, rest, 2 * workers)

    def _feed(self, pool: ProcessPoolExecutor, blocks: Iterator[tuple[int, list[RawRecord]]], ahead: int) -> None:
        # A few blocks ahead of the workers, so that memory does not grow with the cohort.
        waiting: deque[tuple[int, str, list[RawRecord], Future[BlockResult] | None]] = deque()
        while True:
            while len(waiting) < ahead and (item := next(blocks, None)) is not None:
                number, block = item
                seal = self._seal(block)
                holds = self._holds(number, seal, len(block))
                waiting.append((number, seal, block, None if holds else pool.submit(_block, block)))
            if not waiting:
                return
            number, seal, block, future = waiting.popleft()
            if future is None:
                self._take_over(number, block)
            else:
                self._put(number, seal, len(block), future.result())

    def _seal(self, block: Sequence[RawRecord]) -> str:
        parts = [part for raw in block for part in (raw.place, raw.text, raw.fallback)]
        return self._naming.digest("\0".join((self._base, *parts)))

    def _holds(self, number: int, seal: str, size: int) -> bool:
        """Return whether a block is there already as it would come out now.

        One with records that could not be judged is looked at again, so that each is told; and one that is compared
        with an earlier run, for what is new is told from it. What was judged is taken over there patient by patient.
        """
        return (
            self._options.since is None and self._run.sealed(number, seal) and len(self._run.names_of(number)) == size
        )

    def _take_over(self, number: int, block: Sequence[RawRecord]) -> None:
        names = self._run.names_of(number)
        if self._seen.intersection(names):
            self._put(number, self._seal(block), len(block), self._judge.block(block))
            return
        self._seen.update(names)
        self._run.confirm(number, self.run_name)
        self.counts.as_before += len(names)
        self._done(len(block))

    def _put(self, number: int, seal: str, size: int, result: BlockResult) -> None:
        kept = []
        failures = list(result.failures)
        for item in result.kept:
            if item.name in self._seen:
                told = f"{result.places[item.name]}: a patient with this id stood before (allowed: each id once)"
                failures.append(Failure(item.place, "id_twice", told))
                continue
            self._seen.add(item.name)
            kept.append(item)
        for failure in sorted(failures, key=lambda one: one.place):
            self._tell(failure.message)
        self._run.put(number, seal, self.run_name, kept, failures)
        self.counts.failed += len(failures)
        self.counts.whole += result.whole
        self.counts.in_part += result.in_part
        self.counts.as_before += result.as_before
        self.listed_before += len(result.before)
        self._done(size)

    def _done(self, size: int) -> None:
        self.counts.read += size
        if self._progress is not None:
            self._progress(self.counts.read)


def _blocks(records: Iterator[RawRecord], size: int) -> Iterator[list[RawRecord]]:
    while block := list(islice(records, size)):
        yield block


_JUDGE: list[BlockJudge] = []
"""What a worker process judges with."""


def _prepare(options: ScreenOptions, out: str) -> None:
    """Make a worker ready, leave Ctrl-C to the process that gives out the work, and end when that one is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _JUDGE[:] = [BlockJudge(options, Path(out))]


def _end_with(sentinel: int) -> None:
    """End this process when another one does; a worker would wait for work for ever."""
    wait([sentinel])
    os._exit(1)


def _block(records: list[RawRecord]) -> BlockResult:
    return _JUDGE[0].block(records)


@contextmanager
def _only_one(out: Path) -> Iterator[None]:
    """Hold the folder: the system frees it when the process ends, however it ends.

    Raises:
        InputError: Another screening writes there.
    """
    connection = sqlite3.connect(out / _LOCK, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        connection.close()
        raise InputError(
            "another screening writes here", file=str(out), allowed="another folder, or wait for it", code="busy"
        ) from None
    try:
        yield
    finally:
        connection.close()


def _file_digest(path: str | None) -> str:
    return "" if path is None else hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _head(session: Session, options: ScreenOptions, trials: CohortTrials) -> dict[str, Any]:
    shown = options.as_dict()
    shown["sources"] = [Path(path).name for path in options.sources]
    for name in ("portfolio", "reviews", "since", "mapping"):
        shown[name] = Path(shown[name]).name if shown[name] else None
    shown["files"] = [Path(path).name for path in shown["files"]]
    del shown["store"]
    declared = read_mapping(options.tables.mapping, session.knowledge).mapping.declared
    return {
        "format": 1,
        "as_of": options.day.isoformat(),
        "status_age_limit_days": session.knowledge.words.status_age_limit_days,
        "versions": session.versions(snapshot=trials.snapshot),
        "options": shown,
        "complete_by_mapping": list(declared),
        "trials": {
            "count": len(trials.digests),
            "name": trials.name,
            "digests": trials.digests if len(trials.digests) <= MANY else None,
            "left_aside": [{"count": one.count, "reason": one.reason} for one in trials.aside],
        },
        "tables": fact_digests(session.knowledge),
    }


def _result(run: RunFile, counts: Counts, day: date) -> dict[str, Any]:
    states = run.states()
    pairs = {"eligible": 0, "possible": 0, "ineligible": 0, "waits_for_a_date": 0}
    own_days = 0
    days: set[str] = set()
    for kept in run.patients():
        if kept.state == LISTED:
            own_days += kept.day != day.isoformat()
            days.add(kept.day)
        for pair in kept.pairs:
            pairs[pair.verdict] += 1
            pairs["waits_for_a_date"] += pair.eligible_from is not None
    return {
        "counts": {
            "in": counts.read,
            "out": states.get("listed", 0),
            "on_own_day": own_days,
            "days": [min(days), max(days)] if days else [],
            "failed": counts.failed,
            "failed_by": run.failures(),
            "never_listed": {name: states.get(name, 0) for name in ("deceased", "do_not_contact")},
            "no_longer_in_the_source": counts.gone,
            "no_longer_listed_since": counts.no_longer_listed,
            "pairs_kept": pairs,
        },
        "judged": {"anew": counts.whole, "for_changed_trials": counts.in_part, "as_before": counts.as_before},
    }


def _write(out: Path, data: dict[str, Any]) -> None:
    write_whole(out / RUN_JSON, [json.dumps(data, ensure_ascii=False, indent=1) + "\n"])


def note_outputs(done: Screened, digests: dict[str, str]) -> None:
    """Add the digests of the tables that were written to `run.json`."""
    done.made["outputs"] = digests
    _write(done.out, done.made)


def check_out(out: Path) -> None:
    """Refuse a folder that holds something else.

    Raises:
        FileError: It is a file, or a folder of other things.
    """
    if out.is_file():
        raise FileError("this is a file", file=str(out), allowed="a folder for the run", code="is_file")
    if out.is_dir() and any(out.iterdir()) and not (out / "run.sqlite3").exists():
        raise FileError("the folder holds something else", file=str(out), allowed="a new folder, or that of a run")
