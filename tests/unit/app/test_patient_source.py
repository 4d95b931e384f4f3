"""One entrance for all shapes of a patient's record."""

import json
from datetime import date

import pytest

from her2nav.app.patient_source import given, patient_of, shape_of
from her2nav.app.session import Session
from her2nav.model.errors import InputError, SyntaxProblem

NOTE = b"""Pathology report 03/06/2025
Gastric adenocarcinoma, biopsy of the stomach.
HER2 IHC: 2+ (equivocal). HER2 FISH: not amplified, HER2/CEP17 ratio 1.4.
"""
BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1960"}},
        {
            "resource": {
                "resourceType": "Condition",
                "subject": {"reference": "Patient/p1"},
                "code": {"text": "Breast cancer"},
            }
        },
    ],
}


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: date(2026, 11, 21))


@pytest.mark.parametrize(
    ("raw", "name", "shape"),
    [
        (b"cancer:\n  tumour_type: breast\n", "p.yaml", "patient_file"),
        (b"# mine\ncancer: {tumour_type: breast}\n", "-", "patient_file"),
        (b'{"cancer": {"tumour_type": "breast"}}', "-", "patient_file"),
        (b'{"resourceType": "Bundle"}', "p.json", "fhir"),
        (NOTE, "report.txt", "note"),
        (b"Diagnosis: breast cancer\n", "-", "note"),
        (b"%PDF-1.7", "report.pdf", "note"),
    ],
)
def test_shape(raw, name, shape):
    assert shape_of(raw, name) == shape


def test_a_note(session):
    found = given(session, NOTE, "report.txt")
    assert found.shape == "note"
    assert session.knowledge.tumours.find(found.read.patient.cancer.tumour_type) == "gastric"
    assert found.read.patient.specimens[0].ihc.score == ("2+",)
    assert found.read.warnings[0].startswith("read from a note by program")
    assert found.intake is not None


def test_a_bundle(session):
    found = given(session, json.dumps(BUNDLE).encode(), "b.json")
    assert found.read.patient.cancer.tumour_type == "breast"
    assert found.read.patient.demographics.sex == "female"


def test_two_patients_are_refused(session):
    second = {"resource": {"resourceType": "Patient", "id": "p2", "gender": "male"}}
    both = {**BUNDLE, "entry": [*BUNDLE["entry"], second]}
    with pytest.raises(InputError, match="2 patients"):
        given(session, json.dumps(both).encode(), "b.json")


@pytest.mark.parametrize(
    "raw",
    [b"", b"   \n", b"\0\0\0", b'{"resourceType": ', b'{"resourceType": 5}', b"....", b'{"cancer": {"nonsense": 1}}'],
)
def test_bad_input_is_one_clear_error(session, raw):
    with pytest.raises((InputError, SyntaxProblem)) as told:
        given(session, raw, "x")
    assert "\n" not in str(told.value)
    assert told.value.file == "x"


def test_the_lines_of_an_export_are_named_as_such(session):
    raw = b'{"resourceType": "Patient", "id": "1"}\n{"resourceType": "Condition"}\n'
    with pytest.raises(InputError, match="an export with a resource on each line") as problem:
        given(session, raw, "export.ndjson")
    assert problem.value.place == "line 2"


def test_a_missing_file(session, tmp_path):
    with pytest.raises(InputError, match="no such file"):
        patient_of(session, tmp_path / "absent.yaml")
