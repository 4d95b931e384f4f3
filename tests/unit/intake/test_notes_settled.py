"""What a whole note settles: stage, relapse, setting, operations, and the samples of tables."""

import pytest

from unit.intake.note_helpers import at, patient


def test_a_deposit_in_a_node_that_was_taken_out_is_no_metastatic_disease():
    record = patient("Invasive carcinoma of the breast.\nSentinel node: 1 of 3 nodes contains a 2.5 mm metastasis.")
    assert "setting" not in record["cancer"]


def test_the_stage_of_the_first_diagnosis_is_not_that_of_metastatic_disease():
    record = patient("Metastatic breast cancer, bone metastases since 2023. 2018: stage IIA breast cancer, lumpectomy.")
    assert record["cancer"]["setting"] == "metastatic"
    assert "stage" not in record["cancer"]


def test_a_resected_primary_was_operated_on():
    record = patient("Invasive carcinoma of the breast.\nRight breast, total mastectomy, 14 January 2026: HER2 IHC 3+.")
    assert [(one["kind"], one["date"]) for one in record["procedures"]] == [("surgery", "2026-01-14")]
    assert record["procedures"][0]["site"] == "breast"


def test_an_operation_that_is_told_is_not_told_twice():
    record = patient("Breast cancer. She underwent mastectomy on 14 January 2026; the mastectomy specimen was HER2 3+.")
    assert len(record["procedures"]) == 1


HISTORY = (
    "Oncology history\n"
    "- 4/2018: left breast cancer, mastectomy 19 April 2018, adjuvant anastrozole from 8/2018 to 5/2023\n"
    "- 6/2023: back pain, bone metastases\n- 7/2023 - 2/2025: letrozole and ribociclib, stopped for progression\n"
)


def test_metastases_after_an_early_disease_are_its_relapse():
    record = patient(HISTORY)
    assert record["cancer"]["relapse_date"] == "2023-06"
    settings = {one["drugs"][0]: one.get("setting") for one in record["therapies"]}
    assert settings == {"anastrozole": "adjuvant", "letrozole": "metastatic"}


COLUMNS = (
    "Clinic 12 November 2026. Metastatic breast cancer.\n\n"
    "Marker\tPrimary (2019)\tLiver biopsy 12/01/2026\nER\t90%\t0%\nHER2 IHC\t0\t2+\nHER2 FISH\tn/a\tnot amplified\n"
)


def test_every_column_of_a_table_is_a_sample():
    record = patient(COLUMNS)
    assert [(one["ihc"]["score"], one.get("ish", {}).get("result")) for one in record["specimens"]] == [
        ("0", None),
        ("2+", "negative"),
    ]
    assert record["specimens"][1]["organ"] == "liver"
    assert at(record, "biomarkers.er.status") == "negative"


def test_the_receptors_of_columns_without_days_are_not_chosen_from():
    record = patient("Breast cancer.\n\nTest\tLeft breast\tRight breast\nER\t0%\t95%\nHER2 IHC\t3+\t1+\n")
    assert [one["ihc"]["score"] for one in record["specimens"]] == ["3+", "1+"]
    assert "biomarkers" not in record


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("Case: M 59. Gastric adenocarcinoma.", 59, "male"),
        ("Age/Sex: 58 Y / F\nBreast cancer.", 58, "female"),
        ("Breast cancer. Blocks F 12, M 40 kept.", None, None),
    ],
)
def test_sex_beside_age(text, age, sex):
    person = patient(text).get("demographics", {})
    assert (person.get("age"), person.get("sex")) == (age, sex)


def test_one_drug_that_was_dropped_is_not_the_end_of_its_regimen():
    record = patient(
        "Seen 09/22/2026. Metastatic gastric cancer.\nOncology history\n"
        "  12/03/2024 - 11/18/2025 mFOLFOX6 + trastuzumab; oxaliplatin held after C9 (neuropathy).\n"
    )
    assert "trastuzumab" in record["therapies"][0]["drugs"]
    assert record["therapies"][0].get("reason_stopped") != "toxicity"


def test_amplification_of_another_gene_says_nothing_of_erbb2():
    record = patient("Lung cancer. Liquid biopsy 1 June 2026: ERBB2 p.Y772_A775dup 2.1%, no MET amplification.")
    assert "amplification_call" not in record["specimens"][0]["ngs"]


def test_brain_metastases_that_give_no_trouble_and_steroids_that_ended():
    record = patient(
        "Metastatic breast cancer with brain metastases. SRS to 3 brain lesions 22 August 2024. "
        "She finished her dexamethasone in March. No headaches or seizures. "
        "MRI brain 27 May 2026 shows all lesions stable, largest 8 mm."
    )
    brain = record["cancer"]["cns"]
    assert (brain["status"], brain["on_steroids"], brain["symptomatic"]) == ("treated_stable", False, False)
    assert brain["largest_mm"] == "8"


def test_german_denials_and_conditions_are_no_results():
    head = "Befund vom 12.03.2026, Patientin mit Mammakarzinom, Stanzbiopsie der Mamma rechts unter Therapie\n"
    assert "specimens" not in patient(head + "Ein HER2 Score 3+ wäre eine Indikation für Trastuzumab.")
    (sample,) = patient(head + "HER2 Score 2+, FISH nicht amplifiziert (Ratio 1,2).")["specimens"]
    assert (sample["ihc"]["score"], sample["ish"]["result"]) == ("2+", "negative")
