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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from her2nav.facts.case import Case
from her2nav.matching import single
from her2nav.matching.answer_table import AnswerTable, ways_of
from her2nav.matching.bitsets import Words, counted, packed_rows
from her2nav.matching.fact import Fact
from her2nav.matching.fact_sets import FactSet, best_sets, solved
from her2nav.matching.fact_values import open_facts
from her2nav.matching.part_program import Part, Source, evaluate_packed, joint_part
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


class AnswerEffect(NamedTuple):
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
    shared = shared_leaves(tuple(one.program for one in targets), case.knowledge)
    sources = [
        Source(one.program, one.codes, one.references, numbers)
        for one, numbers in zip(targets, shared.numbers, strict=True)
    ]
    part = joint_part(sources)
    explains: dict[int, Callable[[Leaf], Finding]] = {}

    def explained(place: int) -> Finding:
        if not explains:
            explains.update(_explainers(part, targets, finding))
        leaf = shared.keys[part.leaves[place]]
        return explains[place](Leaf(leaf.kind, leaf.params))

    codes = part.leaf_codes()
    found = open_facts(case, [shared.keys[number] for number in part.leaves.tolist()], codes, explained)
    table, answers = AnswerTable.of(found.facts, codes), ways_of(found.facts)
    judged = Tried.of(part, table, found.aside)
    of_labels = np.repeat([one.labels for one in targets], [len(one.references) for one in targets])
    open_ = np.flatnonzero(judged.open)
    solutions = solved(part, found.aside, answers, judged.open.tolist())
    ways = [solutions[at] for at in open_.tolist()]
    names = [name for one in targets for name in one.ids]
    ids = [(names[at], bool(of_labels[at])) for at in open_.tolist()]
    needed = Counter(number for one in ways for number in {number for way in one for number in way})
    trials, labels = judged.effects(~of_labels), judged.effects(of_labels, of_answers=False)
    ranked = [
        item
        for number, fact in enumerate(found.facts)
        if (item := _next(fact, trials[number], labels[number], needed[number])) is not None
    ]
    ranked.sort(key=_key)
    sets = tuple(_cleared(one, found.facts, ids) for one in best_sets(ways, found.facts))
    return NextFacts(tuple(ranked), sets)


def _explainers(
    part: Part, targets: Sequence[Targets], finding: Callable[[Leaf], Finding]
) -> dict[int, Callable[[Leaf], Finding]]:
    """Return what explains each leaf of a part: the first of the targets that hold it and explain their own."""
    found = dict.fromkeys(range(len(part.leaves)), finding)
    for one, held in zip(reversed(targets), reversed(part.held), strict=True):
        if one.finding is not None:
            found.update(dict.fromkeys(held.tolist(), one.finding))
    return found


@dataclass(frozen=True, slots=True)
class Effect:
    """What a fact does to some targets; `fits`, `closes` and `newly` have an entry for each answer, if asked for.

    Attributes:
        decides, settles, opens: How many targets any answer settles, every answer settles, any answer opens.
        fits, closes, newly: How many targets each answer makes fit, closes, newly opens.
    """

    decides: int
    settles: int
    opens: int
    fits: Sequence[int]
    closes: Sequence[int]
    newly: Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """All targets with every answer of every fact: a row for each answer, a bit for each target.

    Attributes:
        open: Which targets are open as things stand, what only a person can answer put aside.
        fits: Which open targets an answer makes fit.
        closes: Which of them it closes.
        newly: Which of those that do not fit it opens.
        starts: The row of the first answer of each fact, then the number of rows.
    """

    open: NDArray[np.bool_]
    fits: Words
    closes: Words
    newly: Words
    starts: References

    @classmethod
    def of(cls, part: Part, table: AnswerTable, aside: NDArray[np.bool_]) -> Tried:
        """Try every answer."""
        found = evaluate_packed(part, aside, table.leaves, table.met, table.not_met)
        met, not_met = (packed_rows(np.ascontiguousarray(one[:, : table.wide].T)) for one in found)
        was_closed = not_met[0]
        was_open = ~(met[0] | was_closed)
        of_each = ~(found.met[:, 0] | found.not_met[:, 0])
        return cls(of_each, met[1:] & was_open, not_met[1:] & was_open, ~not_met[1:] & was_closed, table.starts - 1)

    def effects(self, wanted: NDArray[np.bool_], *, of_answers: bool = True) -> list[Effect]:
        """Return what each fact does to some of the targets; without what each answer does where that is not asked."""
        starts = self.starts[:-1]
        if not len(starts):
            return []
        mine = packed_rows(wanted[None])
        fits, closes, newly = self.fits & mine, self.closes & mine, self.newly & mine
        settled = fits | closes
        of_facts = (
            counted(np.bitwise_or.reduceat(settled, starts, axis=0)).tolist(),
            counted(np.bitwise_and.reduceat(settled, starts, axis=0)).tolist(),
            counted(np.bitwise_or.reduceat(fits | newly, starts, axis=0)).tolist(),
        )
        each = [counted(one).tolist() for one in (fits, closes, newly)] if of_answers else [[], [], []]
        return [
            Effect(*of_fact, *(one[start:stop] for one in each))
            for of_fact, (start, stop) in zip(zip(*of_facts, strict=True), pairwise(self.starts.tolist()), strict=True)
        ]


def _next(fact: Fact, trials: Effect, labels: Effect, needed: int) -> NextFact | None:
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
        tuple(map(AnswerEffect._make, dict.fromkeys(counts))),
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


def _cleared(one: FactSet, facts: Sequence[Fact], ids: Sequence[tuple[str, bool]]) -> ClearedBy:
    return ClearedBy(
        tuple(facts[i].name for i in one.facts),
        tuple(facts[i].plain for i in one.facts),
        tuple(ids[t][0] for t in one.clears if not ids[t][1]),
        tuple(ids[t][0] for t in one.clears if ids[t][1]),
        one.at_most,
        one.exact,
    )
