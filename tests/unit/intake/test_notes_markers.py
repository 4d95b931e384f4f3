"""Markers beside HER2: receptors in scores and forms, what a panel did not find, names that mean something else."""

import pytest

from unit.intake.note_helpers import at, patient

CLINIC = "Oncology clinic 12 November 2026.\n"


@pytest.mark.parametrize(
    ("text", "er", "pr"),
    [
        ("ER 8/8, PR 2/8", "positive", "negative"),
        ("ER: Allred 8/8 (PS5 IS3). PR: Allred 0/8", "positive", "negative"),
        ("ER remains 7/8 but PR is now 0/8.", "positive", "negative"),
        ("ER 3/8, PR 4/8", None, None),
        ("ER 12/12, PR 9/8", None, None),
        ("Estrogen Receptor (ER) Status\n  Positive (greater than 10%)\nProgesterone Receptor (PgR) Status\n  Negative",
         "positive", "negative"),
        ("Estrogen receptor:\n  Positive, 95%\nProgesterone receptor:\n  Negative (0%)", "positive", "negative"),
        ("ER status:\nHER2 positive", None, None),
    ],
)  # fmt: skip
def test_receptors_in_scores_and_forms(text, er, pr):
    record = patient(CLINIC + "Breast cancer.\n" + text)
    assert (at(record, "biomarkers.er.status"), at(record, "biomarkers.pr.status")) == (er, pr)


def test_a_score_of_eight_is_no_date():
    found = patient(CLINIC + "Breast cancer.\nCore: ER 8/8, PR 7/8, HER2 1+")["specimens"]
    assert all("collected" not in one for one in found)


def test_what_a_plasma_test_did_not_find_is_no_variant():
    record = patient(
        CLINIC + "Breast cancer. Guardant360: ERBB2 V777L 2.3%.\nNot detected: EGFR, MET, BRAF V600E, PIK3CA."
    )
    assert "braf" not in record["biomarkers"]
    assert record["biomarkers"]["egfr"] == "wild_type"
    assert "BRAF" not in str(record["specimens"])


def test_a_variant_in_two_spellings_is_one():
    record = patient(CLINIC + "NSCLC. NGS: ERBB2 p.(Ser310Phe), VAF 17%\nERBB2 p.S310F is oncogenic.")
    assert len(record["specimens"][0]["ngs"]["variants"]) == 1


def test_an_ascitic_tap_is_no_tumour_area_positivity():
    assert "pd_l1" not in patient(CLINIC + "Gastric cancer. Ascitic tap 20/04/2026: adenocarcinoma.").get(
        "biomarkers", {}
    )


def test_the_flag_of_a_risk_category_is_no_liver_cancer():
    record = patient(
        CLINIC
        + "Problem list\n- Malignant neoplasm of left breast, IDC (HCC)\n- Secondary malignant neoplasm of bone (HCC)\n"
        "Liver bx 25 April 2024: HER2 0 (IHC)."
    )
    assert record["cancer"]["tumour_type"] == "breast"
    assert record["specimens"][0]["site"] == "metastasis"


def test_what_a_drug_is_licensed_for_is_no_course():
    record = patient(CLINIC + "NSCLC. T-DXd is licensed for previously treated NSCLC with activating HER2 mutations.")
    assert "therapies" not in record
