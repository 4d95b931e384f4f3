"""Cancers of ovary and womb that spread within the abdomen are not metastatic by that."""

import pytest

from unit.intake.note_helpers import at, patient


@pytest.mark.parametrize(
    ("words", "setting"),
    [
        ("Serous endometrial carcinoma. Histology: metastasis in the left ovary.", None),
        ("High grade serous ovarian cancer, FIGO IIIC, with omental deposits.", None),
        ("Ovarian cancer. CT May 2026: recurrent disease in the peritoneum.", "recurrent"),
        ("Ovarian cancer, FIGO IVB, omental deposits.", "metastatic"),
        ("Ovarian cancer with peritoneal and liver metastases.", "metastatic"),
        ("Metastatic ovarian cancer, omentum.", "metastatic"),
        ("Breast cancer with peritoneal metastases.", "metastatic"),
    ],
)
def test_the_setting(words, setting):
    assert at(patient(f"Clinic 12 June 2026\n{words}\n"), "cancer.setting") == setting
