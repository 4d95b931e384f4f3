"""Published studies as typed data (`data/studies/*.yaml`), and the numbers around them (`data/studies/context/`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from her2nav.knowledge.citations import Citation
from her2nav.knowledge.schema import Slug
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence

Shape = Literal["proportion", "time", "ratio", "count"]
Amount = Decimal | Literal["NE", "NR"]
"""A number as printed, NE not estimable, or NR not reached; what a source does not report is left out."""
Setting = Literal["neoadjuvant", "adjuvant", "extended_adjuvant", "first_line", "later_line", "any_line", "not_stated"]
Gate = Literal[
    "positive",
    "ihc_3plus",
    "amplified",
    "overexpressed",
    "expressing",
    "low",
    "low_or_ultralow",
    "mutated",
    "exon20_mutated",
    "altered",
    "other",
]
Kind = Literal[
    "trial",
    "retrospective",
    "programme",
    "cohort",
    "meta_analysis",
    "pooled_analysis",
    "biomarker_analysis",
    "case_report",
    "preclinical",
]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a result measures: its name for people, the shape of its number and its usual unit."""

    label: str
    shape: Shape
    unit: str


def _share(label: str) -> Measure:
    return Measure(label, "proportion", "%")


def _time(label: str) -> Measure:
    return Measure(label, "time", "months")


def _ratio(label: str) -> Measure:
    return Measure(label, "ratio", "")


MEASURES: dict[str, Measure] = {
    "orr": _share("objective response rate"),
    "dcr": _share("disease control rate"),
    "cr": _share("complete response"),
    "pr": _share("partial response"),
    "sd": _share("stable disease"),
    "shrinkage": _share("any tumour shrinkage"),
    "pfs_rate": _share("progression-free"),
    "os_rate": _share("alive"),
    "dor_rate": _share("response still lasting"),
    "idfs_rate": _share("free of invasive disease"),
    "pcr": _share("pathological complete response"),
    "intracranial_orr": _share("intracranial response rate"),
    "intracranial_dcr": _share("intracranial disease control rate"),
    "intracranial_cr": _share("intracranial complete response"),
    "brain_shrinkage": _share("any shrinkage of brain metastases"),
    "adverse_event": _share("adverse event"),
    "pfs": _time("median progression-free survival"),
    "os": _time("median overall survival"),
    "dor": _time("median duration of response"),
    "ttr": _time("median time to response"),
    "follow_up": _time("median follow-up"),
    "hr_pfs": _ratio("hazard ratio, progression or death"),
    "hr_os": _ratio("hazard ratio, death"),
    "hr_idfs": _ratio("hazard ratio, invasive disease or death"),
    "hr_prognosis": _ratio("hazard ratio, HER2-positive against negative"),
}
MONTHS_PER: dict[str, Decimal] = {
    "months": Decimal(1),
    "weeks": Decimal(7 * 12) / Decimal("365.25"),
    "years": Decimal(12),
    "days": Decimal(12) / Decimal("365.25"),
}
GATES: dict[Gate, str] = {
    "positive": "HER2-positive",
    "ihc_3plus": "HER2 IHC 3+",
    "amplified": "ERBB2-amplified",
    "overexpressed": "HER2 over-expressed",
    "expressing": "HER2-expressing",
    "low": "HER2-low",
    "low_or_ultralow": "HER2-low or ultralow",
    "mutated": "ERBB2-mutated",
    "exon20_mutated": "ERBB2 exon 20 mutated",
    "altered": "ERBB2 altered (mutated, amplified or over-expressed)",
    "other": "another criterion",
}
SETTINGS: dict[Setting, str] = {
    "neoadjuvant": "before surgery",
    "adjuvant": "after surgery",
    "extended_adjuvant": "after adjuvant therapy",
    "first_line": "advanced, first line",
    "later_line": "advanced, treated before",
    "any_line": "advanced, any line",
    "not_stated": "setting not stated",
}


class Result(Frozen):
    """One number of one arm, as printed."""

    measure: str
    value: Amount | None = None
    """None where only a statement is printed; `note` then holds it."""
    sign: Literal["about", "more_than", "at_least", "up_to"] | None = None
    unit: Literal["%", "months", "weeks", "years", "days"] | None = None
    """Where it is not the measure's usual one; the printed unit is kept, months are computed."""
    low: Amount | None = None
    high: Amount | None = None
    level: Decimal | None = Field(default=None, gt=0, lt=100)
    """Level of the interval in percent, where the source states it."""
    method: str | None = None
    """Method of the interval, where the source states it."""
    events: int | None = Field(default=None, ge=0)
    of: int | None = Field(default=None, gt=0)
    """Patients with the event, and all; printed or, with `counted`, found by arithmetic."""
    at: Decimal | None = Field(default=None, gt=0)
    """Months after which a rate holds."""
    event: str | None = None
    grade: str | None = None
    cut: str | None = None
    """Data cut, where it is not that of the arm."""
    note: str | None = None
    cite: tuple[Citation, ...] = ()
    confidence: Confidence | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.measure not in MEASURES:
            raise ValueError(f"no measure '{self.measure}' is known; known are {', '.join(MEASURES)}")
        if self.value is None and self.note is None:
            raise ValueError("a result needs a value or a note")
        if (self.measure == "adverse_event") != (self.event is not None):
            raise ValueError("an adverse event has an `event`, and nothing else has")
        if self.events is not None and (self.of is None or self.events > self.of):
            raise ValueError("`events` needs an `of` that is not smaller")
        if isinstance(self.low, Decimal) and isinstance(self.value, Decimal) and self.low > self.value:
            raise ValueError("the interval does not hold its value")
        if isinstance(self.high, Decimal) and isinstance(self.value, Decimal) and self.high < self.value:
            raise ValueError("the interval does not hold its value")
        return self

    @property
    def shown_unit(self) -> str:
        """The unit as printed."""
        return self.unit or MEASURES[self.measure].unit

    def months(self, amount: Amount | None) -> Decimal | None:
        """Return a time in months, 0.1 exact where it was not printed in months; None for NE, NR and no number."""
        if MEASURES[self.measure].shape != "time" or not isinstance(amount, Decimal):
            return None
        if self.shown_unit == "months":
            return amount
        return (amount * MONTHS_PER[self.shown_unit]).quantize(Decimal("0.1"))


class Arm(Frozen):
    """One group of patients of a study: an arm, a cohort, a subgroup or another data cut."""

    id: str = Slug
    name: str
    n: int | None = Field(default=None, gt=0)
    within: str | None = None
    """Id of the arm that holds this subgroup."""
    regimen: str | None = None
    drugs: tuple[str, ...] | None = None
    dose: str | None = None
    gate: Gate | None = None
    molecular: str | None = None
    setting: Setting | None = None
    cut: str | None = None
    """Which data cut the results are from, in words of the source."""
    brain: bool = False
    """The arm belongs in a table on brain metastases although no number was measured in the brain."""
    results: tuple[Result, ...] = ()
    note: str | None = None


class Publication(Frozen):
    """The paper or abstract that the source names for a study."""

    reference: str
    doi: str | None = None


class Study(Frozen):
    """One published study, or an ongoing one that the sources list."""

    id: str = Slug
    name: str
    kind: Kind = "trial"
    registry: tuple[str, ...] = ()
    """Registry ids that hold; a wrong printed one stands in a conflict."""
    phase: str | None = None
    tumours: tuple[str, ...] = Field(min_length=1)
    regimen: str
    drugs: tuple[str, ...] = ()
    """Ids of drugs or of drug classes under study."""
    dose: str | None = None
    gate: Gate
    criteria: str | None = None
    """The HER2 criterion as the source words its content."""
    molecular: str | None = None
    """Other genes that the study asks about, for example `RAS wild-type`."""
    setting: Setting = "not_stated"
    line: str | None = None
    n: int | None = Field(default=None, gt=0)
    population: str | None = None
    design: str | None = None
    endpoints: tuple[str, ...] = ()
    cns: str | None = None
    """What the source says about brain metastases in the study."""
    adverse: tuple[str, ...] = ()
    """Side effects named without a number."""
    status: str | None = None
    status_on: date | None = None
    publication: Publication | None = None
    arms: tuple[Arm, ...] = ()
    note: str | None = None
    rows: tuple[Citation, ...] = ()
    """Rows of tables of the source documents that this study holds."""
    cite: tuple[Citation, ...] = Field(min_length=1)
    confidence: Confidence

    @model_validator(mode="after")
    def _arms(self) -> Self:
        ids = [arm.id for arm in self.arms]
        if len(ids) != len(set(ids)):
            raise ValueError("two arms have one id")
        for arm in self.arms:
            if arm.within is not None and arm.within not in ids:
                raise ValueError(f"arm '{arm.id}' is within an unknown arm '{arm.within}'")
        return self

    @property
    def has_results(self) -> bool:
        """True when a number is held."""
        return any(result.value is not None for arm in self.arms for result in arm.results)


class StudyFile(Frozen):
    """The content of one file of `data/studies/`."""

    checked_on: date
    studies: tuple[Study, ...]


Topic = Literal["prevalence", "prognosis", "feature", "burden", "biology", "agreement", "guidance"]


class Figure(Frozen):
    """One number about tumours, patients or assays that is not the result of a treatment."""

    id: str = Slug
    topic: Topic
    tumours: tuple[str, ...] = Field(min_length=1)
    population: str
    """Whom the number is about: the denominator."""
    what: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    """A range, or the interval where `level` is given."""
    level: Decimal | None = None
    unit: str = "%"
    sign: Literal["about", "more_than", "up_to"] | None = None
    events: int | None = None
    n: int | None = None
    says: str | None = None
    """The statement, where no number is printed."""
    cite: tuple[Citation, ...] = Field(min_length=1)
    confidence: Confidence

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.value is None and self.low is None and self.high is None and self.says is None:
            raise ValueError("a figure needs a number or a statement")
        return self


class FigureFile(Frozen):
    """The content of `data/studies/context/figures.yaml`."""

    checked_on: date
    figures: tuple[Figure, ...]


class Review(Frozen):
    """How a source document was made: its search, as far as it states one."""

    source: str
    says: str
    databases: tuple[str, ...] = ()
    searched_from: str | None = None
    searched_to: str | None = None
    keywords: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    extracted: tuple[str, ...] = ()
    trial_status_on: date | None = None
    guideline_edition: str | None = None
    missing: tuple[str, ...] = ()
    """Tables and lists that the document announces and the text held does not have."""
    cite: tuple[Citation, ...] = Field(min_length=1)


class ReviewFile(Frozen):
    """The content of `data/studies/context/reviews.yaml`."""

    checked_on: date
    reviews: tuple[Review, ...]


class DrugRow(Frozen):
    """One row of a source's table of drugs, as printed; approvals of today stand elsewhere."""

    drug: str
    mechanism: str
    side_effects: tuple[str, ...]
    approval: str
    reference: str
    cite: tuple[Citation, ...] = Field(min_length=1)
    confidence: Confidence


class DrugTableFile(Frozen):
    """The content of `data/studies/context/drug_table.yaml`."""

    checked_on: date
    rows: tuple[DrugRow, ...]
