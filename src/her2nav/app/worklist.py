"""The worklist: by trial, the patients who fit or may fit, with the one question left; or only what is new."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from her2nav.app.cohort_trials import CohortTrials
from her2nav.app.header_notes import header_note
from her2nav.cohort.news import LOST, WORDS
from her2nav.cohort.pair import Pair
from her2nav.cohort.runfile import LISTED, Kept, RunFile
from her2nav.model.trial import TrialRecord
from her2nav.registry.ids import register_of

SOON_DAYS = 60
"""Patients whom only a date keeps out so long are listed with it."""
MOST = 200
"""Patients of one group of one trial that are listed; the tables hold all."""
GROUPS = (
    ("fits", "Fits on the record"),
    ("may_fit", "May fit"),
    ("soon", "Waits for a date"),
    ("lost", "No longer fits"),
)
"""Groups under a trial, in order."""
_GROUP = {"eligible": "fits", "possible": "may_fit"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A patient under a trial."""

    patient: str
    day: date
    pair: Pair

    @property
    def news(self) -> list[str]:
        """What is new, in words."""
        return [WORDS[code] for code in self.pair.news]


@dataclass
class TrialList:
    """A trial with its patients.

    Attributes:
        record: As it is judged: of a portfolio, with the site's own status.
        status_age_days: Of the recruitment status, counted to the day of the run.
        protocol, contact, slots: As the portfolio says.
        amended: Criteria that changed since the earlier run.
        notes: What to know of the tree.
        groups: Entries by group.
        counts: How many there are, the ones not listed too.
        most: Entries of a group that are listed.
    """

    record: TrialRecord
    criteria_from: str
    status_age_days: int
    protocol: str | None = None
    contact: str | None = None
    slots: int | None = None
    amended: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    groups: dict[str, list[Entry]] = field(default_factory=lambda: {name: [] for name, _ in GROUPS})
    counts: dict[str, int] = field(default_factory=lambda: {name: 0 for name, _ in GROUPS})
    most: int = MOST

    @property
    def url(self) -> str | None:
        """The registry's page, where it is one that we know the address of."""
        return self.record.url if register_of(self.record.nct_id) == "ClinicalTrials.gov" else None

    def put(self, group: str, entry: Entry) -> None:
        """Add an entry, the most urgent first; of more than are listed only the count is kept."""
        self.counts[group] += 1
        insort(self.groups[group], entry, key=_urgency)
        del self.groups[group][self.most :]

    def place(self, limit_days: int) -> tuple[int, int, int]:
        """Return what orders the trials of a list that no portfolio orders.

        Those that recruit by a fresh status first, then by an older one, then the others; within each, those with most
        patients who fit.
        """
        recruits = self.record.status.value.may_recruit is True
        state = 0 if recruits and self.status_age_days <= limit_days else 1 if recruits else 2
        return state, -self.counts["fits"], -self.counts["may_fit"]


def _urgency(entry: Entry) -> tuple[date, int, int]:
    """Return what orders the patients of a group: what ends or begins soonest, then what has fewest open points."""
    pair = entry.pair
    return pair.eligible_from or pair.holds_until or date.max, len(pair.missing), pair.unread


@dataclass
class Worklist:
    """All of it.

    Attributes:
        site: Of the portfolio.
        only_new: Only what is new since an earlier run.
        trials: With somebody to list, or with something to say.
        quiet: How many other trials there are.
        closed: Trials that take nobody, by the portfolio or the registry, and are not listed.
        newly_closed: Those of them that took patients in the earlier run.
        without_criteria: Trials of which only the header is held, with how many patients nothing on it speaks against;
            they are not listed, for nobody was judged by their criteria.
        made: The content of `run.json`.
    """

    site: str | None
    only_new: bool
    trials: list[TrialList]
    quiet: int
    closed: int
    newly_closed: tuple[str, ...]
    without_criteria: dict[str, int]
    made: dict[str, Any]


def worklist(
    trials: CohortTrials,
    run: RunFile,
    made: dict[str, Any],
    *,
    since: RunFile | None,
    everything: bool,
    most: int = MOST,
) -> Worklist:
    """Return the worklist of a finished run.

    Args:
        trials: What was screened for.
        run: The results.
        made: The content of `run.json`.
        since: The earlier run, of which only what is new is listed.
        everything: List trials that take nobody, and those without criteria, as well.
        most: Patients of one group of one trial that are listed.
    """
    amended = _amended(run, since) if since is not None else {}
    today = date.fromisoformat(made["as_of"])
    lists: dict[str, TrialList] = {}
    closed: list[str] = []
    for name, item in trials.by_id.items():
        record = item.trial.record
        own = trials.own.get(name)
        if not everything and not trials.takes_patients(name):
            closed.append(name)
            continue
        lists[name] = TrialList(
            record,
            item.trial.criteria_from,
            (today - record.status.date).days,
            own.trial.protocol if own else None,
            own.trial.contact if own else None,
            own.trial.slots if own else None,
            amended.get(name, ()),
            _notes(trials, name),
            most=most,
        )
    for kept in run.patients():
        if kept.state == LISTED:
            for entry, group in _entries(kept, only_new=since is not None):
                if entry.pair.trial in lists:
                    lists[entry.pair.trial].put(group, entry)
    bare = {} if everything else {name: lists.pop(name) for name in tuple(lists) if _bare(trials, name, made)}
    told = [one for one in lists.values() if one.amended or any(one.counts.values())]
    if not trials.own:
        told.sort(key=lambda one: (*one.place(made["status_age_limit_days"]), one.record.nct_id))
    before = set(since.meta("open") or ()) if since is not None else set()
    newly = tuple(sorted(before.intersection(closed)))
    waiting = {name: one.counts["may_fit"] for name, one in bare.items() if one.counts["may_fit"]}
    quiet = len(lists) - len(told)
    return Worklist(trials.site, since is not None, told, quiet, len(closed), newly, waiting, made)


def _notes(trials: CohortTrials, name: str) -> tuple[str, ...]:
    header = header_note(trials.by_id[name].trial)
    return (*trials.notes.get(name, ()), *((header.clinical,) if header is not None else ()))


def _bare(trials: CohortTrials, name: str, made: Mapping[str, Any]) -> bool:
    """Return whether only the header of a trial is held, and nobody asked for it by name."""
    named = name in trials.own or made["options"]["only"]
    return not named and header_note(trials.by_id[name].trial) is not None


def _entries(kept: Kept, *, only_new: bool) -> Iterator[tuple[Entry, str]]:
    day = date.fromisoformat(kept.day)
    for pair in kept.pairs:
        if only_new and not pair.news:
            continue
        group = _GROUP.get(pair.verdict)
        if LOST in pair.news:
            group = "lost"
        elif group is None and pair.eligible_from is not None and (pair.eligible_from - day).days <= SOON_DAYS:
            group = "soon"
        if group is not None:
            yield Entry(kept.name, day, pair), group


def _amended(run: RunFile, since: RunFile) -> dict[str, tuple[str, ...]]:
    """Return the criteria of each trial that changed, came or went between two runs."""
    old, new = since.meta("criteria") or {}, run.meta("criteria") or {}
    found: dict[str, tuple[str, ...]] = {}
    for name in old.keys() & new.keys():
        before, now = old[name], new[name]
        told = [f"{one} changed" for one in now if one in before and before[one] != now[one]]
        told += [f"{one} is new" for one in now if one not in before]
        told += [f"{one} is gone" for one in before if one not in now]
        if told:
            found[name] = tuple(told)
    return found


def pair_rows(trials: CohortTrials, run: RunFile) -> Iterator[Mapping[str, Any]]:
    """Yield every pair that is kept, as a row of the tables, patient after patient."""
    for kept in run.patients():
        for pair in kept.pairs:
            yield pair_row(trials, kept, pair)


def pair_row(trials: CohortTrials, kept: Kept, pair: Pair) -> dict[str, Any]:
    """Return a pair as a row of the tables."""
    known = trials.by_id.get(pair.trial)
    record = known.trial.record if known is not None else None
    return {
        "patient": kept.name,
        "nct_id": pair.trial,
        "title": record.title if record else None,
        "arm": pair.arm,
        "verdict": pair.verdict,
        "blocking_reason": pair.blocking,
        "missing_facts": list(pair.missing),
        "next_question": pair.question,
        "eligible_from": pair.eligible_from.isoformat() if pair.eligible_from else None,
        "repeat_before": list(pair.repeat_before),
        "holds_until": pair.holds_until.isoformat() if pair.holds_until else None,
        "new": list(pair.news),
        "status": record.status.value.value if record else None,
        "status_date": record.status.date.isoformat() if record else None,
        "to_confirm": pair.to_confirm,
        "unread": pair.unread,
        "ruled_by": [str(one) for one in pair.ruled],
        "void_rulings": list(pair.void),
        "as_of": kept.day,
    }


def worklist_json(found: Worklist) -> dict[str, Any]:
    """Return the worklist as plain data, with the content of `run.json`."""
    return {
        "site": found.site,
        "only_new": found.only_new,
        "trials": [_trial_json(one) for one in found.trials],
        "trials_with_nothing_to_list": found.quiet,
        "trials_that_take_nobody": found.closed,
        "newly_closed": list(found.newly_closed),
        "trials_without_criteria": found.without_criteria,
        "run": found.made,
        "versions": found.made["versions"],
    }


def _trial_json(one: TrialList) -> dict[str, Any]:
    record = one.record
    return {
        "nct_id": record.nct_id,
        "title": record.title,
        "status": record.status.value.value,
        "status_date": record.status.date.isoformat(),
        "status_source": record.status.source,
        "status_age_days": one.status_age_days,
        "criteria_from": one.criteria_from,
        "protocol": one.protocol,
        "contact": one.contact,
        "slots": one.slots,
        "open_arms": [arm.id for arm in record.arms if arm.open is not False],
        "amended": list(one.amended),
        "notes": list(one.notes),
        "counts": one.counts,
        "patients": [
            {"patient": entry.patient, "group": group, "as_of": entry.day.isoformat(), **_entry_json(entry.pair)}
            for group, _ in GROUPS
            for entry in one.groups[group]
        ],
    }


def _entry_json(pair: Pair) -> dict[str, Any]:
    return {
        "verdict": pair.verdict,
        "arm": pair.arm,
        "question": pair.question,
        "missing": list(pair.missing),
        "blocking": pair.blocking,
        "eligible_from": pair.eligible_from.isoformat() if pair.eligible_from else None,
        "repeat_before": list(pair.repeat_before),
        "holds_until": pair.holds_until.isoformat() if pair.holds_until else None,
        "unread": pair.unread,
        "to_confirm": pair.to_confirm,
        "new": list(pair.news),
        "ruled_by": [str(one) for one in pair.ruled],
        "void": list(pair.void),
    }
