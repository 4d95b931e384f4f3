"""The patient file: one person's record as every command reads it (everything optional; absent is unknown)."""

from typing import Annotated, Any

from pydantic import Field

from her2nav.model.base import Frozen
from her2nav.model.dates import PartialDate
from her2nav.model.disease import Cancer, Demographics, Performance
from her2nav.model.specimens import Biomarkers, CtDna, Specimen
from her2nav.model.treatment import (
    Allergy,
    Cardiac,
    Complete,
    Condition,
    Lab,
    LinesReported,
    Lung,
    Medication,
    Planned,
    Procedure,
    Serology,
    Therapy,
    Toxicity,
    Vitals,
)
from her2nav.model.values import NonNegative, OneOrMany, Several


class Patient(Frozen):
    """One patient. Dates may be partial; lists run from the oldest to the newest entry."""

    id: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    as_of: PartialDate | None = None
    """"Today" for ages, washouts and ages of results; the day of the run when absent."""
    demographics: Demographics = Demographics()
    performance: Performance | None = None
    cancer: Cancer = Cancer()
    specimens: OneOrMany[Specimen] = ()
    biomarkers: Biomarkers = Biomarkers()
    ctdna: OneOrMany[CtDna] = ()
    therapies: OneOrMany[Therapy] = ()
    planned: OneOrMany[Planned] = ()
    procedures: OneOrMany[Procedure] = ()
    labs: OneOrMany[Lab] = ()
    serology: Serology | None = None
    cardiac: Cardiac = Cardiac()
    lung: Lung = Lung()
    conditions: Several[Condition] = ()
    allergies: Several[Allergy] = ()
    toxicities: Several[Toxicity] = ()
    medications: Several[Medication] = ()
    vitals: OneOrMany[Vitals] = ()
    anthracycline_mg_m2: NonNegative | None = None
    """Cumulative dose, doxorubicin equivalent, mg/m2."""
    lines_reported: LinesReported | None = None
    options_exhausted: bool | None = None
    complete: Complete = Complete()


def to_record(patient: Patient) -> dict[str, Any]:
    """Return the patient as plain data in the form of the patient file; reading it back gives an equal patient."""
    data: dict[str, Any] = patient.model_dump(mode="json", exclude_defaults=True)
    genes = data.get("biomarkers", {}).pop("genes", {})
    for gene, result in genes.items():
        data["biomarkers"][gene] = result["variants"] if result.get("variants") else result["status"]
    return data
