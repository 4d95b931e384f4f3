"""What to find out next: for each fact what its answers would settle, and the few facts that clear most together.

Definitions, over the trials and labels that are open (`docs/ranking.md`):

- A target is settled by an answer when it is open on the record and, with that answer, fits or does not fit.
- `decides`: targets settled by at least one answer; `settles`: by every answer.
- `opens`: open targets that fit with at least one answer, and targets that do not fit now and would be open or fit.
- What only a person can answer (text that was not read, the investigator's judgement) is put aside in all of this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.case import Case
from her2nav.matching import single
from her2nav.matching.answer_table import AnswerTable, Ways, ways_of
from her2nav.matching.arrays import distinct
from her2nav.matching.fact import Fact
from her2nav.matching.fact_sets import FactSet, Solution, best_sets, solved
from her2nav.matching.fact_values import open_facts
from her2nav.matching.part_program import Part, evaluate_packed, part_of
from her2nav.matching.program import Program, Reference, References
from her2nav.matching.shared_leaves import shared_leaves
from her2nav.model.finding import Effort, Finding
from her2nav.model.tree import Leaf


@dataclass(frozen=True, slots=True)
class Targets:
    """Trials, or labels, of one program.

    Attributes:
        ids: Of the targets.
        references: Theirs.
        codes: The code of every reference of the program.
        labels: These are labels.
        finding: Explains a leaf of the program; None: as others are explained.
    """

    program: Program
    codes: Sequence[int] | single.Codes
    references: Sequence[Reference]
    ids: Sequence[str]
    labels: bool = False
    finding: Callable[[Leaf], Finding] | None = None


@dataclass(frozen=True, slots=True)
class AnswerEffect:
    """What one answer would do: how many targets would fit, and how many would not."""

    says: str
    fits: int
    closes: int
    opens: int


@dataclass(frozen=True, slots=True)
class NextFact:
    """Something worth finding out.

    Attributes:
        fact: What to find out.
        plain: The same for a patient.
        decides: Trials that at least one answer settles.
        opens: Trials that fit with at least one answer, or do not fit now and may then.
        effort: How hard it is to get.
        settles: Trials that every answer settles.
        needed: Trials and labels that may be met with a few answers, this one among them.
        labels: Labels that at least one answer settles.
        opens_labels: Labels that at least one answer opens.
        values: What each answer would do to the trials, the greatest change first.
        parts: What it is made of, where several tests are asked together.
        gate: Many trials hang on it before screening begins.
        first: It is the HER2 result, which stands before the other gates.
        repeat: A new test of something known.
        routine: Done at the screening of any trial.
    """

    fact: str
    plain: str
    decides: int
    opens: int
    effort: Effort
    settles: int = 0
    needed: int = 0
    labels: int = 0
    opens_labels: int = 0
    values: tuple[AnswerEffect, ...] = ()
    parts: tuple[str, ...] = ()
    gate: bool = False
    routine: bool = False
    first: bool = False
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class ClearedBy:
    """A set of facts and the trials and labels in which nothing else would be open.

    Attributes:
        facts, plain: What to find out.
        trials, labels: Ids of what they clear, if the answers are good.
        at_most: No set of as many facts clears more.
        exact: Every set of that size was tried.
    """

    facts: tuple[str, ...]
    plain: tuple[str, ...]
    trials: tuple[str, ...]
    labels: tuple[str, ...]
    at_most: int
    exact: bool


@dataclass(frozen=True, slots=True)
class NextFacts:
    """What to find out next.

    Attributes:
        facts: One by one, the most useful first.
        sets: Together: for each number of facts the set that clears most.
    """

    facts: tuple[NextFact, ...] = ()
    sets: tuple[ClearedBy, ...] = ()


def worth_finding(case: Case, targets: Sequence[Targets], finding: Callable[[Leaf], Finding]) -> NextFacts:
    """Return what is worth finding out about a patient.

    Args:
        case: The patient on their day.
        targets: Trials and labels that are open, or that a new test may open.
        finding: Explains a leaf of those that do not explain their own.
    """
    parts = [part_of(one.program, one.codes, one.references) for one in targets]
    shared = shared_leaves(tuple(one.program for one in targets), case.knowledge)
    numbers = [of_program[part.leaves] for of_program, part in zip(shared.numbers, parts, strict=True)]
    own = distinct(np.concatenate(numbers))
    codes = np.empty(len(shared.keys), np.uint8)
    for number, part in zip(numbers, parts, strict=True):
        codes[number] = part.leaf_codes()
    places = [np.searchsorted(own, number) for number in numbers]
    explains: dict[int, Callable[[Leaf], Finding]] = {}
    for number, one in zip(numbers, targets, strict=True):
        if one.finding is not None:
            explains = dict.fromkeys(number.tolist(), one.finding) | explains

    def explained(place: int) -> Finding:
        number = int(own[place])
        leaf = shared.keys[number]
        return explains.get(number, finding)(Leaf(leaf.kind, leaf.params))

    found = open_facts(case, [shared.keys[number] for number in own.tolist()], codes[own], explained)
    table, answers = AnswerTable.of(found.facts, codes[own]), ways_of(found.facts)
    judged = [
        _Judged.of(part, place, one, table, found.aside)
        for part, place, one in zip(parts, places, targets, strict=True)
    ]
    ways, ids = _ways(judged, answers, len(own))
    needed = Counter(number for one in ways for number in {number for way in one for number in way})
    trials, labels = (_effects(judged, table, labels=of_labels) for of_labels in (False, True))
    ranked = [
        item
        for number, fact in enumerate(found.facts)
        if (item := _next(fact, trials[number], labels[number], needed[number])) is not None
    ]
    ranked.sort(key=_key)
    sets = tuple(_cleared(one, found.facts, ids) for one in best_sets(ways, found.facts))
    return NextFacts(tuple(ranked), sets)


@dataclass(frozen=True, eq=False)
class _Judged:
    """One group of targets with every answer of every fact.

    Attributes:
        place: The position of each leaf of the part among all.
        aside: Which leaves of the part are put aside.
        base: The code of each target as things stand, what only a person can answer put aside.
        of_facts: How many targets each fact decides, settles, opens.
        of_answers: How many targets each answer of every fact makes fit, closes, newly opens.
    """

    targets: Targets
    part: Part
    place: References
    aside: NDArray[np.bool_]
    base: single.Codes
    of_facts: tuple[References, References, References]
    of_answers: tuple[References, References, References]

    @classmethod
    def of(
        cls, part: Part, place: References, targets: Targets, table: AnswerTable, aside: NDArray[np.bool_]
    ) -> _Judged:
        """Try every answer; `aside` is about all leaves."""
        rows, without = np.full(len(aside), -1, np.intp), aside[place]
        rows[table.leaves] = np.arange(len(table.leaves))
        # Leaves of one part may be equal though they are written otherwise ("8.0" for "8"): each has its own place.
        of_leaves = rows[place]
        mine = np.flatnonzero(of_leaves >= 0)
        found = evaluate_packed(part, without, mine, table.met[of_leaves[mine]], table.not_met[of_leaves[mine]])
        base, after, starts = found[:, :1], found[:, 1 : table.wide], table.starts[:-1] - 1
        was_open, was_closed = base == single.UNKNOWN, base == single.NOT_MET
        settled = was_open & (after != single.UNKNOWN)
        fitting = was_open & (after == single.MET)
        opened = was_closed & (after != single.NOT_MET)
        of_facts = (
            _targets(np.logical_or, settled, starts),
            _targets(np.logical_and, settled, starts),
            _targets(np.logical_or, fitting | opened, starts),
        )
        sums = (fitting.sum(axis=0), (was_open & (after == single.NOT_MET)).sum(axis=0), opened.sum(axis=0))
        return cls(targets, part, place, without, found[:, 0], of_facts, sums)


def _targets(how: np.ufunc, where: NDArray[np.bool_], starts: References) -> References:
    """Return for how many targets something holds of any, or of all, answers of each fact."""
    if not len(starts):
        return np.zeros(0, np.intp)
    found: References = how.reduceat(where, starts, axis=1).sum(axis=0)
    return found


@dataclass(frozen=True, slots=True)
class _Effect:
    """What a fact does; `fits`, `closes` and `newly` have an entry for each answer."""

    decides: int
    settles: int
    opens: int
    fits: Sequence[int]
    closes: Sequence[int]
    newly: Sequence[int]


def _effects(judged: Sequence[_Judged], table: AnswerTable, *, labels: bool) -> list[_Effect]:
    """Return what each fact does to the trials, or to the labels."""
    groups = [group for group in judged if group.targets.labels is labels]
    none = np.zeros(len(table.facts), np.intp), np.zeros(table.wide - 1, np.intp)
    counts = [sum((group.of_facts[i] for group in groups), none[0]).tolist() for i in range(3)]
    sums = [sum((group.of_answers[i] for group in groups), none[1]).tolist() for i in range(3)]
    spans = pairwise((table.starts - 1).tolist())
    return [
        _Effect(*of_fact, *(each[start:stop] for each in sums))
        for of_fact, (start, stop) in zip(zip(*counts, strict=True), spans, strict=True)
    ]


def _next(fact: Fact, trials: _Effect, labels: _Effect, needed: int) -> NextFact | None:
    """Return a fact with what it does; None where it settles nothing and nothing needs it."""
    if not (needed or trials.decides or trials.opens or labels.decides or labels.opens):
        return None
    counts = zip(fact.says, trials.fits, trials.closes, trials.newly, strict=True)
    return NextFact(
        fact.name,
        fact.plain,
        trials.decides,
        trials.opens,
        fact.effort,
        trials.settles,
        needed,
        labels.decides,
        labels.opens,
        tuple(AnswerEffect(*row) for row in dict.fromkeys(counts)),
        fact.parts,
        fact.gate,
        fact.routine,
        fact.first,
        fact.repeat,
    )


def _key(item: NextFact) -> tuple[object, ...]:
    """The HER2 result, other gates, gates that are a new test of something known, the rest, routine screening.

    Within each, what opens and decides most for the effort.
    """
    gate = 0 if item.first else 2 if item.repeat else 1
    tier = gate if item.gate else 4 if item.routine else 3
    return (
        tier,
        -(item.opens + item.opens_labels) / item.effort.weight,
        -(max(item.decides, item.needed) + item.labels) / item.effort.weight,
        item.effort.weight,
        item.fact,
    )


def _ways(judged: Sequence[_Judged], answers: Ways, leaves: int) -> tuple[list[list[Solution]], list[tuple[str, bool]]]:
    """Return the ways in which each open target can be met, with its id and whether it is a label.

    Args:
        judged: The targets.
        answers: Which answers settle which leaf.
        leaves: How many leaves there are.
    """
    found: list[list[Solution]] = []
    ids: list[tuple[str, bool]] = []
    for group in judged:
        open_ = (group.base == single.UNKNOWN).tolist()
        ways = solved(group.part, group.aside, answers.within(group.place, leaves), open_)
        for one, name, is_open in zip(ways, group.targets.ids, open_, strict=True):
            if is_open:
                found.append(one)
                ids.append((name, group.targets.labels))
    return found, ids


def _cleared(one: FactSet, facts: Sequence[Fact], ids: Sequence[tuple[str, bool]]) -> ClearedBy:
    return ClearedBy(
        tuple(facts[i].name for i in one.facts),
        tuple(facts[i].plain for i in one.facts),
        tuple(ids[t][0] for t in one.clears if not ids[t][1]),
        tuple(ids[t][0] for t in one.clears if ids[t][1]),
        one.at_most,
        one.exact,
    )
