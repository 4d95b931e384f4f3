"""The disease: days of diagnosis and relapse, sites, the brain, told in other ways."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import at, patient


def _cancer(text: str, head: str = "Seen 14 October 2026.\n") -> dict[str, object]:
    return patient(head + text).get("cancer", {})


@pytest.mark.parametrize(
    "text",
    [
        "Breast cancer, mastectomy 2018. Relapse in liver, para-aortic nodes and left adrenal February 2024.",
        "Breast cancer, mastectomy 2018. Relapsed in bone and lung, February 2024.",
        "Breast cancer, mastectomy 2018. In February 2024 I had pain and it turned out it had come back in my bones.",
        "Breast cancer, mastectomy 2018.\n- 9/2019 to 2/2024: anastrozole, until bone relapse.",
        "Breast cancer, mastectomy 2018.\n- 9/2019 to 2/2024: anastrozole, stopped at recurrence.",
    ],
)
def test_the_day_of_a_relapse(text):
    assert _cancer(text)["relapse_date"] == "2024-02"


def test_a_day_behind_other_words_is_not_that_of_the_relapse():
    assert "relapse_date" not in _cancer("Breast cancer. Relapse in liver, docetaxel from February 2024.")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("62M, descending colon adenocarcinoma with synchronous liver mets, January 2024.", "2024-01"),
        ("- Feb 2019: screening mammogram, left breast mass. Invasive lobular breast cancer, grade 2.", "2019-02"),
        ("R breast cancer gr 3, Feb 2025. ER 0.", "2025-02"),
    ],
)
def test_the_day_of_the_diagnosis(text, day):
    assert _cancer(text)["diagnosed"] == day


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Breast cancer. Came back Nov 2023, bone and liver.", {"bone", "liver"}),
        ("Breast cancer. It has come back in my bones and liver.", {"bone", "liver"}),
        ("Ovarian cancer. Peritoneal carcinomatosis. Malignant pleural effusion, right.", {"peritoneum", "pleura"}),
        ("Gallbladder cancer. PD, peritoneum again and for the first time liver.", {"peritoneum", "liver"}),
        ("Colon cancer. PD, liver lesions larger (seg 8 now 47 mm), new lung nodules bilaterally.", {"liver", "lung"}),
    ],
)
def test_sites_of_spread(text, sites):
    assert set(_cancer(text)["metastatic_sites"]) == sites


def test_a_grade_and_a_tumour_category_alone():
    found = _cancer("Cholecystectomy 11 Feb 2025: adenocarcinoma of the gallbladder, G3, pT3.")
    assert (found["grade"], at(found, "tnm.t")) == (3, "pT3")
    assert "tnm" not in _cancer("Breast cancer. Trial T3 arm, unit T2.")


def test_brain_scan_of_the_same_day_and_what_became_of_it():
    text = (
        "Breast cancer. PD, 2 new brain mets -> SRS both lesions 11/02/26.\n"
        "CT 22/09/26 ongoing response. MR head same day: 2 treated lesions stable, nothing new.\n"
    )
    found = _cancer(text)["cns"]
    assert (found["status"], found["lesions"], found["last_imaging"]) == ("treated_stable", 2, "2026-09-22")


def test_old_and_new_lesions_are_not_counted_as_either():
    text = "Breast cancer.\nMRI brain 30/7/26: 2 old treated lesions smaller. 3 new, largest 11 mm L cerebellum."
    found = _cancer(text)["cns"]
    assert "lesions" not in found
    assert found["largest_mm"] == "11"


def test_a_clear_scan_of_the_head_in_a_patients_words():
    assert _cancer("Breast cancer. I had a head scan in March 2026 and that was clear.")["cns"]["status"] == "none"


def test_lines_with_full_stops_are_no_dictation():
    text = (
        "In April 2023 I had back pain and it turned out it had come back in my bones and liver. The tamoxifen was "
        "stopped. From May 2023 I was on ribociclib and letrozole and had two really good years. In October 2025 the "
        "scan showed the liver was growing again so I came off both."
    )
    courses = patient(f"Seen 14 October 2026. Breast cancer.\n{text}")["therapies"]
    assert [one["start"] for one in courses if "letrozole" in one["drugs"]] == ["2023-05"]


@pytest.mark.parametrize(
    "text",
    [
        "FEC from July to November 2018, then radiotherapy to the breast, then tamoxifen.",
        "Adjuvant pembrolizumab 11/11/2024 - 15/5/2025, breast radiotherapy.",
    ],
)
def test_the_days_of_drugs_are_not_those_of_the_radiotherapy_behind_them(text):
    found = patient(f"Seen 14 October 2026. Breast cancer.\n{text}").get("procedures", [])
    assert not [one for one in found if "date" in one]


def test_a_lump_that_was_taken_out_is_an_operation():
    (only,) = patient("Seen 14 October 2026. The lump was taken out in June 2018 with some glands.")["procedures"]
    assert (only["kind"], only["site"], only["date"]) == ("surgery", "breast", "2018-06")
