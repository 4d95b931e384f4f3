"""The documented shapes of the interpreter's further JSON answers: variant, table, audit, comment, self-test."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from her2nav.app.answers import ConflictItem, TruthWord, Versions
from her2nav.model.base import Frozen


class CautionItem(Frozen):
    """Something to know or to confirm before a variant call is used."""

    code: str
    message: str
    suggestion: str | None


class SourceItem(Frozen):
    """Where a fact comes from."""

    source: str
    locator: str
    checked_on: str
    confidence: str


class ActionItem(SourceItem):
    """A drug for a variant."""

    drug: str
    name: str
    effect: Literal["sensitive", "resistant", "reduced", "not_covered"]
    level: str | None
    tumour: str
    tumour_name: str
    applies: bool
    condition: str
    note: str
    unverified: bool


class VariantItem(Frozen):
    """One variant as understood."""

    input: str
    gene: str | None
    hgvs_p: str | None
    short: str | None
    hgvs_c: str | None
    hgvs_c_examples: list[str]
    ids: list[str]
    transcript: str
    protein: str
    exon: int | None
    exons: list[int]
    exon_note: Literal["unverified"] | None
    domain: str | None
    domain_name: str | None
    in_kinase_domain: bool | None
    class_: str = Field(alias="class")
    class_words: str
    activating: TruthWord
    exon20_insertion: TruthWord
    acquired_resistance: bool
    confidence: str | None
    unverified: bool
    summary: str
    candidates: list[str]
    actionability: list[ActionItem]
    warnings: list[CautionItem]
    needs_confirmation: bool
    sources: list[SourceItem]


class _Variants(Frozen):
    """The answer of `variant`; where there is one variant, its keys stand at the top too."""

    tumour: str | None
    variants: list[VariantItem] = Field(min_length=1)
    warnings: list[CautionItem]
    conflicts: list[ConflictItem]
    versions: Versions


def variant_answer() -> type[BaseModel]:
    """Return the shape of `variant`: the list, and the keys of a single variant beside it."""
    single: dict[str, Any] = {}
    for name, field in VariantItem.model_fields.items():
        if name not in _Variants.model_fields:
            single[name] = (field.annotation | None, Field(default=None, alias=field.alias))  # type: ignore[operator]
    return create_model("VariantAnswer", __base__=_Variants, __doc__=_Variants.__doc__, **single)


class BatchItem(Frozen):
    """One row of a table."""

    line: int
    id: str | None
    tumour: str | None
    status: str | None
    expression: str | None
    ish_group: int | None
    amplification: str | None
    final: bool | None
    outcome: str | None
    rule: str | None
    source: str | None
    flags: list[str]
    next: list[str]
    missing: list[str]
    says: str | None
    error: str | None


class BatchAnswer(Frozen):
    """The answer of `interpret --csv`."""

    read: int
    interpreted: int
    failed: int
    rows: list[BatchItem]
    warnings: list[str]
    versions: Versions


class ShareItem(Frozen):
    """A share in percent with its 95 % interval by Wilson."""

    id: str
    says: str
    count: int
    total: int
    percent: float | None
    low: float | None
    high: float | None


class LackingItem(ShareItem):
    """An item that reports lack, of those that should have it."""

    source: str
    locator: str
    confidence: str
    unverified: bool


class RowItem(Frozen):
    """A row of the table that a person should look at."""

    line: int
    id: str
    what: str


class PublishedItem(Frozen):
    """A published share beside the laboratory's own."""

    id: str
    measure: str
    says: str
    low: float
    high: float
    own: ShareItem | None
    source: str
    locator: str
    confidence: str
    unverified: bool


class RemarkItem(Frozen):
    """What is known of a measure, in words."""

    says: str
    source: str
    locator: str
    confidence: str


class TumourItem(Frozen):
    """The rows of one tumour type."""

    tumour: str
    rows: int
    not_scored: int
    score_ranges: int
    ihc_mix: list[ShareItem]
    status_mix: list[ShareItem]
    expression_mix: list[ShareItem]
    shares: list[ShareItem]
    lacking: list[LackingItem]
    word_differs: list[RowItem]
    discordant: list[RowItem]
    published: list[PublishedItem]
    remarks: list[RemarkItem]


class AuditAnswer(Frozen):
    """The answer of `interpret --csv FILE --audit`."""

    rows: int
    read: int
    errors: list[RowItem]
    tumours: list[TumourItem]
    note: str
    warnings: list[str]
    versions: Versions


class CommentAnswer(Frozen):
    """The answer of `interpret --comment`."""

    comment: str
    specimen: str
    edition: str
    final: bool
    result: list[str]
    notes: list[str]
    missing: list[str]
    next: list[str]
    rules: list[str]
    warnings: list[str]
    versions: Versions


class GoldenItem(Frozen):
    """One golden row."""

    id: str
    given: str
    expected: str
    got: str
    passed: bool
    faults: list[str]


class GoldenSetItem(Frozen):
    """One file of golden rows."""

    title: str
    file: str
    section: str
    sha256: str
    rows: list[GoldenItem]


class ProofItem(Frozen):
    """A decision table: how many inputs were tried, what is wrong with it."""

    table: str
    title: str
    rows: int
    cells: int
    fault: str | None


class SelftestAnswer(Frozen):
    """The answer of `selftest`."""

    made_on: str
    passed: bool
    rows: int
    failed: int
    digest: str
    sets: list[GoldenSetItem]
    tables: list[ProofItem]
    versions: Versions
