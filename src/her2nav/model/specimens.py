"""Specimens and what was measured on them: IHC, ISH, sequencing."""

import difflib
import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from her2nav.model.base import Frozen
from her2nav.model.dates import PartialDate
from her2nav.model.values import Count, Fraction, NonNegative, OneOrMany, Percent, Positive, Several, SmallPercent

IhcScore = Literal["0", "1+", "2+", "3+"]
ScoringSystem = Literal["breast", "gastric", "colorectal", "endometrial_serous", "lung", "other"]
Laboratory = Literal["local", "central"]

_SCORES: tuple[IhcScore, ...] = ("0", "1+", "2+", "3+")
_RANGE = re.compile(r"(?<=[0-3+])\s*(?:to|or|-|–|/)\s*(?=\+?[0-3])", re.IGNORECASE)
"""Between the two ends of a range that is written as one text: `1+ to 2+`, `1-2+`."""


def _score(value: Any) -> Any:
    text = str(value).strip().replace(" ", "")
    bare = {"0+": "0", "+0": "0", "1": "1+", "2": "2+", "3": "3+", "+1": "1+", "+2": "2+", "+3": "3+"}
    text = bare.get(text, text)
    if text not in _SCORES:
        raise ValueError(f"IHC score '{value}' does not exist; write 0, 1+, 2+, 3+ or a range such as [1+, 2+]")
    return text


def _scores(value: Any) -> Any:
    if value is None:
        return ()
    items = value if isinstance(value, (list, tuple)) else _RANGE.split(str(value).strip())
    scores = sorted({_score(item) for item in items}, key=_SCORES.index)
    if not scores:
        return ()
    first, last = _SCORES.index(scores[0]), _SCORES.index(scores[-1])
    return _SCORES[first : last + 1]


def _intensity(value: Any) -> Any:
    return "intense" if value == "strong" else value


class Ihc(Frozen):
    """Immunohistochemistry of one specimen."""

    score: Annotated[tuple[IhcScore, ...], BeforeValidator(_scores)] = ()
    """The score, or every score of a reported range; empty: not reported."""
    percent_cells: Percent | None = None
    cluster_cells: Count | None = None
    """Stained tumour cells in the largest cluster (biopsies)."""
    intensity: Annotated[
        Literal["none", "faint", "weak", "moderate", "intense"] | None, BeforeValidator(_intensity)
    ] = None
    completeness: Literal["complete", "incomplete", "basolateral", "lateral"] | None = None
    zero_subtype: Literal["no_staining", "faint_le10"] | None = None
    assay: str | None = None
    scoring: ScoringSystem | None = None
    laboratory: Laboratory | None = None


class Recount(Frozen):
    """A second observer's count of an ISH slide."""

    group: Annotated[int, Field(ge=1, le=5)] | None = None
    blinded: bool | None = None
    cells: Count | None = None


class Ish(Frozen):
    """In-situ hybridisation of one specimen; counts are means per cell."""

    method: Literal["dual_probe", "single_probe"] | None = None
    her2_cep17_ratio: Annotated[NonNegative, Field(le=100)] | None = None
    her2_copy_number: Annotated[NonNegative, Field(le=500)] | None = None
    cep17_copy_number: Annotated[NonNegative, Field(le=100)] | None = None
    cells_counted: Count | None = None
    percent_cells_ratio_ge2: Percent | None = None
    recount: Recount | None = None
    result: Literal["positive", "negative", "equivocal", "indeterminate", "failed"] | None = None
    """The laboratory's own word; `failed`: the test gave no result."""
    date: PartialDate | None = None
    laboratory: Laboratory | None = None


class Variant(Frozen):
    """A variant as reported; `name` holds the whole text when gene and notation were not split."""

    gene: str | None = None
    hgvs: str | None = None
    name: str | None = None
    vaf_percent: SmallPercent | None = None
    origin: Literal["somatic", "germline", "unknown"] | None = None
    classification: str | None = None

    @property
    def text(self) -> str:
        """The variant as people would write it."""
        return self.name or " ".join(part for part in (self.gene, self.hgvs) if part)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class Ngs(Frozen):
    """Sequencing of tissue or plasma."""

    assay: str | None = None
    matrix: Literal["tissue", "plasma"] | None = None
    erbb2_copy_number: NonNegative | None = None
    erbb2_fold_change: NonNegative | None = None
    ploidy: Positive | None = None
    tumour_fraction: Fraction | None = None
    amplification_call: Literal["amplified", "not_amplified", "equivocal", "failed"] | None = None
    genes_covered: Several[str] = ()
    variants: OneOrMany[Variant] = ()
    fusions: Several[str] = ()


class Preanalytics(Frozen):
    """How the tissue was handled."""

    fixation_hours: NonNegative | None = None
    cold_ischaemia_minutes: NonNegative | None = None
    decalcification: Literal["none", "edta", "acid", "unknown"] | None = None
    fragments: Count | None = None
    viable_tumour_cells: Count | None = None


class Specimen(Frozen):
    """One HER2-relevant sample."""

    id: str | None = None
    kind: Literal["biopsy", "resection", "cytology", "cytology_block", "blood"] | None = None
    site: Literal["primary", "metastasis", "lymph_node", "local_recurrence"] | None = None
    organ: str | None = None
    collected: PartialDate | None = None
    after_therapy: OneOrMany[str] = ()
    tissue_available: bool | None = None
    preanalytics: Preanalytics | None = None
    ihc: Ihc | None = None
    ish: Ish | None = None
    ngs: Ngs | None = None
    her2_reported: Literal["positive", "negative", "equivocal", "low", "ultralow"] | None = None


class CtDna(Frozen):
    """One circulating tumour DNA result."""

    date: PartialDate | None = None
    assay: str | None = None
    gene: str | None = None
    variant: str | None = None
    vaf_percent: SmallPercent | None = None
    tumour_fraction: Fraction | None = None
    result: Literal["detected", "not_detected", "failed"] | None = None


class Receptor(Frozen):
    """Oestrogen or progesterone receptor."""

    status: Literal["positive", "negative", "low", "unknown"] | None = None
    percent: Percent | None = None
    date: PartialDate | None = None
    specimen: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"status": value} if isinstance(value, str) else value


class PdL1(Frozen):
    """PD-L1; the three scales are not interchangeable."""

    cps: Annotated[NonNegative, Field(le=100)] | None = None
    tps: Annotated[NonNegative, Field(le=100)] | None = None
    tap: Annotated[NonNegative, Field(le=100)] | None = None
    assay: str | None = None
    date: PartialDate | None = None
    specimen: str | None = None


class GeneResult(Frozen):
    """A gene's result outside ERBB2: a word or a list of variants."""

    status: Literal["wild_type", "mutated", "amplified", "not_tested", "unknown"]
    variants: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"status": value}
        if isinstance(value, (list, tuple)):
            return {"status": "mutated", "variants": value} if value else {"status": "unknown"}
        return value


class Biomarkers(Frozen):
    """Latest value of each biomarker outside HER2; any other key is a gene symbol."""

    not_shown: ClassVar[tuple[str, ...]] = ("genes",)

    def __deepcopy__(self, memo: object = None) -> Self:
        """Return the record itself: it is never changed, and every patient without biomarkers shares the empty one."""
        return self

    er: Receptor | None = None
    pr: Receptor | None = None
    pd_l1: PdL1 | None = None
    msi: Literal["MSS", "MSI-L", "MSI-H"] | None = None
    mmr: Literal["pMMR", "dMMR"] | None = None
    tmb_per_mb: NonNegative | None = None
    ki67_percent: Percent | None = None
    cldn18_2: Literal["positive", "negative", "not_tested", "unknown"] | None = None
    ebv: Literal["positive", "negative", "not_tested", "unknown"] | None = None
    genes: dict[str, GeneResult] = Field(default_factory=dict)

    @field_validator("pd_l1", mode="before")
    @classmethod
    def _scale_named(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError(f"PD-L1 '{value}' names no scale; write {{cps: …}}, {{tps: …}} or {{tap: …}}")
        return value

    @model_validator(mode="before")
    @classmethod
    def _gather_genes(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "genes" in value:
            return value
        known = {key: item for key, item in value.items() if key in cls.model_fields}
        genes = {key.lower(): item for key, item in value.items() if key not in cls.model_fields}
        for key, item in genes.items():
            if isinstance(item, dict):
                known_keys = [name for name in cls.model_fields if name != "genes"]
                near = difflib.get_close_matches(key, known_keys, n=1, cutoff=0.6)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                raise ValueError(f"unknown key '{key}'{hint} (a gene is written kras: wild_type)")
        if "erbb2" in genes or "her2" in genes:
            raise ValueError("HER2 (ERBB2) results stand under specimens, where their sample and date are known")
        return {**known, "genes": {key: item for key, item in genes.items() if item is not None}}
