"""Dated facts on treatments: the form of `approvals/`, `resistance/`, `co_biomarkers/` and `brain/` below `data/`.

Criterion trees stand here as plain data; the layer that judges them reads them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from her2nav.knowledge.schema import Jurisdiction
from her2nav.model.base import Frozen
from her2nav.model.dates import PartialDate
from her2nav.model.provenance import Confidence, Provenance
from her2nav.model.truth import Truth, from_bounds
from her2nav.model.values import OneOrMany

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Sources = Annotated[tuple[Provenance, ...], Field(min_length=1)]
Standing = Literal["approved", "filed", "investigational", "guideline"]
"""approved: by the authority; filed: applied for, or a decision that could not be verified; investigational: on the way
to an application; guideline: off label."""
About = Literal["tumour", "setting", "line", "her2", "co_biomarker", "age", "judgement"]
Level = Literal["label", "guideline", "clinical", "case_report", "preclinical", "review", "notes"]
Effect = Literal["against", "caution", "favours", "suspect", "test", "idea", "route", "gap", "note"]
"""What a remark does: `against` makes an option not suitable; everything else is said beside it."""


class Dated(Frozen):
    """A day that is known exactly or lies between two days; written as a partial date or as {earliest, latest}."""

    earliest: date
    latest: date

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            found = PartialDate.parse(value)
            return {"earliest": found.low, "latest": found.high}
        return value

    def reached(self, day: date) -> Truth:
        """Return whether the day lies on or after it; unknown between its two ends."""
        return from_bounds(day >= self.latest, day < self.earliest)

    @property
    def shown(self) -> str:
        """The day, or both ends."""
        first, last = self.earliest.isoformat(), self.latest.isoformat()
        return first if first == last else f"between {first} and {last}"


class Gate(Frozen):
    """A condition of labels; `rule` is a criterion tree in the form of the trials' `rule:`."""

    id: Id
    about: About
    clinical: str
    plain: str
    """What is asked, as a noun phrase that a patient reads."""
    rule: Any
    confidence: Confidence
    untreated: bool = False
    """Of a gate about earlier treatment: it lets a patient in who has had none."""
    said_by: OneOrMany[str] = ()
    """Phrases; an entry whose regimen or notes say one of them must use a gate that names it."""
    note: str | None = None


class GateUse(Frozen):
    """A gate of one approval, with the days between which it stood in the label."""

    gate: Id
    valid_from: Dated | None = None
    valid_to: Dated | None = None
    confidence: Confidence | None = None
    """Where this label's wording is known less well than the gate in general."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"gate": value} if isinstance(value, str) else value


class Period(Frozen):
    """A status of an approval and the days it holds from and to (the first day on which it no longer holds)."""

    status: Literal["regular", "accelerated", "conditional", "status_unverified", "withdrawn"]
    valid_from: Dated
    valid_to: Dated | None = None


class Product(Frozen):
    """Another product under the same indication: a biosimilar or a subcutaneous form."""

    name: str
    row: str
    valid_from: Dated
    confidence: Confidence


class Told(Frozen):
    """A sentence, with the first day on which it could be said."""

    text: str
    since: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value


class Labelled(Frozen):
    """How a recommendation stands to the labels; absent: not checked."""

    covered_by: OneOrMany[str] = ()
    """Ids of labels that cover the regimen, in any jurisdiction."""
    off_label: bool = False
    """A source says that no label covers it."""
    note: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Labelled:
        if self.off_label == bool(self.covered_by):
            raise ValueError("write covered_by, or off_label: true")
        return self


class Approval(Frozen):
    """One indication of one regimen in one jurisdiction, or one recommendation of guidelines."""

    id: Id
    rows: Annotated[OneOrMany[str], Field(min_length=1)]
    """Rows of the notes that it was entered from."""
    regimen: str
    plain: str
    """The treatment in plain words."""
    drugs: Annotated[OneOrMany[str], Field(min_length=1)]
    """Ids of drugs and, for partners that may be chosen, of classes."""
    key_drugs: Annotated[OneOrMany[str], Field(min_length=1)]
    """Those whose failure in the past speaks against the regimen; backbone drugs given beyond progression are not."""
    jurisdiction: Jurisdiction
    standing: Standing = "approved"
    scope: Literal["specific", "agnostic"] = "specific"
    """A label for one tumour stands before a tumour-agnostic one."""
    gates: Annotated[tuple[GateUse, ...], Field(min_length=1)]
    periods: tuple[Period, ...] = ()
    since: Dated | None = None
    """First day of a recommendation or an application."""
    wording: Literal["verified", "unverified"] = "verified"
    """`unverified`: the words of the indication were not read; it is never simply on label."""
    labels: Labelled | None = None
    """Of a recommendation: the labels that cover it."""
    pivotal: OneOrMany[str] = ()
    """Ids of sources."""
    results: OneOrMany[Told] = ()
    dose: str | None = None
    products: tuple[Product, ...] = ()
    notes: OneOrMany[Told] = ()
    provenance: Sources

    @model_validator(mode="after")
    def _dated(self) -> Approval:
        if (self.standing == "approved") != bool(self.periods):
            raise ValueError(f"{self.id}: an approval, and nothing else, has periods")
        if not set(self.key_drugs) <= set(self.drugs):
            raise ValueError(f"{self.id}: key drugs are drugs of the regimen")
        if self.labels is not None and self.standing != "guideline":
            raise ValueError(f"{self.id}: only a recommendation names the labels that cover it")
        return self

    @property
    def unverified(self) -> bool:
        """True when no source of it was read or known well."""
        return all(line.confidence.unverified for line in self.provenance)

    def results_on(self, day: date) -> list[str]:
        """Return the results that were known on a day."""
        return [one.text for one in self.results if one.since is None or one.since <= day]

    def notes_on(self, day: date) -> list[str]:
        """Return the notes that could be made on a day."""
        return [one.text for one in self.notes if one.since is None or one.since <= day]


class Remark(Frozen):
    """Something to say of treatments where a condition holds of the patient."""

    id: Id
    effect: Effect
    drugs: OneOrMany[str] = ()
    """Drugs and classes it is about; empty: treatment as a whole."""
    tree: Any = Field(default=None, alias="if")
    """A criterion tree; absent: it always applies to its tumour and drugs."""
    tumours: OneOrMany[str] = ()
    """Tumour types it is limited to; empty: any."""
    when: Literal["primary", "acquired", "either"] | None = None
    """Of a mechanism of resistance: there from the start, or grown under treatment."""
    level: Level
    jurisdictions: OneOrMany[Jurisdiction] = ()
    since: Dated | None = None
    beside: Literal["open_option", "tumour"] = "open_option"
    """Of a mechanism: said beside open options with one of its drugs, or for its tumour whatever is open, where it is
    itself the reason that no such option is."""
    shown: Literal["always", "met", "unless_excluded"] = "met"
    """`met`: only where the condition holds; `unless_excluded`: also while it is not known."""
    clinical: str
    plain: str
    provenance: Sources

    @property
    def unverified(self) -> bool:
        """True when no source of it was read or known well."""
        return all(line.confidence.unverified for line in self.provenance)


class Jurisdictions(Frozen):
    """`approvals/jurisdictions.yaml`: whose labels count in which country."""

    default: Jurisdiction
    jurisdictions: tuple[Authority, ...]


class Authority(Frozen):
    """An authority and the countries it decides for."""

    id: Jurisdiction
    name: str
    plain: str
    countries: Annotated[OneOrMany[str], Field(min_length=1)]


class GateFile(Frozen):
    """`approvals/gates.yaml`."""

    gates: tuple[Gate, ...]


class ApprovalFile(Frozen):
    """`approvals/labels/*.yaml` and `approvals/guidelines.yaml`."""

    approvals: tuple[Approval, ...]


class RemarkFile(Frozen):
    """A list of remarks."""

    remarks: tuple[Remark, ...]


class BrainRule(Frozen):
    """A local option for brain metastases; every bound that is given must hold."""

    id: Id
    min_lesions: int | None = None
    max_lesions: int | None = None
    larger_than_mm: Decimal | None = None
    not_larger_than_mm: Decimal | None = None
    mass_effect: bool | None = None
    good_ecog: int | None = None
    """A good performance status up to this; the source gives no number, so what lies between is left open."""
    poor_ecog: int | None = None
    """Not a good one from this on."""
    any_bound: bool = False
    """One of the bounds suffices."""
    judgement: str | None = None
    """What only a person can say; it keeps the rule open."""
    clinical: str
    plain: str
    provenance: Sources

    @property
    def unverified(self) -> bool:
        """True when no source of it was read or known well."""
        return all(line.confidence.unverified for line in self.provenance)


class IntracranialResult(Frozen):
    """What a drug did to brain metastases in one study."""

    id: Id
    drug: str
    tumours: OneOrMany[str]
    study: str
    population: str
    result: str
    plain: str
    provenance: Sources

    @property
    def unverified(self) -> bool:
        """True when no source of it was read or known well."""
        return all(line.confidence.unverified for line in self.provenance)


class BrainFile(Frozen):
    """`brain/brain.yaml`."""

    local: tuple[BrainRule, ...]
    intracranial: tuple[IntracranialResult, ...]
    remarks: tuple[Remark, ...]


class CtDnaRules(Frozen):
    """`resistance/ctdna.yaml`: how a dated series of plasma results is read."""

    clearance_day: Annotated[int, Field(gt=0)]
    """Days after the start of the treatment by which clearance is looked for."""
    caveats: tuple[Remark, ...]
    provenance: Sources


Jurisdictions.model_rebuild()
