"""The shapes of the fact files about diseases beside the cancer, and of substances that people react to."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator

from her2nav.knowledge.schema import Slug
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence, Provenance

Status = Literal["active", "resolved", "carrier", "controlled", "uncontrolled"]
Course = Literal["umbrella", "chronic", "episode", "event", "lasting", "symptom"]


class Condition(Frozen):
    """A row of `vocabularies/conditions.csv`."""

    id: str = Slug
    name: str
    plain_name: str
    parents: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    group: str = Slug
    course: Course
    """umbrella: a group of diseases; chronic: stays unless said to be over; episode: can be over; event: a moment in
    the past; lasting: what surgery or a transplant leaves for good; symptom: a complaint."""
    serious: bool
    """A criterion that names a wider disease means this one too; else a person says whether it counts."""
    state: str | None = Field(
        default=None,
        pattern=r"^(uncontrolled|blood_pressure|severe|active|not_judged|treated_for_good|medicated:[a-z0-9_]+)$",
    )
    """The row is its first parent in this state."""
    named: bool = False
    """A record that means it says so: the wider name alone does not raise it."""
    closed_by: tuple[str, ...] = ()
    """The lists that must be complete to say that it is absent; empty: conditions; `none`: no list can say so."""
    implied_by: tuple[str, ...] = ()
    """Entries that may mean it: `surgery:<site>`, `metastasis:<site>`."""
    source: str
    locator: str
    checked_on: date
    confidence: Confidence

    @field_validator("named", "serious", mode="before")
    @classmethod
    def _yes(cls, value: object) -> object:
        return False if value == "" else value

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that must be complete to say that it is absent."""
        return self.closed_by or ("conditions",)


class BloodPressure(Frozen):
    """A reading that says that hypertension is under control, mmHg."""

    systolic_below: int
    diastolic_below: int
    within_days: int


class ConditionWords(Frozen):
    """Words around the name of a disease."""

    drop: tuple[str, ...]
    resolved: tuple[str, ...]
    controlled: tuple[str, ...]
    uncontrolled: tuple[str, ...]
    active: tuple[str, ...]
    severe: tuple[str, ...]
    not_severe: tuple[str, ...]
    doubtful: tuple[str, ...]
    absent: tuple[str, ...]
    of_others: tuple[str, ...]
    no_allergies: tuple[str, ...]


class ConditionClasses(Frozen):
    """Drug and medication classes that say something about a disease."""

    steroid: tuple[str, ...]
    immunosuppressant: tuple[str, ...]
    vaccine: tuple[str, ...]
    live_vaccine: tuple[str, ...]
    checkpoint_inhibitor: tuple[str, ...]


class Grades(Frozen):
    """What the grade of a side effect says of an illness."""

    severe_from: int = Field(ge=1, le=5)
    not_severe_up_to: int = Field(ge=0, le=5)
    """Between this and a severe one is open."""
    no_illness_up_to: int = Field(ge=0, le=5)
    """A side effect up to this grade is no illness of its own."""
    intravenous_from: int = Field(ge=1, le=5)
    """An infection of this grade is treated into a vein."""
    untreated_up_to: int = Field(ge=0, le=5)
    """An infection up to this grade is not treated."""


class LateStage(Frozen):
    """A disease that from a stage on has another name."""

    disease: str
    from_stage: int = Field(gt=0)
    named: str


class ConditionRules(Frozen):
    """`criteria/condition_rules.yaml`."""

    words: ConditionWords
    blood_pressure: BloodPressure
    recent_event_days: int = Field(gt=0)
    same_cancer_days: int = Field(gt=0)
    treated_after_diagnosis_months: int = Field(gt=0)
    """A cancer may have been treated for so long after its diagnosis."""
    grades: Grades
    late_stages: tuple[LateStage, ...] = ()
    treated_for_life: tuple[str, ...] = ()
    """Under treatment they are not uncontrolled yet."""
    may_rest: tuple[str, ...] = ()
    """Stay on record when nothing is left to treat."""
    may_last: tuple[str, ...] = ()
    """Acute, or lasting for years."""
    groups_under_control: tuple[str, ...] = ()
    """Groups of lasting diseases that are mostly under control."""
    groups_near_heart: tuple[str, ...] = ()
    """Groups that an entry of the heart history may belong to, whatever its name."""
    of_side_effects: dict[str, str] = Field(default_factory=dict)
    """Side effect whose name need not name a disease, to the disease that it may be."""
    always_intravenous: tuple[str, ...]
    """Infections that are treated into a vein."""
    always_symptomatic: tuple[str, ...]
    """Heart diseases that are felt while they are there."""
    not_while_pregnant: tuple[str, ...] = ()
    """States that a pregnancy rules out."""
    classes: ConditionClasses
    provenance: tuple[Provenance, ...] = Field(min_length=1)

    @property
    def named(self) -> frozenset[str]:
        """Every condition that the rules name."""
        lists = (self.always_intravenous, self.always_symptomatic, self.not_while_pregnant, self.treated_for_life)
        late = (name for one in self.late_stages for name in (one.disease, one.named))
        return frozenset().union(*lists, self.may_rest, self.may_last, self.of_side_effects.values(), late)


class Substance(Frozen):
    """A row of `vocabularies/substances.csv`: what allergies and vaccinations name beside drugs."""

    id: str = Slug
    name: str
    plain_name: str
    names: tuple[str, ...] = ()
    group: Literal["excipient", "protein", "food", "environment", "antibiotic", "metal", "contrast", "vaccine", "other"]
    live: bool | None = None
    """Vaccines: with live germs."""
    source: str
    locator: str
    checked_on: date
    confidence: Confidence

    @property
    def unrelated(self) -> bool:
        """True when no cancer medicine is, or holds, it."""
        return self.group not in ("excipient", "protein")
