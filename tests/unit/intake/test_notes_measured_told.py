"""Measurements as they are told: bounds, days with a point, short names, grades of blood tests, signs without units."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import at, patient


def _labs(text: str) -> set[tuple[str, str, str]]:
    return {(one["name"], one["value"], one.get("date", "")) for one in patient(text).get("labs", [])}


def _effects(text: str) -> set[tuple[str, object, object]]:
    found = patient(f"Clinic 3 May 2026. {text}").get("toxicities", [])
    return {(one["name"], one.get("grade"), one.get("ongoing")) for one in found}


def test_a_bound_in_a_column_is_no_value():
    found = _labs(
        "Seen 3 May 2026\n         1 Apr   22 Apr   range\neGFR     >90     84       \nALT U/L    40     55       <35\n"
    )
    assert found == {("egfr_ckd", "84", "2026-04-22"), ("alt", "40", "2026-04-01"), ("alt", "55", "2026-04-22")}


@pytest.mark.parametrize(
    "heading",
    ["            2 Apr   23 Apr   range", "Test   unit   2 Apr   23 Apr   range", "   02.04.   23.04.   Ref"],
)
def test_days_belong_to_their_columns_whatever_else_has_a_heading(heading):
    found = _labs(f"Seen 24.04.2026\n{heading}\nHb    g/L    112   115   115-155\nBili  umol/L   13   16   <21\n")
    assert ("bilirubin", "16", "2026-04-23") in found
    assert ("haemoglobin", "112", "2026-04-02") in found
    assert len(found) == 4


@pytest.mark.parametrize("words", ["Creatinine was 02.04.", "The ratio was 12.11.", "Score 03.04. Next"])
def test_a_number_that_closes_a_sentence_is_no_day(words):
    assert "2026-04" not in str(patient(f"Seen 24.05.2026. {words}\n"))


def test_short_names_count_with_a_unit_or_among_others():
    text = "Seen 24.05.2026\nTest          10.05.2026\nTC (/cumm)     9800\nK (mmol/l)     3.4\n"
    assert {one[:2] for one in _labs(text)} == {("wbc", "9800"), ("potassium", "3.4")}
    assert {one[:2] for one in _labs("Hb 96 N 3.4 Pl 210 bili 12 K 4.1")} >= {("anc", "3.4"), ("platelets", "210")}


@pytest.mark.parametrize("words", ["Breast cancer T2 N1. N 2 nodes.", "Vitamin K 3 days", "Dose N 4 of 6"])
def test_single_letters_alone_are_no_tests(words):
    assert _labs(words) == set()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Platelets 61 = grade 2.", ("thrombocytopenia", 2, True)),
        ("Her platelets fell to 54 (grade 2) and the dose was delayed.", ("thrombocytopenia", 2, None)),
        ("A week of delay for ANC 0.8 (G3), since recovered.", ("neutropenia", 3, False)),
        ("ALT 2.7x ULN = grade 1, AST 3.7x ULN = grade 2.", ("raised liver enzymes", 2, True)),
        ("Hb 9.1 g/dL (grade 2).", ("anaemia", 2, True)),
    ],
)
def test_a_graded_blood_test_is_a_side_effect(words, expected):
    assert _effects(words) == {expected}


@pytest.mark.parametrize(
    "words",
    ["Hold if platelets <50 (grade 3).", "Hb 98 g/L. Grade 3 carcinoma.", "Her mother had platelets 40, grade 3."],
)
def test_other_grades_beside_blood_tests_are_none(words):
    assert _effects(words) == set()


def test_what_came_before_a_denial_with_since_was_there():
    assert ("neutropenia", 3, False) in _effects("No fever since the neutropenia of cycle 2 (G3, resolved).")
    assert _effects("No fever, rash or diarrhoea since cycle 2.") == set()


def test_both_of_two_side_effects_are_over():
    found = _effects("Rash under panitumumab (grade 2) and diarrhoea under tucatinib (grade 2) have both disappeared.")
    assert found == {("rash", 2, False), ("diarrhoea", 2, False)}


def test_flushing_of_an_infusion_is_no_hot_flush():
    assert _effects("With the first dose he had rigors and flushing and needed a slower rate (grade 2).") == set()
    assert _effects("Hot flushes at night, grade 2.") == {("hot flushes", 2, True)}


@pytest.mark.parametrize(
    ("words", "path", "value"),
    [
        ("Obs: BP 118/74, PR 104. Sats 96 RA.", "vitals.heart_rate", 104),
        ("Obs: BP 118/74, PR 104. Sats 96 RA.", "vitals.spo2_percent", "96"),
        ("Her blood pressure was 132 over 78.", "vitals.blood_pressure", "132/78"),
        ("Wt 69.5, ht 168.", "demographics.height_cm", "168"),
        ("Wt 69.5, ht 168.", "demographics.weight_kg", "69.5"),
        ("wt 52. PS 2", "demographics.weight_kg", "52"),
        ("Wt 154, PS 1", "demographics.weight_kg", None),
        ("ER 90 %, PR 80.", "vitals.heart_rate", None),
    ],
)
def test_vital_signs_without_units(words, path, value):
    assert at(patient(f"Clinic 13 May 2026. {words}"), path) == value


def test_a_series_of_ejection_fractions_keeps_its_days():
    found = patient("Clinic 13 October 2026, seen 15/09/2026. Echo 18/9 EF 55%, 12/6 57%, 10/3 61%.")["cardiac"]["lvef"]
    assert {(one["percent"], one["date"]) for one in found} == {
        ("55", "2026-09-18"),
        ("57", "2026-06-12"),
        ("61", "2026-03-10"),
    }


def test_a_period_is_no_day():
    assert "2026-04" not in str(patient("Clinic 3 May 2026. Tired over the last month; TSH 11.8."))
