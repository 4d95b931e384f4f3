"""Early breast cancer by its categories, treatment before an operation, sequences of courses, and cycles to come."""

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Oncology clinic 12 August 2026\nBreast cancer.\n"


@pytest.mark.parametrize(
    "words",
    [
        "cT2 cN1 M0, clinical stage IIB. Neoadjuvant TCHP from 20 August 2026.",
        "Left breast IDC pT1c pN0 M0.",
        "TCHP neoadjuvant 03/2026 - 06/2026, mastectomy 01/07/2026: ypT1b ypN0. First cT2 N1. Axillary metastasis.",
    ],
)  # fmt: skip
def test_early_breast_cancer_by_its_categories(words):
    assert at(patient(HEAD + words), "cancer.setting") == "early"


@pytest.mark.parametrize(
    "words",
    [
        "pT1c pN0 M0 in 2019. CT: liver metastases.",
        "pT1c pN0 M0 in 2019, now relapsed in the chest wall.",
        "cT4b cN2 M0.",
        "pT2 pN1.",
        "pT2 pN1 M0 2019. On ribociclib and fulvestrant since 03/2025.",
        "pT2 pN1 M0 2019. Letrozole 2019 - 2024, stopped for progression.",
        "cT2 cN1. Metastatic disease is not excluded; the liver lesion is malignant, progression.",
    ],
)
def test_what_leaves_the_setting_open_or_says_another(words):
    assert at(patient(HEAD + words), "cancer.setting") != "early"


def test_early_is_said_of_breast_cancer_only():
    assert at(patient("12 August 2026\nGastric cancer.\ncT2 cN1 M0."), "cancer.setting") is None


def test_a_board_in_another_language_is_not_called_early():
    words = (
        "Tumorkonferenz 14.07.2026\nDiagnose: invasives Karzinom der linken Mamma, initial cT2 cN1 M0. Mastektomie"
        " 06.10.2022: ypT1c ypN1a. Leberstanze 02.07.2026: HER2 IHC 0. Progress hepatisch unter der Therapie.\n"
    )
    assert at(patient(words), "cancer.setting") != "early"


@pytest.mark.parametrize(
    "words",
    [
        "T4b N2 M0, neoadj intent. AC x4 23/3/26 - 25/5/26.",
        "T3 N1 M0. AC x4 23/3/26 - 25/5/26, plan 4 then MRM + RT.",
        "T3 N1 M0. Docetaxel and trastuzumab since 1/6/26, 6 cycles planned, followed by surgery.",
    ],
)
def test_treatment_that_an_operation_is_to_follow(words):
    assert patient(HEAD + words)["therapies"][0]["setting"] == "neoadjuvant"


@pytest.mark.parametrize(
    "words",
    [
        "Metastatic to the liver. AC x4 23/3/26 - 25/5/26, plan 4 then surgery is not possible.",
        "T3 N1 M0. Mastectomy 01/03/2026. AC x4 23/3/26 - 25/5/26. Not of neoadjuvant intent.",
    ],
)
def test_treatment_that_none_is_to_follow(words):
    assert patient(HEAD + words)["therapies"][0].get("setting") != "neoadjuvant"


def test_a_sequence_shares_its_days_and_its_setting():
    first, second = patient(HEAD + "EC x 4, then paclitaxel, adjuvant, 19/04/2021 to 30/09/2021")["therapies"]
    if "paclitaxel" in first["drugs"]:
        first, second = second, first
    assert (first["setting"], str(first["start"]), "end" in first) == ("adjuvant", "2021-04-19", False)
    assert (second["setting"], "start" in second, str(second["end"])) == ("adjuvant", False, "2021-09-30")


def test_the_setting_right_before_the_second_part_is_its_own():
    told = patient(HEAD + "EC x4 then adjuvant paclitaxel 01/02/2021 to 30/09/2021.")["therapies"]
    assert [one.get("setting") for one in told if "epirubicin" in one["drugs"]] == [None]


@pytest.mark.parametrize(
    ("words", "ongoing"),
    [
        ("Docetaxel + trastuzumab from 22/6/26. C3 given 3/8/26.\nC4 24/8 with G-CSF", True),
        ("Docetaxel + trastuzumab: started 20/07/2026. #2 given 10/08/2026.\n#3 due 01/09", True),
        ("Docetaxel + trastuzumab from 22/6/26. C3 given 3/8/26.\nC4 24/8 cancelled, stop docetaxel.", None),
        ("Docetaxel + trastuzumab from 22/6/26. C3 given 3/8/26.\nC6 24/8", None),
    ],
)
def test_a_course_goes_on_whose_next_cycle_has_a_day(words, ongoing):
    assert patient(HEAD + words)["therapies"][0].get("ongoing") is ongoing


def test_a_dictated_count():
    told = patient(HEAD + "AC times four and Taxol then radiation.")["therapies"]
    assert [one["cycles"] for one in told if "doxorubicin" in one["drugs"]] == [4]
