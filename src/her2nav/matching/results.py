"""One patient against trials: each criterion's finding, arms, verdict, what is open, when it may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from her2nav.facts.case import Case
from her2nav.matching.compiled import CompiledTrial, CompiledTrials
from her2nav.matching.evaluate import ALL_ARMS, LeafTruths, TrialTruths, Verdict, evaluate_trial
from her2nav.matching.explain import Explainer
from her2nav.model.errors import RuleDataError
from her2nav.model.finding import ChangeBy, Finding
from her2nav.model.trial import Criterion, Role, Trial
from her2nav.model.truth import Truth


class CriterionResult:
    """A criterion with its truth; the finding is explained when first read, for most are never looked at."""

    __slots__ = ("_explainer", "_finding", "criterion", "truth")

    def __init__(self, criterion: Criterion, truth: Truth, explainer: Explainer) -> None:
        self.criterion = criterion
        self.truth = truth
        self._explainer = explainer
        self._finding: Finding | None = None

    @property
    def finding(self) -> Finding:
        """The truth with its reasons.

        Raises:
            RuleDataError: The explanation states another truth than the evaluator found.
        """
        if self._finding is None:
            self._finding = self._explainer.explain(self.criterion.node)
            if self._finding.truth is not self.truth:
                raise RuleDataError(f"criterion {self.criterion.id}: explanation and evaluation disagree")
        return self._finding


@dataclass(frozen=True, slots=True)
class ArmResult:
    """An arm with its verdict; the id is empty where the trial has no arms."""

    id: str
    label: str
    open: bool | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Match:
    """One trial for one patient.

    Attributes:
        trial: The trial.
        verdict: That of the best arm not known to be closed.
        best_arm: Its id; None where the trial has no arms.
        arms: Every arm with its verdict.
        criteria: Every criterion, in the order of the trial.
        score: 0.75 to 1 where it fits, 0.01 to 0.74 where it may, 0 where it does not.
        eligible_from: First day from which no criterion stands against it, where time alone blocks.
    """

    trial: Trial
    verdict: Verdict
    best_arm: str | None
    arms: tuple[ArmResult, ...]
    criteria: tuple[CriterionResult, ...]
    score: float
    eligible_from: date | None = None

    def binding(self) -> list[CriterionResult]:
        """Return the deciding criteria that bind the best arm."""
        return [
            item
            for item in self.criteria
            if item.criterion.role is Role.DECIDES
            and (not item.criterion.scope or self.best_arm is None or self.best_arm in item.criterion.scope)
        ]

    def with_truth(self, truth: Truth) -> list[CriterionResult]:
        """Return the deciding criteria of the best arm that have a truth."""
        return [item for item in self.binding() if item.truth is truth]

    @property
    def repeat_before(self) -> list[CriterionResult]:
        """Criteria met today by a result that is too old by `eligible_from`: the test is to be repeated before."""
        day = self.eligible_from
        if day is None:
            return []
        met = self.with_truth(Truth.MET)
        return [item for item in met if item.finding.holds_until is not None and item.finding.holds_until < day]

    @property
    def to_confirm(self) -> list[CriterionResult]:
        """Criteria that only the person and the trial team can confirm."""
        return [
            item
            for item in self.criteria
            if item.criterion.role is Role.CONFIRM
            and (not item.criterion.scope or self.best_arm is None or self.best_arm in item.criterion.scope)
        ]


def match_patient(case: Case, compiled: CompiledTrials) -> list[Match]:
    """Match one patient against every compiled trial, in the order given."""
    leaves = LeafTruths(compiled, case.alone)
    explainer = Explainer(case, leaves)
    return [_match(trial, evaluate_trial(trial, leaves), explainer) for trial in compiled.trials]


def _match(compiled: CompiledTrial, truths: TrialTruths, explainer: Explainer) -> Match:
    trial = compiled.trial
    verdict = Verdict(int(truths.verdict[0]))
    findings = tuple(
        CriterionResult(item.criterion, truth.at(0), explainer)
        for item, truth in zip(compiled.criteria, truths.criteria, strict=True)
    )
    known = {arm: Verdict(int(values[0])) for arm, values in truths.arms.items()}
    best = _best_arm(compiled, known, findings, verdict)
    arms = tuple(
        ArmResult(arm.id, arm.label, arm.open, known.get(arm.id, Verdict.INELIGIBLE)) for arm in trial.record.arms
    )
    match = Match(trial, verdict, best, arms, findings, 0.0)
    return Match(trial, verdict, best, arms, findings, _score(match), _eligible_from(match))


def _best_arm(
    compiled: CompiledTrial, known: dict[str, Verdict], findings: Sequence[CriterionResult], verdict: Verdict
) -> str | None:
    """Return the arm that gives the verdict; of several, the one with the fewest open and broken criteria."""
    if ALL_ARMS in known:
        return None

    def burden(arm: str) -> tuple[int, int]:
        bound = [
            item.truth
            for item in findings
            if item.criterion.role is Role.DECIDES and (not item.criterion.scope or arm in item.criterion.scope)
        ]
        return bound.count(Truth.NOT_MET), bound.count(Truth.UNKNOWN)

    return min((arm for arm in compiled.arms if known[arm] is verdict), key=burden)


def _score(match: Match) -> float:
    if match.verdict is Verdict.INELIGIBLE:
        return 0.0
    if match.verdict is Verdict.ELIGIBLE:
        return round(max(0.75, 1.0 - 0.01 * len(match.to_confirm)), 2)
    weight = sum(_weight(item.finding) for item in match.with_truth(Truth.UNKNOWN))
    return round(max(0.01, 0.74 / (1.0 + 0.1 * weight)), 2)


def _weight(finding: Finding) -> int:
    return finding.change.effort.weight if finding.change and finding.change.effort else 6


def _eligible_from(match: Match) -> date | None:
    """Return the day from which nothing stands against the trial, when every blocking criterion only waits."""
    if match.verdict is not Verdict.INELIGIBLE:
        return None
    days = []
    for item in match.with_truth(Truth.NOT_MET):
        change = item.finding.change
        if change is None or change.by is not ChangeBy.DATE or change.date is None:
            return None
        days.append(change.date)
    return max(days, default=None)
