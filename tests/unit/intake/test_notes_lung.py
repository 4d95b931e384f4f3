"""Inflammation of the lung: what was once, how it was treated, and what a scan does not show now."""

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Oncology clinic 12 June 2026\nMetastatic breast cancer, HER2 low.\n"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Stopped due to pneumonitis grade 2 in May 2025 (pred x 6 weeks, resolved).", "history_with_steroids"),
        ("July 2025: grade 2 pneumonitis. Enhertu stopped, prednisone started. Resolved.", "history_with_steroids"),
        ("Drug-induced ILD grade 1, T-DXd was stopped. No steroid was given.", "history_no_steroids"),
        ("Pneumonitis in 2025, steroids were not needed.", "history_no_steroids"),
        ("Pneumonitis in 2025.", None),
        ("Pneumonitis in 2025. Steroids would be the first choice if it came back.", None),
        ("Never any lung disease.", "none"),
        ("ILD no. Diabetes.", "none"),
        ("ILD / pneumonitis ever?   [ ] Y  [x] N", "none"),
        ("No antecedent of interstitial pneumopathy.", "none"),
        ("CT chest: no ILD.", "none"),
        ("CT chest: no ILD. Previous everolimus pneumonitis.", None),
        ("No ILD on CT now; pneumonitis in 2025 needed prednisone.", "history_with_steroids"),
        ("ILD or pneumonitis, ever         [ ] yes  [x] no", "none"),
        ("Interstitial lung disease: no history.", "none"),
        ("There is no pneumonitis on the CT and she has not had it before. We spoke of lung inflammation.", "none"),
        ("Plan:\nILD grade 1 without symptoms, attributed to T-DXd. Treatment suspended.", "current"),
        ("The scan is worse, so I held the Enhertu for good, calling this pneumonitis grade 2.", "current"),
        ("ILD grade 2 due to T-DXd in March 2025. Treatment stopped.", None),
        ("Plan:\nIf ILD grade 1 without symptoms: treatment suspended, CT in three weeks.", None),
    ],
)  # fmt: skip
def test_the_lung(words, value):
    assert at(patient(HEAD + words), "lung.ild_history") == value
