"""Sentences about metastases in the note of an early cancer: feared, looked for, excluded; or there."""

from pathlib import Path

import pytest

from unit.intake.note_helpers import at, patient

HERE = Path(__file__).parent
HEAD = (
    "Breast clinic 12 June 2026\nDiagnosis: invasive ductal carcinoma of the left breast, cT2 cN1, HER2 positive. "
    "Neoadjuvant TCHP from 3 March 2026.\n\n"
)


def lines(name):
    return (HERE / name).read_text().splitlines()


@pytest.mark.parametrize("sentence", lines("no_spread.txt"))
def test_no_spread(sentence):
    record = patient(f"{HEAD}{sentence}\n")
    assert at(record, "cancer.setting") != "metastatic"
    assert set(at(record, "cancer.metastatic_sites") or ()) <= {"lymph_node"}
    assert at(record, "cancer.cns.status") in (None, "none")


@pytest.mark.parametrize("sentence", lines("spread.txt"))
def test_spread(sentence):
    assert at(patient(f"{HEAD}{sentence}\n"), "cancer.setting") == "metastatic"
