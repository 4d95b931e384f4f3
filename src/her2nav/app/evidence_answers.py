"""The documented shape of the answers of `evidence`; docs/evidence.md describes them."""

from __future__ import annotations

from pydantic import Field

from her2nav.app.answers import ConflictItem, Versions
from her2nav.model.base import Frozen


class ResultItem(Frozen):
    """One number of one arm: as printed, and in months where it is a time."""

    measure: str
    label: str
    value: str | None
    sign: str | None
    unit: str
    low: str | None
    high: str | None
    level: str | None
    months: str | None
    months_low: str | None
    months_high: str | None
    events: int | None
    of: int | None
    at_months: str | None
    event: str | None
    grade: str | None
    cut: str | None
    note: str | None
    source: str
    confidence: str
    unverified: bool


class ArmItem(Frozen):
    """One arm with what it inherits from its study."""

    arm: str
    name: str
    n: int | None
    within: str | None
    regimen: str
    drugs: list[str]
    dose: str | None
    gate: str
    molecular: str | None
    setting: str
    cut: str | None
    results: list[ResultItem]


class StudyItem(Frozen):
    """One study."""

    study: str
    name: str
    kind: str
    registry: list[str]
    phase: str | None
    tumours: list[str]
    regimen: str
    drugs: list[str]
    gate: str
    criteria: str | None
    molecular: str | None
    setting: str
    line: str | None
    n: int | None
    population: str | None
    design: str | None
    endpoints: list[str]
    brain: str | None
    side_effects_named: list[str]
    status: str | None
    status_on: str | None
    status_age_days: int | None
    doi: str | None
    note: str | None
    arms: list[ArmItem]
    source: str
    confidence: str
    unverified: bool
    conflicts: list[str]


class FigureItem(Frozen):
    """One number about tumours, patients or assays."""

    figure: str
    topic: str
    tumours: list[str]
    population: str
    what: str
    value: str | None
    low: str | None
    high: str | None
    unit: str
    sign: str | None
    events: int | None
    n: int | None
    says: str | None
    source: str
    confidence: str
    unverified: bool
    conflicts: list[str]


class AssayItem(Frozen):
    """One kind of test."""

    assay: str
    name: str
    detects: list[str]
    sample: str
    for_it: str
    against_it: str
    use: str
    source: str


class ReviewItem(Frozen):
    """How a source document was made."""

    source: str
    title: str
    says: str
    databases: list[str]
    searched_from: str | None
    searched_to: str | None
    keywords: list[str]
    included: list[str]
    excluded: list[str]
    extracted: list[str]
    trial_status_on: str | None
    guideline_edition: str | None
    missing: list[str]
    place: str


class DrugRowItem(Frozen):
    """A row of a source's drug table; its approval is that of the source."""

    drug: str
    mechanism: str
    side_effects: list[str]
    approval_as_printed: str
    reference: str
    source: str
    confidence: str
    conflicts: list[str]


class CautionItem(Frozen):
    """What must be said beside the numbers."""

    code: str
    says: str


class IntervalItem(Frozen):
    """A printed share beside its recomputed intervals, in percent."""

    study: str
    arm: str
    measure: str
    event: str | None
    n: int
    events: int | None
    value: str
    printed_low: str | None
    printed_high: str | None
    level: str
    clopper_pearson: list[float] | None
    wilson: list[float] | None
    verdict: str


class PooledItem(Frozen):
    """A pooled response rate, in percent, with its heterogeneity."""

    tumours: list[str]
    gate: str
    molecular: str | None
    setting: str
    drugs: list[str]
    dose: str
    arms: list[str]
    share: float
    low: float
    high: float
    tau2: float
    q: float
    df: int
    p: float
    i2: float
    method: str
    caveat: str


class NotPooledItem(Frozen):
    """Trials of one regimen that are not pooled, and what they do not share."""

    trials: list[str]
    differ_in: list[str]


class EvidenceAnswer(Frozen):
    """The answer of `evidence`; tables that were not asked for are empty."""

    tumour: str | None = None
    drugs: list[str] = Field(default_factory=list)
    setting: str | None = None
    studies: list[StudyItem] = Field(default_factory=list)
    without_results: list[str] = Field(default_factory=list)
    figures: list[FigureItem] = Field(default_factory=list)
    assays: list[AssayItem] = Field(default_factory=list)
    reviews: list[ReviewItem] = Field(default_factory=list)
    drug_table: list[DrugRowItem] = Field(default_factory=list)
    intervals: list[IntervalItem] = Field(default_factory=list)
    pooled: list[PooledItem] = Field(default_factory=list)
    not_pooled: list[NotPooledItem] = Field(default_factory=list)
    cautions: list[CautionItem] = Field(default_factory=list)
    conflicts: list[ConflictItem] = Field(default_factory=list)
    versions: Versions
