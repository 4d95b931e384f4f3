"""What to find out next about a patient: which trials and labels are looked at, and the answer as plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from her2nav.app.treatment_labels import open_labels
from her2nav.facts.case import Case
from her2nav.matching.evaluate import Verdict
from her2nav.matching.explain import Explainer
from her2nav.matching.next_facts import ClearedBy, NextFact, NextFacts, Targets, worth_finding
from her2nav.matching.program import Program
from her2nav.matching.results import Judged, Match
from her2nav.model.finding import ChangeBy, Finding
from her2nav.model.tree import Leaf

MANY = 150
"""Of so many trials that may fit, the best first, is asked what they wait for."""
NEAR = 30
"""Of so many trials that one test closes is asked whether a new test would open them."""
SHOWN = 12
"""Facts that are kept."""
_VALUES = 6
"""Answers of a fact that are written out: those that change most."""


def find_out(case: Case, matches: Sequence[Match]) -> NextFacts:
    """Return what is worth finding out for trials and labels.

    Args:
        case: The patient on their day.
        matches: Every trial judged, the best first.
    """
    asked = [*islice(filter(_waiting, matches), MANY), *islice(filter(_one_test_away, matches), NEAR)]
    groups: dict[int, tuple[Judged, Program, list[Match]]] = {}
    for one in asked:
        program = one.judged.program
        if program is not None:
            groups.setdefault(id(one.judged), (one.judged, program, []))[2].append(one)
    targets = [
        Targets(
            program,
            judged.codes,
            [one.reference for one in members],
            [_id(one) for one in members],
            finding=judged.reasons.leaf,
        )
        for judged, program, members in groups.values()
    ]
    labels = open_labels(case)
    if labels is not None:
        targets.append(labels)
    if not targets:
        return NextFacts()
    explained: Callable[[Leaf], Finding] = asked[0].judged.reasons.leaf if asked else Explainer(case).explain
    found = worth_finding(case, targets, explained)
    return NextFacts(_few(found.facts), found.sets)


def _few(facts: Sequence[NextFact]) -> tuple[NextFact, ...]:
    """Return the first facts, and the routine tests where they come later."""
    kept = facts[:SHOWN]
    return (*kept, *(fact for fact in facts[SHOWN:] if fact.routine))


def _id(match: Match) -> str:
    return match.trial.record.nct_id


def _waiting(match: Match) -> bool:
    return match.verdict is Verdict.POSSIBLE and _enterable(match)


def _one_test_away(match: Match) -> bool:
    if match.verdict is not Verdict.INELIGIBLE or match.blocking != 1:
        return False
    # To explain what stands against a trial takes longer than to see that no test can matter.
    if not match.a_test_may_open or not _enterable(match):
        return False
    change = match.sole_change
    return change is not None and change.by is ChangeBy.TEST


def _enterable(match: Match) -> bool:
    return match.trial.record.status.value.may_recruit is not False


def fact_json(fact: NextFact) -> dict[str, Any]:
    """Return a fact as plain data."""
    values = sorted(fact.values, key=lambda one: -(one.fits + one.closes + one.opens))[:_VALUES]
    return {
        "fact": fact.fact,
        "plain": fact.plain,
        "decides": fact.decides,
        "opens": fact.opens,
        "effort": fact.effort.value,
        "settles": fact.settles,
        "needed": fact.needed,
        "labels": fact.labels,
        "opens_labels": fact.opens_labels,
        "gate": fact.gate,
        "routine": fact.routine,
        "parts": list(fact.parts),
        "values": [{"says": one.says, "fits": one.fits, "closes": one.closes, "opens": one.opens} for one in values],
    }


def set_json(one: ClearedBy) -> dict[str, Any]:
    """Return a set of facts as plain data."""
    return {
        "facts": list(one.facts),
        "plain": list(one.plain),
        "trials": list(one.trials),
        "labels": list(one.labels),
        "at_most": one.at_most,
        "exact": one.exact,
    }
