"""The answer about one variant."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence, Provenance
from her2nav.model.truth import Truth
from her2nav.variants.schema import Effect, Kind, Level


class Report(Frozen):
    """What the laboratory says beside the variant's name; it travels with the call.

    Attributes:
        origin: Somatic or germline, where stated.
        vaf_percent: Variant allele frequency, percent.
        tumour_fraction: 0 to 1.
        population_percent: Frequency in the population, percent.
        classification: The laboratory's own words, for example "likely pathogenic".
    """

    origin: Literal["somatic", "germline", "unknown"] | None = None
    vaf_percent: Decimal | None = None
    tumour_fraction: Decimal | None = None
    population_percent: Decimal | None = None
    classification: str | None = None


class Actionability(Frozen):
    """One drug for this variant, with the evidence level and its source.

    Attributes:
        drug: Id of the drug, the international non-proprietary name with underscores.
        effect: Sensitive, resistant, reduced, or not covered by the label.
        level: L1 label, L2 guideline, L3 trial or cohort, L4 preclinical or case; R resistance (R1 guideline, R2
            clinical, R3 preclinical); None: not graded.
        tumour: Id of a tumour type; `solid_tumour` stands for others than those named.
        condition: What else must hold, in words.
        unverified: Shown as "unverified"; decides nothing alone.
    """

    drug: str
    effect: Literal["sensitive", "resistant", "reduced", "not_covered"]
    level: Level | None
    tumour: str
    condition: str = ""
    note: str = ""
    confidence: Confidence
    unverified: bool
    source: Provenance


class Caution(Frozen):
    """Something to know or to confirm before the call is used.

    Attributes:
        code: Stable, for machines.
        message: One sentence.
        suggestion: A name that was perhaps meant.
    """

    code: str
    message: str
    suggestion: str | None = None


class VariantCall(Frozen):
    """One variant as understood.

    Attributes:
        input: The words that were read.
        gene: Symbol; None when the text and the caller name none.
        hgvs_p: Canonical three-letter name; None when the protein change is not known.
        short: Canonical one-letter name.
        hgvs_c: Coding name as written in the input.
        hgvs_c_examples: Coding changes known to give this protein; not what the patient has.
        exon: The exon, when it is one; `exons` holds all that the call may mean.
        exon_unverified: The exon number is not verified and decides nothing.
        in_tkd: Inside the kinase domain; None when not known or at its edge.
        candidates: Protein changes that a coding change may give, when it does not determine one.
        acquired_resistance: Known to arise under treatment and to resist a drug.
        activating: Does it activate; benign is NOT_MET, uncertain is UNKNOWN.
        exon20_insertion: Is it of the class of exon 20 insertions.
        needs_confirmation: A person must confirm what was meant.
    """

    input: str
    gene: str | None = None
    hgvs_p: str | None = None
    short: str | None = None
    hgvs_c: str | None = None
    hgvs_c_examples: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    class_id: str | None = None
    exon: int | None = None
    exons: tuple[int, ...] = ()
    exon_unverified: bool = False
    domain: str | None = None
    in_tkd: bool | None = None
    kind: Kind | None = None
    candidates: tuple[str, ...] = ()
    acquired_resistance: bool = False
    effect: Effect
    activating: Truth = Truth.UNKNOWN
    exon20_insertion: Truth = Truth.UNKNOWN
    confidence: Confidence | None = None
    actionability: tuple[Actionability, ...] = ()
    summary: str = ""
    warnings: tuple[Caution, ...] = ()
    needs_confirmation: bool = False
    report: Report = Report()
    sources: tuple[Provenance, ...] = ()

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Names that were perhaps meant, likeliest first."""
        return tuple(item.suggestion for item in self.warnings if item.suggestion)
