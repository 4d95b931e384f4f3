"""The documented shapes of the JSON answers; the answers are built as plain data and tested against these."""

from __future__ import annotations

from typing import Any, Literal

from her2nav.model.base import Frozen

TruthWord = Literal["met", "not_met", "unknown"]


class Versions(Frozen):
    """What an answer was computed with."""

    her2nav: str
    knowledge: str
    reader: str
    snapshot: str | None


class ClaimItem(Frozen):
    """One of the values that stand against each other."""

    says: str
    source: str


class ConflictItem(Frozen):
    """One contradiction; `plain` is null where the choice changes no answer."""

    conflict: str
    title: str
    severity: str
    facts: list[str]
    tumours: list[str]
    claims: list[ClaimItem]
    used: str
    why: str
    basis: list[str]
    unverified: bool
    changes_answer: bool
    plain: str | None


class EvidenceItem(Frozen):
    """An item of the record that a finding rests on."""

    path: str
    value: str
    date: str | None


class ChangeItem(Frozen):
    """What would change a finding."""

    by: Literal["test", "date", "treatment", "document", "person", "never"]
    what: str
    date: str | None
    effort: str | None


class PartItem(Frozen):
    """A part of a criterion's tree."""

    kind: str
    truth: TruthWord
    unknown_kind: Literal["data", "unread", "pending"] | None
    code: str
    reason: str
    plain: str
    evidence: list[EvidenceItem]
    what_would_change_it: ChangeItem | None
    parts: list[PartItem]


class CriterionItem(PartItem):
    """A criterion of a trial with its finding."""

    id: str
    role: Literal["decides", "confirm", "permits"]
    scope: list[str] | None
    section: Literal["inclusion", "exclusion", "registry"]
    text: str
    text_origin: Literal["registry", "paraphrase"]
    span: tuple[int, int] | None


class ArmItem(Frozen):
    """An arm with its verdict."""

    id: str
    label: str
    open: bool | None
    verdict: Literal["eligible", "possible", "ineligible"]


class RankItem(Frozen):
    """A part of the rank, from 0 to 1, and why."""

    part: Literal["certainty", "tumour", "her2", "line", "purpose", "phase", "evidence", "recruiting"]
    value: float
    why: str


class MatchItem(Frozen):
    """One trial for the patient."""

    nct_id: str
    title: str
    verdict: Literal["eligible", "possible", "ineligible"]
    score: float
    place: Literal["fits", "may_fit", "soon", "later", "not_today"]
    rank: list[RankItem]
    status: str
    status_date: str
    status_age_days: int
    recruiting: bool | None
    phase: list[str]
    url: str
    contacts: list[dict[str, Any]]
    criteria_from: Literal["curated", "read"]
    curation: Literal["full", "partial"]
    unread: int
    notes: list[str]
    best_arm: str | None
    arms: list[ArmItem]
    criteria: list[CriterionItem]
    to_confirm: list[str]
    missing: list[str]
    eligible_from: str | None
    repeat_before: list[str]
    nearest_site: dict[str, Any] | None
    nearest_site_reason: str | None


class AsideItem(Frozen):
    """Trials that were not judged."""

    count: int
    reason: str


class ValueItem(Frozen):
    """One answer of a fact: how many open trials would then fit or not, and how many closed ones would open."""

    says: str
    fits: int
    closes: int
    opens: int


class FactItem(Frozen):
    """A fact worth finding out; docs/ranking.md defines the counts."""

    fact: str
    plain: str
    decides: int
    opens: int
    effort: str
    settles: int
    needed: int
    labels: int
    opens_labels: int
    gate: bool
    routine: bool
    parts: list[str]
    values: list[ValueItem]


class FactSetItem(Frozen):
    """Facts that together leave nothing else open in these trials and labels."""

    facts: list[str]
    plain: list[str]
    trials: list[str]
    labels: list[str]
    at_most: int
    exact: bool


class ChangedItem(Frozen):
    """A trial whose answer differs with a supposition."""

    nct_id: str
    title: str
    recruiting: bool | None
    effect: Literal["fits", "opens", "closes", "pauses", "clearer", "less_clear"]
    before: Literal["eligible", "possible", "ineligible"]
    after: Literal["eligible", "possible", "ineligible"]
    until: str | None
    for_good: bool
    because: str | None
    criterion: str | None
    open_before: int
    open_after: int


class WhatIfItem(Frozen):
    """What a fact or a treatment would change."""

    what: str
    day: str
    treatment: bool
    summary: str | None
    her2_before: str | None
    her2_after: str | None
    changes: list[ChangedItem]


class MatchAnswer(Frozen):
    """The answer of `match`."""

    patient: str | None
    as_of: str
    matches: list[MatchItem]
    left_aside: list[AsideItem]
    most_useful_next_facts: list[FactItem]
    smallest_sets: list[FactSetItem]
    doors: list[WhatIfItem]
    what_if: list[WhatIfItem]
    conflicts: list[ConflictItem]
    warnings: list[str]
    versions: Versions


class InterpretAnswer(Frozen):
    """The answer of `interpret`; the inner objects are described in docs/interpretation.md."""

    patient: str | None
    as_of: str
    tumour_type: str
    specimens: list[dict[str, Any]]
    overall: dict[str, Any] | None
    next_tests: list[dict[str, Any]]
    mutation: dict[str, Any] | None = None
    plasma: dict[str, Any] | None = None
    ever_positive: TruthWord | None = None
    ever_low: TruthWord | None = None
    flags: list[dict[str, Any]] | None = None
    set_aside: list[dict[str, Any]] | None = None
    scoring: str | None = None
    guideline: str | None = None
    reason: str | None = None
    conflicts: list[ConflictItem]
    warnings: list[str]
    versions: Versions
