"""Clinical trials: what the registry says of them and the criteria of their arms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from her2nav.model.base import Frozen
from her2nav.model.tree import Node, Span
from her2nav.model.values import Several

NctId = Annotated[str, Field(pattern=r"^NCT\d{8}$")]
Phase = Literal["EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA"]
Her2Category = Literal["positive", "low", "ultralow", "expressing", "mutated", "amplified", "negative", "any"]
TrialSetting = Literal[
    "neoadjuvant", "adjuvant", "post_neoadjuvant", "locally_advanced", "metastatic", "recurrent", "any"
]


class Recruitment(StrEnum):
    """Overall recruitment status, in the registry's words."""

    NOT_YET_RECRUITING = "NOT_YET_RECRUITING"
    RECRUITING = "RECRUITING"
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION"
    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING"
    SUSPENDED = "SUSPENDED"
    TERMINATED = "TERMINATED"
    COMPLETED = "COMPLETED"
    WITHDRAWN = "WITHDRAWN"
    UNKNOWN = "UNKNOWN"

    @property
    def may_recruit(self) -> bool | None:
        """Whether patients may enter now or soon; None when the registry does not know."""
        return _MAY_RECRUIT.get(self)


_MAY_RECRUIT: dict[Recruitment, bool | None] = {
    one: one in (Recruitment.RECRUITING, Recruitment.NOT_YET_RECRUITING, Recruitment.ENROLLING_BY_INVITATION)
    for one in Recruitment
    if one is not Recruitment.UNKNOWN
}


class Role(StrEnum):
    """What a top-level criterion does in the verdict."""

    DECIDES = "decides"
    CONFIRM = "confirm"
    PERMITS = "permits"


class Status(Frozen):
    """Recruitment status and the day it was captured: a status never stands without its date."""

    value: Recruitment
    date: date
    source: str


class Arm(Frozen):
    """An arm, cohort, part, phase or region of a trial with rules of its own."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    label: str
    kind: Literal["arm", "cohort", "part", "phase", "region"] = "arm"
    open: bool | None = None
    """None: not known; only False closes it."""
    drugs: Several[str] = ()
    """Ids of drugs of the regimen."""
    comparator: bool = False


class Review(Frozen):
    """How far an entry was checked against its text."""

    state: Literal["draft", "second_reading"]
    date: date
    corrections: Annotated[int, Field(ge=0)] = 0
    """How many corrections the second reading made."""


Purpose = Literal[
    "treatment", "imaging", "diagnostic", "supportive", "prevention", "observational", "other", "not_stated"
]
"""What a trial is there for; `observational`: it treats nobody, `other`: screening, care, basic science, devices."""


class TrialRecord(Frozen):
    """The facts of one trial beside its criteria."""

    nct_id: NctId
    other_ids: Several[str] = ()
    title: Annotated[str, Field(min_length=5, max_length=160)]
    """Short title in our own words."""
    acronym: str | None = None
    phase: Several[Phase] = ()
    purpose: Purpose = "treatment"
    tumours: Several[str] = ()
    her2: Several[Her2Category] = ()
    """HER2 categories the trial selects; `any` when it takes patients whatever their HER2 status."""
    setting: Several[TrialSetting] = ()
    status: Status
    countries: Several[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = ()
    curation: Literal["full", "partial"]
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Digest of the eligibility text that was curated, in canonical form; None when no text was at hand."""
    text_source: str | None = None
    arms: Several[Arm] = ()
    notes: Several[str] = ()
    """The curator's notes on ambiguities, in our own words."""
    review: Review

    @property
    def url(self) -> str:
        """The registry's page."""
        return f"https://clinicaltrials.gov/study/{self.nct_id}"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One top-level criterion of a trial."""

    id: str
    role: Role
    section: Literal["inclusion", "exclusion", "registry"]
    text: str
    """Our own short wording, or the registry's where `text_origin` says so."""
    node: Node
    span: Span | None = None
    scope: tuple[str, ...] = ()
    """Ids of the arms it binds; empty: all."""
    text_origin: Literal["registry", "paraphrase"] = "paraphrase"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial with its criteria; `criteria_from` tells whether a person curated the trees or the reader made them."""

    record: TrialRecord
    criteria: Sequence[Criterion]
    criteria_from: Literal["curated", "read"]
