"""What ordinary letters and progress notes say beside their point: parts of a treatment, older values, company."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import at, patient, read

HEAD = "Clinic 8 September 2026\nBreast cancer.\n"


def courses(text, key="therapies"):
    return [tuple(one["drugs"]) for one in patient(HEAD + text).get(key, [])]


TCHP = "TCHP x6, C1 28 October 2025, C6 10 February 2026. "


@pytest.mark.parametrize(
    "more",
    [
        "Docetaxel reduced by 20 % from cycle 5.",
        "Docetaxel was dose-reduced at cycle 5.",
        "She has had tingling of the toes since the docetaxel, grade 1, unchanged.",
        "Neuropathy from the docetaxel persists. CT shows stable disease.",
    ],
)
def test_one_drug_of_a_regimen_that_is_lowered_or_blamed_is_no_course(more):
    record = patient(HEAD + TCHP + more)
    assert len(record["therapies"]) == 1
    assert record["therapies"][0]["cycles"] == 6
    assert record["therapies"][0]["end"] == "2026-02-10"


def test_the_cycle_from_which_a_drug_was_left_out_counts_no_cycles():
    record = patient(
        HEAD + "Capecitabine, oxaliplatin and trastuzumab from 17 September 2025. Oxaliplatin omitted from cycle 7 on "
        "because of neuropathy. Thirteen cycles in total, the last on 27 May 2026."
    )
    (course,) = record["therapies"]
    assert (course["cycles"], course["end"]) == (13, "2026-05-27")


def test_a_treatment_about_which_nothing_is_decided_is_neither_given_nor_planned():
    record = patient(
        HEAD + "14 April 2026 started T-DM1 3.6 mg/kg every 3 weeks, plan 14.\nPlan\n"
        "7. Extended adjuvant neratinib after T-DM1: will revisit, no decision."
    )
    assert [(one["drugs"], one["start"]) for one in record["therapies"]] == [(["trastuzumab emtansine"], "2026-04-14")]
    assert "planned" not in record


def test_the_day_behind_since_is_the_start_and_not_the_day_of_the_metastases():
    record = patient(HEAD + "Bone metastases February 2024, on letrozole and palbociclib since March 2024.")
    assert at(record, "therapies.0.start") == "2024-03"


@pytest.mark.parametrize(
    ("text", "cycles"),
    [
        ("Trastuzumab 3 weekly since 28 July 2026.", None),
        ("8/12 weekly paclitaxel given, last 1 September 2026.", 8),
        ("12 weekly paclitaxel, completed 1 September 2026.", 12),
    ],
)
def test_weeks_between_doses_are_no_cycles(text, cycles):
    record = patient(HEAD + text)
    assert at(record, "therapies.0.cycles") == cycles
    assert (at(record, "therapies.0.end") is None) is (cycles != 12)


def test_a_cumulative_dose_is_no_course():
    assert courses("AC x 4, last 7 July 2026 (cumulative doxorubicin 240 mg/m2).") == [
        ("doxorubicin", "cyclophosphamide")
    ]


@pytest.mark.parametrize(("said", "response"), [("Near-complete", None), ("Complete", "CR"), ("Partial", "PR")])
def test_a_near_complete_response_is_none_of_the_terms(said, response):
    record = patient(HEAD + f"Metastatic. Trastuzumab and pertuzumab from May 2025. {said} response in the liver.")
    assert at(record, "therapies.0.best_response") == response


def test_an_older_value_in_brackets_keeps_its_day_to_itself():
    record = patient(
        HEAD + "LABS today\nWBC 4.6 K/uL  Plt 109 K/uL (L; 121 on 18 August)\nCr 0.74 mg/dL  AST 58 U/L (H)\n"
        "CA 19-9: 184 U/mL (1240 in June 2026)."
    )
    told = {(one["name"], str(one["value"]), one["date"]) for one in record["labs"]}
    assert ("platelets", "121", "2026-08-18") in told
    assert {("platelets", "109", "2026-09-08"), ("ast", "58", "2026-09-08"), ("wbc", "4.6", "2026-09-08")} <= told
    assert {("ca19_9", "184", "2026-09-08"), ("ca19_9", "1240", "2026-06")} <= told


@pytest.mark.parametrize(
    ("text", "older"),
    [
        ("Echo 24 August 2026 LVEF 60% (2 April 2026 63%; pre-TCHP 20 October 2025 64%).", [64, 63]),
        ("Echo on 14 August 2026: LVEF 57% (61% at baseline on 5 March 2025).", [61]),
        ("LVEF 57% (was 62% 5/2026)", [62]),
        ("LVEF 57 % (January 2026: 64 %)", [64]),
        ("LVEF 57 % (normal over 50 %)", []),
    ],
)
def test_older_ejection_fractions_in_brackets_have_their_own_days(text, older):
    record = patient(HEAD + text)
    values = record["cardiac"]["lvef"]
    assert [int(one["percent"]) for one in values[:-1]] == older
    assert all("date" in one for one in values[:-1])


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Staging: mass of the left breast with skin involvement, cT4b cN1 M0.", []),
        ("Mass involving the overlying skin. No distant metastases.", []),
        ("Metastatic breast cancer involving skin, liver and bone.", ["skin", "liver", "bone"]),
        ("Skin metastases of the chest.", ["skin"]),
    ],
)
def test_what_a_tumour_grows_into_is_no_spread(text, sites):
    record = patient(HEAD + text)
    assert at(record, "cancer.metastatic_sites") == sites
    assert at(record, "cancer.setting") == ("metastatic" if sites else None)


@pytest.mark.parametrize(
    ("text", "ecog"),
    [
        ("He is up all day and made hay with his brother, ECOG 1.", 1),
        ("She came with her daughter, ECOG 2.", 2),
        ("Her mother has breast cancer and is ECOG 2.", None),
    ],
)
def test_company_is_no_relative_of_whom_something_is_told(text, ecog):
    assert at(patient(HEAD + text), "performance.ecog") == ecog


@pytest.mark.parametrize("told", ["who had ovarian cancer at 50", "whose ovarian cancer is cured"])
def test_a_relative_one_lives_with_may_have_a_disease_of_her_own(told):
    record = patient(HEAD + f"She lives with her sister, {told}.")
    assert at(record, "cancer.tumour_type") == "breast"


def test_a_medicine_named_for_what_it_did_is_not_taken():
    assert "medications" not in patient(HEAD + "No drug allergies known except nausea with tramadol.")
    assert at(patient(HEAD + "Medications: tramadol if needed."), "medications.0.name") == "tramadol"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Past history of hypertension.", "active"),
        ("Previous hepatitis B.", "resolved"),
        ("Past history of pneumonia.", "resolved"),
    ],
)
def test_a_history_of_a_lasting_disease_does_not_end_it(text, status):
    assert at(patient(HEAD + text), "conditions.0.status") == status


def test_local_treatment_of_the_brain_that_is_to_come_has_no_day():
    record = patient(HEAD + "Two brain metastases.\nRecommendations: SRS to both (to be seen 9 October 2026).")
    assert at(record, "cancer.cns.last_local_therapy") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HER2 3+, 70% of cells, in partial response to zanidatamab.", None),
        ("HER2 1+, faint partial membrane staining in 30% of cells.", "incomplete"),
    ],
)
def test_a_partial_response_is_no_partial_staining(text, expected):
    assert at(patient(HEAD + text), "specimens.0.ihc.completeness") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2. Thrombocytopenia gr 1, T-DM1. Hold below 75.", ("thrombocytopenia", 1, "trastuzumab emtansine", True)),
        ("Grade 3 neutropenia, attributed to T-DXd.", ("neutropenia", 3, "trastuzumab deruxtecan", True)),
        ("3. AST elevation gr 1, follow.", ("raised liver enzymes", 1, None, True)),
        ("Hold T-DM1 for grade 3 neutropenia.", None),
        ("If diarrhoea grade 2: loperamide.", None),
    ],
)
def test_a_graded_problem_that_opens_its_line_in_a_plan_is_there(text, expected):
    found = patient(HEAD + f"On treatment since May 2026.\nAssessment and plan:\n{text}").get("toxicities", [])
    told = [(one["name"], one["grade"], one.get("due_to"), one["ongoing"]) for one in found]
    assert told == ([expected] if expected else [])


def test_a_side_effect_that_has_settled_in_the_next_sentence_is_over():
    record = patient(
        HEAD
        + "He had a hard week with nausea (grade 2) and missed most meals, though no admission. It has now settled."
    )
    assert record["toxicities"][0]["ongoing"] is False


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Docetaxel, trastuzumab, pertuzumab from 10 December 2024, docetaxel x6, then trastuzumab and pertuzumab.",
            [(3, 6), (2, None)],
        ),
        ("Inj Paclitaxel 80 mg/m2 weekly + Inj Trastuzumab from 28 July 2026. 8/12 paclitaxel given.", [(2, None)]),
        ("AC x4 then paclitaxel x12 with trastuzumab, then trastuzumab x14", [(2, 4), (2, 12), (1, 14)]),
        ("FEC x3, docetaxel x3", [(3, 3), (1, 3)]),
    ],
)  # fmt: skip
def test_cycles_told_of_a_part_are_those_of_the_regimen(text, told):
    record = patient(HEAD + text)
    assert [(len(one["drugs"]), one.get("cycles")) for one in record["therapies"]] == told


@pytest.mark.parametrize(
    ("compared", "scores"),
    [
        ("IHC is weaker than in the pre-treatment core", ["2+"]),
        ("staining is similar to the earlier biopsy", ["2+"]),
        ("IHC is weaker than in the core biopsy of 3 May 2026", ["2+"]),
    ],
)
def test_a_sample_that_is_only_compared_with_owns_no_result(compared, scores):
    record = patient(
        HEAD + "Wide local excision, right; sentinel node biopsy\n"
        f"Right breast WLE: residual carcinoma. HER2 2+, ISH amplified - {compared}."
    )
    assert [one["ihc"]["score"] for one in record["specimens"]] == scores
    assert record["specimens"][-1]["kind"] == "resection"


def test_a_result_is_never_that_of_the_sample_it_is_compared_with():
    record = patient(
        HEAD
        + "Right breast WLE: residual carcinoma. HER2 2+, ISH amplified - weaker than in the core of 3 May 2026 (3+)."
    )
    assert all(one.get("collected") != "2026-05-03" for one in record["specimens"])


@pytest.mark.parametrize(
    ("older", "chosen"),
    [("ER 0 PR 0", False), ("ER 90% PR 0", True), ("ER positive PR negative", True)],
)
def test_a_receptor_without_a_day_does_not_stand_before_one_with_its_day(older, chosen):
    text = HEAD + f"Left breast cancer, {older}, HER2 3+.\nLiver biopsy 20 August 2026: ER 80% positive, PR 0."
    reading = read(text)
    assert ("er" in reading.patient["biomarkers"]) is chosen
    assert any("er" in one.path for one in reading.contradictions) is not chosen


@pytest.mark.parametrize(
    ("text", "mmr", "msi"),
    [
        ("PD-L1 CPS 5, dMMR no, CLDN18.2 negative", None, None),
        ("MSI-H/dMMR: no", None, None),
        ("MSI-H no", None, None),
        ("dMMR", "dMMR", None),
        ("MSI-H, BRAF negative", None, "MSI-H"),
    ],
)
def test_a_marker_that_is_answered_no_is_not_there(text, mmr, msi):
    record = patient(HEAD + text)
    assert (at(record, "biomarkers.mmr"), at(record, "biomarkers.msi")) == (mmr, msi)


def test_the_day_in_the_bracket_behind_another_measure_is_none_of_the_values_behind_it():
    record = patient(HEAD + "ECOG 1, LVEF 60 % (1 August 2026), creatinine 1.0 mg/dl, bilirubin 0.6 mg/dl.")
    assert all("date" not in one for one in record["labs"])
    assert at(record, "cardiac.lvef.0.date") == "2026-08-01"


def test_what_stands_in_a_bracket_before_an_earlier_course_is_none_of_that_course():
    record = patient(
        HEAD + "Diarrhoea x 3 d on neratinib (started 1 August 2026 240 mg daily, extended adjuvant after T-DM1 x14 "
        "done 7/2026)."
    )
    told = {tuple(one["drugs"]): one for one in record["therapies"]}
    assert (told[("neratinib",)]["start"], told[("neratinib",)].get("cycles")) == ("2026-08-01", None)
    assert told[("trastuzumab emtansine",)].get("start") is None
    assert (told[("trastuzumab emtansine",)]["end"], told[("trastuzumab emtansine",)]["cycles"]) == ("2026-07", 14)


def test_what_was_given_before_an_adjuvant_course_is_not_adjuvant_for_standing_behind_it():
    record = patient(HEAD + "T-DM1 (adjuvant, from 2 May 2025 after TCHP x6 ending 3/2025)")
    assert [one.get("setting") for one in record["therapies"]] == [None, "adjuvant"]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("HBV: sAg neg, cAb pos, DNA not detected.", False),
        ("Hepatitis B: HBsAg neg, anti-HBc pos.", False),
        ("HCV: RNA negative", False),
        ("Hepatitis B (chronic): DNA 2000 IU/ml", True),
        ("PMH: hepatitis B, on entecavir", True),
    ],
)
def test_the_label_of_viral_markers_is_no_disease(text, held):
    assert ("conditions" in patient(HEAD + text)) is held


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Interval debulking 1 June 2023, no residual tumour (R0).", None),
        ("Mastectomy specimen: no residual tumour, ypT0 ypN0.", "pcr"),
    ],
)
def test_what_the_surgeon_left_behind_is_no_pathological_response(text, status):
    assert at(patient(HEAD + text), "cancer.residual.status") == status


def test_a_metastasis_in_a_node_that_was_taken_out_is_no_metastatic_disease():
    text = HEAD + "Specimens: I breast, II node\nII: metastasis of carcinoma, 5 mm. No extranodal growth."
    assert at(patient(text), "cancer.setting") is None
    assert at(patient(HEAD + "Liver biopsy: metastasis of adenocarcinoma."), "cancer.setting") == "metastatic"


def test_the_family_doctor_is_no_regimen():
    assert "therapies" not in patient(
        HEAD + "Stopped: ramipril (GP please do not restart until the bloods are completed)."
    )
    assert len(courses("GP x6 from May to August 2026.")) == 1


def test_a_dose_in_brackets_makes_no_course():
    assert len(courses("AC x4 (doxorubicin 60 mg/m2), completed 8 July 2025.")) == 1


def test_an_ejection_fraction_has_the_day_before_it_and_not_that_of_the_next_column():
    record = patient(HEAD + "ECHO (LVEF)   15/01/2026  64%    16/04/2026  61%    28/07/2026  57%")
    first = record["cardiac"]["lvef"][0]
    assert (int(first["percent"]), first["date"]) == (64, "2026-01-15")
