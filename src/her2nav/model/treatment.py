"""What was given, planned and measured: therapies, procedures, laboratory values, organ function."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from her2nav.model.base import Frozen
from her2nav.model.dates import PartialDate
from her2nav.model.values import Count, Grade, NonNegative, Number, OneOrMany, Percent, Several

TherapySetting = Literal["neoadjuvant", "adjuvant", "metastatic", "maintenance", "local"]


class DrugGiven(Frozen):
    """A drug as named in the record, with its dose where known."""

    name: Annotated[str, Field(min_length=1)]
    dose: NonNegative | None = None
    unit: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class Therapy(Frozen):
    """One course of systemic therapy. `end` is the day of the last dose."""

    drugs: OneOrMany[DrugGiven] = ()
    setting: TherapySetting | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    cycles: Count | None = None
    ongoing: bool | None = None
    reason_stopped: (
        Literal["progression", "toxicity", "completed", "patient_choice", "planned_switch", "death"] | None
    ) = None
    best_response: Literal["CR", "PR", "SD", "PD", "NE"] | None = None
    progression_date: PartialDate | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.end.high < self.start.low:
            raise ValueError(f"the end {self.end} lies before the start {self.start}")
        if self.ongoing and self.end is not None:
            raise ValueError("a therapy that is ongoing has no end; leave one of them out")
        return self


class Planned(Frozen):
    """A therapy that is intended and was not given."""

    drugs: OneOrMany[DrugGiven] = ()
    setting: TherapySetting | None = None
    start: PartialDate | None = None


class Procedure(Frozen):
    """Surgery, radiotherapy, transfusion and the like."""

    kind: Literal[
        "radiotherapy", "surgery", "transfusion", "transplant", "biopsy", "vaccination", "embolisation", "other"
    ]
    site: str | None = None
    technique: str | None = None
    date: PartialDate | None = None
    end: PartialDate | None = None
    dose_gy: NonNegative | None = None
    major: bool | None = None
    name: str | None = None


class Lab(Frozen):
    """One laboratory value as reported, with the laboratory's own limits."""

    name: str
    value: Number | None = None
    unit: str | None = None
    uln: NonNegative | None = None
    lln: NonNegative | None = None
    date: PartialDate | None = None


SerologyResult = Literal["positive", "negative", "detectable", "undetectable", "not_tested", "unknown"]


class Serology(Frozen):
    """Viral markers."""

    hbsag: SerologyResult | None = None
    anti_hbc: SerologyResult | None = None
    hbv_dna: SerologyResult | None = None
    anti_hcv: SerologyResult | None = None
    hcv_rna: SerologyResult | None = None
    hiv: SerologyResult | None = None
    hiv_rna: SerologyResult | None = None
    cd4: NonNegative | None = None
    """Cells per microlitre."""
    on_antivirals: bool | None = None
    date: PartialDate | None = None


class Lvef(Frozen):
    """One measurement of the left ventricular ejection fraction."""

    percent: Annotated[Percent, Field(ge=5, le=95)]
    date: PartialDate | None = None
    method: Literal["echo", "muga", "mri", "other"] | None = None


class Event(Frozen):
    """Something that happened, with the date where known."""

    name: str
    date: PartialDate | None = None
    status: Literal["active", "resolved", "carrier", "controlled", "uncontrolled"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class Cardiac(Frozen):
    """Heart."""

    lvef: OneOrMany[Lvef] = ()
    qtcf_ms: Annotated[Decimal, Field(ge=200, le=900)] | None = None
    qtcb_ms: Annotated[Decimal, Field(ge=200, le=900)] | None = None
    ecg_date: PartialDate | None = None
    nyha: Literal["none", "I", "II", "III", "IV"] | None = None
    history: tuple[Event, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _flat_lvef(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        flat = {key: value[key] for key in ("lvef_percent", "lvef_date", "lvef_method") if key in value}
        if not flat:
            return value
        if value.get("lvef"):
            raise ValueError("write lvef as a list or as lvef_percent, not both")
        rest = {key: item for key, item in value.items() if key not in flat}
        if flat.get("lvef_percent") is None:
            raise ValueError("lvef_date and lvef_method need lvef_percent")
        one = {key.removeprefix("lvef_"): item for key, item in flat.items()}
        return {**rest, "lvef": [one]}


class Lung(Frozen):
    """Interstitial lung disease and pneumonitis."""

    ild_history: Literal["none", "history_no_steroids", "history_with_steroids", "current", "unknown"] | None = None
    grade: Grade | None = None
    date: PartialDate | None = None
    cause: str | None = None
    oxygen: bool | None = None


class Condition(Frozen):
    """A diagnosis beside the cancer."""

    name: str
    status: Literal["active", "resolved", "carrier", "controlled", "uncontrolled"] | None = None
    date: PartialDate | None = None
    grade: Grade | None = None


class Allergy(Frozen):
    """An allergy or hypersensitivity."""

    substance: str
    grade: Grade | None = None


class Toxicity(Frozen):
    """A side effect of treatment, CTCAE grade."""

    name: str
    grade: Grade | None = None
    ongoing: bool | None = None
    due_to: str | None = None
    date: PartialDate | None = None


class Medication(Frozen):
    """A medicine taken now."""

    name: str
    since: PartialDate | None = None
    dose: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class Vitals(Frozen):
    """Vital signs; blood pressure as systolic/diastolic, mmHg."""

    blood_pressure: Annotated[str, Field(pattern=r"^\d{2,3}/\d{2,3}$")] | None = None
    heart_rate: Annotated[int, Field(ge=20, le=300)] | None = None
    spo2_percent: Annotated[Decimal, Field(ge=40, le=100)] | None = None
    temperature_c: Annotated[Decimal, Field(ge=30, le=45)] | None = None
    date: PartialDate | None = None


class LinesReported(Frozen):
    """A letter's own count of lines, used when regimens are not listed."""

    metastatic: Annotated[int, Field(ge=0, le=30)] | None = None
    chemotherapy: Annotated[int, Field(ge=0, le=30)] | None = None
    anti_her2: Annotated[int, Field(ge=0, le=30)] | None = None
    endocrine: Annotated[int, Field(ge=0, le=30)] | None = None


class Complete(Frozen):
    """Which lists are known to hold everything; what such a list does not hold is absent."""

    therapies: bool = False
    procedures: bool = False
    conditions: bool = False
    toxicities: bool = False
    medications: bool = False
    allergies: bool = False
    specimens: bool = False


__all__ = [
    "Allergy",
    "Cardiac",
    "Complete",
    "Condition",
    "DrugGiven",
    "Event",
    "Lab",
    "LinesReported",
    "Lung",
    "Lvef",
    "Medication",
    "Planned",
    "Procedure",
    "Serology",
    "Several",
    "Therapy",
    "TherapySetting",
    "Toxicity",
    "Vitals",
]
