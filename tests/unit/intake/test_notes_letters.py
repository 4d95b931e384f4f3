"""Letters, board lists and summaries: what they retell in their own order, and words that only look like a result."""

import pytest

from unit.intake.note_helpers import at, patient

CLINIC = "Oncology clinic 12 November 2026.\n"
BREAST = CLINIC + "Breast cancer.\n"


def first(text):
    return at(patient(text), "specimens.0") or {}


def test_the_rest_of_a_tumour_leaves_the_score_of_its_greater_part():
    found = first(
        BREAST + "Liver biopsy 3 March 2026: HER2 3+ (strong complete staining in 70% of cells, the rest 1+)."
    )
    assert found["ihc"]["score"] == "3+"
    assert found["ihc"]["percent_cells"] == "70"


@pytest.mark.parametrize("told", ["3+ in 5% of cells, the rest 1+", "1+ in 60% of cells, the rest 3+"])
def test_a_small_part_or_a_higher_rest_gives_no_one_score(told):
    found = first(BREAST + f"Liver biopsy 3 March 2026: HER2 {told}.")
    assert at(found, "ihc.score") is None


def test_a_zero_that_a_second_reading_describes():
    found = first(
        BREAST + "Liver biopsy 3 March 2026. HER2 was given as 0; on review there is faint incomplete staining"
        " in 6% of the cells."
    )
    assert found["ihc"]["score"] == "0"
    assert found["ihc"]["zero_subtype"] == "faint_le10"
    assert found["ihc"]["percent_cells"] == "6"


def test_the_stain_in_brackets_under_a_score_that_was_sent_for_ish():
    found = first(
        BREAST + "Core biopsy 3 March 2026\nHER2 IHC   Score 2+, sent for ISH\n"
        "   (weak complete membrane staining, about 30% of cells)\n"
        "Average HER2 per cell 3.10. Average Chr 17 per cell 2.05. Ratio 1.51"
    )
    assert found["ihc"] | {"score": "2+", "percent_cells": "30", "completeness": "complete"} == found["ihc"]
    assert found["ish"]["cep17_copy_number"] == "2.05"


def test_the_answer_behind_a_request():
    found = first(BREAST + "HER2: requested on resection 24 September 2024: IHC 3+.")
    assert (found["collected"], found["ihc"]["score"]) == ("2024-09-24", "3+")


def test_a_request_without_an_answer_is_no_result():
    assert "specimens" not in patient(BREAST + "HER2 IHC 3+ requested as confirmation on the resection.")


def test_the_only_sample_of_a_report_was_taken_when_its_head_says():
    found = first(
        "Pathology report. Collected 2026-Sep-08  Reported 2026-Sep-11\nSpecimen\nLiver, core biopsy x 3\n"
        "Diagnosis\nLIVER, CORE BIOPSY: METASTATIC CARCINOMA, BREAST\nHER2 IHC: score 1+."
    )
    assert found["collected"] == "2026-09-08"


def test_nodes_of_another_report_are_not_the_sample():
    found = first(
        "Core biopsy report, breast. Date taken 19.05.26\nTwo axillary nodes biopsied separately.\nHER2 IHC: score 1+."
    )
    assert (found["collected"], found.get("site")) == ("2026-05-19", None)


def test_erbb2_not_amplified_under_the_variants_of_a_panel():
    found = first(
        CLINIC
        + "Lung adenocarcinoma.\nTSO500 panel: ERBB2 p.Ser310Phe, VAF 21%. EGFR, ALK negative. ERBB2 not amplified."
    )
    assert found["ngs"]["amplification_call"] == "not_amplified"


@pytest.mark.parametrize("text", ["Metastatic work-up negative.", "Grade 2 (T3 P2 M1)."])
def test_words_that_do_not_say_metastatic(text):
    assert at(patient(BREAST + text), "cancer.setting") is None


def test_metastatic_disease_stays_metastatic():
    assert at(patient(BREAST + "pT3 pN2 M1."), "cancer.setting") == "metastatic"


def test_a_recommendation_is_no_treatment_given():
    record = patient(BREAST + "Trastuzumab deruxtecan is my recommendation as next treatment.")
    assert "therapies" not in record


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Hb 12.6 g/dl, creatinine 71, bilirubin 7", "umol/L"),
        ("Hb 12.6 g/dl, creatinine 0.8 mg/dl, bilirubin 0.7", "mg/dL"),
        ("Hb 12.6 g/dl, bilirubin 7", None),
    ],
)
def test_haemoglobin_in_grams_does_not_tell_the_unit_of_bilirubin(text, value):
    labs = patient("Clinic 15/10/2026. Bloods: " + text).get("labs", [])
    assert next((one["unit"] for one in labs if one["name"] == "bilirubin"), None) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Laboratory of June 28: creatinine 0.7 mg/dl", "2026-06-28"),
        ("Labs on March 3: creatinine 0.7 mg/dl", "2026-03-03"),
        ("Laboratory of June 22: creatinine 0.7 mg/dl", None),
    ],
)
def test_a_day_without_its_year(text, day):
    assert at(patient(CLINIC + text), "labs.0.date") == day


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("Good state, OMS 1.", "performance.ecog", 1),
        ("FEVG 58 % at the echography.", "cardiac.lvef.0.percent", 58),
        ("BP 130x75 mmHg", "vitals.blood_pressure", "130/75"),
        ("Oxygen saturations 96% on air", "vitals.spo2_percent", 96),
        ("Mismatch repair: MMRp", "biomarkers.mmr", "pMMR"),
        ("RAS wild, BRAF wild.", "biomarkers.kras", "wild_type"),
        ("ER Allred PS 5 + IS 3 = 8/8", "biomarkers.er.status", "positive"),
        ("Mucositis grade 2 under everolimus.", "toxicities.0.due_to", "everolimus"),
        ("FOLFOX from 3 March 2025 to 8 July 2025, 9 cures.", "therapies.0.cycles", 9),
        ("FOLFOX from 3 March 2025 to 8 July 2025. Better response: partial.", "therapies.0.best_response", "PR"),
        ("Neuropathy of the feet grade 1, due to oxaliplatin.", "toxicities.0.grade", 1),
        ("Some neuropathy in the toes left from the paclitaxel (G1).", "toxicities.0.due_to", "paclitaxel"),
        ("20 December 2021: finished left breast radiation, 42.56 Gy", "procedures.0.end", "2021-12-20"),
        ("20 December 2021: finished left breast radiation, 42.56 Gy", "procedures.0.dose_gy", "42.56"),
        ("Bilirubin, Total   0.5 mg/dL", "labs.0.value", "0.5"),
        ("Weight 81 kg for 1,76 m.", "demographics.height_cm", 176),
        ("Tobacco: weaned in 2001, 25 packet-years.", "demographics.smoking", "former"),
        ("Tobacco: weaned in 2001, 25 packet-years.", "demographics.pack_years", "25"),
        ("CEA 48 (ug/L)", "labs.0.value", "48"),
        (
            "Exemestane 3 March 2025 to 8 July 2026, stopped for new liver metastases on CT 9 July 2026.",
            "therapies.0.progression_date",
            "2026-07-09",
        ),
    ],
)
def test_words_of_letters_in_translated_english(text, path, value):
    found = at(patient(BREAST + text), path)
    assert found is not None
    assert str(found) == str(value)


@pytest.mark.parametrize("text", ["Case 7\nM, 62 y. Lung cancer.", "Patient XXXX, M, DOB 19.02.1951"])
def test_sex_by_its_letter(text):
    assert at(patient(CLINIC + text), "demographics.sex") == "male"


def test_a_letter_of_a_list_is_no_sex():
    assert at(patient(CLINIC + "Lung cancer.\nF 20 mg daily"), "demographics.sex") is None


def test_courses_with_cycles_of_their_own_are_kept_apart():
    found = patient(BREAST + "Adjuvant dose dense AC x4 and weekly paclitaxel x12, letrozole from January 2018.")[
        "therapies"
    ]
    cycles = {tuple(one["drugs"]): one.get("cycles") for one in found}
    assert cycles == {("doxorubicin", "cyclophosphamide"): 4, ("paclitaxel",): 12, ("letrozole",): None}


def test_drugs_given_together_stay_one_course():
    found = patient(BREAST + "Docetaxel + trastuzumab x6 from March 2025.")["therapies"]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("days", "start"),
    [("7th May to 27th August 2024", "2024-05-07"), ("20 November to 27 February 2024", "2023-11-20")],
)
def test_the_year_of_a_range_stands_at_its_end(days, start):
    assert at(patient(BREAST + f"Docetaxel, 6 cycles from {days}."), "therapies.0.start") == start


def test_what_she_is_allergic_to_is_not_taken():
    record = patient(BREAST + "Medications: apixaban, salbutamol. Allergic to erythromycin.")
    assert [one["name"] for one in record["medications"]] == ["apixaban", "salbutamol"]


def test_the_day_of_a_board_is_no_diagnosis():
    assert at(patient(BREAST + "File presented in RCP of 4 June 2026."), "cancer.diagnosed") is None
