"""Blocks of patients against trials: verdicts from the columnar evaluator, reasons only for the pairs that are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from her2nav.app.match import missing
from her2nav.app.reviews import Applied, Review, RuledMatch, ruled_match
from her2nav.app.screen_rows import Rows
from her2nav.app.screen_waiting import only_for_a_date
from her2nav.cohort.pair import Pair, VerdictWord
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.matching import single
from her2nav.matching.bitsets import Words
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.evaluate import LeafTruths, Verdict
from her2nav.matching.explain import Explainer
from her2nav.matching.next_facts import Targets, worth_finding
from her2nav.matching.reasons import Reasons
from her2nav.matching.results import Judged, Match
from her2nav.model.tree import leaves
from her2nav.model.trial import Criterion
from her2nav.model.truth import Truth
from her2nav.report.phrases import misfit_line

_WORD = 64
Concerns = Callable[[str | None], Collection[str] | None]
"""Returns the trials that concern a tumour type; None: all do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is kept of a screening.

    Attributes:
        every: Keep the pairs that do not fit, with the reason; else only those that wait for a date.
        reasons: Give the reasons for each pair that is kept, as `match` does; else the names of the criteria.
        questions: Say for each pair that may fit what to find out next.
    """

    every: bool = False
    reasons: bool = True
    questions: bool = False


class Screener:
    """Judges blocks of patients.

    Args:
        sets: The trials; each set has its own program.
        concerns: Which trials a tumour type is judged against.
        wanted: What is kept.
    """

    def __init__(self, sets: Sequence[CompiledTrials], concerns: Concerns, wanted: Wanted) -> None:
        self.sets = [_Set(item) for item in sets if len(item.trials)]
        self._concerns = concerns
        self._wanted = wanted

    def judge(
        self, cases: Sequence[Case], reviews: Mapping[int, Sequence[Review]] | None = None
    ) -> list[tuple[Pair, ...]]:
        """Return the pairs of each patient that are kept, the trials in order of their score.

        Args:
            cases: The patients.
            reviews: Rulings of persons, by the patient's position.
        """
        if not cases:
            return []
        block = Block(cases)
        rows = [
            one.rows.every(block)
            if self._wanted.every or reviews
            else one.rows.needed(block, one.concerned(cases, self._concerns))
            for one in self.sets
        ]
        closed = [one.rows.closed_for_good(words) for one, words in zip(self.sets, rows, strict=True)]
        found = []
        for start in range(0, len(cases), _WORD):
            met = [_unpacked(words, start // _WORD) for words in rows]
            out = [_unpacked(words, start // _WORD) for words in closed]
            for i, case in enumerate(cases[start : start + _WORD]):
                seen = [(_codes(one[i]), two[i]) for one, two in zip(met, out, strict=True)]
                found.append(self._patient(case, seen, (reviews or {}).get(start + i, ())))
        return found

    def _patient(
        self, case: Case, seen: Sequence[tuple[single.Codes, NDArray[np.uint8]]], reviews: Sequence[Review]
    ) -> tuple[Pair, ...]:
        concerned = self._concerns(case.tumour_id)
        pairs = [
            self._pair(case, match, applied, labels)
            for one, (codes, closed) in zip(self.sets, seen, strict=True)
            for match, applied, labels in one.matches(case, codes, closed, concerned, reviews, every=self._wanted.every)
        ]
        return tuple(sorted(pairs, key=lambda pair: (-pair.score, pair.trial)))

    def _pair(self, case: Case, match: Match, applied: Applied | None, labels: Labels) -> Pair:
        pair = self._told(match) if self._wanted.reasons else _bare(match, labels)
        if self._wanted.questions and match.verdict is Verdict.POSSIBLE:
            pair = replace(pair, question=question(case, match))
        if match.eligible_from is not None:
            repeat = tuple(item.criterion.text for item in match.repeat_before)
            pair = replace(pair, eligible_from=match.eligible_from, repeat_before=repeat)
        if applied is not None:
            pair = replace(pair, ruled=applied.ruled, void=applied.void)
            against = [str(one) for one in applied.ruled if one.ruling == "not_met"]
            if against and match.verdict is Verdict.INELIGIBLE:
                pair = replace(pair, blocking="; ".join(against))
        return replace(pair, trial=labels.trial, arm=match.best_arm, unread=match.unread)

    def _told(self, match: Match) -> Pair:
        """Return a pair with the reasons that `match` gives."""
        word, confirm = _word(match), len(match.to_confirm)
        if match.verdict is Verdict.INELIGIBLE:
            return Pair("", word, blocking=misfit_line(match, "clinical"), to_confirm=confirm)
        open_ = tuple(missing(match.with_truth(Truth.UNKNOWN)))
        return Pair("", word, missing=open_, holds_until=_holds_until(match), to_confirm=confirm, score=match.score)


def _bare(match: Match, labels: Labels) -> Pair:
    """Return a pair with the names of the criteria that stand against it or are open; no reason is worked out."""
    word = _word(match)
    if match.verdict is Verdict.INELIGIBLE:
        names = labels.of([item.criterion for item in match.with_truth(Truth.NOT_MET)])
        return Pair("", word, blocking="; ".join(names))
    names = labels.of([item.criterion for item in match.with_truth(Truth.UNKNOWN)])
    score = 0.75 if match.verdict is Verdict.ELIGIBLE else round(0.74 / (1 + len(names)), 2)
    return Pair("", word, missing=names, score=score)


def question(case: Case, match: Match) -> str | None:
    """Return the one thing to find out next about a trial that may fit; None where only a person can tell.

    It is the first fact of the fewest that may leave nothing open; where nothing does, the most useful one.
    """
    judged = match.judged
    if judged.program is None or isinstance(match, RuledMatch):
        # What a person ruled on is not asked again: the first open point stands.
        return None
    target = Targets(judged.program, judged.codes, [match.reference], [match.trial.record.nct_id])
    found = worth_finding(case, [target], judged.reasons.leaf)
    for one in found.sets:
        if one.trials:
            return one.facts[0]
    return next((fact.fact for fact in found.facts if fact.decides or fact.opens), None)


class Labels:
    """Short names of a trial's criteria, made when first asked for and shared by all patients."""

    def __init__(self, trial: str) -> None:
        self.trial = trial
        self._names: dict[str, tuple[str, ...]] = {}

    def of(self, criteria: Sequence[Criterion]) -> tuple[str, ...]:
        """Return the names of some criteria, each once."""
        found: dict[str, None] = {}
        for criterion in criteria:
            names = self._names.get(criterion.id)
            if names is None:
                names = self._names[criterion.id] = _names_of(criterion)
            found.update(dict.fromkeys(names))
        return tuple(found)


def _names_of(criterion: Criterion) -> tuple[str, ...]:
    known = kinds()
    return tuple(
        dict.fromkeys(
            " ".join(filter(None, (known[leaf.kind].name, getattr(leaf.params, "variable", None))))
            for leaf in leaves(criterion.node)
        )
    )


class _Set:
    """Trials with one program, ready for one patient after another."""

    def __init__(self, compiled: CompiledTrials) -> None:
        self.compiled = compiled
        self.rows = Rows(compiled)
        self._references = compiled.references
        self._verdicts = compiled.verdicts
        ends = np.cumsum([len(trial.criteria) for trial in compiled.trials])
        self._ends = [0, *ends.tolist()]

    @cached_property
    def _labels(self) -> list[Labels]:
        return [Labels(trial.trial.record.nct_id) for trial in self.compiled.trials]

    def concerned(self, cases: Sequence[Case], concerns: Concerns) -> NDArray[np.bool_] | None:
        """Return, for each trial and patient, whether it is judged at all; None: all are."""
        columns: dict[str | None, NDArray[np.bool_]] = {}
        for case in cases:
            if case.tumour_id not in columns:
                trials = concerns(case.tumour_id)
                if trials is None:
                    return None
                columns[case.tumour_id] = np.array([labels.trial in trials for labels in self._labels])
        return np.stack([columns[case.tumour_id] for case in cases], axis=1)

    def matches(
        self,
        case: Case,
        codes: single.Codes,
        closed: NDArray[np.uint8],
        concerned: Collection[str] | None,
        reviews: Sequence[Review],
        *,
        every: bool,
    ) -> list[tuple[Match, Applied | None, Labels]]:
        """Return the trials that are kept of one patient: where it fits, may fit, or waits for a date; or all.

        Args:
            case: The patient.
            codes: Of every reference.
            closed: For each trial whether it is closed by what no date changes.
            concerned: The trials that are judged; None: all.
            reviews: Rulings on the patient.
            every: Keep all.
        """
        truths = LeafTruths(self.compiled, case.alone)
        truths.codes = codes
        # An array answers to a position with a number, as a sequence of numbers does.
        reasons = Reasons(Explainer(case, truths))
        judged = Judged(cast("Sequence[int]", codes), reasons, program=self.compiled.program)
        of_criteria = codes[self._references].tobytes()
        kept = (closed == 0) | (codes[self._verdicts] != single.NOT_MET)
        asked = {review.trial for review in reviews}
        found: list[tuple[Match, Applied | None, Labels]] = []
        for i in range(len(kept)) if every or asked else np.flatnonzero(kept).tolist():
            labels, trial = self._labels[i], self.compiled.trials[i]
            if concerned is not None and labels.trial not in concerned:
                continue
            start, stop = self._ends[i], self._ends[i + 1]
            part = of_criteria[start:stop]
            if labels.trial in asked:
                rulings = [review for review in reviews if review.trial == labels.trial]
                match, applied = ruled_match(trial, part, judged, rulings)
                if every or applied.ruled or applied.void or match.verdict is not Verdict.INELIGIBLE:
                    found.append((match, applied, labels))
                continue
            if not (every or kept[i]):
                continue
            match = Match(trial, part, judged)
            if every or match.verdict is not Verdict.INELIGIBLE or only_for_a_date(match):
                found.append((match, None, labels))
        return found


def _word(match: Match) -> VerdictWord:
    return cast("VerdictWord", match.verdict.word)


def _unpacked(rows: Words, word: int) -> NDArray[np.uint8]:
    """Return one word of patients, a row for each of them, with an entry for each row given."""
    column = np.ascontiguousarray(rows[:, word : word + 1]).view(np.uint8)
    return np.ascontiguousarray(np.unpackbits(column, axis=1, bitorder="little").T)


def _codes(met: NDArray[np.uint8]) -> single.Codes:
    """Return the code of every reference from where references, and so their negations, are met."""
    negated = met.reshape(-1, 2)[:, ::-1].reshape(-1)
    codes = np.full(len(met), single.UNKNOWN, np.uint8)
    codes[met == 1] = single.MET
    codes[negated == 1] = single.NOT_MET
    return codes


def _holds_until(match: Match) -> date | None:
    """Return the last day on which all that is met today still is."""
    days = [item.finding.holds_until for item in match.with_truth(Truth.MET)]
    return min((day for day in days if day is not None), default=None)
