"""The person and the cancer: demographics, performance, disease extent."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from her2nav.model.base import Frozen
from her2nav.model.dates import PartialDate
from her2nav.model.values import Count, NonNegative, Several


class Location(Frozen):
    """Where the patient lives."""

    city: str | None = None
    state: str | None = None
    country: str | None = None
    postal_code: str | None = None
    latitude: Annotated[Decimal, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Decimal, Field(ge=-180, le=180)] | None = None


class Demographics(Frozen):
    """Who the patient is."""

    birth_date: PartialDate | None = None
    age: Annotated[int, Field(ge=0, le=120)] | None = None
    sex: Literal["male", "female"] | None = None
    location: Location | None = None
    weight_kg: Annotated[Decimal, Field(gt=0, le=500)] | None = None
    height_cm: Annotated[Decimal, Field(ge=30, le=260)] | None = None
    pregnancy: Literal["pregnant", "breastfeeding", "not_pregnant", "not_applicable", "unknown"] | None = None
    menopausal_status: (
        Literal["premenopausal", "perimenopausal", "postmenopausal", "not_applicable", "unknown"] | None
    ) = None
    smoking: Literal["never", "former", "current"] | None = None
    pack_years: NonNegative | None = None
    vital_status: Literal["alive", "deceased"] | None = None
    do_not_contact: bool | None = None


class Performance(Frozen):
    """Performance status; one of the scales."""

    ecog: Annotated[int, Field(ge=0, le=5)] | None = None
    karnofsky: Annotated[int, Field(ge=0, le=100, multiple_of=10)] | None = None
    lansky: Annotated[int, Field(ge=0, le=100, multiple_of=10)] | None = None
    date: PartialDate | None = None


class Tnm(Frozen):
    """TNM as written, with its prefix."""

    t: str | None = None
    n: str | None = None
    m: str | None = None


class Residual(Frozen):
    """What neoadjuvant therapy left."""

    status: Literal["pcr", "residual"] | None = None
    ypt: str | None = None
    ypn: str | None = None


class Lesion(Frozen):
    """One tumour lesion; diameters in millimetres."""

    site: str | None = None
    longest_diameter_mm: NonNegative | None = None
    short_axis_mm: NonNegative | None = None
    irradiated: bool | None = None
    progressed_since_irradiation: bool | None = None
    date: PartialDate | None = None


class Cns(Frozen):
    """Brain and leptomeningeal disease."""

    status: Literal["none", "untreated_asymptomatic", "treated_stable", "active_or_progressing", "unknown"] | None = (
        None
    )
    lesions: Count | None = None
    largest_mm: NonNegative | None = None
    mass_effect: bool | None = None
    last_local_therapy: PartialDate | None = None
    on_steroids: bool | None = None
    steroid_mg_prednisone: NonNegative | None = None
    """Daily dose, as prednisone equivalent, milligrams."""
    steroid_free_since: PartialDate | None = None
    leptomeningeal: bool | None = None
    symptomatic: bool | None = None
    anticonvulsants: bool | None = None
    last_imaging: PartialDate | None = None


class Cancer(Frozen):
    """The cancer and how far it reaches."""

    tumour_type: str | None = None
    """OncoTree code or a known name."""
    histology: str | None = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    stage: str | None = None
    tnm: Tnm | None = None
    tumour_size_mm: NonNegative | None = None
    primary_side: Literal["left", "right", "rectum"] | None = None
    setting: (
        Literal["early", "locally_advanced_resectable", "locally_advanced_unresectable", "metastatic", "recurrent"]
        | None
    ) = None
    residual: Residual | None = None
    diagnosed: PartialDate | None = None
    relapse_date: PartialDate | None = None
    metastatic_sites: tuple[str, ...] | None = None
    """None: not said; an empty list: none."""
    measurable_disease: bool | None = None
    lesions: Several[Lesion] = ()
    """`measurable_disease` given as a list of lesions is read into this."""
    cns: Cns | None = None

    @model_validator(mode="before")
    @classmethod
    def _lesions(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("measurable_disease"), (list, tuple)):
            if value.get("lesions"):
                raise ValueError("lesions stand once, under measurable_disease or under lesions")
            value = {**value, "lesions": value["measurable_disease"], "measurable_disease": None}
        return value
