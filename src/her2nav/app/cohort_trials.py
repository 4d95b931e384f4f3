"""The trials of a screening: chosen once for all patients, each with a digest of what its verdicts rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from her2nav.app.choice import Aside, Choice
from her2nav.app.judged import Judged, has_store, judged
from her2nav.app.portfolio import OwnTrial, Portfolio, local_trial, read_portfolio, read_trial_file, trial_files
from her2nav.app.reviews import criterion_digest
from her2nav.app.session import Session
from her2nav.app.trees import made_by
from her2nav.facts.case import Case
from her2nav.knowledge.tumours import ROOT
from her2nav.matching.compiled import CompiledTrial, CompiledTrials, JudgedTrial, compile_trials
from her2nav.model.errors import InputError, UnknownName
from her2nav.model.patient import Patient
from her2nav.model.trial import Trial
from her2nav.store.reading import StoreReader
from her2nav.store.trees import TreeStore

MANY = 200
"""Up to so many trials each pair gets its reasons; beyond, the names of its criteria, and reasons when asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which trials a screening is asked for, as plain data; paths are absolute.

    Attributes:
        choice: As `match` takes it.
        only: Ids of any registry; empty: all.
        files: Own trial files, or folders of them.
        portfolio: The site's own trials.
    """

    choice: Choice = field(default_factory=Choice)
    only: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    portfolio: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "trials": self.choice.trials.value if self.choice.trials else None,
            "criteria": self.choice.criteria.value,
            "about": self.choice.about.value,
            "only": list(self.only),
            "files": list(self.files),
            "portfolio": self.portfolio,
        }


@dataclass(frozen=True, slots=True)
class Own:
    """A trial of the portfolio with the id under which it is judged."""

    trial: OwnTrial
    id: str


@dataclass
class CohortTrials:
    """The trials.

    Attributes:
        sets: Compiled, each set with its own program.
        snapshot: Names them.
        digests: Of each trial, what its verdicts rest on.
        tags: Tumour types of trials that are judged only where they concern the patient's; others concern everybody.
        notes: What to know of a trial's tree, in clinical words.
        aside: Trials that were not judged, with the reason.
        site: Name of the site of a portfolio.
        own: Its trials, by the id under which they are judged.
    """

    sets: list[CompiledTrials]
    snapshot: str
    digests: dict[str, str]
    tags: dict[str, frozenset[str]] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aside: tuple[Aside, ...] = ()
    site: str | None = None
    own: dict[str, Own] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Names the set by its digests."""
        return hashlib.sha256(json.dumps(sorted(self.digests.items())).encode()).hexdigest()[:32]

    @cached_property
    def by_id(self) -> dict[str, JudgedTrial]:
        """Each trial."""
        return {item.trial.record.nct_id: item for one in self.sets for item in one.trials}

    def takes_patients(self, name: str) -> bool:
        """Return False where a trial takes nobody now: by its status, or because the site has no slot left."""
        own = self.own.get(name)
        full = own is not None and own.trial.slots == 0
        return not full and self.by_id[name].trial.record.status.value.may_recruit is not False

    def part(self, wanted: Collection[str]) -> list[CompiledTrials]:
        """Return only some of the trials, compiled anew."""
        chosen = [item.trial for nct_id, item in self.by_id.items() if nct_id in wanted]
        return [compile_trials(chosen)] if chosen else []


def cohort_trials(session: Session, asked: Asked, day: date | None = None) -> CohortTrials:
    """Return the trials that patients are screened for.

    Args:
        session: Knowledge, catalogue, store, clock.
        asked: Which trials.
        day: Of the run, from which a portfolio's statuses without a date are; None: today.

    Raises:
        InputError: A trial asked for is nowhere, or a file of trials cannot be used.
    """
    own_files = [read_trial_file(path, session.knowledge) for path in trial_files(asked.files)]
    if asked.portfolio is not None:
        return _of_portfolio(session, asked, own_files, day or session.today())
    if own_files and asked.choice.trials is None:
        chosen = _of_trials(own_files, "own files")
    else:
        chosen = _of_choice(session, asked.choice)
        if own_files:
            own = _of_trials(own_files, "own files")
            kept = {name: value for name, value in chosen.digests.items() if name not in own.digests}
            sets = chosen.sets if len(kept) == len(chosen.digests) else _part(chosen, kept)
            chosen = CohortTrials(
                [*sets, *own.sets], chosen.snapshot, {**kept, **own.digests}, chosen.tags, chosen.notes, chosen.aside
            )
    return _narrowed(session, chosen, asked.only) if asked.only else chosen


def _of_trials(trials: Iterable[Trial], snapshot: str) -> CohortTrials:
    listed = list(trials)
    names = [trial.record.nct_id for trial in listed]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two trial files are on {name}", allowed="each trial once")
    return CohortTrials([compile_trials(listed)], snapshot, {one.record.nct_id: trial_digest(one) for one in listed})


def _part(chosen: CohortTrials, wanted: Collection[str]) -> list[CompiledTrials]:
    """Keep whole sets where nothing is left out of them, for reading thousands of trees anew takes long."""
    return chosen.part(wanted)


def _of_choice(session: Session, choice: Choice) -> CohortTrials:
    """Return the trials that `match` would judge for a patient of any tumour type."""
    anybody = Case(Patient(), session.today(), session.knowledge)
    found = judged(session, anybody, choice)
    digests: dict[str, str] = {}
    read: list[str] = []
    for one in found.compiled:
        for item in one.trials:
            if isinstance(item, CompiledTrial):
                digests[item.trial.record.nct_id] = trial_digest(item.trial)
        if one.kept_references is not None:
            read += [item.trial.record.nct_id for item in one.trials]
    tags: dict[str, frozenset[str]] = {}
    if found.kept:
        digests |= _read_digests(session, read)
        tags = _tags(session, found)
    notes = {name: tuple(note.clinical for note in items) for name, items in found.notes.items()}
    return CohortTrials(found.compiled, found.snapshot, digests, tags, notes, found.aside)


def _read_digests(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return the digest of the text of trials that were read; how it is read is part of the rules."""
    with TreeStore(session.folder) as trees:
        known = trees.known(made_by(session.knowledge))
    return {name: f"read:{known[name].text}" for name in ids}


def _tags(session: Session, found: Judged) -> dict[str, frozenset[str]]:
    """Return the tumour types of the store's trials; curated trials concern everybody, as in `match`."""
    curated = {trial.record.nct_id for trial in session.trials}
    tags: dict[str, set[str]] = {}
    with StoreReader(session.folder) as store, store.one_state():
        for tumour in session.knowledge.tumours.types:
            for name in store.candidates.tagged("tumour", (tumour,)):
                if name not in curated:
                    tags.setdefault(name, set()).add(tumour)
    return {name: frozenset(items) for name, items in tags.items()}


def concerns(trials: CohortTrials, session: Session) -> Any:
    """Return what tells the trials that a tumour type is judged against, as `match` chooses them."""
    every = frozenset(trials.digests)

    @lru_cache(maxsize=512)
    def of(tumour: str | None) -> frozenset[str]:
        if tumour is None or not trials.tags:
            return every
        case = Case(Patient.model_validate({"cancer": {"tumour_type": tumour}}), session.today(), session.knowledge)
        wanted = (case.tumour.could or frozenset()) | {ROOT}
        return frozenset(name for name in every if name not in trials.tags or trials.tags[name] & wanted)

    return of


def _narrowed(session: Session, chosen: CohortTrials, only: tuple[str, ...]) -> CohortTrials:
    ids = [_find(session, chosen, written, None) for written in only]
    wanted = set(ids)
    return CohortTrials(
        chosen.part(wanted),
        chosen.snapshot,
        {name: value for name, value in chosen.digests.items() if name in wanted},
        notes={name: value for name, value in chosen.notes.items() if name in wanted},
    )


def _find(session: Session, chosen: CohortTrials, written: str, place: str | None) -> str:
    """Return the id under which a trial is judged.

    Raises:
        UnknownName: It is nowhere.
    """
    by_key = {name.upper(): name for name in chosen.digests}
    found = by_key.get(written.strip().upper())
    if found is not None:
        return found
    for name, item in chosen.by_id.items():
        if written.strip().upper() in (other.upper() for other in item.trial.record.other_ids):
            return name
    if has_store(session.folder):
        with StoreReader(session.folder) as store:
            for name in store.find_id(written.strip()):
                if name in chosen.digests:
                    return name
    raise UnknownName(
        f"no criteria are known for the trial '{written}'",
        file=place,
        allowed="a trial of the catalogue or the store, or one with its own tree (criteria: FILE)",
        code="unknown_trial",
    )


def _of_portfolio(session: Session, asked: Asked, own_files: list[Trial], day: date) -> CohortTrials:
    """Return the trials of a portfolio, each as the site runs it, and no others."""
    assert asked.portfolio is not None
    path = Path(asked.portfolio)
    portfolio, trees = read_portfolio(path, session.knowledge)
    trees |= {trial.record.nct_id: trial for trial in own_files}
    known: CohortTrials | None = None
    found: list[Trial] = []
    own: dict[str, Own] = {}
    for item in portfolio.trials:
        trial = trees.get(item.id)
        if trial is None:
            known = known or _of_choice(session, asked.choice)
            trial = known.by_id[_find(session, known, item.id, asked.portfolio)].trial
        own[trial.record.nct_id] = Own(item, trial.record.nct_id)
        found.append(local_trial(trial, item, path, day))
    chosen = _of_trials(found, known.snapshot if known else "portfolio")
    chosen.site, chosen.own = portfolio.site, own
    if known is not None:
        chosen.notes = {name: value for name, value in known.notes.items() if name in own}
    return _narrowed_portfolio(session, chosen, asked.only, portfolio)


def _narrowed_portfolio(
    session: Session, chosen: CohortTrials, only: tuple[str, ...], portfolio: Portfolio
) -> CohortTrials:
    if not only:
        return chosen
    kept = _narrowed(session, chosen, only)
    kept.site, kept.own = portfolio.site, {name: item for name, item in chosen.own.items() if name in kept.digests}
    return kept


def trial_digest(trial: Trial) -> str:
    """Return the digest of what verdicts on a trial rest on: its criteria, and which arms may be entered."""
    parts = [criterion.id + criterion_digest(criterion) for criterion in trial.criteria]
    parts += [f"{arm.id}:{arm.open}" for arm in trial.record.arms]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def criterion_digests(trials: CohortTrials) -> dict[str, dict[str, str]]:
    """Return the digest of every criterion of every trial, to tell later which was amended; only of a few trials."""
    if len(trials.digests) > MANY:
        return {}
    return {
        name: {criterion.id: criterion_digest(criterion) for criterion in item.trial.criteria}
        for name, item in trials.by_id.items()
    }
