"""One indication for one patient on one day: the gates of the label judged as a trial's criteria are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal

from her2nav.facts.case import Case
from her2nav.knowledge.approvals import Approval, Dated, Gate, GateUse, Period
from her2nav.matching.explain import Explainer
from her2nav.model.finding import Change, ChangeBy, Effort, Finding, UnknownKind
from her2nav.model.provenance import Confidence
from her2nav.model.tree import Node
from her2nav.model.truth import Truth, all_of
from her2nav.therapy.book import TherapyBook
from her2nav.therapy.gate_truths import gate_truths

WORDING_UNVERIFIED = "wording_unverified"
"""Code of the finding of a gate that is not verified."""
READ_LABEL = Change(ChangeBy.DOCUMENT, "read the current label", effort=Effort.RECORD)


@dataclass(frozen=True)
class GateResult:
    """A gate of a label with its truth; the finding is explained when first read, for most are never looked at.

    Attributes:
        gate: What is asked.
        node: Its tree.
        truth: A gate that is not verified decides nothing and is open.
        confidence: Of this gate in this label.
        as_read: The truth by the words as entered, before a gate that is not verified was opened.
    """

    gate: Gate
    node: Node
    truth: Truth
    confidence: Confidence
    as_read: Truth
    _explainer: Explainer

    @cached_property
    def finding(self) -> Finding:
        """The truth with its reasons."""
        found = self._explainer.explain(self.node)
        return found if self.truth is self.as_read else _opened(found, self.confidence)


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


@dataclass(frozen=True, slots=True)
class Use:
    """A gate that stood, or may have stood, in an entry on a day; `settled`: it did for certain."""

    gate: Gate
    node: Node
    confidence: Confidence
    settled: bool

    def read(self, truth: Truth) -> Truth:
        """Return what the truth of its tree counts for: a gate that is not verified decides nothing."""
        opened = self.confidence.unverified or (not self.settled and truth is Truth.NOT_MET)
        return Truth.UNKNOWN if opened else truth


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry on one day, whoever the patient is; the fields are those of `LabelResult`."""

    approval: Approval
    status: str
    since: Dated | None
    first: Dated | None
    held_back: tuple[str, ...]
    uses: tuple[Use, ...]

    def truth(self, gates: Iterable[Truth]) -> Truth:
        """Return whether a patient lies inside, by the truths of the gates."""
        truth = all_of(gates)
        if truth is Truth.MET and self.held_back:
            truth = Truth.UNKNOWN
        return Truth.NOT_MET if self.status == "withdrawn" else truth


@lru_cache(maxsize=8)
def _entries(book: TherapyBook, day: date) -> dict[int, Entry | None]:
    """Return every entry on a day, by which object it is; None: it did not exist."""
    return {id(item): _entry(item, book, day) for item in book.approvals}


def entries_on(book: TherapyBook, day: date) -> list[Entry]:
    """Return the entries that stood on a day, in the order of the files."""
    return [one for one in _entries(book, day).values() if one is not None]


def _entry_on(approval: Approval, book: TherapyBook, day: date) -> Entry | None:
    """Return an entry on a day, of the book or made by hand."""
    known = _entries(book, day)
    return known[id(approval)] if id(approval) in known else _entry(approval, book, day)


def _entry(approval: Approval, book: TherapyBook, day: date) -> Entry | None:
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
    uses = tuple(use for one in approval.gates if (use := _use(one, book, day)) is not None)
    first = approval.periods[0].valid_from if approval.periods else approval.since
    return Entry(approval, status, since, first, _held_back(approval, status, in_force, first), uses)


def _use(use: GateUse, book: TherapyBook, day: date) -> Use | None:
    """Return a gate; None where it did not stand in the label on this day."""
    starts = Truth.MET if use.valid_from is None else use.valid_from.reached(day)
    ended = Truth.NOT_MET if use.valid_to is None else use.valid_to.reached(day)
    if starts is Truth.NOT_MET or ended is Truth.MET:
        return None
    gate = book.gates[use.gate]
    settled = starts is Truth.MET and ended is Truth.NOT_MET
    return Use(gate, book.gate_trees[use.gate], use.confidence or gate.confidence, settled)


def about_on(approval: Approval, case: Case, book: TherapyBook, topic: str) -> Truth | None:
    """Return the joint truth of the gates of an entry about a topic; None where it did not exist on that day."""
    entry = _entry_on(approval, book, case.as_of)
    if entry is None:
        return None
    known = gate_truths(case, book)
    return all_of(use.read(known[use.gate.id]) for use in entry.uses if use.gate.about == topic)


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
    entry = _entry_on(approval, book, case.as_of)
    if entry is None:
        return None
    judges = {"line": before or explainer}
    gates = tuple(_gate(use, judges.get(use.gate.about, explainer), book) for use in entry.uses)
    truth = entry.truth(gate.truth for gate in gates)
    return LabelResult(approval, entry.status, entry.since, entry.first, truth, gates, entry.held_back)


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


def _gate(use: Use, explainer: Explainer, book: TherapyBook) -> GateResult:
    """Judge a gate."""
    as_read = gate_truths(explainer.case, book)[use.gate.id]
    return GateResult(use.gate, use.node, use.read(as_read), use.confidence, as_read, explainer)


def _opened(found: Finding, confidence: Confidence) -> Finding:
    """Return the finding of a gate that decides nothing although its words do."""
    why = "the wording of this condition is not verified" if confidence.unverified else "dated only to the month"
    return Finding(
        Truth.UNKNOWN,
        WORDING_UNVERIFIED,
        f"{why[:1].upper()}{why[1:]}. On the record: {found.reason}",
        "Your team needs to read the current label for this point.",
        evidence=found.evidence,
        unknown_kind=UnknownKind.UNREAD,
        change=READ_LABEL,
        parts=(),
    )
