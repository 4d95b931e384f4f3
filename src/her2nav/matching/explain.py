"""From truths to findings: what decides a criterion, with its reasons, evidence and what would change it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from her2nav.facts.case import Case
from her2nav.facts.once import once
from her2nav.kinds.registry import kinds
from her2nav.matching.evaluate import LeafTruths
from her2nav.matching.program import Program, folded
from her2nav.model.finding import Change, ChangeBy, Effort, Finding, UnknownKind
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When
from her2nav.model.truth import Truth, all_of, any_of, at_least

_PLAIN_SENTENCES = 2
"""How many open parts of a group a patient is told of; the easiest come first."""

_ORDER = (
    ChangeBy.DATE,
    ChangeBy.TEST,
    ChangeBy.DOCUMENT,
    ChangeBy.PERSON,
    ChangeBy.TREATMENT,
    ChangeBy.NEVER,
)
"""What is easier to change stands first."""
_STANDS = Change(ChangeBy.NEVER, "what is on record")

_WANTED = re.compile(r"\b[Ww]anted\b")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was explained of a case: leaves by what they say, groups (with the node itself) by which object they are."""

    leaves: dict[tuple[str, object], Finding] = field(default_factory=dict)
    groups: dict[int, tuple[Node, Finding]] = field(default_factory=dict)


def _kept(case: Case, program: Program | None) -> _Kept:
    """Return what was explained in a program: equal criteria of another may be written otherwise ("8.0" for "8")."""
    return _by_program(case).setdefault(id(program), (program, _Kept()))[1]


def forget(case: Case) -> None:
    """Forget what was explained of a case; it is explained anew when somebody asks."""
    for _, kept in _by_program(case).values():
        # The explainers hold the same tables.
        kept.leaves.clear()
        kept.groups.clear()


@once
def _by_program(_: Case) -> dict[int, tuple[Program | None, _Kept]]:
    return {}


class Explainer:
    """Explains nodes for one patient; equal leaves are explained once, with the truth the evaluator found.

    Args:
        case: The patient.
        truths: Truths already computed over the patient's own block; leaves not among them are evaluated.
    """

    def __init__(self, case: Case, truths: LeafTruths | None = None) -> None:
        self._case = case
        self._truths = truths
        kept = _kept(case, truths.program if truths is not None else None)
        self._leaves, self._groups = kept.leaves, kept.groups

    @property
    def case(self) -> Case:
        """The patient."""
        return self._case

    def explain(self, node: Node) -> Finding:
        """Return the finding of a node."""
        if isinstance(node, Leaf):
            return self._leaf(node)
        known = self._groups.get(id(node))
        if known is None:
            known = self._groups[id(node)] = node, self._group(node)
        return known[1]

    def _group(self, node: Node) -> Finding:
        match node:
            case Leaf():
                return self._leaf(node)
            case Not(part=part):
                return negated(self.explain(part), part)
            case When(when=when, then=then):
                return self._when(when, then)
            case AllOf(parts=parts):
                return joined([self.explain(part) for part in parts], "all_of", len(parts))
            case AnyOf():
                return joined([self.explain(part) for part in folded(node).parts], "any_of", 1)
            case AtLeast(n=n, parts=parts):
                return joined([self.explain(part) for part in parts], "at_least", n)

    def against(self, node: Node) -> Change | None:
        """Return what would change a node that is not met: as its finding says, but only what decides is explained."""
        match node:
            case AllOf(parts=parts) | AtLeast(parts=parts):
                against = [part for part in parts if self._truth(part) is Truth.NOT_MET]
                return hardest(
                    [self.against(part) for part in against], "all_of" if isinstance(node, AllOf) else "at_least"
                )
            case AnyOf():
                # Not met means that no part is.
                return hardest([self.against(part) for part in folded(node).parts], "any_of")
            case Not(part=AllOf() | AnyOf() | AtLeast() | Not()):
                # What is met by several parts has no change of its own.
                return _STANDS
        return self.explain(node).change

    def effort(self, node: Node) -> int:
        """Return how hard the answer to a node that is open is to get, as its finding says; settled parts do not count.

        Only the leaves that keep it open are explained.
        """
        match node:
            case Leaf():
                return effort_of(self._leaf(node))
            case Not(part=part):
                return self.effort(part)
            case When(when=when, then=then):
                return self.effort(then if self._truth(when) is Truth.MET else when)
        parts = folded(node).parts if isinstance(node, AnyOf) else node.parts
        return min(self.effort(part) for part in parts if self._truth(part) is Truth.UNKNOWN)

    def deciding_kind(self, node: Node) -> str:
        """Return the kind of the leaf that decides the truth of a node, the first where several do."""
        match node:
            case Leaf(kind=kind):
                return kind
            case Not(part=part) | When(then=part):
                return self.deciding_kind(part)
        parts = folded(node).parts if isinstance(node, AnyOf) else node.parts
        truth = self._truth(node)
        return self.deciding_kind(next((part for part in parts if self._truth(part) is truth), parts[0]))

    def _truth(self, node: Node) -> Truth:
        """Return the truth of a node without reasons."""
        match node:
            case Leaf(kind=kind, params=params):
                return self._known(kind, params)
            case Not(part=part):
                return self._truth(part).negated()
            case When(when=when, then=then):
                return any_of((self._truth(when).negated(), self._truth(then)))
            case AllOf(parts=parts):
                return all_of(map(self._truth, parts))
            case AnyOf():
                return any_of(map(self._truth, folded(node).parts))
            case AtLeast(n=n, parts=parts):
                return at_least(n, map(self._truth, parts))

    def _known(self, kind: str, params: Any) -> Truth:
        if self._truths is not None:
            return self._truths.of_one(kind, params)
        return kinds()[kind].evaluate(params, self._case.alone).at(0)

    def _leaf(self, leaf: Leaf) -> Finding:
        key = (leaf.kind, leaf.params)
        found = self._leaves.get(key)
        if found is None:
            truth = self._known(leaf.kind, leaf.params)
            found = self._leaves[key] = kinds()[leaf.kind].finding(leaf.params, self._case, truth)
        return found

    def _when(self, when: Node, then: Node) -> Finding:
        guard = self.explain(when)
        if guard.truth is Truth.NOT_MET:
            return Finding(
                Truth.MET,
                "not_applicable",
                f"Does not apply: {guard.reason}",
                "This does not apply to you.",
                evidence=guard.evidence,
                parts=(guard,),
            )
        inner = self.explain(then)
        if guard.truth is Truth.MET or inner.truth is Truth.MET:
            return Finding(
                inner.truth,
                inner.code,
                inner.reason,
                inner.plain,
                evidence=inner.evidence,
                unknown_kind=inner.unknown_kind,
                change=inner.change,
                parts=(guard, inner),
                holds_until=inner.holds_until,
            )
        return Finding(
            Truth.UNKNOWN,
            "guard_unknown",
            f"Whether this applies is open: {guard.reason}",
            guard.plain,
            evidence=guard.evidence,
            unknown_kind=guard.unknown_kind,
            change=guard.change,
            parts=(guard, inner),
        )


def negated(inner: Finding, part: Node) -> Finding:
    """Return the finding of an exclusion: the same facts, the truth turned round."""
    truth = inner.truth.negated()
    plain = inner.plain
    if truth is Truth.MET:
        plain = "Nothing on record speaks against it here."
    elif truth is Truth.NOT_MET:
        name = kinds()[part.kind].plain_name or kinds()[part.kind].name if isinstance(part, Leaf) else "this point"
        plain = f"Something on record does not fit here: {name}."
    return Finding(
        truth,
        inner.code,
        _WANTED.sub(lambda match: "Excluded" if match.group().istitle() else "excluded", inner.reason),
        plain,
        evidence=inner.evidence,
        unknown_kind=inner.unknown_kind,
        change=None if truth is Truth.MET else _turned(inner, part),
        parts=inner.parts,
        holds_until=inner.holds_until,
    )


def _turned(inner: Finding, part: Node) -> Change | None:
    """What would change an exclusion that applies: what the facts say, a new value of a measurement, else nothing."""
    if inner.change is not None:
        return inner.change
    kind = kinds()[part.kind] if isinstance(part, Leaf) else None
    if inner.truth is Truth.MET and kind is not None and kind.limit is not None and kind.effort is Effort.ROUTINE:
        return Change(ChangeBy.TEST, f"a new value: {kind.name}", effort=kind.effort)
    return _STANDS if inner.truth is Truth.MET else None


def joined(parts: list[Finding], head: str, needed: int) -> Finding:
    """Return the finding of a group, told by the parts that decide it."""
    truths = [part.truth for part in parts]
    if head == "all_of":
        truth = all_of(truths)
    elif head == "any_of":
        truth = any_of(truths)
    else:
        truth = at_least(needed, truths)
    # Several parts may be one finding: sentences that were not read say the same.
    telling = [*{id(part): part for part in parts if part.truth is truth}.values()] or parts
    if truth is Truth.UNKNOWN and head == "any_of":
        # Every alternative that is still open could settle it: tell the easiest first.
        telling.sort(key=effort_of)
    reasons = list(dict.fromkeys(part.reason for part in telling))
    plains = list(dict.fromkeys(part.plain for part in sorted(telling, key=effort_of)))
    evidence = dict.fromkeys(one for part in telling for one in part.evidence)
    return Finding(
        truth,
        telling[0].code,
        " ".join(reasons),
        plains[0] if truth is not Truth.UNKNOWN else " ".join(plains[:_PLAIN_SENTENCES]),
        evidence=tuple(evidence),
        unknown_kind=_unknown_kind(telling) if truth is Truth.UNKNOWN else None,
        change=_change(telling, truth, head),
        parts=tuple(parts),
        holds_until=_holds_until(telling, truth, head),
    )


def _holds_until(parts: list[Finding], truth: Truth, head: str) -> date | None:
    """All of several lasts as long as the first of them to end; one of several as long as the last."""
    days = [part.holds_until for part in parts]
    known = [day for day in days if day is not None]
    if not known or truth is Truth.UNKNOWN:
        return None
    joint = (head == "all_of") == (truth is Truth.MET)
    if joint:
        return min(known)
    return max(known) if len(known) == len(days) else None


def _unknown_kind(parts: list[Finding]) -> UnknownKind:
    kinds_found = {part.unknown_kind for part in parts}
    for kind in (UnknownKind.UNREAD, UnknownKind.DATA):
        if kind in kinds_found:
            return kind
    return UnknownKind.PENDING


def _change(parts: list[Finding], truth: Truth, head: str) -> Change | None:
    changes = [part.change for part in parts]
    known = [change for change in changes if change is not None]
    if not known or truth is Truth.MET:
        return None
    if truth is Truth.UNKNOWN:
        return min(known, key=lambda change: change.effort.weight if change.effort else 9)
    return hardest(changes, head)


def hardest(changes: Sequence[Change | None], head: str) -> Change | None:
    """Return the change that lets a group be met that is not: of "all of" the hardest, of several ways in the easiest.

    An exclusion of several things stands until the hardest is changed; of several ways in, the easiest will do. Where
    all are wanted and of one nobody knows what would change it, no date and no test of another is promised.
    """
    known = [change for change in changes if change is not None]
    if not known:
        return None
    ranked = sorted(known, key=lambda one: (_ORDER.index(one.by), one.date.toordinal() if one.date else 0))
    if head != "all_of":
        return ranked[0]
    return ranked[-1] if len(known) == len(changes) or ranked[-1].by is ChangeBy.NEVER else None


def effort_of(finding: Finding) -> int:
    """Return how hard the open fact of a finding is to get, 1 (easiest) to 9 (not stated)."""
    return finding.change.effort.weight if finding.change and finding.change.effort else 9
