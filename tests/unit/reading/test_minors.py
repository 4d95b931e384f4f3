"""What a trial says of children binds no adult, and two bounds of age in words are one range."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, UNKNOWN, truth

LABS = [{"name": "creatinine", "value": 1.2, "unit": "mg/dL", "date": "2026-05-01"}]
ADULT = {"demographics": {"age": 50}, "labs": LABS}
CHILD = {"demographics": {"age": 14}, "labs": LABS}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


@pytest.mark.parametrize(
    ("words", "adult", "child"),
    [
        ("For pediatric patients (< 18 years of age), creatinine must be at most 1.0 mg/dL", MET, {NOT_MET, UNKNOWN}),
        ("Creatinine at most 1.0 mg/dL for patients under 18 years of age", MET, {NOT_MET}),
        ("Subjects aged 12 to 17 years must weigh at least 40 kg", MET, {UNKNOWN}),
        ("Male or female, 18 years or older. Pediatric patients ages 12-17 and at least 40 kg", UNKNOWN, {UNKNOWN}),
        ("Patients must be under 18 years of age", NOT_MET, {MET}),
        ("Age greater than or equal to 18 years old and less than 75 years old", MET, {NOT_MET}),
        ("Must be at least 18 years of age and under the age of 40", NOT_MET, {NOT_MET}),
    ],
)
def test_whom_an_age_binds(reader, words, adult, child):
    assert truth(reader, f"{DEMAND}* {words}", ADULT) == adult
    assert truth(reader, f"{DEMAND}* {words}", CHILD) in child
