"""The person and other diseases: age and sex in columns, company, old and new values, lists of medicines."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Seen 14 October 2026. Breast cancer.\n"


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("MRN XXXX | XXXX, XXXX | F | 63 y | GYN ONC", 63, "female"),
        ("XXXX   F/49   NKDA   never smoker   accountant   with husband", 49, "female"),
        ("XXXX   M/71   NKDA", 71, "male"),
    ],
)
def test_age_and_sex_of_a_head_line(text, age, sex):
    found = patient(f"Clinic 6 August 2026\n{text}\n\nBreast cancer")["demographics"]
    assert (found["age"], found["sex"]) == (age, sex)


def test_company_without_an_article_is_no_family_history():
    found = patient("Clinic 6 August 2026\nXXXX   F/49   never smoker   accountant   with husband\n")
    assert found["demographics"]["smoking"] == "never"
    assert "smoking" not in patient("Clinic 6 August 2026\nmother with lung cancer, a smoker.").get("demographics", {})


@pytest.mark.parametrize("text", ["TOBACCO  Never", "Smoking status: never", "Tobacco use: none"])
def test_smoking_in_a_row(text):
    assert at(patient(HEAD + text), "demographics.smoking") == "never"


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("BP much better (138/80 today) on two drugs.", "vitals.blood_pressure", "138/80"),
        ("Weight 88 kg, saturation 95 %.", "vitals.spo2_percent", "95"),
        ("AC x4, last 2 September 2024 (doxorubicin total 240 mg/m2).", "anthracycline_mg_m2", "240"),
        ("Cumulative dose of doxorubicin 240 mg/m2.", "anthracycline_mg_m2", "240"),
    ],
)
def test_values_of_the_person(text, path, value):
    assert at(patient(HEAD + text), path) == value


def test_a_saturation_of_an_earlier_day_is_not_that_of_now():
    text = "Sat 88 % on air in A&E on 12 October. Today sat 94 % with 2 L."
    assert at(patient(HEAD + text), "vitals.spo2_percent") == "94"


def test_an_ejection_fraction_before_a_treatment_keeps_its_day():
    record = patient(HEAD + "Echo 5 October 2026 EF 57%, it was 64 before trastuzumab in 2024.")
    assert {(one["percent"], one["date"]) for one in record["cardiac"]["lvef"]} == {
        ("57", "2026-10-05"),
        ("64", "2024"),
    }
    assert "therapies" not in record


def test_medicines_that_are_no_longer_taken_and_minerals_in_a_list():
    record = patient(
        HEAD + "MEDICATIONS (active)   amlodipine 5 mg; ondansetron PRN\n"
        "MEDICATIONS (inactive)   enoxaparin 40 mg; gabapentin\n\n"
        "Now denosumab, calcium, omeprazole daily. Calcium 2.3 mmol/L. Convert to oral prednisolone tomorrow."
    )
    assert {one["name"] for one in record["medications"]} >= {"amlodipine", "denosumab", "calcium"}
    assert not {"enoxaparin", "gabapentin", "prednisolone"} & {one["name"] for one in record["medications"]}


def test_a_numbered_list_of_diagnoses():
    text = "Seen 14 October 2026.\nDiagnoses\n1. Gastric carcinoma\n2. Chronic kidney disease\n3. Gout\n"
    assert {one["name"] for one in patient(text)["conditions"]} == {"chronic kidney disease", "gout"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Adjuvant trastuzumab. LVEF 54% at the end of adjuvant trastuzumab, July 2022.", "end"),
        ("Trastuzumab from May 2025. Last trastuzumab 13 July 2026.", None),
    ],
)
def test_the_end_and_the_last_dose_of_a_course_begin_none(text, key):
    courses = patient(HEAD + text)["therapies"]
    assert all(str(one.get("start")) not in ("2022-07", "2026-07-13") for one in courses)
    assert key is None or any(key in one for one in courses)


def test_a_chronic_disease_that_was_treated_is_over_and_one_of_which_the_history_tells_is_not():
    found = {
        one["name"]: one["status"]
        for one in patient(HEAD + "H/o treated latent TB. History of hypertension.")["conditions"]
    }
    assert found == {"latent tuberculosis": "resolved", "hypertension": "active"}
