"""Values that have changed in the words behind them: the newest one counts, and the old one keeps its day or goes."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import at, patient

DAY = "Clinic 12 May 2026.\nMetastatic breast cancer.\n"


def lab(text, name):
    """Return value and day of every result of one test."""
    return [(one["value"], one.get("date")) for one in patient(DAY + text).get("labs", []) if one["name"] == name]


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        (
            "Bilirubin peaked at 84 in April and is now 18 umol/L.",
            "bilirubin",
            [("84", "2026-04"), ("18", "2026-05-12")],
        ),
        ("ALT 210 -> 65 U/L.", "alt", [("65", None)]),
        ("ALT 210 → 120 → 65 U/L.", "alt", [("65", None)]),
        ("ALT 210, now 65 U/L.", "alt", [("65", None)]),
        ("Hb 82 before and 101 after transfusion.", "haemoglobin", [("101", None)]),
        ("ALT 210 U/L, AST 65 U/L.", "alt", [("210", None)]),
        ("ALT 210 U/L, now on cycle 3.", "alt", [("210", None)]),
        ("Platelets 88, 2 units given today.", "platelets", [("88", None)]),
    ],
)
def test_laboratory_values(text, name, wanted):
    assert lab(text, name) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ECOG 1 at the start of T-DXd, 2 now.", 2),
        ("ECOG was 2 in hospital.", None),
        ("ECOG 1, 2 cycles given.", 1),
        ("ECOG 1.", 1),
    ],
)
def test_performance(text, wanted):
    assert at(patient(DAY + text), "performance.ecog") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("She weighed 71 kg in January, now 63.", "63"),
        ("Weight 71 kg, height 163 cm.", "71"),
        ("Weight 71 kg and is now 63 years old.", "71"),
    ],
)
def test_weight(text, wanted):
    assert at(patient(DAY + text), "demographics.weight_kg") == wanted


def test_ejection_fraction_with_its_day_in_a_bracket():
    told = patient(DAY + "Trastuzumab was restarted in February 2026, after LVEF 44% (September 2025), now 58%.")
    assert told["cardiac"]["lvef"] == [{"percent": "44", "date": "2025-09"}, {"percent": "58"}]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("Non-smoker since 2010.", "former"), ("Non-smoker for 10 years.", "former"), ("Lifelong non-smoker.", "never")],
)
def test_somebody_who_does_not_smoke_since_a_day_once_did(text, wanted):
    assert at(patient(DAY + text), "demographics.smoking") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Penicillin allergy in childhood, since then tolerated amoxicillin.",
        "QTc 478 on ondansetron, 452 after stopping it.",
    ],
)
def test_what_was_tolerated_or_stopped_is_not_taken(text):
    assert "medications" not in patient(DAY + text)


def test_what_radiation_did_is_no_radiotherapy_of_that_day():
    assert "procedures" not in patient(DAY + "Radiation pneumonitis in 2019, treated with prednisolone.")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("T-DM1, 14 cycles planned, 6 given, changed to trastuzumab.", 6),
        ("T-DM1 given since May, 14 cycles were planned.", None),
        ("Paclitaxel weekly 9/12 done.", 9),
    ],
)
def test_cycles_given_of_those_planned(text, wanted):
    assert at(patient(DAY + text), "therapies.0.cycles") == wanted


def test_a_fraction_of_doses_is_no_month():
    assert all("start" not in one for one in patient(DAY + "Paclitaxel weekly 9/12 done.")["therapies"])


def test_the_day_of_the_operation_is_not_the_first_of_the_course_before_it():
    told = patient("Clinic 12 May 2026.\nGastric cancer.\nFLOT 4 cycles before gastrectomy (11 February 2026).")
    assert "start" not in told["therapies"][0]
    assert at(told, "procedures.0.date") == "2026-02-11"


def test_a_drug_of_a_trial_that_was_stopped_was_given():
    told = patient(DAY + "Poziotinib in a trial (2021), stopped after three weeks for rash grade 3.")
    assert told["therapies"][0]["drugs"] == ["poziotinib"]


def test_a_trial_that_is_only_thought_of_gave_nothing():
    assert "therapies" not in patient(DAY + "Poziotinib in a trial would be an option.")


def test_two_drugs_with_one_antibody_are_told_apart():
    told = patient(DAY + "Zanidatamab zovodotin was given for two cycles in 2024.")
    assert told["therapies"][0]["drugs"] == ["zanidatamab zovodotin"]


def test_a_side_effect_for_which_a_cycle_was_delayed_may_be_over():
    told = patient(DAY + "T-DXd C1 3 March 2026; C2 delayed one week (neutropenia grade 3), C3 given 21 April.")
    assert "ongoing" not in told["toxicities"][0]


def test_a_receptor_that_was_lost_later_is_left_open():
    assert at(patient(DAY + "ER 90%, later lost in the liver."), "biomarkers.er") is None
    assert at(patient(DAY + "ER 90%, PR lost."), "biomarkers.er.percent") == "90"


def test_a_marker_of_two_samples_is_asked_about():
    assert at(patient(DAY + "PD-L1 CPS 4 on the biopsy, 12 on the resection."), "biomarkers.pd_l1") is None
    assert at(patient(DAY + "PD-L1 CPS 4 on the biopsy of 12 March."), "biomarkers.pd_l1.cps") == "4"


def test_cancer_of_the_skin_is_no_histology_of_the_breast():
    told = patient("Clinic 12 May 2026.\nBreast cancer.\nBasal cell carcinoma removed 2019.")
    assert at(told, "cancer.histology") is None


def test_an_effect_that_is_not_there_this_time_is_over():
    told = patient(DAY + "Grade 2 diarrhoea last cycle, none this time.")
    assert told["toxicities"] == [{"name": "diarrhoea", "grade": 2, "ongoing": False}]


def test_a_slip_of_the_tongue_is_asked_about():
    assert all("ihc" not in one for one in patient(DAY + "HER2 2+, no sorry, 3+.").get("specimens", []))
    assert at(patient(DAY + "HER2 2+, sorry to say."), "specimens.0.ihc.score") == "2+"


def test_a_question_of_a_list_that_is_answered_no():
    assert at(patient("Clinic 12 May 2026.\nBreast cancer.\nBrain mets no; ILD no."), "cancer.metastatic_sites") is None
    told = patient("Clinic 12 May 2026.\nBreast cancer.\nBrain mets, no liver lesions.")
    assert at(told, "cancer.metastatic_sites") == ["brain"]


def test_what_was_tolerated_is_no_allergy():
    told = patient(DAY + "Allergic to paclitaxel, nab-paclitaxel tolerated.")
    assert told["allergies"] == [{"substance": "paclitaxel"}]


def test_the_day_before_a_semicolon_is_that_of_another_result():
    told = patient(DAY + "Triple negative in 2022; ER 15% on rebiopsy April 2026.")
    assert at(told, "biomarkers.er.date") != "2022"


def test_how_it_is_today_is_no_first_day():
    told = patient(DAY + "Today: ECOG 2, on capecitabine.")
    assert "start" not in told["therapies"][0]
    assert at(patient(DAY + "Today capecitabine was started."), "therapies.0.start") == "2026-05-12"
