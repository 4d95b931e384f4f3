"""What follows from values that were read: the place of a biopsy, settings around an operation, spread."""

import pytest

from unit.intake.note_helpers import at, patient, read

EARLY = "Breast clinic 4 March 2026.\nEarly breast cancer, cT2 cN0 M0.\n"


def test_a_biopsy_without_a_place_is_of_the_primary_where_nothing_has_spread():
    record = patient(EARLY + "Core biopsy 16 February 2026: HER2 IHC 3+.")
    assert at(record, "specimens.0.site") == "primary"


def test_a_biopsy_without_a_place_stays_so_in_a_disease_that_has_spread():
    record = patient("Metastatic breast cancer.\nCore biopsy 16 February 2026: HER2 IHC 3+.")
    assert "site" not in record["specimens"][0]


def test_courses_around_the_operation_have_their_settings():
    record = patient(
        "Oncology clinic 4 March 2026.\nBreast cancer. Left mastectomy 12 September 2022.\n"
        "EC x4 from 4 April 2022 to 20 July 2022.\nLetrozole from 15 October 2022.\n"
        "Liver metastases May 2025. Capecitabine from 2 June 2025."
    )
    settings = {one["drugs"][0]: one.get("setting") for one in record["therapies"]}
    assert settings == {"epirubicin": "neoadjuvant", "letrozole": "adjuvant", "capecitabine": "metastatic"}


def test_a_course_years_after_the_operation_has_no_setting_by_it():
    record = patient(
        "Clinic 4 March 2026.\nBreast cancer. Left mastectomy 12 September 2012.\nPalbociclib from 2 June 2020."
    )
    assert "setting" not in record["therapies"][0]


@pytest.mark.parametrize(("category", "status"), [("ypT2 ypN1a", "residual"), ("ypTis ypN1a", "residual")])
def test_invasive_tumour_after_treatment_is_residual_disease(category, status):
    assert at(patient(f"Breast cancer. Mastectomy after chemotherapy: {category}."), "cancer.residual.status") == status


def test_no_tumour_left_is_no_residual_disease():
    assert at(patient("Breast cancer. Mastectomy: ypT0 ypN0."), "cancer.residual.status") != "residual"


def test_the_organ_of_a_measured_metastasis_is_a_site():
    record = patient("Colon cancer. Liver biopsy 3 May 2025: metastasis, HER2 IHC 3+.")
    assert record["cancer"]["metastatic_sites"] == ["liver"]
    assert record["cancer"]["setting"] == "metastatic"


def test_the_vault_is_no_distant_site():
    record = patient("Endometrial cancer, recurrent. Vaginal vault biopsy 3 May 2025: HER2 IHC 3+.")
    assert "vagina" not in record["cancer"].get("metastatic_sites", [])


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Moderately differentiated adenocarcinoma of the colon", 2),
        ("Adenocarcinoma of the stomach, poorly differentiated", 3),
    ],
)
def test_differentiation_is_a_grade(text, grade):
    assert at(patient(text), "cancer.grade") == grade


def test_a_range_of_differentiation_is_no_grade():
    assert at(patient("Moderately to poorly differentiated adenocarcinoma of the colon"), "cancer.grade") != 2


def test_a_list_of_problems_dates_the_first_tumour_and_its_sample():
    record = patient("1. Hypertension\n2. Right breast cancer 2019: grade 2, ER 8/8, HER2 1+; lumpectomy, letrozole")
    assert record["cancer"]["diagnosed"] == "2019"
    assert (at(record, "specimens.0.site"), at(record, "specimens.0.collected")) == ("primary", "2019")


def test_a_metastatic_tumour_with_a_year_was_not_first_diagnosed_then():
    assert "diagnosed" not in patient("1. Metastatic breast cancer 2019: HER2 1+")["cancer"]


def test_what_came_at_diagnosis_has_its_own_day():
    record = patient("Lung cancer. Brain: 2 mets at diagnosis, largest 9 mm, SRS 14 March 2025.")
    assert "diagnosed" not in record["cancer"]


def test_a_diagnostic_scan_is_no_diagnosis():
    assert "diagnosed" not in patient("Breast cancer. Dx mammogram 20 May 2026: mass.")["cancer"]


def test_the_tumour_of_a_line_of_diagnosis():
    assert (
        at(patient("DIAGNOSIS\nStomach, antrum, biopsies: adenocarcinoma, intestinal type."), "cancer.tumour_type")
        == "gastric"
    )
    assert at(patient("DIAGNOSIS\nLiver, core biopsy: adenocarcinoma."), "cancer.tumour_type") is None


def test_sites_in_a_bracket_behind_the_stage():
    record = patient("Stage IV gastric adenocarcinoma (liver, lymph nodes).")
    assert sorted(record["cancer"]["metastatic_sites"]) == ["liver", "lymph_node"]


def test_stains_say_nothing_of_genes():
    assert "gata3" not in patient("Malignant cells. GATA3 positive, TTF1 negative.").get("biomarkers", {})
    assert "cdh1" not in patient("Lobular carcinoma. E-cadherin is negative.").get("biomarkers", {})


def test_an_operation_that_is_listed_for_later_was_not_done():
    record = patient("MDT 21 April 2026. Breast cancer.\nOutcome: 1. WLE + SLNB, list 6 May 2026")
    assert "procedures" not in record


def test_a_test_on_the_block_of_an_operation_is_no_operation():
    record = patient(
        "Oncology clinic 24 September 2026.\nColon cancer. HER2 IHC on the colectomy block, done last week: 3+."
    )
    assert "procedures" not in record


def test_the_column_of_allele_frequencies_is_no_heart_disease():
    record = patient("Gene  Exon  Protein  AF  Class\nERBB2  20  p.Y772_A775dup  31 %  5")
    assert "conditions" not in record


def test_a_relative_who_came_along_is_no_family_history():
    record = patient("I reviewed this 58 year old lady with her daughter. She has breast cancer.")
    assert at(record, "demographics.age") == 58


def test_a_year_in_a_bracket_is_of_what_stands_before_it():
    record = patient("Rectal adenocarcinoma (2024), liver lesions, on FOLFIRI.")
    assert "start" not in record["therapies"][0]


def test_drugs_that_a_report_knows_of_were_not_given():
    record = patient(
        "FDA-APPROVED THERAPIES, CURRENT DIAGNOSIS\n tucatinib + trastuzumab (after oxaliplatin and irinotecan)"
    )
    assert "therapies" not in record


def test_a_drug_with_its_regimen_is_no_medicine_beside_it():
    record = patient("Breast cancer. Tucatinib and capecitabine from 4 May 2026.\nMedications: tucatinib, omeprazole")
    assert [one["name"] for one in record["medications"]] == ["omeprazole"]


@pytest.mark.parametrize(
    ("text", "value", "day"),
    [
        ("Echo 12 August 2026: EF 57% (was 62% 5/2026).", "62", "2026-05"),
        ("TTE 24 August 2026: LVEF 61% (prior 18 May 2026: 64%)", "64", "2026-05-18"),
        ("TTE 31 August 2026: LVEF 58% (64% in 12/2025)", "64", "2025-12"),
    ],
)
def test_an_older_ejection_fraction_in_a_bracket(text, value, day):
    older = patient(text)["cardiac"]["lvef"][0]
    assert (older["percent"], older["date"]) == (value, day)


def test_an_older_laboratory_value_in_a_bracket():
    record = patient("Labs 22 September 2026: CEA 112 ng/mL (07/2026: 64)")
    assert [(one["value"], one["date"]) for one in record["labs"]] == [("64", "2026-07"), ("112", "2026-09-22")]


def test_a_lakh_is_a_hundred_thousand():
    record = patient("Labs: Plt 1.45 lakh/cumm")
    assert (at(record, "labs.0.value"), at(record, "labs.0.unit")) == ("1.45", "lakh/uL")


def test_the_day_of_the_newest_part_is_that_of_the_note():
    reading = read("Report date: 21 October 2026\nHER2 IHC 1+\n=== CLINIC NOTE, 27 October 2026 ===\nECOG 1")
    assert reading.patient["as_of"] == "2026-10-27"


def test_a_line_that_had_room_for_the_next_word_was_not_wrapped():
    record = patient(
        "Breast cancer.\nNGS of the core biopsy of 17 February 2026 (FoundationOne CDx): "
        "ERBB2 amplification, copy number 19, TP53 R273C\n"
        "HER2 IHC on the liver biopsy of 6 October 2026: 3+"
    )
    assert [sorted(one.keys() & {"ihc", "ngs"}) for one in record["specimens"]] == [["ngs"], ["ihc"]]
