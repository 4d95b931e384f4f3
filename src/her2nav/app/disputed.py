"""Where the sources disagree on what an interpretation or a list of trials shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from her2nav.facts.case import Case
from her2nav.facts.variants import reported_variants
from her2nav.interpret.results import SpecimenHer2
from her2nav.knowledge.citations import Touched
from her2nav.knowledge.conflicts import Conflict, by_severity, conflicts_for
from her2nav.knowledge.disputed import OnRecord, ShownRule, disputable
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import leaves
from her2nav.model.trial import Role
from her2nav.model.truth import Truth

if TYPE_CHECKING:
    from her2nav.matching.results import Match
    from her2nav.testing.results import Plan

Keys = Iterator[tuple[str, bool]]
"""Keys of facts, each with whether another choice would give this patient another answer."""


def disputed_interpretation(case: Case) -> tuple[Conflict, ...]:
    """Return the conflicts that the interpretation touches, the gravest first.

    A conflict keeps its plain sentence only where another choice would give this patient another answer.
    """
    return _found(case, _interpretation(case))


def disputed_trials(case: Case, matches: Iterable[Match], limit_days: int) -> tuple[Conflict, ...]:
    """Return the conflicts that the trials shown touch, the gravest first, with plain sentences as above.

    Args:
        case: The patient.
        matches: The trials that are shown.
        limit_days: A status older than that counts as unknown.
    """
    return _found(case, _trials(case, matches, limit_days))


def disputed_plan(case: Case, plan: Plan) -> tuple[Conflict, ...]:
    """Return the conflicts that a testing plan touches, the gravest first; plain where a test is due for certain."""
    table = disputable(case.knowledge).tests
    items = (*((item, item.certain) for item in plan.now), *((item, False) for item in plan.later))
    return _found(case, ((key, due) for item, due in items for key in table.get(item.test, ())))


def disputed_variants(knowledge: Knowledge, names: Iterable[str], tumour: str | None) -> tuple[Conflict, ...]:
    """Return the conflicts on variants, by their short names, the gravest first."""
    patterns = disputable(knowledge).variant
    keys = [pattern.format(variant=name.replace(" ", "_")) for name in names for pattern in patterns]
    return tuple(by_severity(conflicts_for(knowledge, keys, tumour)))


def _found(case: Case, keys: Keys) -> tuple[Conflict, ...]:
    changing: dict[str, bool] = {}
    for key, changes in keys:
        changing[key] = changing.get(key, False) or changes
    changed = Touched(key for key, changes in changing.items() if changes)
    return tuple(
        one if any(fact in changed for fact in one.facts) else one.model_copy(update={"plain": None})
        for one in by_severity(conflicts_for(case.knowledge, changing, case.tumour_id))
    )


def _interpretation(case: Case) -> Keys:
    if case.her2 is None:
        return
    table = disputable(case.knowledge)
    current = set(case.her2.overall.standing) or {one.path for one in case.her2.specimens}
    for one in case.her2.specimens:
        fired = _rows(one)
        for rule in table.interpretation:
            if rule.fires(fired) and _holds(rule, one, case):
                for fact in rule.facts:
                    yield fact, rule.changes and one.path in current
    for item in reported_variants(case):
        name = (item.call.short or item.text).replace(" ", "_")
        yield from ((pattern.format(variant=name), True) for pattern in table.variant)


def _rows(one: SpecimenHer2) -> frozenset[str]:
    answers = (one.status, one.expression, one.amplification, *one.extra.values())
    return frozenset(ref.id for answer in answers for ref in answer.rules)


def _holds(rule: ShownRule, one: SpecimenHer2, case: Case) -> bool:
    """True when every condition of a rule beside its rows holds of a specimen."""
    assert case.her2 is not None
    ish = case.patient.specimens[one.index].ish
    copies = ish.her2_copy_number if ish is not None else None
    wanted = (
        (rule.expression, one.expression.value),
        (rule.status, one.status.value),
        (rule.mutation, case.her2.mutation.value),
    )
    return (
        all(not allowed or value in allowed for allowed, value in wanted)
        and (not rule.unless_kind or one.kind not in rule.unless_kind)
        and (rule.copies_from is None or (copies is not None and copies >= rule.copies_from))
    )


def _trials(case: Case, matches: Iterable[Match], limit_days: int) -> Keys:
    table = disputable(case.knowledge).trials
    known = {name: _on_record(case, name) for name in set(table.only_with.values())}
    for match in matches:
        record = match.trial.record
        drugs = {drug for arm in record.arms if not arm.comparator for drug in arm.drugs}
        for pattern in table.each:
            if "{drug}" not in pattern:
                yield pattern.format(trial=record.nct_id), True
            else:
                yield from ((pattern.format(drug=drug), True) for drug in sorted(drugs))
        if (case.as_of - record.status.date).days > limit_days:
            yield from ((key, True) for key in table.old_status)
        for kind in _undecided(match):
            needs = table.only_with.get(kind)
            if needs is None or known[needs]:
                yield from ((key, True) for key in table.kinds.get(kind, ()))


def _undecided(match: Match) -> Sequence[str]:
    """Return the kinds of the criteria that stand open or against the patient."""
    asked = (
        item.criterion.node
        for item in match.criteria
        if item.criterion.role is Role.DECIDES and item.truth is not Truth.MET
    )
    return sorted({leaf.kind for node in asked for leaf in leaves(node)})


def _on_record(case: Case, what: OnRecord) -> bool:
    """True when the record holds what a conflict is about."""
    cns = case.patient.cancer.cns
    if what == "brain_metastases":
        return "brain" in (case.metastatic_sites or ()) or (
            cns is not None and cns.status not in (None, "none", "unknown")
        )
    return any("anti_her2" in drug.has for course in case.courses for drug in course.drugs)
