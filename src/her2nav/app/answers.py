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


class MatchItem(Frozen):
    """One trial for the patient."""

    nct_id: str
    title: str
    verdict: Literal["eligible", "possible", "ineligible"]
    score: float
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


class FactItem(Frozen):
    """A fact worth finding out."""

    fact: str
    plain: str
    decides: int
    opens: int
    effort: str


class MatchAnswer(Frozen):
    """The answer of `match`."""

    patient: str | None
    as_of: str
    matches: list[MatchItem]
    left_aside: list[AsideItem]
    most_useful_next_facts: list[FactItem]
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
    ever_positive: TruthWord | None = None
    ever_low: TruthWord | None = None
    flags: list[dict[str, Any]] | None = None
    set_aside: list[dict[str, Any]] | None = None
    scoring: str | None = None
    guideline: str | None = None
    reason: str | None = None
    warnings: list[str]
    versions: Versions
