"""The trials that a patient is matched with: chosen by tags, each with its tree, its newest status and its notes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import numpy as np

from her2nav.app import choice as words
from her2nav.app.choice import About, Aside, Choice, TreeChoice, TreeNote, TrialSet
from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.knowledge.tumours import ROOT
from her2nav.matching.compiled import CompiledTrial, CompiledTrials
from her2nav.matching.program import References
from her2nav.model.trial import Arm, Phase, Recruitment, Review, Status, Trial, TrialRecord
from her2nav.store.connection import FILE, TREES

if TYPE_CHECKING:
    from her2nav.model.outline import Outline
    from her2nav.store.candidates import Candidates, TrialRow
    from her2nav.store.reading import StoreReader

Progress = Callable[[int, int], None]
_PHASES = frozenset(get_args(Phase))
_TITLE = 160
_HER2 = ("her2",)


@dataclass
class Judged:
    """What was chosen.

    Attributes:
        compiled: Trials with their programs: the curated ones, the read ones.
        snapshot: Names the trials.
        kept: Ids of the trials that the store holds, whose sites and contacts can be looked up.
        notes: What to know of a trial's tree.
        aside: Trials that were not judged, with the reason.
        drugs: Drugs that the store's records name, by trial.
        warnings: What was found damaged and mended.
    """

    compiled: list[CompiledTrials]
    snapshot: str
    kept: frozenset[str] = frozenset()
    notes: dict[str, tuple[TreeNote, ...]] = field(default_factory=dict)
    aside: tuple[Aside, ...] = ()
    drugs: dict[str, frozenset[str]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    _given: dict[str, frozenset[str]] = field(default_factory=dict)
    _sets: dict[int, tuple[References, tuple[frozenset[str], ...]]] = field(default_factory=dict)

    def drugs_of(self, record: TrialRecord) -> frozenset[str]:
        """Return the drugs of a trial: those of its arms, and those that the store's record names."""
        found = self._given.get(record.nct_id)
        if found is None:
            of_arms = {drug for arm in record.arms for drug in arm.drugs}
            found = self._given[record.nct_id] = self.drugs.get(record.nct_id, frozenset()) | of_arms
        return found

    def drug_sets(self, compiled: CompiledTrials) -> tuple[References, Sequence[frozenset[str]]]:
        """Return the drugs of the trials of a program, each combination once, and of each trial which of them it is."""
        found = self._sets.get(id(compiled))
        if found is None:
            sets: dict[frozenset[str], int] = {}
            numbers = [sets.setdefault(self.drugs_of(one.trial.record), len(sets)) for one in compiled.trials]
            found = self._sets[id(compiled)] = np.array(numbers, np.intp), tuple(sets)
        return found


def has_store(folder: Path) -> bool:
    """Return whether there is a store in a folder."""
    return (folder / FILE).exists()


def judged(session: Session, case: Case, wanted: Choice, progress: Progress | None = None) -> Judged:
    """Return the trials to match a patient with.

    Args:
        session: Knowledge, catalogue, folder of the store.
        case: The patient, whose tumour type chooses among the store's trials.
        wanted: What was asked for.
        progress: Told how far the reading is, where trees have to be made first.

    Raises:
        FileError: The store was asked for and there is none.
    """
    trials = wanted.trials or (TrialSet.BOTH if has_store(session.folder) else TrialSet.CATALOGUE)
    if trials is TrialSet.CATALOGUE:
        return _catalogue(session, wanted)
    asked = (session.knowledge.version, session.today(), wanted, trials, case.tumour.could)
    before = (_state(session.folder), *asked)
    kept = _KEPT.get(before)
    if kept is not None:
        return kept
    from her2nav.store.reading import StoreReader

    with ExitStack() as open_files:
        store = open_files.enter_context(StoreReader(session.folder))
        open_files.enter_context(store.one_state())
        found = _Chooser(session, case, wanted, trials, store, progress).choose()
    # Trees that were missing may have been read meanwhile.
    after = _state(session.folder)
    if after[0] == before[0][0]:
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        # A warning is told once.
        _KEPT[(after, *asked)] = replace(found, warnings=())
    return found


_KEPT: dict[tuple[Any, ...], Judged] = {}
"""What was last chosen in this process: patients with one tumour type share it while the files stay as they are."""
_MOST_KEPT = 3


def _state(folder: Path) -> tuple[tuple[Any, ...], ...]:
    """Return what tells whether the store and its trees changed: size and time of their files."""
    found = []
    for name in (FILE, TREES):
        sizes: list[Any] = [str(folder / name)]
        for suffix in ("", "-wal"):
            try:
                about = (folder / f"{name}{suffix}").stat()
                # An empty log says the same as none.
                sizes.append((about.st_size, about.st_mtime_ns) if about.st_size else None)
            except OSError:
                sizes.append(None)
        found.append(tuple(sizes))
    return tuple(found)


def _catalogue(session: Session, wanted: Choice) -> Judged:
    if wanted.criteria is TreeChoice.READ:
        count = len(session.compiled.trials)
        return Judged([], session.snapshot, aside=(Aside(count, *words.NOT_IN_STORE),))
    return Judged([session.compiled], session.snapshot)


class _Chooser:
    def __init__(
        self,
        session: Session,
        case: Case,
        wanted: Choice,
        trials: TrialSet,
        store: StoreReader,
        progress: Progress | None,
    ) -> None:
        self._session, self._case, self._wanted, self._trials = session, case, wanted, trials
        self._store, self._progress = store, progress
        compiled = session.compiled.trials
        self._by_id = {item.trial.record.nct_id: item for item in compiled if isinstance(item, CompiledTrial)}
        self._snapshot = store.snapshot()
        self._day = date.fromisoformat(self._snapshot.made_at[:10]) if self._snapshot else session.today()
        self._notes: dict[str, tuple[TreeNote, ...]] = {}
        self._aside: list[Aside] = []
        self._warnings: list[str] = []

    def choose(self) -> Judged:
        """Return the trials."""
        candidates = self._store.candidates
        chosen = self._concerned(candidates)
        gone = candidates.gone()
        curated = self._curated(chosen, gone)
        left = chosen - gone - {item.trial.record.nct_id for item in curated}
        if gone & chosen:
            self._put_aside(gone & chosen - {item.trial.record.nct_id for item in curated}, words.GONE)
        compiled = []
        if curated:
            compiled.append(CompiledTrials(curated, self._session.compiled.program))
        if self._wanted.criteria is TreeChoice.CURATED:
            self._put_aside(left, words.NOT_CURATED)
        elif left:
            compiled.append(self._read(left))
        name = self._snapshot.name if self._snapshot else "empty"
        return Judged(
            compiled,
            f"{self._session.snapshot}+{name}" if self._trials is TrialSet.BOTH else name,
            kept=frozenset(chosen),
            notes=self._notes,
            aside=tuple(self._aside),
            drugs=candidates.values("drug", left),
            warnings=tuple(self._warnings),
        )

    def _concerned(self, candidates: Candidates) -> set[str]:
        """Return the store's trials that can concern the patient; of the others it is noted how many, and why.

        Curated trials are judged whatever their tags say: a person read what they take.
        """
        every = candidates.ids() - self._by_id.keys()
        her2 = candidates.tagged("mentions", _HER2)
        if self._wanted.about is About.HER2:
            self._put_aside(every - her2, words.NO_HER2)
            every &= her2
        of_cancer = candidates.tagged("tumour")
        self._put_aside(every - of_cancer - her2, words.NO_CANCER)
        every &= of_cancer | her2
        if self._case.tumour_id is not None:
            # Without a tumour type a trial takes whatever its text says; with one, the patient's may be among them.
            own = (self._case.tumour.could or frozenset()) | {ROOT}
            fitting = candidates.tagged("tumour", own)
            self._put_aside((every & of_cancer) - fitting, words.OTHER_TUMOUR)
            every -= of_cancer - fitting
        return every

    def _put_aside(self, nct_ids: Collection[str], why: tuple[str, str]) -> None:
        if nct_ids:
            self._aside.append(Aside(len(nct_ids), *why))

    def _curated(self, chosen: set[str], gone: set[str]) -> list[CompiledTrial]:
        """Return the trials that are judged by their curated tree, with the newest status."""
        kept: list[CompiledTrial] = []
        held = {trial.nct_id: trial for trial in self._store.outlines(self._by_id)}
        absent = 0
        for nct_id, item in self._by_id.items():
            trial = held.get(nct_id)
            if trial is None:
                if self._wanted.criteria is TreeChoice.READ:
                    absent += 1
                elif self._trials is TrialSet.BOTH:
                    kept.append(item)
                continue
            chosen.add(nct_id)
            if self._by_hand(item.trial.record, trial):
                kept.append(replace(item, trial=_newest(item.trial, trial, gone=nct_id in gone)))
                if nct_id in gone:
                    self._notes[nct_id] = (*self._notes.get(nct_id, ()), words.LEFT_REGISTRY)
        if absent and self._trials is TrialSet.BOTH:
            self._aside.append(Aside(absent, *words.NOT_IN_STORE))
        return kept

    def _by_hand(self, record: TrialRecord, trial: Outline) -> bool:
        """Return whether the curated tree judges; where that depends on the text, a note says so."""
        from her2nav.catalogue.text import text_sha256

        if self._wanted.criteria is TreeChoice.READ:
            return False
        text = trial.text
        if text is None or (record.text_sha256 is not None and record.text_sha256 == text_sha256(text)):
            return True
        by_hand = self._wanted.criteria is TreeChoice.CURATED
        if by_hand:
            note = words.TEXT_DIFFERS if record.text_sha256 is not None else None
        else:
            note = words.TEXT_CHANGED if record.text_sha256 is not None else words.TEXT_NOT_CURATED
        if note is not None:
            self._notes[trial.nct_id] = (note,)
        return by_hand

    def _read(self, wanted: set[str]) -> CompiledTrials:
        """Return trials with the trees that were read; those that are missing or stale are read first."""
        from her2nav.app.leaf_notes import StoreNotes
        from her2nav.app.trees import made_by, read_trees
        from her2nav.matching.packed import assemble
        from her2nav.store.trees import TreeStore

        made = made_by(self._session.knowledge)
        rows = {row.nct_id: row for row in self._store.candidates.rows(wanted)}
        for last in (False, True):
            with TreeStore(self._session.folder) as trees:
                notes = StoreNotes(trees, made, self._session.knowledge)
                with trees.one_state():
                    kept = [tree for tree in trees.trees(list(rows), made) if tree.record == rows[tree.nct_id].digest]
                    missing = rows.keys() - {tree.nct_id for tree in kept}
                    found = None
                    if not missing or last:
                        found = assemble(kept, trees.leaves, _records(rows, self._day), notes.of)
                if found is not None:
                    notes.keep()
                    self._warnings += notes.warnings
                    return found
            read_trees(self._session.folder, self._session.knowledge, only=frozenset(missing), progress=self._progress)
        raise AssertionError  # the second round returns


def _newest(trial: Trial, kept: Outline, *, gone: bool) -> Trial:
    """Return a curated trial with the registry's status, where that is known for a later day than the curated one."""
    day, old = kept.status_date, trial.record.status
    if day is None or (day < old.date and not gone):
        return trial
    value = None if gone else kept.status
    status = Status(value=value or Recruitment.UNKNOWN, date=max(day, old.date), source="registry_record")
    return replace(trial, record=trial.record.model_copy(update={"status": status}))


def _records(
    rows: dict[str, TrialRow], snapshot: date
) -> Callable[[str, dict[str, Any], tuple[Arm, ...]], TrialRecord]:
    """Return what makes the record of a read trial: status and title from the store's newest record."""
    made: dict[tuple[Recruitment, str | None], tuple[Status, Review]] = {}

    def dated(row: TrialRow) -> tuple[Status, Review]:
        stated = Recruitment.__members__.get(row.status or "", Recruitment.UNKNOWN)
        # A status without a date is none; but a trial that had closed is not taken for one that may be open.
        if row.status_date is None and stated.may_recruit:
            stated = Recruitment.UNKNOWN
        found = made.get((stated, row.status_date))
        if found is None:
            day = date.fromisoformat(row.status_date) if row.status_date else snapshot
            found = Status(value=stated, date=day, source="registry_record"), Review(state="draft", date=day)
            made[stated, row.status_date] = found
        return found

    # Most of a record is the same for all that were read: a copy costs a tenth of making one.
    any_day = Status(value=Recruitment.UNKNOWN, date=snapshot, source="registry_record")
    common = TrialRecord.model_construct(
        nct_id="",
        title="",
        acronym=None,
        phase=(),
        tumours=(),
        status=any_day,
        curation="full",
        text_source=None,
        arms=(),
        review=Review(state="draft", date=snapshot),
    )

    def record(nct_id: str, head: dict[str, Any], arms: tuple[Arm, ...]) -> TrialRecord:
        row = rows[nct_id]
        title = row.title or nct_id
        status, review = dated(row)
        return common.model_copy(
            update={
                "nct_id": nct_id,
                "title": title if len(title) <= _TITLE else title[: _TITLE - 1] + "…",
                "acronym": head["acronym"],
                "purpose": head["purpose"],
                "phase": tuple(cast("Phase", item) for item in row.phases if item in _PHASES),
                "tumours": tuple(head["tumours"]),
                "status": status,
                "curation": head["curation"],
                "text_source": head["source"],
                "arms": arms,
                "review": review,
            }
        )

    return record
