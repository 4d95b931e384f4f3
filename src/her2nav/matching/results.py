"""One patient against trials: each criterion's finding, arms, verdict, what is open, when it may change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from her2nav.facts.case import Case
from her2nav.facts.once import once
from her2nav.knowledge.load import Knowledge
from her2nav.matching import single
from her2nav.matching.climb import settled_by_tests
from her2nav.matching.compiled import CompiledTrials, JudgedTrial
from her2nav.matching.evaluate import VERDICTS, LeafTruths, Verdict, codes_of
from her2nav.matching.explain import Explainer, forget
from her2nav.matching.program import TRUE, Program, Reference, References
from her2nav.matching.reasons import CriterionResult, Reasons
from her2nav.matching.tallies import Tallies
from her2nav.matching.topics import Topics, asks_for
from her2nav.matching.weights import NOT_STATED, Weights, weights
from her2nav.model.finding import Change, ChangeBy, Effort, Finding
from her2nav.model.trial import Role, Trial
from her2nav.model.truth import Truth


@dataclass(frozen=True, slots=True)
class ArmResult:
    """An arm with its verdict; the id is empty where the trial has no arms."""

    id: str
    label: str
    open: bool | None
    verdict: Verdict


class Match:
    """One trial for one patient; whatever is more than the verdict is worked out when first read.

    Attributes:
        verdict: That of the best arm not known to be closed.
    """

    # A server holds thousands for each patient; the dictionary of one is made when something of it is worked out.
    __slots__ = ("__dict__", "_at", "_compiled", "_judged", "_own", "verdict")

    def __init__(
        self,
        compiled: JudgedTrial,
        codes: bytes | None,
        judged: Judged,
        at: int | None = None,
        verdict: Verdict | None = None,
    ) -> None:
        """Take the trial and what is known of the patient.

        Args:
            compiled: The trial.
            codes: Of its criteria (`matching/single.py`); None: as judged.
            judged: What it shares with the other matches.
            at: Its place in the tallies of all trials; None: there are none.
            verdict: As its code says; None: looked up.
        """
        self._at = at
        self.verdict: Verdict = VERDICTS[judged.codes[compiled.verdict]] if verdict is None else verdict
        self._compiled = compiled
        self._own = codes
        self._judged = judged

    @property
    def _codes(self) -> bytes:
        """Codes of its criteria."""
        if self._own is None:
            self._own = single.as_array(self._judged.codes)[self._references].tobytes()
        return self._own

    @property
    def _references(self) -> References:
        return np.asarray(self._compiled.references, np.intp)

    @property
    def trial(self) -> Trial:
        """The trial."""
        return self._compiled.trial

    @cached_property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """Every criterion, in the order of the trial."""
        reasons = self._judged.reasons
        pairs = zip(self._compiled.criteria, self._codes, strict=True)
        return tuple(CriterionResult(item, single.BY_CODE[code], reasons) for item, code in pairs)

    @cached_property
    def best_arm(self) -> str | None:
        """The arm that gives the verdict: of several, the one with the fewest broken and open criteria.

        None where the trial has no arms.
        """
        tallies = self._tallies
        if tallies is not None:
            return tallies.arms[self._at or 0]
        if not self._compiled.arms:
            return None

        own = self._codes

        def burden(arm: str) -> tuple[int, int]:
            codes = [own[i] for i in self._compiled.binding[arm]]
            return codes.count(single.NOT_MET), codes.count(single.UNKNOWN)

        known = self._verdicts
        return min((arm for arm in self._compiled.arms if known[arm] is self.verdict), key=burden)

    @property
    def _tallies(self) -> Tallies | None:
        return None if self._at is None else self._judged.tallies

    @property
    def unread(self) -> int:
        """How many criteria of the trial that decide were not read, or not in full."""
        return self._compiled.unread

    @property
    def _verdicts(self) -> dict[str, Verdict]:
        return {arm: VERDICTS[self._judged.codes[reference]] for arm, reference in self._compiled.arms.items()}

    @property
    def arms(self) -> tuple[ArmResult, ...]:
        """Every arm with its verdict."""
        known = self._verdicts
        return tuple(
            ArmResult(arm.id, arm.label, arm.open, known.get(arm.id, Verdict.INELIGIBLE))
            for arm in self.trial.record.arms
        )

    @property
    def reference(self) -> Reference:
        """The reference of the trial's verdict."""
        return self._compiled.verdict

    @property
    def judged(self) -> Judged:
        """What it shares with the other matches of the patient in one program."""
        return self._judged

    def codes_of(self, topics: Topics) -> dict[str, Truth]:
        """Return the joint truth of what the deciding criteria of the best arm say of each topic; no entry: nothing."""
        if self._tallies is not None:
            told = self._tallies.told(topics, self._at or 0)
            return {topic: single.BY_CODE[code] for topic, code in told.items()}
        found: dict[str, int] = {}
        references = self._references
        bits = topics.bits[references >> 1]
        about = np.flatnonzero(bits).tolist()
        binding = self._compiled.binding[self.best_arm] if about else ()
        for i in about:
            if i in binding:
                for topic, code in topics.told(self._judged.codes, int(references[i])).items():
                    found[topic] = max(found.get(topic, single.MET), code)
        return {topic: single.BY_CODE[code] for topic, code in found.items()}

    def asks_for(self, required: Mapping[str, Mapping[str, Any]]) -> bool:
        """Return whether it is open for something that has to be there (`matching.topics.asks_for`)."""
        if self._tallies is not None:
            return self._tallies.asks_for(required, self._at or 0)
        program, codes, open_ = self._judged.program, self._judged.codes, self.references(Truth.UNKNOWN)
        return program is not None and any(asks_for(program, codes, one, required) for one in open_)

    def references(self, truth: Truth) -> list[Reference]:
        """Return the references of the deciding criteria of the best arm that have a truth."""
        return self._references_with(single.BY_CODE.index(truth))

    def binding(self) -> list[CriterionResult]:
        """Return the deciding criteria that bind the best arm."""
        return [self.criteria[i] for i in self._compiled.binding[self.best_arm]]

    def with_truth(self, truth: Truth) -> list[CriterionResult]:
        """Return the deciding criteria of the best arm that have a truth."""
        return list(self.each_with_truth(truth))

    def each_with_truth(self, truth: Truth) -> Iterator[CriterionResult]:
        """Yield them, for who may stop at the first: what was kept is unpacked for each."""
        code, reasons = single.BY_CODE.index(truth), self._judged.reasons
        compiled, codes = self._compiled.criteria, self._codes
        if code in codes:
            positions = self._compiled.binding[self.best_arm]
            yield from (CriterionResult(compiled[i], truth, reasons) for i in positions if codes[i] == code)

    def open_easiest_first(self) -> list[CriterionResult]:
        """Return the open criteria of the best arm by how hard the answer is to get; where nothing says so, last."""
        return sorted(self.with_truth(Truth.UNKNOWN), key=lambda item: item.effort)

    def _references_with(self, code: int) -> list[int]:
        """References of the deciding criteria of the best arm that have a code."""
        references = self._references
        return [int(references[i]) for i in self._positions_with(code)]

    def _positions_with(self, code: int) -> list[int]:
        """Positions of the deciding criteria of the best arm that have a code, in their order."""
        binding, wanted, codes = self._compiled.binding[self.best_arm], bytes((code,)), self._codes
        found, at = [], codes.find(wanted)
        while at >= 0:
            if at in binding:
                found.append(at)
            at = codes.find(wanted, at + 1)
        return found

    def count(self, truth: Truth) -> int:
        """Return how many deciding criteria of the best arm have a truth."""
        if self._tallies is not None:
            unknown, not_met = self._tallies.unknown[self._at or 0], self._tallies.not_met[self._at or 0]
            if truth is not Truth.MET:
                return unknown if truth is Truth.UNKNOWN else not_met
            return len(self._compiled.binding[self.best_arm]) - unknown - not_met
        code, codes = single.BY_CODE.index(truth), self._codes
        return sum(codes[i] == code for i in self._compiled.binding[self.best_arm])

    @cached_property
    def score(self) -> float:
        """0.75 to 1 where it fits, 0.01 to 0.74 where it may, 0 where it does not."""
        if self.verdict is Verdict.INELIGIBLE:
            return 0.0
        if self.verdict is Verdict.ELIGIBLE:
            return round(max(0.75, 1.0 - 0.01 * len(self.to_confirm)), 2)
        return round(max(0.01, 0.74 / (1.0 + 0.1 * self.burden[0])), 2)

    @cached_property
    def burden(self) -> tuple[int, int]:
        """How hard what is open is to find out, and how many criteria are open.

        The weights of the open criteria add up; what the routine tests of a screening answer counts once.
        """
        if self._tallies is not None:
            return int(self._tallies.weight[self._at or 0]), self._tallies.unknown[self._at or 0]
        known = self._judged.weights
        if known is None:
            each = [_weight(item.finding) for item in self.with_truth(Truth.UNKNOWN)]
        else:
            positions = np.array(self._compiled.binding[self.best_arm], np.intp)
            waiting = positions[np.frombuffer(self._codes, np.uint8)[positions] == single.UNKNOWN]
            each = known.each(self._references[waiting]).tolist()
        routine = Effort.ROUTINE.weight
        others = [weight for weight in each if weight != routine]
        return sum(others) + (routine if len(others) < len(each) else 0), len(each)

    @cached_property
    def eligible_from(self) -> date | None:
        """First day from which no criterion stands against it, where time alone blocks."""
        if self.verdict is not Verdict.INELIGIBLE:
            return None
        known = self._judged.weights
        if self._tallies is not None:
            return self._waits_until() if self._tallies.may_wait[self._at or 0] else None
        if known is not None and not known.dated(np.array(self._references_with(single.NOT_MET), np.intp)).all():
            return None
        days = []
        for item in self.with_truth(Truth.NOT_MET):
            change = item.change
            if change is None or change.by is not ChangeBy.DATE or change.date is None:
                return None
            days.append(change.date)
        return max(days, default=None)

    def _waits_until(self) -> date | None:
        """Return the last of the days on which what stands against it ends; None where something does not."""
        compiled, reasons = self._compiled.criteria, self._judged.reasons
        days = []
        for i in self._positions_with(single.NOT_MET):
            change = reasons.change(compiled[i].criterion, compiled[i].form, Truth.NOT_MET)
            if change is None or change.by is not ChangeBy.DATE or change.date is None:
                return None
            days.append(change.date)
        return max(days, default=None)

    @property
    def blocking(self) -> int:
        """How many deciding criteria of the best arm are not met."""
        tallies = self._judged.tallies
        return self.count(Truth.NOT_MET) if tallies is None or self._at is None else tallies.not_met[self._at]

    @property
    def a_test_may_open(self) -> bool:
        """False where one criterion stands against it and no test would change that, whatever it found."""
        program, codes, tallies = self._judged.program, self._judged.codes, self._tallies
        if program is None or self.blocking != 1:
            return True
        if tallies is None:
            return any(settled_by_tests(program, codes, one) for one in self._references_with(single.NOT_MET))
        against = tallies.testable[self._at or 0]
        return against != TRUE and settled_by_tests(program, codes, against)

    @property
    def sole_change(self) -> Change | None:
        """What would change the one criterion that stands against it; None where several do, or nothing would."""
        if self.count(Truth.NOT_MET) != 1:
            return None
        (at,) = self._positions_with(single.NOT_MET)
        item = self._compiled.criteria[at]
        return self._judged.reasons.change(item.criterion, item.form, Truth.NOT_MET)

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
        pairs = zip(self._compiled.criteria, self.criteria, strict=True)
        return [found for item, found in pairs if item.criterion.role is Role.CONFIRM and item.binds(self.best_arm)]


@dataclass(frozen=True, slots=True)
class Judged:
    """What all matches of one patient share: the codes of every reference, and the reasons."""

    codes: Sequence[int] | single.Codes
    """Bytes, or an array: of a server's many patients a list would take eight times as much."""
    reasons: Reasons
    weights: Weights | None = None
    """How hard what is open is to find out; None: taken from the reasons."""
    program: Program | None = None
    """Of the trials; None where what to find out next is not asked."""
    tallies: Tallies | None = None
    """Counts for all trials at once; None: each trial counts for itself."""


def match_patient(case: Case, compiled: CompiledTrials, codes: single.Codes | None = None) -> list[Match]:
    """Match one patient against every compiled trial, in the order given.

    Args:
        case: The patient on their day.
        compiled: The trials.
        codes: The code of every reference for the patient, where they are known (`matching.evaluate.codes_of_each`).
    """
    known = _known(case)
    told = known.matches.get(id(compiled))
    if told is None:
        of_program = known.programs.get(id(compiled.program))
        if of_program is None:
            if codes is None:
                others = [(one.program, one.codes) for one in known.programs.values()]
                codes = codes_of(compiled.program, case.alone, others=others)
            of_program = known.programs[id(compiled.program)] = _Program.of(case, compiled, codes)
        told = known.matches[id(compiled)] = compiled, _matches(compiled, of_program, case.knowledge)
    return list(told[1])


def forget_reasons(case: Case) -> None:
    """Forget what explains and counts the matches of a patient, and keep the truths.

    Whatever is asked of the matches is answered as before, some of it later. The reasons of one patient for thousands
    of trials take several times as much memory as all the rest.
    """
    for program in _known(case).programs.values():
        program.reasons.forget()
    for _, matches in _known(case).matches.values():
        if matches and (tallies := matches[0].judged.tallies) is not None:
            tallies.forget()
    forget(case)


@dataclass(frozen=True, slots=True)
class _Program:
    """What is known of one patient for one program.

    Attributes:
        codes, listed: The code of every reference, twice over one memory: single entries of an array are slow to read.
    """

    codes: single.Codes
    listed: bytes
    reasons: Reasons
    program: Program

    @classmethod
    def of(cls, case: Case, compiled: CompiledTrials, codes: single.Codes) -> _Program:
        truths = LeafTruths(compiled, case.alone, codes)
        listed = truths.listed
        truths.codes = single.as_array(listed)
        return cls(truths.codes, listed, Reasons(Explainer(case, truths)), compiled.program)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a patient was matched with, by which object it is; trials and programs are held with it."""

    programs: dict[int, _Program] = field(default_factory=dict)
    matches: dict[int, tuple[CompiledTrials, list[Match]]] = field(default_factory=dict)


@once
def _known(_: Case) -> _Known:
    return _Known()


def _matches(compiled: CompiledTrials, known: _Program, knowledge: Knowledge) -> list[Match]:
    weighed = weights(compiled, known.codes, knowledge)
    tallies = Tallies(compiled, known.codes, weighed)
    judged = Judged(known.listed, known.reasons, weighed, known.program, tallies)
    # Looked up together: a server makes thousands for each patient.
    verdicts = map(VERDICTS.__getitem__, tallies.verdicts.tolist())
    return [
        Match(trial, None, judged, at, one)
        for at, (trial, one) in enumerate(zip(compiled.trials, verdicts, strict=True))
    ]


def _weight(finding: Finding) -> int:
    return finding.change.effort.weight if finding.change and finding.change.effort else NOT_STATED
