"""Passages in everyday words, dictated numbers, tick tables and days without a year."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.intake.note_helpers import at, patient, read

from her2nav.intake.notes.spoken import FILLER, figured

SEEN = "Oncology letter of 6 October 2026.\nBreast cancer.\n"


@pytest.mark.parametrize(
    ("spoken", "figures"),
    [
        ("sixty-four per cent", "64 %"),
        ("seventy two kilos", "72 kilos"),
        ("one hundred and four kilos", "104 kilos"),
        ("nought point seven", "0.7"),
        ("creatinine one hundred and forty-two on the ninth of March", "creatinine 142 on the 9 March"),
        ("no one on the ward, one on the left", "no one on the ward, one on the left"),
        ("twelve point two five", "12.25"),
        ("the twenty-first of June twenty twenty-five", "the 21 June 2025"),
        ("grade three ductal carcinoma", "grade 3 ductal carcinoma"),
        ("point two was discussed, one plus one", "point two was discussed, one plus one"),
        ("twenty twenty visits", "twenty twenty visits"),
    ],
)
def test_dictated_numbers_become_figures(spoken, figures):
    assert figured(spoken).replace(FILLER, "") == figures


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789 .,-%", max_size=80))
def test_figures_keep_the_length_of_a_text(text):
    assert len(figured(text + " two point six per cent")) == len(text + " two point six per cent")


def test_the_place_of_a_dictated_number_is_where_it_was_said():
    text = SEEN + "Ejection fraction fifty-nine per cent on 2 October."
    reading = read(text)
    place = next(one.origin for one in reading.provenance if one.path == "/cardiac/lvef/0/percent")
    assert reading.patient["cardiac"]["lvef"][0]["percent"] == "59"
    assert "fifty-nine" in text[place.start : place.end]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Plan: capivasertib from 19 Oct.", "2026-10-19"),
        ("I have offered eribulin, first dose 19 October.", "2026-10-19"),
        ("Outcome: for gemcitabine, booked 2 November.", "2026-11-02"),
    ],
)
def test_a_day_to_come_is_of_this_year(text, start):
    record = patient(SEEN + text)
    assert at(record, "planned.0.start") == start
    assert "therapies" not in record


def test_a_day_that_may_be_past_or_to_come_is_left_out():
    assert patient(SEEN + "On eribulin since 19 October.")["therapies"][0]["start"] == "2025-10-19"
    assert at(patient(SEEN + "Echo 19 October: EF 60%."), "cardiac.lvef.0.date") is None


@pytest.mark.parametrize(
    "text",
    ["Plan: neratinib will not be restarted.", "Plan: neratinib is to be stopped.", "Plan: neratinib stops now."],
)
def test_what_ends_is_not_planned(text):
    assert "planned" not in patient(SEEN + text)


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Consultant Vale   [ ] M  [x] F   D.o.B. 17/03/1960", "female"),
        ("Sex: male [x]  female [ ]", "male"),
        ("Case 2. Woman, born 3 May 1970.", "female"),
        ("V.V.   male   dob 09/12/57", "male"),
        ("Her liver is enlarged. Her husband died. She eats well.", "female"),
        ("Dr Vale said he would see the scan. He will write.", None),
    ],
)
def test_sex(text, sex):
    assert at(patient("Clinic 21/04/2026\n" + text), "demographics.sex") == sex


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("My change was at 51.", "postmenopausal"),
        ("She went through the menopause at 47.", "postmenopausal"),
        ("Periods stopped at 52.", "postmenopausal"),
        ("Periods stopped with the chemotherapy.", None),
    ],
)
def test_menopause_in_plain_words(text, status):
    assert at(patient(SEEN + text), "demographics.menopausal_status") == status


TICKS = {
    "blanks": "CTCAE grade     0   1   2   3\n Cough          x\n Fatigue                x\n Nausea\n",
    "bars": "Toxicity grade | 0 | 1 | 2 | 3 |\nCough | x | | | |\nFatigue | | | x | |\nNausea | | | | |",
    "tabs": "Grade (CTC)\t0\t1\t2\t3\nCough\tx\t\t\t\nFatigue\t\t\tx\t\nNausea\t\t\t\t",
    "between two columns": "CTCAE grade     0   1   2   3\n Cough          x\n Rash                 x\n"
    " Fatigue                x\n",
}


@pytest.mark.parametrize("kind", TICKS)
def test_a_cross_in_the_column_of_a_grade(kind):
    found = patient(SEEN + TICKS[kind]).get("toxicities", [])
    assert [(one["name"], one["grade"]) for one in found] == [("fatigue", 2)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Numb fingertips, grade 1, since the oxaliplatin.", ("peripheral neuropathy", 1, True, "oxaliplatin")),
        ("Pins and needles in both feet ever since the Taxotere.", ("peripheral neuropathy", None, True, "docetaxel")),
        ("My palms and soles are red and sore from the Xeloda.", ("hand-foot syndrome", None, True, "capecitabine")),
        ("Loose motions gr 2 on Nerlynx in May. Settled with loperamide.", ("diarrhoea", 2, False, "neratinib")),
        ("Grade 2 nausea due to Tukysa and dizziness, both resolved.", ("nausea", 2, False, "tucatinib")),
    ],
)
def test_side_effects_in_plain_words(text, wanted):
    found = patient(SEEN + text)["toxicities"][0]
    assert (found["name"], found.get("grade"), found.get("ongoing"), found.get("due_to")) == wanted


def test_plain_words_that_deny_are_no_side_effect():
    assert "toxicities" not in patient(SEEN + "No numb toes, no sore mouth since the Taxol.")


@pytest.mark.parametrize(
    ("text", "end", "why", "day"),
    [
        ("Letrozole from May 2021 until March 2024, when she came with bone metastases.",
         "2024-03", "progression", "2024-03"),
        ("Letrozole from May 2021, until it came back in March 2024.", "2024-03", "progression", "2024-03"),
        ("Kadcyla from May 2024; they stopped it in June 2026 because the tumour had grown.",
         "2026-06", "progression", None),
        ("From 3 May 2025 he had Xeloda, the last tablets on 4 June 2026, stopped because of new liver metastases.",
         "2026-06-04", "progression", None),
        ("May 2022 to May 2023: Herceptin. Finished as planned.", "2023-05", "completed", None),
        ("Radiotherapy finished in 2020 and she took Arimidex from March 2020 until May 2024.", "2024-05", None, None),
    ],
)  # fmt: skip
def test_why_a_course_ended(text, end, why, day):
    course = patient(SEEN + text)["therapies"][0]
    assert (course.get("end"), course.get("reason_stopped"), course.get("progression_date")) == (end, why, day)


def test_a_report_that_came_back_is_no_relapse():
    course = patient(SEEN + "Herceptin from May 2025. We took a biopsy and it came back today.")["therapies"][0]
    assert "reason_stopped" not in course


def test_what_relapsed_on_treatment_was_not_metastatic_then():
    text = "Tamoxifen from May 2019 until May 2024, when a scan showed new bone metastases."
    assert "setting" not in patient(SEEN + text)["therapies"][0]


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("My doctor wants to give Enhertu.", ["trastuzumab deruxtecan"]),
        ("We would like to start Tukysa.", ["tucatinib"]),
        ("My doctor wants to give Enhertu or Tukysa.", None),
        ("She wants to try Enhertu.", None),
    ],
)
def test_what_doctors_mean_to_give_is_planned(text, drugs):
    assert at(patient(SEEN + text), "planned.0.drugs") == drugs


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("CEA 27 Aug 2026: 64.2 ng/mL.", "2026-08-27"),
        ("Admitted: 28/09/2026 via ED\nCEA 64.2 ng/mL on arrival. CT 30/09: stable.", "2026-09-28"),
        ("Arrived 16.05\nBloods 16.20: CEA 64.2 ng/mL", "2026-10-06"),
        ("CT 30/09: stable. CEA 64.2 ng/mL on arrival.", None),
    ],
)
def test_the_day_of_a_laboratory_value(text, day):
    found = patient(SEEN + text)["labs"]
    assert [(one["name"], one.get("date")) for one in found] == [("cea", day)]


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("Largest diameter of the tumour 34 mm.", "cancer.tumour_size_mm", "34"),
        ("Residual carcinoma, grade 3, 9 mm. ypT1b.", "cancer.tumour_size_mm", None),
        ("Invasive carcinoma.\nGrade (highest)   : 3", "cancer.grade", 3),
        ("Toxicity: rash.\nGrade : 3", "cancer.grade", None),
        ("Nodes: 2 of 7 positive. ypN1a.", "cancer.residual.ypn", "ypN1a"),
        ("March 2017: ductal cancer of the right breast.", "cancer.diagnosed", "2017-03"),
        ("DOB 09/12/57. Presented by: Vale (surgery).", "cancer.diagnosed", None),
        ("Codeine makes her itch.", "allergies.0.substance", "codeine"),
        ("High blood pressure - candesartan.", "medications.0.name", "candesartan"),
        ("Leaflet: any new cough, think ILD.", "lung.ild_history", None),
        ("Taken by: Vale (CNS). No steroids until the scan is seen.", "cancer.cns", None),
        ("FAX  12.10.2026  17:06\nECOG 1 (10.10.2026)", "performance.date", "2026-10-10"),
    ],
)
def test_single_values(text, path, value):
    found = at(patient(SEEN + text), path)
    assert (str(found) if value is not None else found) == (str(value) if value is not None else None)


def test_a_letter_spoilt_by_the_scanner_inside_a_number():
    text = "DIAGN0SIS Adenocarcinorna, rnoderately differentiated. F0undation. lHC done.\nHb 1O.8 g/dL"
    assert [one["value"] for one in patient(text)["labs"]] == ["10.8"]


def test_a_name_ends_with_its_sentence():
    text = SEEN + "Plan: Enhertu from 17 November 2026, Prof Valentine. Mrs Sample's cousin has it too."
    assert at(patient(text), "planned.0.start") == "2026-11-17"


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("After debulking on 4 May 2026 she received Taxol until 2 August 2026.", "start", None),
        ("Adm 27/09/2026 with fever after the second Taxol.", "start", None),
        ("We intend to carry on with Nerlynx, since May 2026, until progression.", "reason_stopped", None),
        ("Keytruda since May 2026, to be completed in January 2027.", "end", None),
        ("Letrozole until 20 Aug, PD on CT 1 Sept. Xeloda started 22 Sept.", "progression_date", "2026-09-01"),
        ("He stopped Nerlynx in August because of the diarrhoea.", "end", "2026-08"),
        ("Since May 2026 bortezomib no - something else.", "drugs", None),
    ],
)
def test_the_first_course_of_a_passage(text, key, value):
    assert at(patient(SEEN + text), f"therapies.0.{key}") == value


def test_what_follows_on_a_progression_is_not_ended_by_it():
    text = "Letrozole until 20 Aug, PD on CT 1 Sept. Xeloda started 22 Sept."
    assert "reason_stopped" not in patient(SEEN + text)["therapies"][1]


def test_the_same_drugs_before_and_after_an_operation_are_two_courses():
    text = "She had FLOT before the operation. After that FLOT again until June 2024."
    assert {one["setting"] for one in patient(SEEN + text)["therapies"]} == {"neoadjuvant", "adjuvant"}


def test_a_setting_goes_with_the_drugs_right_behind_it():
    found = patient(SEEN + "On T-DM1 for residual disease after neoadjuvant TCHP.")["therapies"]
    assert [one.get("setting") for one in found if one["drugs"] == ["trastuzumab emtansine"]] == [None]


def test_a_course_that_ended_before_an_undated_relapse_has_no_setting():
    text = "Six cycles of carbo-taxol ending 28 August 2025. She relapsed in the lungs and the liver this summer."
    assert "setting" not in patient(SEEN + text)["therapies"][0]


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("Diarrhoea G2 -> G1 now on loperamide.", "toxicities.0.grade", 1),
        ("Feels tired (grade 1).", "toxicities.0.name", "fatigue"),
        ("His feet have been numb since the FLOT.", "toxicities.0.name", "peripheral neuropathy"),
        ("He cannot take aspirin.", "medications", None),
        ("I suggest to start candesartan 4 mg and bisoprolol 1.25 mg.", "medications", None),
        ("No interstitial lung disease on CT.", "lung.ild_history", "none"),
        ("LVEF was 64% in March 2025, 60% in May 2026.", "cardiac.lvef.1.percent", "60"),
        ("Lady of 79, frail.", "demographics.age", 79),
        ("pt 68/M, smoker.", "demographics.sex", "male"),
        ("Resp 18/m, comfortable.", "demographics.sex", None),
        ("It came back today: positive.", "cancer.relapse_date", None),
        ("The cancer came back in March 2024.", "cancer.relapse_date", "2024-03"),
    ],
)
def test_more_single_values(text, path, value):
    assert at(patient(SEEN + text), path) == value
