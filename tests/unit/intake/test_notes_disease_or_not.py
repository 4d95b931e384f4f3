"""Sentences that name a disease which the patient does not have; `diseases_not_had.txt` is older than the rules."""

from pathlib import Path

import pytest

from unit.intake.note_helpers import patient

HEAD = "Oncology clinic 12 June 2026\nMetastatic breast cancer, HER2 low.\n"
SENTENCES = (Path(__file__).parent / "diseases_not_had.txt").read_text().splitlines()


@pytest.mark.parametrize("heading", ["", "Past medical history\n"])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_not_had(sentence, heading):
    record = patient(f"{HEAD}\n{heading}{sentence}\n")
    assert [one["name"] for one in record.get("conditions", ())] == []


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Diabetes since 2010, on metformin.", "diabetes mellitus"),
        ("Stroke 2019, recovered.", "stroke"),
        ("Hypertension, well controlled; her mother has it too.", "hypertension"),
        ("Pulmonary embolism 3 May 2026, on apixaban.", "pulmonary embolism"),
        ("She has epilepsy and takes lamotrigine.", "seizures"),
        ("Atrial fibrillation, not on anticoagulants.", "atrial fibrillation"),
    ],
)
def test_had(sentence, name):
    record = patient(f"{HEAD}\nPast medical history\n{sentence}\n")
    assert name in [one["name"] for one in record["conditions"]]
