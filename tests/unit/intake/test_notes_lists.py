"""Lists in a line of a letter: brackets do not end them, a habit that is denied ends at its comma."""

import pytest

from unit.intake.note_helpers import at, patient


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Stage IVB: brain (3 mets, SRS 6/2024, stable 10/2/2026), pleura, adrenal.", ["brain", "pleura", "adrenal"]),
        ("Metastatic to liver (no lung lesion), bone.", ["liver", "bone"]),
        ("M1 (liver segment 6, peritoneal deposits on laparoscopy 12.10.2026).", ["liver", "peritoneum"]),
        ("Stage IV (bone, 2 liver mets up to 14 mm).", ["bone", "liver"]),
    ],
)  # fmt: skip
def test_brackets_within_a_list_of_sites(text, sites):
    assert at(patient(f"Oncology clinic 3 November 2026.\nBreast cancer. {text}"), "cancer.metastatic_sites") == sites


@pytest.mark.parametrize("habit", ["never smoker", "non-smoker", "no alcohol", "never smoked", "no tobacco"])
def test_a_habit_denied_does_not_deny_the_tumour(habit):
    record = patient(f"Clinic 2 November 2026. 68 y/o male, {habit}, lung adenocarcinoma, dx 5/2024.")
    assert at(record, "cancer.tumour_type") == "lung_adenocarcinoma"
    assert at(record, "cancer.diagnosed") == "2024-05"


@pytest.mark.parametrize("words", ["Never had", "No", "She has never had", "Denies", "Never diagnosed with"])
def test_a_list_of_illnesses_denied_is_denied_to_its_end(words):
    record = patient(f"Clinic 2 November 2026. Breast cancer. {words} hypertension, diabetes or pneumonitis.")
    assert not record.get("conditions")


def test_a_puncture_is_a_sample_of_its_own():
    """A result of the puncture went to the operation before it."""
    record = patient(
        "Clinic 14 April 2026. Breast cancer. HER2 negative on the operation specimen of 2018. "
        "Liver puncture 21 Nov 2023: HER2 2+, CISH not amplified."
    )
    first, second = sorted(record["specimens"], key=lambda one: one["collected"])
    assert (first["kind"], first.get("ihc")) == ("resection", None)
    assert (second["collected"], second["organ"], at(second, "ihc.score")) == ("2023-11-21", "liver", "2+")
    assert at(second, "ish.result") == "negative"
