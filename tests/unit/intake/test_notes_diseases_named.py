"""Diseases as lists of hospitals name them."""

import pytest

from unit.intake.note_helpers import patient

HEAD = "Clinic 12 June 2026\nMetastatic breast cancer.\n"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("PMH: DM type II on OHA.", "type 2 diabetes"),
        ("PMH: CKD3a.", "chronic kidney disease"),
        ("PMH: A-fib.", "atrial fibrillation"),
        ("PMH: Barrett's.", "Barrett oesophagus"),
        ("PMH: SHT.", "hypertension"),
    ],
)
def test_short_names(words, name):
    assert [one["name"] for one in patient(HEAD + words)["conditions"]] == [name]


def test_the_coeliac_nodes_are_no_disease():
    assert "conditions" not in patient(HEAD + "PMH: none. CT: coeliac and hepatic nodes.")


def test_a_list_of_coded_problems_under_diagnosis():
    record = patient(
        "Clinic 12 June 2026\nDiagnosis\n• Malignant neoplasm of breast (HCC)\n• Essential hypertension\n• GERD\n"
    )
    assert [one["name"] for one in record["conditions"]] == ["hypertension", "gastro-oesophageal reflux disease"]


def test_a_diagnosis_of_tissue_is_no_list_of_problems():
    record = patient("Pathology 12 June 2026\nDiagnosis\n• Adenocarcinoma of the stomach\n• Essential hypertension\n")
    assert "conditions" not in record
