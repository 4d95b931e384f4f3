"""Sentences that name an operation or radiotherapy with a day on which it was not done."""

from pathlib import Path

import pytest

from unit.intake.note_helpers import patient

HEAD = "Breast clinic 12 June 2026\nDiagnosis: metastatic breast cancer, HER2 positive, liver.\n\n"
SENTENCES = (Path(__file__).parent / "procedures_not_done.txt").read_text().splitlines()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_not_done(sentence):
    assert "procedures" not in patient(f"{HEAD}{sentence}\n")


@pytest.mark.parametrize(
    ("sentence", "kind", "day"),
    [
        ("Mastectomy 3 June 2026.", "surgery", "2026-06-03"),
        ("Radiotherapy to the chest wall, 40 Gy, completed 3 June 2026.", "radiotherapy", "2026-06-03"),
        ("After the planning CT radiotherapy began on 3 June 2026.", "radiotherapy", "2026-06-03"),
        ("SRS to one brain metastasis on 3 June 2026.", "radiotherapy", "2026-06-03"),
        ("She consented and had a lumpectomy on 3 June 2026.", "surgery", "2026-06-03"),
    ],
)
def test_done(sentence, kind, day):
    (entry,) = patient(f"{HEAD}{sentence}\n")["procedures"]
    assert (entry["kind"], entry.get("date") or entry.get("end")) == (kind, day)
