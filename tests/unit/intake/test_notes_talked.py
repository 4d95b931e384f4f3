"""What a note denies, answers with no, talks of, asks for or only plans is no fact; samples are kept apart."""

import pytest

from unit.intake.note_helpers import at, patient

CLINIC = "Clinic date: 10 October 2026\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "The patient wishes to wait for your view on trastuzumab deruxtecan.",
        "The oncologist suggested T-DXd on 3 October 2026.",
        "We have approval for tucatinib from 1 October 2026.",
        "She has never had trastuzumab.",
        "Prescribed everolimus, never collected it.",
        "Patient information leaflet on T-DXd given.",
        "Pembrolizumab was considered in 2025 but PD-L1 was negative.",
        "Ramucirumab/paclitaxel was offered, the patient wishes to wait.",
        "Discussion: (a) FOLFOX/trastuzumab on progression - two members hesitant; (b) T-DXd reserved for 2L.",
    ],
)
def test_a_treatment_that_was_only_talked_of_is_none(text):
    record = patient(CLINIC + text)
    assert "therapies" not in record
    assert "planned" not in record


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Consented today for trastuzumab deruxtecan, first dose 20 October 2026.", "2026-10-20"),
        ("Enhertu has been ordered; start date 20 October 2026.", "2026-10-20"),
        ("Recommendation: T-DXd 5.4 mg/kg, start 19 October 2026 pending insurance.", "2026-10-19"),
    ],
)
def test_a_treatment_ahead_is_planned(text, start):
    record = patient(CLINIC + text)
    assert "therapies" not in record
    assert at(record, "planned.0.drugs") == ["trastuzumab deruxtecan"]
    assert at(record, "planned.0.start") == start


@pytest.mark.parametrize(
    "text",
    [
        "On trastuzumab and pertuzumab since 3 March 2026, and asked about T-DXd.",
        "Trastuzumab and pertuzumab from 3 March 2026 (insurance refused T-DXd).",
    ],
)
def test_what_is_given_stays_given_beside_what_is_asked_for(text):
    assert [one["drugs"] for one in patient(CLINIC + text)["therapies"]] == [["trastuzumab", "pertuzumab"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("She doesn't have diabetes or high blood pressure.", []),
        ("PMH: cirrhosis? - no (fibroscan Feb). Asthma.", ["asthma"]),
        ("PMH: diabetes - no, COPD: no, asthma, hypertension", ["asthma", "hypertension"]),
        ("PMH: chronic hepatitis B - no, this was an error. Gout.", ["gout"]),
        ("PMH: vaccinated against hepatitis B. Hepatitis B core Ab neg.", []),
        ("PMH: epilepsy? Possibly as a child.", []),
        ("FISH recounted blind by a second reader.", []),
    ],
)
def test_a_disease_that_is_answered_with_no_is_none(text, names):
    assert [one["name"] for one in patient(CLINIC + text).get("conditions", [])] == names


@pytest.mark.parametrize(
    "text",
    [
        "Hep B core Ab neg, sAg neg. Hep C Ab negative.",
        "Hepatitis B surface antigen and core antibody not detected, hepatitis C antibody not detected.",
    ],
)
def test_antigens_and_antibodies_that_were_not_found_are_negative(text):
    found = patient(CLINIC + text)["serology"]
    assert found == {"hbsag": "negative", "anti_hbc": "negative", "anti_hcv": "negative"}


def test_results_in_the_order_of_the_samples():
    record = patient(
        CLINIC
        + "Breast cancer. Breast core biopsy and liver biopsy (both 14 January 2025) HER2 3+ and 1+ respectively."
    )
    found = {one["site"]: one for one in record["specimens"]}
    assert (found["primary"]["ihc"]["score"], found["metastasis"]["ihc"]["score"]) == ("3+", "1+")
    assert {one["collected"] for one in record["specimens"]} == {"2025-01-14"}


def test_numbered_specimens_are_two():
    text = (
        "Specimens (both taken 20-Mar-2026):\n  1  Left breast 2 o'clock, core biopsy\n  2  Left "
        "breast 5 o'clock, core biopsy\n\n"
        "HER2 immunohistochemistry\n  Specimen 1: 2+\n  Specimen 2: 3+ in 70%\n"
    )
    assert [one["ihc"]["score"] for one in patient(text)["specimens"]] == ["2+", "3+"]


def test_two_biopsies_without_dates_are_no_contradiction():
    text = "Liver biopsy: adenocarcinoma.\nHER2 IHC 3+.\n\nBiopsy of the lung: adenocarcinoma.\nHER2 IHC 1+."
    assert sorted(one["ihc"]["score"] for one in patient(text)["specimens"]) == ["1+", "3+"]


def test_the_stain_of_another_protein_in_a_table_is_not_her2():
    text = (
        "TUMOR PROFILING SUMMARY\nRESULTS WITH THERAPY ASSOCIATIONS\n"
        "ERBB2 (Her2)    IHC       Protein    Positive | 3+, 70%\n"
        "PTEN            IHC       Protein    Positive | 1+, 100%\n"
        "Folate receptor IHC       Protein    Negative | 2+, 20%\n"
        "ERBB2 (Her2)    CNA-Seq   DNA        Amplified (copy number 22)\n"
    )
    record = patient(text)
    assert len(record["specimens"]) == 1
    assert at(record, "specimens.0.ihc") == {"score": "3+", "percent_cells": "70"}
    assert at(record, "specimens.0.ngs.erbb2_copy_number") == "22"
    assert at(record, "biomarkers.pten") is None


def test_bounds_of_a_rule_are_no_counts():
    text = (
        "HER2 FISH on breast core biopsy: ratio 1.4.\nA group 2 result is a ratio of 2.0 or more "
        "with fewer than 4.0 copies."
    )
    assert at(patient(text), "specimens.0.ish.her2_cep17_ratio") == "1.4"
    assert at(patient(text), "specimens.0.ish.her2_copy_number") is None


def test_a_pasted_report_in_another_language_gives_scores_only():
    text = (
        "Date: 6 October 2026. Summary by the oncologist, who treats the patient with capecitabine.\n\n"
        "Biopsia gastrica: adenocarcinoma di tipo intestinale. HER2 IHC: 2+ (15% delle cellule). "
        "FISH: rapporto HER2/CEP17 2,8.\n\n"
        "Referto della biopsia epatica: metastasi. HER2 IHC: 1+.\n"
    )
    record = patient(text)
    assert [one["ihc"]["score"] for one in record["specimens"]] == ["2+", "1+"]
    assert at(record, "specimens.0.ish.her2_cep17_ratio") == "2.8"


def test_a_newer_receptor_without_a_percentage_counts():
    text = (
        "Clinic 5 May 2026. Breast biopsy 3 March 2020: ER 95%, PR 60%, HER2 0.\n"
        "Liver biopsy 2 April 2026: ER negative, PR negative, HER2 1+."
    )
    record = patient(text)
    assert at(record, "biomarkers.er.status") == "negative"
    assert at(record, "biomarkers.er.date") == "2026-04-02"


def test_a_course_before_the_metastasis_gets_no_setting():
    text = (
        "Clinic 5 May 2026. Metastatic breast cancer.\nBreast biopsy 6 February 2023: HER2 "
        "3+.\nLiver biopsy 10 December 2024: HER2 3+.\n"
        "Docetaxel, trastuzumab and pertuzumab 03/2023 to 08/2023. T-DM1 from 7 January 2025."
    )
    settings = {one["drugs"][0]: one.get("setting") for one in patient(text)["therapies"]}
    assert settings == {"docetaxel": None, "trastuzumab emtansine": "metastatic"}


def test_a_drug_dropped_from_a_regimen_does_not_end_it():
    text = (
        "Clinic 6 October 2026. Gastric cancer.\nCAPOX with trastuzumab from 10 February 2025 to 14 July 2026 "
        "(oxaliplatin dropped after 6 cycles for grade 2 neuropathy, still grade 1). Progression "
        "in the liver on CT of 20 August 2026."
    )
    record = patient(text)
    assert at(record, "therapies.0.reason_stopped") == "progression"
    assert at(record, "toxicities.0.grade") == 1


def test_a_score_that_was_read_again_stays_with_its_own_sample():
    text = (
        "Clinic 19 November 2026. Breast cancer.\nPleural fluid cell block 06/18/2026 HER2 0. "
        "FISH neg at the time, ratio 1.0. "
        "Primary (2022 core, 03/09/2022) re-read too - stays 1+."
    )
    scores = {one["collected"]: one["ihc"]["score"] for one in patient(text)["specimens"]}
    assert scores == {"2022-03-09": "1+", "2026-06-18": "0"}


@pytest.mark.parametrize(
    "text",
    [
        "The consensus was to offer adjuvant trastuzumab emtansine, 14 cycles.",
        "We propose trastuzumab deruxtecan in second line.",
        "Proposed: paclitaxel and trastuzumab for four cycles to start on 22 December.",
    ],
)
def test_an_offer_with_its_number_of_cycles_is_planned(text):
    record = patient(CLINIC + "Breast cancer.\n" + text)
    assert "therapies" not in record
    assert len(record["planned"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Plan: to discuss paclitaxel and ramucirumab against best supportive care.",
        "Residual neuropathy gr 2 from oxaliplatin.",
    ],
)
def test_what_is_only_discussed_or_blamed_is_no_course(text):
    record = patient(CLINIC + "Colon cancer.\n" + text)
    assert "therapies" not in record
    assert "planned" not in record


def test_what_is_to_stop_is_not_planned():
    assert "planned" not in patient(CLINIC + "Colon cancer.\nPlan: stop capecitabine.")


def test_a_receptor_is_no_response():
    record = patient(CLINIC + "Breast cancer. Docetaxel x3 finished 22 April 2026. ER remains 8/8 but PR is now 0/8.")
    assert "best_response" not in record["therapies"][0]


def test_a_scan_of_the_brain_says_nothing_of_other_sites():
    record = patient(
        CLINIC + "Breast cancer. MRI of the brain on July 8, 2026 showed no evidence of metastatic disease."
    )
    assert "metastatic_sites" not in record["cancer"]
    assert record["cancer"]["cns"]["status"] == "none"


def test_deposits_in_nodes_are_no_metastatic_disease():
    record = patient(CLINIC + "Breast cancer, mastectomy: 2 of 16 nodes containing metastatic deposits (pT1c pN1a).")
    assert "setting" not in record["cancer"]


def test_abbreviations_with_a_number_are_what_the_number_is():
    record = patient(CLINIC + "Breast cancer. ER: Allred 8/8 (PS5 IS3). ALAT 66 U/L, AF 182 U/L.")
    assert "performance" not in record
    assert "conditions" not in record
