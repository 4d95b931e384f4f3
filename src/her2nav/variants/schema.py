"""The shapes of the files in `data/variants/`."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence, Provenance
from her2nav.model.truth import Truth


class Kind(StrEnum):
    """What sort of change it is."""

    SUBSTITUTION = "substitution"
    INSERTION = "insertion"
    DUPLICATION = "duplication"
    DELETION = "deletion"
    DELINS = "delins"
    FRAMESHIFT = "frameshift"
    NONSENSE = "nonsense"
    SYNONYMOUS = "synonymous"
    SPLICE = "splice"
    FUSION = "fusion"
    CLASS_ONLY = "class_only"


class Effect(StrEnum):
    """What the change means, or why that cannot be told."""

    DRIVER = "driver"
    LIKELY_DRIVER = "likely_driver"
    WEAK_DRIVER = "weak_driver"
    CONFLICTING = "conflicting"
    RESISTANCE = "resistance"
    POLYMORPHISM = "polymorphism"
    VUS = "vus"
    SYNONYMOUS = "synonymous"
    NOT_ACTIVATING = "not_activating"
    """Frameshift, nonsense and splice loss: ERBB2 is an oncogene."""
    MALFORMED = "malformed"
    WRONG_RESIDUE = "wrong_residue"
    NEEDS_PROTEIN_CHANGE = "needs_protein_change"
    OTHER_GENE = "other_gene"
    NOT_A_VARIANT = "not_a_variant"
    NOT_FOUND = "not_found"
    """The text says that the variant was looked for and not found."""
    UNREADABLE = "unreadable"


class ProteinIsoform(Frozen):
    """An isoform whose numbering differs from the reference by a constant."""

    accessions: tuple[str, ...] = Field(min_length=1)
    names: tuple[str, ...] = ()
    offset: int
    """Added to a residue number of the isoform it gives the reference number."""


class ProteinFile(Frozen):
    """`erbb2_protein.yaml`: the reference sequence, proven by its digest."""

    gene: str
    protein: str = Field(pattern=r"^NP_\d+\.\d+$")
    """Accession with its version."""
    transcript: str = Field(pattern=r"^NM_\d+\.\d+$")
    """Accession with its version."""
    accessions: tuple[str, ...]
    """Names of the reference without their versions."""
    isoforms: tuple[ProteinIsoform, ...] = ()
    length: int
    md5: str = Field(pattern=r"^[0-9a-f]{32}$")
    sequence: str
    provenance: tuple[Provenance, ...] = Field(min_length=1)

    @property
    def residues(self) -> str:
        """The sequence without white space."""
        return "".join(self.sequence.split())

    @model_validator(mode="after")
    def _proven(self) -> ProteinFile:
        residues = self.residues
        if len(residues) != self.length:
            raise ValueError(f"the sequence has {len(residues)} residues, not {self.length}")
        found = hashlib.md5(residues.encode(), usedforsecurity=False).hexdigest()
        if found != self.md5:
            raise ValueError(f"the sequence has the digest {found}, not {self.md5}")
        return self


class Span(Frozen):
    """Residues from first to last, both included."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.last < self.first:
            raise ValueError(f"the last residue {self.last} stands before the first {self.first}")
        return self


class Domain(Span):
    """A domain of the protein."""

    id: str
    name: str


class Exon(Span):
    """The residues that an exon codes."""

    number: int
    confidence: Confidence


class SkippedExon(Frozen):
    """The exon whose skipping is an event of its own."""

    number: int
    first_base: int
    last_base: int
    class_id: str


class PercentRange(Frozen):
    """Percent, both ends included."""

    low: Decimal
    high: Decimal


class Thresholds(Frozen):
    """Percentages that change how a call is read."""

    population_frequency: Decimal
    subclonal_vaf: Decimal
    germline_vaf: tuple[PercentRange, ...]


class RegionsFile(Frozen):
    """`regions.yaml`: domains, exons, the window of exon 20 insertions, thresholds."""

    domains: tuple[Domain, ...] = Field(min_length=1)
    kinase_domain: str
    exon20_insertion_window: Span
    exon20: int
    exons: tuple[Exon, ...] = Field(min_length=1)
    skipped_exon: SkippedExon
    thresholds: Thresholds
    provenance: tuple[Provenance, ...] = Field(min_length=1)


class VariantRow(Frozen):
    """A row of `erbb2.csv`: one protein change, or a residue any change of which is meant."""

    variant: str
    """Canonical one-letter name (`Y772_A775dup`), or a residue (`C311`)."""
    hgvs_p: str = ""
    hgvs_c: tuple[str, ...] = ()
    """Examples on the reference transcript; several nucleotide changes may give one protein."""
    c_confidence: Confidence | None = None
    ids: tuple[str, ...] = ()
    """dbSNP, COSMIC and genomic names."""
    weak_ids: tuple[str, ...] = ()
    """The same, unverified: they name the variant but decide nothing."""
    nicknames: tuple[str, ...] = ()
    exon: int
    domain: str
    effect: Effect
    activating: Truth
    acquired: Literal["yes", "no"]
    """Known as a resistance mutation that arises under treatment."""
    confidence: Confidence
    summary: str
    source: str
    locator: str
    checked_on: date

    @model_validator(mode="after")
    def _unverified_decides_nothing(self) -> VariantRow:
        if self.confidence.unverified and self.activating is not Truth.UNKNOWN:
            raise ValueError(f"{self.variant}: an unverified fact cannot say whether the variant activates")
        return self

    @property
    def provenance(self) -> Provenance:
        """The source of the row."""
        return Provenance(
            source=self.source, locator=self.locator, checked_on=self.checked_on, confidence=self.confidence
        )


Level = Literal["L1", "L2", "L3", "L4", "L3/4", "R", "R1", "R2", "R3"]


class ActionRow(Frozen):
    """A row of `actionability.csv`: one drug for one variant or class."""

    applies_to: str
    """Canonical one-letter name, residue or class id."""
    drug: str
    effect: Literal["sensitive", "resistant", "reduced", "not_covered"]
    level: Level | None = None
    tumour: str
    condition: str = ""
    confidence: Confidence
    note: str = ""
    source: str
    locator: str
    checked_on: date


class LookAlike(Frozen):
    """A famous change of another gene."""

    name: str
    gene: str


class Judgements(Frozen):
    """Words of a laboratory's judgement."""

    activating: tuple[str, ...]
    benign: tuple[str, ...]
    uncertain: tuple[str, ...]


class VariantClass(Frozen):
    """A class of variants, or an event that is none, named without its exact change."""

    id: str
    names: tuple[str, ...] = Field(min_length=1)
    kind: Kind
    effect: Effect
    activating: Truth = Truth.UNKNOWN
    exon20_insertion: Truth = Truth.UNKNOWN
    exons: tuple[int, ...] = ()
    domain: str | None = None
    hgvs_p: str | None = None
    hgvs_c: tuple[str, ...] = ()
    c_confidence: Confidence | None = None
    beside_a_variant: bool = False
    """Named beside a variant, it is a call of its own."""
    confidence: Confidence
    says: str
    locator: str


class NotationFile(Frozen):
    """`notation.yaml`: what people write beside a change."""

    gene_names: tuple[str, ...] = Field(min_length=1)
    other_genes: tuple[str, ...]
    other_genes_in_capitals: tuple[str, ...]
    not_genes: tuple[str, ...]
    negations: tuple[str, ...]
    doubts: tuple[str, ...]
    judgements: Judgements
    look_alikes: tuple[LookAlike, ...]
    classes: tuple[VariantClass, ...]
    provenance: tuple[Provenance, ...] = Field(min_length=1)
