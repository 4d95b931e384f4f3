"""Where every trial stands for a patient, worked out for all trials together; the words of a rank when it is looked at.

The order asks of thousands of trials for no more than numbers. They are those that `matching/rank_parts.py` puts into
words for one trial, taken from tables: what the heads of the trials say once for all patients, the rest once for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.case import Case
from her2nav.facts.tri import Floats
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.tumours import ROOT
from her2nav.matching import single
from her2nav.matching.arrays import distinct
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.evaluate import Verdict
from her2nav.matching.program import References
from her2nav.matching.rank_parts import (
    FITS,
    MAY_FIT,
    Evidence,
    Place,
    Rank,
    certainty,
    names_header,
    phase_value,
    place_of,
    rank,
    recruiting_state,
)
from her2nav.matching.rank_rules import PARTS, RankRules, rank_rules
from her2nav.matching.results import Match
from her2nav.matching.tallies import Tallies
from her2nav.matching.topics import topics
from her2nav.model.trial import TrialRecord

Flags = NDArray[np.bool_]
_NEVER = date.max.toordinal()
_OWN, _WIDER, _NAMED = 1, 2, 4
_NEAR_HALF = 1e-6


class HeldEvidence(Protocol):
    """Tells what labels and guidelines hold of the drugs of trials."""

    def drugs_of(self, record: TrialRecord) -> frozenset[str]:
        """Return the drugs of a trial."""

    def drug_sets(self, compiled: CompiledTrials) -> tuple[References, Sequence[frozenset[str]]]:
        """Return the drugs of all trials, each combination once, and of each trial which of them it is."""

    def of(self, drugs: frozenset[str]) -> Evidence:
        """Return what is held of drugs."""


class Standing:
    """Ranks of one patient, each worked out in words when it is first asked for."""

    def __init__(self, case: Case, limit_days: int, evidence: HeldEvidence) -> None:
        """Take what ranks rest on beside the matches.

        Args:
            case: The patient on their day.
            limit_days: A recruitment status older than that counts as unknown.
            evidence: Tells what is held of drugs; asked only of trials that fit or may fit.
        """
        self._case, self._limit_days, self._evidence = case, limit_days, evidence
        self._rules = rank_rules(case.knowledge)
        self._ranks: dict[str, Rank] = {}

    def rank(self, match: Match) -> Rank:
        """Return where a trial stands, and why."""
        name = match.trial.record.nct_id
        found = self._ranks.get(name)
        if found is None:
            fits = match.verdict is not Verdict.INELIGIBLE
            evidence = self._evidence.of(self._evidence.drugs_of(match.trial.record)) if fits else "not_known"
            found = self._ranks[name] = rank(match, self._case, self._rules, self._limit_days, evidence)
        return found

    def place(self, match: Match) -> Place:
        """Return the group in which a trial is listed."""
        return place_of(match, self._case.as_of, self._rules.soon_days)

    def ordered(self, groups: Sequence[tuple[CompiledTrials, Sequence[Match]]]) -> list[Match]:
        """Order trials: fits; may fit; waits for a date, the nearest first; the rest by what blocks.

        Within each group a closed trial stands last, and before it one of which little is known: with a status that is
        very old, or without its criteria at hand. Then the score orders; then whether the trial recruits.

        Args:
            groups: All trials of a program, with the matches of the patient in the same order (`match_patient`).
        """
        known = [(compiled, found) for compiled, found in groups if found]
        if not known:
            return []
        each = [self._keys(compiled, found) for compiled, found in known]
        # The last key is the first to order by.
        columns = [np.concatenate([keys[i] for keys in each]) for i in range(len(each[0]))]
        matches = [match for _, found in known for match in found]
        return [matches[i] for i in np.lexsort(columns[::-1]).tolist()]

    def _keys(self, compiled: CompiledTrials, matches: Sequence[Match]) -> tuple[NDArray[np.generic], ...]:
        heads, tallies = _heads(compiled, self._case.knowledge), matches[0].judged.tallies
        assert tallies is not None
        codes = tallies.verdicts
        against = codes == single.NOT_MET
        waits = np.full(len(matches), _NEVER, np.intp)
        for i in np.flatnonzero(against & ~heads.closed & tallies.may_wait).tolist():
            day = matches[i].eligible_from
            if day is not None:
                waits[i] = day.toordinal()
        group = np.where(against, np.where(waits < _NEVER, 2, 3), np.where(codes == single.MET, 0, 1))
        age = self._case.as_of.toordinal() - heads.days
        recruits = heads.recruits & (age <= self._limit_days)
        blocking = np.where(against, tallies.blocking, 0)
        scores = self.scores(compiled, matches)
        faint = heads.partial | heads.silent | (age > self._rules.old_days)
        return group, heads.closed, faint, -scores, ~recruits, waits, blocking, heads.ids

    def scores(self, compiled: CompiledTrials, matches: Sequence[Match]) -> Floats:
        """Return the score of every trial: the parts of `rank_parts.rank`, added in the same order.

        Args:
            compiled: The trials.
            matches: Of the patient, in the same order.
        """
        rules, heads, tallies = self._rules, _heads(compiled, self._case.knowledge), matches[0].judged.tallies
        assert tallies is not None
        codes, age = tallies.verdicts, self._case.as_of.toordinal() - heads.days
        # Of a trial whose head names no tumour type: those by which its criteria are met.
        own = _leaf_marks(compiled, rules.topics["tumour"], self._case.tumour_id, self._wider)
        asked, met = tallies.told_and_marked(topics(compiled.program, rules.topics), own)
        parts: dict[str, Floats] = {
            "certainty": self._certainty(matches, tallies),
            "tumour": self._tumour(heads, met, asked["tumour"]),
            "her2": _asked(rules.her2, asked["her2"], heads.her2),
            "line": _asked(rules.line, asked["line"], heads.line),
            "purpose": heads.purpose,
            "phase": heads.phase,
            "evidence": self._held(compiled, codes != single.NOT_MET),
            "recruiting": np.where(age > self._limit_days, heads.status_old, heads.status),
        }  # fmt: skip
        mean = np.zeros(len(matches))
        for name in PARTS:
            mean = mean + rules.weights[name] * parts[name]
        fits = codes == single.MET
        least, most = (np.where(fits, *ends) for ends in zip(FITS, MAY_FIT, strict=True))
        return np.where(codes == single.NOT_MET, 0.0, _rounded(least + (most - least) * mean))

    def _certainty(self, matches: Sequence[Match], tallies: Tallies) -> Floats:
        required = self._rules.required
        weight = tallies.weight + required.weight * tallies.asked(required.kinds)
        found: Floats = 1 / (1 + 0.1 * weight)
        for i in np.flatnonzero(tallies.verdicts == single.MET).tolist():
            found[i] = certainty(matches[i], self._rules).value
        return found

    def _held(self, compiled: CompiledTrials, asked: Flags) -> Floats:
        """Return what is held of the drugs of each trial counts for; 0 where it is not asked."""
        found = np.zeros(len(asked))
        if asked.any():
            numbers, sets = self._evidence.drug_sets(compiled)
            wanted = distinct(numbers[asked])
            of_sets = np.zeros(len(sets))
            of_sets[wanted] = [self._rules.evidence[self._evidence.of(sets[at])] for at in wanted.tolist()]
            found[asked] = of_sets[numbers[asked]]
        return found

    @property
    def _wider(self) -> frozenset[str]:
        return self._case.tumour.has - {ROOT}

    def _tumour(self, heads: _Heads, by_criteria: NDArray[np.uint32], truth: NDArray[np.int8]) -> Floats:
        values, case, wider = self._rules.tumour, self._case, self._wider
        marks = _head_marks(heads, case.tumour_id, wider)
        met, unnamed = truth == single.MET, marks == 0
        marks = np.where(met & unnamed, by_criteria, marks)
        named = marks != 0
        state = [
            (truth == single.UNKNOWN) | (case.tumour_id is None),
            marks & _OWN != 0,
            (marks & _WIDER != 0) | (met & ~named),
            met | named,
        ]
        return np.select(state, [values[name] for name in ("open", "own", "wider", "any")], values["not_asked"])


def _rounded(scores: Floats) -> Floats:
    """Return scores to four digits, each as `round` gives it.

    >>> _rounded(np.array([0.12345, 0.5])).tolist() == [round(0.12345, 4), 0.5]
    True
    """
    scaled = scores * 10_000
    found: Floats = np.rint(scaled) / 10_000
    # Where a half is near, the product may lie on the other side of it.
    for i in np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < _NEAR_HALF).tolist():
        found[i] = round(float(scores[i]), 4)
    return found


def _asked(values: dict[str, float], codes: NDArray[np.int8], header: Flags) -> Floats:
    silent = np.where(header, values["header"], values["not_asked"])
    return np.where(codes < 0, silent, np.where(codes == single.MET, values["met"], values["open"]))


@dataclass(frozen=True, slots=True, eq=False)
class _Heads:
    """What the heads of trials say, one entry a trial.

    Attributes:
        ids: Registry numbers.
        days: The day of the recruitment status, as ordinals.
        closed: Nobody may enter.
        recruits: Somebody may enter now or soon.
        silent: The registry itself does not know whether somebody may.
        partial: The criteria are not at hand.
        status, status_old: What the recruitment status counts for, and once it is too old.
        purpose, phase: What they count for.
        her2, line: The head speaks of HER2 categories, or settings, where no criteria are at hand.
        tumours: Positions in `tumour_sets`.
        tumour_sets: Tumour types that a head names.
    """

    ids: NDArray[np.str_]
    days: References
    closed: Flags
    recruits: Flags
    silent: Flags
    partial: Flags
    status: Floats
    status_old: Floats
    purpose: Floats
    phase: Floats
    her2: Flags
    line: Flags
    tumours: References
    tumour_sets: tuple[frozenset[str], ...]


@lru_cache(maxsize=8)
def _heads(compiled: CompiledTrials, knowledge: Knowledge) -> _Heads:
    rules = rank_rules(knowledge)
    trials = [item.trial for item in compiled.trials]
    records = [trial.record for trial in trials]
    may = [record.status.value.may_recruit for record in records]
    sets: dict[frozenset[str], int] = {}
    return _Heads(
        np.array([record.nct_id for record in records]),
        np.array([record.status.date.toordinal() for record in records], np.intp),
        np.array([one is False for one in may]),
        np.array([one is True for one in may]),
        np.array([one is None for one in may]),
        np.array([record.curation == "partial" for record in records]),
        _status(records, rules, old=False),
        _status(records, rules, old=True),
        np.array([rules.purpose[record.purpose] for record in records]),
        np.array([phase_value(record.phase, rules) for record in records]),
        np.array([names_header(trial, trial.record.her2) for trial in trials]),
        np.array([names_header(trial, trial.record.setting) for trial in trials]),
        np.array([sets.setdefault(frozenset(record.tumours), len(sets)) for record in records], np.intp),
        tuple(sets),
    )


def _status(records: Sequence[TrialRecord], rules: RankRules, *, old: bool) -> Floats:
    return np.array([rules.recruiting[recruiting_state(record.status.value, old=old)[0]] for record in records])


def _marks(types: frozenset[str], own: str | None, wider: frozenset[str]) -> int:
    if not types:
        return 0
    return _NAMED | (_OWN if own in types else 0) | (_WIDER if types & wider else 0)


@lru_cache(maxsize=32)
def _head_marks(heads: _Heads, own: str | None, wider: frozenset[str]) -> NDArray[np.uint8]:
    """Return the marks of the tumour types that the head of each trial names."""
    return np.array([_marks(one, own, wider) for one in heads.tumour_sets], np.uint8)[heads.tumours]


@lru_cache(maxsize=32)
def _leaf_marks(
    compiled: CompiledTrials, kinds: tuple[str, ...], own: str | None, wider: frozenset[str]
) -> NDArray[np.uint32]:
    """Return the marks of the leaves of some kinds; 0 of all others."""
    marks = (
        _marks(frozenset(getattr(params, "types", ())), own, wider) if kind in kinds else 0
        for kind, params in compiled.program.leaves
    )
    return np.fromiter(marks, np.uint32, len(compiled.program.leaves))
