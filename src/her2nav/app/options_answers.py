"""The documented shape of the answer of `options`; docs/therapies.md describes it."""

from __future__ import annotations

from typing import Any, Literal

from her2nav.app.answers import ChangeItem, ConflictItem, EvidenceItem, PartItem, TruthWord, Versions
from her2nav.app.plan_answers import PhraseItem
from her2nav.model.base import Frozen


class CheckedSource(Frozen):
    """Where a fact stands and when it was checked."""

    source: str
    locator: str
    checked_on: str
    confidence: str
    unverified: bool


class LabelItem(Frozen):
    """An indication or a recommendation; `truth` is met only where everything about it is verified."""

    id: str
    rows: list[str]
    regimen: str
    jurisdiction: str
    standing: Literal["approved", "filed", "investigational", "guideline"]
    status: str
    since: str | None
    first: str | None
    scope: Literal["specific", "agnostic"]
    wording: Literal["verified", "unverified"]
    truth: TruthWord
    held_back: list[str]
    covered: Literal["covered", "off_label", "not_checked", "depends"] | None
    """Of a recommendation: whether a label of the jurisdiction covers it; `depends`: the country is not known."""
    covered_by: list[str]
    says: PhraseItem
    sources: list[CheckedSource]


class GateItem(PartItem):
    """A condition of a label with its finding."""

    id: str
    about: str
    text: str
    plain_text: str
    confidence: str


class ReasonItem(PhraseItem):
    """Something in the record that speaks about an option; `decides` makes it not suitable."""

    kind: Literal["prior_exposure", "resistance"]
    decides: bool
    unverified: bool
    source: str | None
    evidence: list[EvidenceItem]


class RemarkItem(PhraseItem):
    """A remark with the level of its evidence."""

    id: str
    effect: str
    drugs: list[str]
    when: Literal["primary", "acquired", "either"] | None
    level: str
    truth: TruthWord
    unverified: bool
    evidence: list[EvidenceItem]
    sources: list[CheckedSource]


class StudyEvidence(Frozen):
    """Pivotal studies (ids of sources) and results."""

    pivotal: list[str]
    results: str | None


class SafetyItem(Frozen):
    """Where safety stands: drugs to ask `monitor` about."""

    lung_warning: bool
    monitor: list[str]


class ProductItem(Frozen):
    """Another product under the same indication."""

    name: str
    row: str
    since: str
    confidence: str


class PauseItem(Frozen):
    """A trial that would only have to wait."""

    nct_id: str
    until: str


class BecauseItem(Frozen):
    """What closes trials, by the kind of criterion."""

    reason: str
    trials: int


class ClosesItem(Frozen):
    """What giving the regimen today would change."""

    trials: list[str]
    labels: list[str]
    opens_trials: list[str]
    opens_labels: list[str]
    pauses: list[PauseItem]
    because: list[BecauseItem]
    not_recruiting: list[str]


class OptionItem(Frozen):
    """One option; `approval` is null for a trial, `trial` for everything else."""

    id: str
    regimen: str
    plain: str
    drugs: list[str]
    category: Literal["on_label", "guideline", "investigational", "unknown", "not_suitable"]
    truth: TruthWord
    approval: LabelItem | None
    gates: list[GateItem]
    against: list[str]
    reasons: list[ReasonItem]
    remarks: list[RemarkItem]
    to_find_out: list[ChangeItem]
    evidence: StudyEvidence | None
    dose: str | None
    safety: SafetyItem | None
    products: list[ProductItem]
    notes: list[str]
    specific_first: list[str]
    given_now: bool
    other_setting: bool
    closes: ClosesItem | None
    trials: list[str]
    trial: dict[str, Any] | None


class OptionsAnswer(Frozen):
    """The answer of `options`."""

    patient: str | None
    as_of: str
    tumour_type: str
    country: str | None
    jurisdiction: str | None
    statements: list[PhraseItem]
    options: list[OptionItem]
    other_tumours: int
    nothing_held: bool
    elsewhere: list[LabelItem]
    evidence_gaps: list[RemarkItem]
    her2_as_cause: list[RemarkItem]
    test_at_progression: list[RemarkItem]
    combination_ideas: list[RemarkItem]
    other_routes: list[RemarkItem]
    co_biomarkers: list[RemarkItem]
    resistance: list[RemarkItem]
    brain: dict[str, Any]
    ctdna: dict[str, Any]
    conflicts: list[ConflictItem]
    warnings: list[str]
    versions: Versions
