"""What a supposition takes over from the record as it stands follows from the sections that it names alone."""

from datetime import date
from pathlib import Path

import pytest

from her2nav.app.session import Session
from her2nav.facts.case import READ, Case
from her2nav.intake.patient_file import read_patient
from her2nav.matching.evaluate import codes_of
from her2nav.model.patient import Patient

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.yaml"))
RICH = {
    "cancer": {
        "tumour_type": "breast",
        "setting": "metastatic",
        "metastatic_sites": ["liver", "brain"],
        "lesions": [{"site": "liver"}],
        "cns": {"status": "treated_stable", "last_local_therapy": "2026-02"},
    },
    "therapies": [{"drugs": ["trastuzumab", "zorbl"], "start": "2026-01"}],
    "medications": [{"name": "prednisone 5 mg daily"}, {"name": "zorbl"}],
    "planned": [{"drugs": ["capecitabine"], "start": "2027-01"}],
    "conditions": [{"name": "heart failure NYHA III"}, {"name": "bone metastases"}],
    "cardiac": {"history": ["myocardial infarction"]},
    "lung": {"ild_history": "current"},
    "toxicities": [{"name": "pneumonitis", "grade": 2}],
    "procedures": [{"kind": "radiotherapy", "site": "brain"}],
    "allergies": [{"substance": "latex"}],
    "labs": [{"name": "anc", "value": 1.2, "unit": "10^9/L"}],
    "biomarkers": {"kras": "mutated"},
    "ctdna": [{"gene": "ERBB2", "variant": "S310F"}],
    "specimens": [{"kind": "biopsy", "site": "metastasis", "organ": "liver", "ngs": {"genes_covered": ["EGFR"]}}],
}


class Recorded:
    """A record that notes which of its sections are read."""

    def __init__(self, patient):
        self._patient, self.read = patient, set()

    def __getattr__(self, name):
        if name in Patient.model_fields:
            self.read.add(name)
        return getattr(self._patient, name)


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: date(2026, 11, 21))


def records(session):
    for path in EXAMPLES:
        yield read_patient(path, session.knowledge, session.today()).patient
    yield Patient.model_validate(RICH)


def test_nothing_else_of_the_record_is_read(session):
    seen = set()
    for patient in records(session):
        case = Case(patient, session.today(), session.knowledge)
        codes_of(session.compiled.program, case.alone)
        for derived, sections in case.handed_on.items():
            other = Case(patient, session.today(), session.knowledge)
            other.patient = Recorded(other.patient)
            derived(other)
            assert other.patient.read <= sections, derived
            seen.add(derived.__name__)
        for name, sections in READ.items():
            other = Case(patient, session.today(), session.knowledge)
            other.patient = Recorded(other.patient)
            getattr(other, name)
            assert other.patient.read <= sections, name
    assert seen >= {"taken", "procedures", "condition_rows", "gene_items", "unlisted", "doubtful"}
