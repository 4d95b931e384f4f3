"""The documented shape of the answer of `tests`; docs/testing.md describes it."""

from __future__ import annotations

from typing import Literal

from her2nav.app.answers import ConflictItem, Versions
from her2nav.model.base import Frozen


class PhraseItem(Frozen):
    """A phrase in both registers."""

    clinical: str
    plain: str


class SourceItem(Frozen):
    """Where a reason stands."""

    source: str
    locator: str
    confidence: str
    unverified: bool


class ReasonItem(PhraseItem):
    """Why something is asked for, or a remark; `depends_on` is empty where it applies for certain."""

    rules: list[str]
    sources: list[SourceItem]
    unverified: bool
    depends_on: list[PhraseItem]


class TargetItem(PhraseItem):
    """What a test is made on; `path` is null where no specimen on record will do."""

    path: str | None
    cautions: list[PhraseItem]


class PlanItem(PhraseItem):
    """A test with all its reasons."""

    test: str
    group: Literal["her2", "co_biomarker"]
    burden: str
    effort: str
    strength: Literal["needed", "advised", "consider"]
    certain: bool
    depends_on: list[PhraseItem]
    trigger: PhraseItem | None
    open: list[str]
    specimens: list[TargetItem]
    reasons: list[ReasonItem]


class OrderedPlanItem(PlanItem):
    """A test that is due, with its place."""

    order: int


class DoneItem(PhraseItem):
    """A result on record."""

    path: str
    date: str | None
    group: Literal["her2", "co_biomarker"]


class TissueOrderItem(Frozen):
    """How tests share little tissue; `little_tissue` is null where it is not known whether there is little."""

    little_tissue: bool | None
    tests: list[str]
    reason: ReasonItem


class PlanAnswer(Frozen):
    """The answer of `tests`."""

    patient: str | None
    as_of: str
    tumour_type: str
    done: list[DoneItem]
    now: list[OrderedPlanItem]
    later: list[PlanItem]
    notes: list[ReasonItem]
    tissue_order: TissueOrderItem | None
    conflicts: list[ConflictItem]
    warnings: list[str]
    versions: Versions
