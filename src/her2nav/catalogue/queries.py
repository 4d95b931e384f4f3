"""Questions to the catalogue without a patient: which trials, how many, and what they ask and exclude most often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When
from her2nav.model.trial import Role, Trial


@dataclass(frozen=True, slots=True)
class Question:
    """Which trials are wanted; an empty field asks nothing.

    Attributes:
        tumours: Ids of tumour types; a trial of a wider or a narrower type is meant too.
        her2: Categories that a trial selects.
        settings: Settings of treatment.
        drugs: Ids of drugs or classes in a regimen.
        open_only: Only trials that recruit or may.
    """

    tumours: tuple[str, ...] = ()
    her2: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What criteria ask, over several trials.

    Attributes:
        kind: The criterion kind.
        detail: What of it, where the kind names things: a condition, a drug, a virus.
        trials: Registry ids of the trials that ask it.
    """

    kind: str
    detail: str
    trials: tuple[str, ...]


def find(trials: Iterable[Trial], question: Question, knowledge: Knowledge) -> list[Trial]:
    """Return the trials that a question means, in the order of their registry ids."""
    return sorted(
        (trial for trial in trials if _meant(trial, question, knowledge)), key=lambda trial: trial.record.nct_id
    )


def counts(trials: Sequence[Trial]) -> dict[str, Counter[str]]:
    """Count trials per tumour type, HER2 category, setting, phase and status."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ("tumours", "her2", "setting", "phase", "status")}
    for trial in trials:
        record = trial.record
        found["tumours"].update(record.tumours)
        found["her2"].update(record.her2)
        found["setting"].update(record.setting)
        found["phase"].update(record.phase)
        found["status"][record.status.value] += 1
    return found


def excluded_most(trials: Iterable[Trial]) -> list[Demand]:
    """Return what the trials exclude, most frequent first: leaves that must not hold, in criteria that decide."""
    asked: dict[tuple[str, str], dict[str, None]] = {}
    for trial in trials:
        for criterion in trial.criteria:
            if criterion.role is not Role.DECIDES:
                continue
            for leaf in _barred(criterion.node, False):
                for detail in _details(leaf):
                    asked.setdefault((leaf.kind, detail), {})[trial.record.nct_id] = None
    demands = [Demand(kind, detail, tuple(ids)) for (kind, detail), ids in asked.items()]
    return sorted(demands, key=lambda demand: (-len(demand.trials), demand.kind, demand.detail))


def _meant(trial: Trial, question: Question, knowledge: Knowledge) -> bool:
    record = trial.record
    if question.open_only and not record.status.value.may_recruit:
        return False
    if question.her2 and not set(question.her2) & set(record.her2):
        return False
    if question.settings and not {*question.settings, "any"} & set(record.setting):
        return False
    if question.drugs:
        terms = {term for arm in record.arms for drug in arm.drugs for term in (drug, *_terms(drug, knowledge))}
        if not terms & set(question.drugs):
            return False
    return not question.tumours or any(
        asked == held or asked in knowledge.tumours.wider(held) or held in knowledge.tumours.wider(asked)
        for asked in question.tumours
        for held in record.tumours
    )


def _terms(drug: str, knowledge: Knowledge) -> frozenset[str]:
    return knowledge.drugs.terms_of(drug) if drug in knowledge.drugs.drugs else frozenset()


def _barred(node: Node, negated: bool) -> list[Leaf]:
    """Return the leaves under an odd number of negations: whoever has them is out."""
    match node:
        case Leaf():
            return [node] if negated and node.kind != "unread" else []
        case Not():
            return _barred(node.part, not negated)
        case When():
            return _barred(node.then, negated)
        case AllOf() | AnyOf() | AtLeast():
            return [leaf for part in node.parts for leaf in _barred(part, negated)]


def _details(leaf: Leaf) -> list[str]:
    """Return the things a leaf names, one by one; a leaf that names none stands for its kind."""
    for field in ("any_of", "drugs", "types", "substances", "genes", "variable", "virus"):
        value = getattr(leaf.params, field, None)
        if isinstance(value, str):
            return [value]
        if value and all(isinstance(item, str) for item in value):
            return list(value)
    return [""]
