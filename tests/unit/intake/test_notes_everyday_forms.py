"""Everyday forms of letters, reports and discharge notes, each with a sentence in which the rule would be wrong."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import at, patient

DAY = "Clinic 20 May 2026.\n"
BREAST = DAY + "Breast cancer.\n"
BRAIN = "Metastatic breast cancer, brain metastases. SRS 28 March 2026.\n"


def test_nodes_involved_of_nodes_examined_are_no_day():
    told = patient(
        "Reported: 04/22/2026\nBreast carcinoma.\nMETASTATIC CARCINOMA IN ONE OF THREE LYMPH NODES (1/3), 3.5 MM."
    )
    assert at(told, "cancer.relapse_date") is None


@pytest.mark.parametrize(
    ("text", "wanted"), [("dilated CBD, stent in place", None), ("takes CBD oil at night", "cannabidiol")]
)
def test_the_bile_duct_is_no_medicine(text, wanted):
    assert at(patient(DAY + "Gallbladder carcinoma.\n" + text + "."), "medications.0.name") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "MRI brain 10 May 2026: NEW L frontal 19 mm, moderate edema. 5 old lesions no change.",
        "MRI brain 10 May 2026: stable. Seizure d/t progressing brain met.",
    ],
)
def test_a_brain_that_grows_is_not_stable(text):
    assert at(patient(DAY + BRAIN + text), "cancer.cns.status") == "active_or_progressing"


def test_a_brain_without_anything_new_is_stable():
    told = patient(DAY + BRAIN + "MRI brain 10 May 2026: treated lesions stable, no new lesions.")
    assert at(told, "cancer.cns.status") == "treated_stable"


def test_lesions_in_total():
    told = patient(
        DAY + BRAIN + "MRI brain 10 May 2026: new frontal 19 mm. 5 old lesions no change. 6 total, no mass effect."
    )
    assert at(told, "cancer.cns.lesions") == 6


def test_what_a_disease_came_from_is_no_disease_of_its_own():
    told = patient(BREAST + "PAST MEDICAL HISTORY\nDVT left leg 2011 after a fracture, resolved")
    assert told["conditions"] == [{"name": "deep vein thrombosis", "status": "resolved", "date": "2011"}]


def test_a_scan_measures_better_than_a_hand():
    told = patient(
        BREAST + "Mammogram 28 April 2026: mass of 34 mm.\nEXAMINATION\nBreast: mobile mass of 4 cm, skin normal."
    )
    assert at(told, "cancer.tumour_size_mm") == "34"


def test_the_hand_counts_where_nothing_else_is_told():
    assert at(patient(BREAST + "EXAMINATION\nBreast: mobile mass of 4 cm."), "cancer.tumour_size_mm") == "40"


def test_the_day_of_a_line_is_that_of_the_pneumonitis():
    told = patient(
        BREAST
        + "- 10 February 2026: Grade 1 pneumonitis on CT, attributed to T-DXd. Prednisone given, CT 10 March 2026"
        " resolved."
    )
    assert at(told, "lung.date") == "2026-02-10"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Diagnosed by core biopsy 28 October 2025.", "2025-10-28"),
        ("Diagnosed on biopsy of the left breast in October 2025.", "2025-10"),
        ("Diagnosed early; biopsy of the liver 28 October 2025.", None),
    ],
)
def test_the_sample_that_made_the_diagnosis(text, wanted):
    assert at(patient(BREAST + text), "cancer.diagnosed") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("On 12 February 2026 Dr. Hall performed a total hysterectomy and node dissection.", "2026-02-12"),
        ("On 12 February 2026 she underwent a total hysterectomy.", "2026-02-12"),
        ("On 12 February 2026 we discussed a total hysterectomy.", None),
    ],
)
def test_the_day_that_opens_the_sentence_of_an_operation(text, wanted):
    assert at(patient(DAY + "Endometrial carcinoma.\n" + text), "procedures.0.date") == wanted


def test_signs_of_the_first_day_give_way_to_those_of_the_last():
    told = patient(
        "Discharge summary 20 May 2026\nBreast cancer.\nON ADMISSION\nBP 104/66, PR 112/min, Temp 38.9 C.\n\n"
        "CONDITION AT DISCHARGE\nBP 118/74, PR 84/min, SpO2 98%."
    )
    assert told["vitals"] == {"blood_pressure": "118/74", "heart_rate": 84, "spo2_percent": "98"}


def test_birth_and_sex_behind_one_label():
    told = patient("DOB / Sex:  19 July 1968   F      Collected:  16 April 2026\nBreast cancer.")
    assert (at(told, "demographics.birth_date"), at(told, "demographics.sex")) == ("1968-07-19", "female")


def test_both_hormone_receptors_in_words():
    told = patient(BREAST + "Oestrogen and progesterone receptor negative, her two was three plus on the immuno.")
    assert (at(told, "biomarkers.er.status"), at(told, "biomarkers.pr.status")) == ("negative", "negative")
    assert at(told, "specimens.0.ihc.score") == "3+"


def test_her_two_sons_are_no_gene():
    assert "specimens" not in patient(BREAST + "Her two were positive about school, her two was the winner.")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("May 2026: Guardant360 on blood. ESR1 D538G at 2.3%.", "p.D538G"),
        ("May 2026: plasma for a gene panel went off. ESR1 D538G was known.", None),
    ],
)
def test_a_short_sentence_names_the_panel_of_the_next(text, wanted):
    told = patient(BREAST + "Liver biopsy 6 May 2025: HER2 IHC 2+.\n" + text)
    found = [one for sample in told["specimens"] for one in at(sample, "ngs.variants") or []]
    assert [one["hgvs"] for one in found] == ([wanted] if wanted else [])


def test_receptors_of_the_operation_come_after_those_of_the_core():
    told = patient(
        "Reported: 22 April 2026\nBreast carcinoma.\n"
        "                 Core biopsy              Mastectomy, residual tumor\n"
        "                 (10/28/25)               block A7\n"
        "   ER            Positive, 80%            Positive, 60%\n"
        "   PR            Positive, 15%            Negative, <1%\n"
        "   HER2 IHC      3+                       2+\n"
        "   Ki-67         40%                      12%\n"
    )
    assert (at(told, "biomarkers.er.percent"), at(told, "biomarkers.pr.status")) == ("60", "negative")
    assert at(told, "biomarkers.ki67_percent") == "12"


def test_a_board_for_a_whole_class_of_tumours_makes_no_liver_a_primary():
    told = patient(
        DAY
        + "Carcinoma of the gallbladder.\nBiopsy of a liver lesion 27 April 2026: HER2 3+.\n"
        + "Discussed in the GI tumour board."
    )
    assert at(told, "specimens.0.site") == "metastasis"
