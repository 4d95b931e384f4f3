"""Courses told by a part of their drugs, ranges whose first day has no year, and sentences of other medicines."""

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Oncology clinic 18/05/2026\nMetastatic breast cancer, HER2 positive.\n"


def courses(words):
    return patient(HEAD + words).get("therapies", [])


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("She had TCHP six cycles from February 3 through May 20 2025.", "2025-02-03", "2025-05-20"),
        ("TCHP x6 December 12 to March 30, 2026.", "2025-12-12", "2026-03-30"),
        ("T-DM1 23/3 - 5/5/26.", "2026-03-23", "2026-05-05"),
        ("T-DM1 20/11 - 5/5/2026.", "2025-11-20", "2026-05-05"),
    ],
)
def test_the_first_day_of_a_range_takes_the_year_of_the_last(words, start, end):
    course = courses(words)[0]
    assert (str(course["start"]), str(course["end"])) == (start, end)


def test_a_range_of_which_the_order_is_open_has_the_year_only():
    assert str(patient("Metastatic breast cancer.\nT-DM1 3/4 - 5/6/25.\n")["therapies"][0]["start"]) == "2025"


def test_the_end_of_another_medicine_ends_no_course():
    course = courses("Since 06/04/2026 lapatinib + capecitabine.\n\nDexamethasone stopped on 20/04/2026.")[0]
    assert "end" not in course
    assert course["ongoing"] is True


def test_what_is_left_of_a_regimen_goes_on_as_the_same_course():
    told = courses(
        "First line: S-1 + oxaliplatin + trastuzumab was started on 25/02/2025. Oxaliplatin was omitted after"
        " 8 cycles because of numbness, and S-1 + trastuzumab was given until 16/12/2025."
    )
    assert len(told) == 1
    assert str(told[0]["end"]) == "2025-12-16"


def test_the_cycles_of_one_drug_in_a_bracket_make_no_course():
    told = courses("- 02/12/2024 to 09/02/2026: Docetaxel + trastuzumab + pertuzumab (docetaxel 6 cycles, later two).")
    assert len(told) == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("November 2019 - May 2024 letrozole (adjuvant). Stopped because of metastases.", "progression"),
        ("November 2019 - May 2024 letrozole (adjuvant). Stopped because of hot flushes.", "toxicity"),
    ],
)
def test_why_a_course_was_stopped(words, reason):
    assert courses(words)[0]["reason_stopped"] == reason


def test_radiotherapy_that_was_finished_is_not_the_end_of_the_drug_before_it():
    told = patient(
        HEAD + "We went ahead with T-DM1 which she started on July 8 2025 and she had radiation to the breast after"
        " that, finished September 12, 40 Gray."
    )
    assert "ongoing" not in told["therapies"][0]
    assert str(told["therapies"][0]["start"]) == "2025-07-08"
    assert not any(str(one.get("date")) == "2025-07-08" for one in told.get("procedures", []))


def test_a_drug_that_is_held_for_good_does_not_go_on():
    assert courses("T-DXd since 03/2026. The Enhertu is held for good.")[0]["ongoing"] is False


def test_a_treatment_to_come_has_the_day_in_front_of_it():
    told = patient(HEAD + "From 23/06/2026 she will have capecitabine.")["planned"]
    assert str(told[0]["start"]) == "2026-06-23"


def test_a_question_that_is_answered_with_no_names_no_medicine_and_no_disease():
    told = patient(
        HEAD + "Steroids > 10 mg prednisone      [ ] yes  [x] no\nDiabetes        [x] type 2, on metformin\n"
        "HBsAg, HCV, HIV - non reactive (March 2026).\n"
    )
    assert [one["name"] for one in told["medications"]] == ["metformin"]
    assert [one["name"] for one in told["conditions"]] == ["diabetes mellitus"]
    assert at(told, "serology.anti_hcv") == "negative"


def test_medicines_that_are_begun_today_stand_among_the_plans():
    told = patient(HEAD + "Plan:\nPrednisone 80 mg a day, start today with omeprazole. If worse, infliximab.")
    assert [(one["name"], str(one["since"])) for one in told["medications"]] == [
        ("prednisone", "2026-05-18"),
        ("omeprazole", "2026-05-18"),
    ]


@pytest.mark.parametrize("words", ["Plan:\nStart metformin if HbA1c high.", "Plan:\nStop apixaban from today."])
def test_medicines_that_are_not(words):
    assert not patient(HEAD + words).get("medications")


def test_what_follows_a_treatment_to_come_is_to_come():
    told = patient(
        HEAD + "Plan\n1. Carboplatin, paclitaxel and trastuzumab q21d x 6, cycle 1 on 28/05/2026, then trastuzumab"
        " alone to one year."
    )
    assert not told.get("therapies")
    assert [one["drugs"] for one in told["planned"]][-1] == ["trastuzumab"]
