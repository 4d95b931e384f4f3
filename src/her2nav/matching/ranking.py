"""The order in which a person sees trials, and the facts worth finding out first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from her2nav.kinds.registry import kinds
from her2nav.matching.evaluate import Verdict
from her2nav.matching.next_facts import NextFact
from her2nav.matching.rank_parts import Rank
from her2nav.matching.results import CriterionResult, Match
from her2nav.model.finding import Effort, UnknownKind
from her2nav.model.tree import leaves
from her2nav.model.truth import Truth


def ranked(
    matches: Sequence[Match],
    as_of: date,
    status_limit_days: int,
    ranks: Mapping[str, Rank] | None = None,
    old_days: int | None = None,
) -> list[Match]:
    """Order matches: fits; may fit; waits for a date, the nearest first; the rest by what blocks.

    Within each group a closed trial stands last, and before it one of which little is known: with a status that is very
    old, or without its criteria at hand. Then the score orders, that of `ranks` where it is given, else that of
    the match alone, which says how certain it is; then whether the trial recruits.

    Args:
        matches: Of one patient.
        as_of: The patient's day.
        status_limit_days: A status older than that counts as unknown.
        ranks: By registry id.
        old_days: A status older than that is very old; None: none is.
    """

    def key(match: Match) -> tuple[object, ...]:
        record, status = match.trial.record, match.trial.record.status
        closed = status.value.may_recruit is False
        waits = None if closed else match.eligible_from
        known = ranks.get(record.nct_id) if ranks else None
        recruiting = recruiting_now(match, as_of, status_limit_days)
        not_today = 2 if waits is not None else 3
        place = {Verdict.ELIGIBLE: 0, Verdict.POSSIBLE: 1, Verdict.INELIGIBLE: not_today}[match.verdict]
        blocking = match.count(Truth.NOT_MET) if match.verdict is Verdict.INELIGIBLE else 0
        return (
            place,
            closed,
            record.curation == "partial" or (old_days is not None and (as_of - status.date).days > old_days),
            -(match.score if known is None else known.score),
            0 if recruiting else 1,
            waits or date.max,
            blocking,
            record.nct_id,
        )

    return sorted(matches, key=key)


def status_age_days(match: Match, as_of: date) -> int:
    """Return how many days before the patient's day the recruitment status was captured."""
    return (as_of - match.trial.record.status.date).days


def recruiting_now(match: Match, as_of: date, limit_days: int) -> bool | None:
    """Return whether the trial recruits; None when its status is unknown or older than the limit."""
    stated = match.trial.record.status.value.may_recruit
    if stated and status_age_days(match, as_of) > limit_days:
        return None
    return stated


def next_facts(matches: Sequence[Match], limit: int = 8) -> list[NextFact]:
    """Return the open facts that settle most trials that may fit, those that open a trial by themselves first."""
    decides: dict[str, set[str]] = {}
    opens: dict[str, set[str]] = {}
    effort: dict[str, Effort] = {}
    plain: dict[str, str] = {}
    for match in matches:
        if match.verdict is not Verdict.POSSIBLE:
            continue
        open_items = match.with_truth(Truth.UNKNOWN)
        facts: dict[str, Effort] = {}
        for item in open_items:
            fact, cost = fact_of(item)
            if fact is not None:
                facts.setdefault(fact, cost)
                plain.setdefault(fact, item.finding.plain)
        for fact, cost in facts.items():
            decides.setdefault(fact, set()).add(match.trial.record.nct_id)
            effort[fact] = min(effort.get(fact, cost), cost, key=lambda value: value.weight)
            if len(facts) == 1 and all(fact_of(item)[0] == fact for item in open_items):
                opens.setdefault(fact, set()).add(match.trial.record.nct_id)
    found = [
        NextFact(fact, plain[fact], len(ids), len(opens.get(fact, ())), effort[fact]) for fact, ids in decides.items()
    ]
    found.sort(key=lambda item: (-item.opens, -item.decides, item.effort.weight, item.fact))
    return found[:limit]


def fact_of(item: CriterionResult) -> tuple[str | None, Effort]:
    """Return the fact that an open criterion waits for; None where a person must read the text."""
    if item.finding.unknown_kind is UnknownKind.UNREAD:
        return None, Effort.PERSON
    change = item.finding.change
    cost = change.effort if change and change.effort else Effort.PERSON
    asked = {leaf.kind for leaf in leaves(item.criterion.node)}
    if len(asked) == 1:
        (kind,) = asked
        if kind == "lab_value" and change is not None:
            # Which value it is stands before the limit that the trial sets.
            return f"{kinds()[kind].name}: {change.what.split(' (')[0]}", cost
        if kind != "her2_status" and kinds()[kind].question:
            return f"{kinds()[kind].name}: {kinds()[kind].question}", cost
    return (change.what if change else item.criterion.text), cost
