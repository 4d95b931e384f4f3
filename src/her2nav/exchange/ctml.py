"""Trials written as CTML, the format of MatchMiner: the part of each tree that CTML can hold, and what is lost.

What is written is necessary, never sufficient: every patient who meets the tree meets the clause. A part that CTML
has no words for is left out of an `and`; an `or` with such a part is left out whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from her2nav.exchange.ctml_leaves import Clause, both, either, leaf_clause
from her2nav.exchange.ctml_names import CtmlNames
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Arm, Criterion, Role, Trial

_PHASES = {"EARLY_PHASE1": "0", "PHASE1": "I", "PHASE2": "II", "PHASE3": "III", "PHASE4": "IV"}


@dataclass(frozen=True, slots=True)
class Loss:
    """A criterion that CTML does not hold, or holds in part.

    Attributes:
        criterion: Its id.
        text: Its short wording.
        whole: True when nothing of it was written.
        kinds: The kinds in it.
        role: A criterion that only a person can confirm cannot be matched by a program at all.
    """

    criterion: str
    text: str
    whole: bool
    kinds: tuple[str, ...]
    role: str


def to_ctml(trial: Trial, names: CtmlNames) -> tuple[dict[str, Any], list[Loss]]:
    """Return the trial as a CTML document (plain data for YAML or JSON) and its losses."""
    record = trial.record
    losses: list[Loss] = []
    shared: list[Clause] = []
    by_arm: dict[str, list[Clause]] = {arm.id: [] for arm in record.arms}
    for criterion in trial.criteria:
        if criterion.role is Role.PERMITS:
            continue
        clause, exact = _clause(criterion, names)
        if not exact:
            losses.append(_loss(criterion, clause is None))
        if clause is None:
            continue
        for place in [by_arm[arm] for arm in criterion.scope] or [shared]:
            place.append(clause)
    step: dict[str, Any] = {"step_code": "1", "arm": [_arm(arm, by_arm[arm.id]) for arm in record.arms]}
    if shared:
        step["match"] = [{"and": shared}]
    document = {
        "protocol_no": record.nct_id,
        "nct_id": record.nct_id,
        "short_title": record.title,
        "phase": "/".join(_PHASES[phase] for phase in record.phase if phase in _PHASES) or "NA",
        "status": "open to accrual" if record.status.value.may_recruit else "closed to accrual",
        "treatment_list": {"step": [step]},
    }
    return document, losses


def _clause(criterion: Criterion, names: CtmlNames) -> tuple[Clause | None, bool]:
    if criterion.role is not Role.DECIDES:
        return None, False
    return _node(criterion.node, False, names)


def _node(node: Node, negated: bool, names: CtmlNames) -> tuple[Clause | None, bool]:
    """Return a clause that follows from the node (or from its opposite), and whether it is all of it."""
    match node:
        case Leaf():
            return leaf_clause(node.kind, node.params, negated, names)
        case Not():
            return _node(node.part, not negated, names)
        case When():
            return _either([_node(node.when, not negated, names), _node(node.then, negated, names)], negated)
        case AtLeast() if node.n == 1:
            return _either([_node(part, negated, names) for part in node.parts], negated)
        case AtLeast() if node.n == len(node.parts):
            return _both([_node(part, negated, names) for part in node.parts], negated)
        case AllOf():
            return _both([_node(part, negated, names) for part in node.parts], negated)
        case AnyOf():
            return _either([_node(part, negated, names) for part in node.parts], negated)
        case _:
            return None, False


def _both(parts: list[tuple[Clause | None, bool]], negated: bool) -> tuple[Clause | None, bool]:
    return _any(parts) if negated else _all(parts)


def _either(parts: list[tuple[Clause | None, bool]], negated: bool) -> tuple[Clause | None, bool]:
    return _all(parts) if negated else _any(parts)


def _all(parts: list[tuple[Clause | None, bool]]) -> tuple[Clause | None, bool]:
    held = [clause for clause, _ in parts if clause is not None]
    return (both(held) if held else None), all(clause is not None and exact for clause, exact in parts)


def _any(parts: list[tuple[Clause | None, bool]]) -> tuple[Clause | None, bool]:
    held = [clause for clause, _ in parts if clause is not None]
    if len(held) < len(parts) or not held:
        return None, False
    return either(held), all(exact for _, exact in parts)


def _arm(arm: Arm, clauses: list[Clause]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "arm_code": arm.id,
        "arm_description": arm.label,
        "arm_suspended": "Y" if arm.open is False else "N",
        "dose_level": [],
    }
    if clauses:
        data["match"] = [{"and": clauses}]
    return data


def _loss(criterion: Criterion, whole: bool) -> Loss:
    kinds = tuple(dict.fromkeys(leaf.kind for leaf in leaves(criterion.node)))
    return Loss(criterion.id, criterion.text, whole, kinds, criterion.role.value)
