"""The answer on the safety of a treatment: what every face shows, and the documented shape of its JSON."""

from __future__ import annotations

from typing import Literal

from her2nav.knowledge.monitoring import Action, Topic
from her2nav.model.base import Frozen

Flag = Literal["none", "check", "treat", "hold", "stop", "possible_hold", "hold_until_reviewed", "unknown"]
"""What a rule says today. `possible_hold` is all that an unverified row can say."""
BaselineStatus = Literal["done", "missing", "stale", "not_applicable"]
Phase = Literal["not_on_record", "planned", "running", "ended"]


class SourceLine(Frozen):
    """Where a fact comes from."""

    source: str
    locator: str
    checked_on: str
    confidence: str
    unverified: bool


class ValueLine(Frozen):
    """A value that a rule used."""

    input: str
    name: str
    plain_name: str
    value: str
    date: str | None
    paths: tuple[str, ...]


class FindOut(Frozen):
    """A value that is not known."""

    input: str
    clinical: str
    plain: str


class Outcome(Frozen):
    """A row that fired, or may fire."""

    code: str
    action: Action
    clinical: str
    certain: bool
    source: SourceLine
    note: str | None = None
    plain: str | None = None


class RuleAnswer(Frozen):
    """One rule on the patient's values."""

    rule: str
    drug: str
    topic: Topic
    title: str
    setting: str | None
    code: str
    """Code of the row, or UNKNOWN with what is missing."""
    flag: Flag
    heading: str
    """The flag in words for clinicians."""
    outcomes: tuple[Outcome, ...]
    """One where the answer is certain; otherwise all that are possible."""
    values: tuple[ValueLine, ...]
    find_out: tuple[FindOut, ...]
    after_hold: str | None
    note: str | None
    source: SourceLine


class BaselineAnswer(Frozen):
    """One part of the order set."""

    item: str
    name: str
    plain_name: str
    status: BaselineStatus
    detail: str
    plain_detail: str
    date: str | None
    condition: str | None
    requirement: Literal["met", "not_met", "unknown"] | None
    requirement_text: str | None
    drugs: tuple[str, ...]
    sources: tuple[SourceLine, ...]


class CalendarEvent(Frozen):
    """One date of a schedule."""

    date: str
    item: str
    number: int


class CalendarLine(Frozen):
    """How often something is checked, and when next."""

    item: str
    name: str
    plain_name: str
    drug: str
    shown: str
    authority: str
    anchor: Literal["start", "last_dose"]
    in_use: bool
    """False where another schedule of the same item gives the dates, or none has any."""
    dates: tuple[str, ...]
    last_done: str | None
    next_due: str | None
    overdue: bool
    source: SourceLine


class Sentence(Frozen):
    """A sentence with its source; without plain words it is for clinicians."""

    topic: Topic
    drug: str | None
    clinical: str
    plain: str | None
    jurisdiction: str | None
    note: str | None
    source: SourceLine


class InteractionAnswer(Frozen):
    """A medicine of the record that matters beside the drug."""

    drug: str
    medicine: str
    path: str | None
    kind: Literal["interaction", "combination"]
    topic: Topic
    certain: bool
    """False where the medicine may be, or may not be, one of those meant."""
    advice: str
    source: SourceLine


class ContraceptionAnswer(Frozen):
    """Contraception and breastfeeding after the last dose."""

    drug: str
    who: Literal["female", "male", "breastfeeding"]
    length: str | None
    """None: not verified."""
    until: str | None
    """Last day, where the last dose is known."""
    applies: bool | None
    """None: the record does not tell."""
    source: SourceLine


class DoseAnswer(Frozen):
    """A dose of the sheet, and whether the recorded one is among its levels."""

    drug: str
    label: str
    schedule: str
    levels: tuple[str, ...]
    applies: bool | None
    recorded: str | None
    fits: bool | None
    source: SourceLine


class RiskAnswer(Frozen):
    """A risk to the heart, present, absent or not known."""

    id: str
    clinical: str
    plain: str
    truth: Literal["met", "not_met", "unknown"]
    evidence: tuple[str, ...]
    source: SourceLine


class SymptomAnswer(Frozen):
    """A symptom and how fast to act."""

    id: str
    clinical: str
    plain: str
    urgency: Literal["now", "today"]
    source: SourceLine


class DrugAnswer(Frozen):
    """A drug that was asked about, with where its treatment stands."""

    drug: str
    name: str
    held: bool
    """False: no safety facts are held for it."""
    label_from: str | None
    before_label: bool
    phase: Phase
    start: str | None
    end: str | None


class SafetyAnswer(Frozen):
    """Everything on the safety of one treatment of one patient on one day."""

    drugs: tuple[DrugAnswer, ...]
    jurisdictions: tuple[str, ...]
    lung_risk: bool
    boxed: tuple[Sentence, ...]
    contraindications: tuple[Sentence, ...]
    baseline: tuple[BaselineAnswer, ...]
    calendar: tuple[CalendarLine, ...]
    events: tuple[CalendarEvent, ...]
    rules: tuple[RuleAnswer, ...]
    interactions: tuple[InteractionAnswer, ...]
    medications_complete: bool
    unread_medicines: tuple[str, ...]
    heart_risks: tuple[RiskAnswer, ...]
    heart_protection: tuple[Sentence, ...]
    contraception: tuple[ContraceptionAnswer, ...]
    doses: tuple[DoseAnswer, ...]
    advice: tuple[Sentence, ...]
    symptoms: tuple[SymptomAnswer, ...]
