"""One indication for one patient on one day: the gates of the label judged as a trial's criteria are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from her2nav.facts.case import Case
from her2nav.knowledge.approvals import Approval, Dated, Gate, GateUse, Period
from her2nav.matching.explain import Explainer
from her2nav.model.finding import Change, ChangeBy, Effort, Finding, UnknownKind
from her2nav.model.provenance import Confidence
from her2nav.model.tree import Node
from her2nav.model.truth import Truth, all_of
from her2nav.therapy.book import TherapyBook

WORDING_UNVERIFIED = "wording_unverified"
"""Code of the finding of a gate that is not verified."""
READ_LABEL = Change(ChangeBy.DOCUMENT, "read the current label", effort=Effort.RECORD)


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate of a label with its finding.

    Attributes:
        gate: What is asked.
        node: Its tree.
        finding: The truth with its reasons; a gate that is not verified decides nothing and is open.
        confidence: Of this gate in this label.
        as_read: The truth by the words as entered, before a gate that is not verified was opened.
    """

    gate: Gate
    node: Node
    finding: Finding
    confidence: Confidence
    as_read: Truth = Truth.UNKNOWN

    @property
    def truth(self) -> Truth:
        """The truth."""
        return self.finding.truth


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a recommendation stands to the labels of the patient's jurisdiction.

    Attributes:
        kind: `covered`, `off_label`, `not_checked`, or `depends`: the country is not known or none of its labels held.
        labels: Ids of the labels that cover it, here where the place is known, else anywhere.
        note: What to know of that.
    """

    kind: Literal["covered", "off_label", "not_checked", "depends"]
    labels: tuple[str, ...] = ()
    note: str | None = None


def coverage(approval: Approval, book: TherapyBook, jurisdiction: str | None, *, assumed: bool) -> Coverage | None:
    """Return how a recommendation stands to the labels; None for an entry that is a label itself.

    Args:
        approval: The entry.
        book: All entries.
        jurisdiction: Whose labels count; None where none is held for the country.
        assumed: No country is known, so that the jurisdiction is only the default.
    """
    if approval.standing != "guideline":
        return None
    stated = approval.labels
    if stated is None:
        return Coverage("depends" if assumed or jurisdiction is None else "not_checked")
    if assumed or jurisdiction is None:
        return Coverage("depends", stated.covered_by, stated.note)
    places = {one.id: one.jurisdiction for one in book.approvals}
    here = tuple(name for name in stated.covered_by if places[name] == jurisdiction)
    if here:
        return Coverage("covered", here, stated.note)
    return Coverage("off_label" if stated.off_label else "not_checked")


@dataclass(frozen=True, slots=True)
class LabelResult:
    """An indication, or a recommendation, for one patient.

    Attributes:
        approval: The entry.
        status: regular, accelerated, conditional, status_unverified, withdrawn, filed or guideline, on that day.
        since: First day of that status; None where no day is held.
        first: First day of the approval.
        truth: Whether the patient lies inside; MET only where wording, date and every gate are verified.
        gates: The gates that stood in it on that day.
        held_back: Why it is not met although every gate is, or why it is open whatever the gates say.
        coverage: Of a recommendation: how it stands to the labels.
    """

    approval: Approval
    status: str
    since: Dated | None
    first: Dated | None
    truth: Truth
    gates: tuple[GateResult, ...]
    held_back: tuple[str, ...]
    coverage: Coverage | None = None

    def with_truth(self, truth: Truth) -> list[GateResult]:
        """Return the gates with a truth."""
        return [gate for gate in self.gates if gate.truth is truth]

    def about(self, *topics: str) -> Truth:
        """Return the joint truth of the gates about these topics."""
        return all_of(gate.truth for gate in self.gates if gate.gate.about in topics)


def period_on(approval: Approval, day: date) -> tuple[Period, Truth] | None:
    """Return the latest period that has begun or may have begun on a day, and whether it has; None: none yet."""
    begun = [
        (period, period.valid_from.reached(day))
        for period in approval.periods
        if period.valid_from.reached(day) is not Truth.NOT_MET
        and not (period.valid_to and period.valid_to.reached(day) is Truth.MET)
    ]
    if not begun:
        return None
    sure = any(truth is Truth.MET for _, truth in begun)
    return begun[-1][0], Truth.MET if sure else Truth.UNKNOWN


def judge_label(
    approval: Approval, case: Case, explainer: Explainer, book: TherapyBook, before: Explainer | None = None
) -> LabelResult | None:
    """Judge one entry; None where it did not exist on the patient's day.

    Args:
        approval: The entry.
        case: The patient on their day.
        explainer: Of that case.
        book: Gates and their trees.
        before: Of the same patient without the regimen where it is given now; it judges what is asked of earlier
            treatment.

    Raises:
        RuleDataError: Never by the entry itself; trees were read before.
    """
    day = case.as_of
    status: str = approval.standing
    since, in_force = approval.since, Truth.MET
    if approval.standing == "approved":
        found = period_on(approval, day)
        if found is None:
            return None
        period, in_force = found
        status, since = period.status, period.valid_from
    elif since is not None:
        in_force = since.reached(day)
        if in_force is Truth.NOT_MET:
            return None
    judges = {"line": before or explainer}
    gates = tuple(
        result
        for use in approval.gates
        if (result := _gate(use, book, judges.get(book.gates[use.gate].about, explainer), day)) is not None
    )
    truth = all_of(gate.truth for gate in gates)
    first = approval.periods[0].valid_from if approval.periods else approval.since
    held_back = _held_back(approval, status, in_force, first)
    if truth is Truth.MET and held_back:
        truth = Truth.UNKNOWN
    if status == "withdrawn":
        truth = Truth.NOT_MET
    return LabelResult(approval, status, since, first, truth, gates, held_back)


def _held_back(approval: Approval, status: str, in_force: Truth, first: Dated | None) -> tuple[str, ...]:
    """Return what keeps an entry from being simply met."""
    when = first.shown if first else "on a day not held here"
    reasons = []
    if approval.standing == "filed":
        reasons.append("a decision of the authority was not verified")
    if approval.standing == "approved" and approval.wording == "unverified":
        reasons.append(f"approved {when}, wording not verified")
    if in_force is Truth.UNKNOWN:
        reasons.append(f"begins {when}: whether it stood on this day is not verified")
    if approval.unverified and approval.standing != "filed":
        reasons.append("no source of this entry is verified")
    if status == "withdrawn":
        reasons.append(f"withdrawn {when}")
    return tuple(reasons)


def _gate(use: GateUse, book: TherapyBook, explainer: Explainer, day: date) -> GateResult | None:
    """Judge a gate; None where it did not stand in the label on this day."""
    gate, node = book.gates[use.gate], book.gate_trees[use.gate]
    starts = Truth.MET if use.valid_from is None else use.valid_from.reached(day)
    ended = Truth.NOT_MET if use.valid_to is None else use.valid_to.reached(day)
    if starts is Truth.NOT_MET or ended is Truth.MET:
        return None
    found = explainer.explain(node)
    confidence = use.confidence or gate.confidence
    settled = starts is Truth.MET and ended is Truth.NOT_MET
    as_read = found.truth
    if found.truth is not Truth.UNKNOWN and (confidence.unverified or (not settled and found.truth is Truth.NOT_MET)):
        why = "the wording of this condition is not verified" if confidence.unverified else "dated only to the month"
        found = Finding(
            Truth.UNKNOWN,
            WORDING_UNVERIFIED,
            f"{why[:1].upper()}{why[1:]}. On the record: {found.reason}",
            "Your team needs to read the current label for this point.",
            evidence=found.evidence,
            unknown_kind=UnknownKind.UNREAD,
            change=READ_LABEL,
            parts=(),
        )
    return GateResult(gate, node, found, confidence, as_read)
