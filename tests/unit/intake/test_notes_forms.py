"""Forms that are filled in: boxes on either side of their words, and questions with short answers; words of letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake.notes.boxes import without_unticked
from unit.intake.note_helpers import at, patient

HEAD = "Clinic 8 September 2026\nBreast cancer.\n"


@pytest.mark.parametrize(
    "line",
    [
        "ECOG  0 [ ]  1 [x]  2 [ ]       assessed 27 August",
        "ECOG 0 [ ] 1 [x] 2 [ ]",
        "ECOG: [ ] 0  [x] 1  [ ] 2",
        "PS (ECOG)   ( ) 0   (x) 1   ( ) 2   on 3 September",
        "ECOG ☐ 0 ☑ 1 ☐ 2",
    ],
)
def test_the_ticked_grade_counts_on_either_side_of_its_box(line):
    assert at(patient(HEAD + line), "performance.ecog") == 1


@pytest.mark.parametrize("answer", ["N.", "No.", "N", "no, MRI clear"])
@pytest.mark.parametrize("asked", ["Brain metastases?", "Brain metastases known?", "Brain metastases ever?"])
def test_a_question_that_is_answered_no_gives_no_metastases(asked, answer):
    record = patient(HEAD + f"{asked} {answer}")
    assert at(record, "cancer.metastatic_sites") in (None, [])
    assert at(record, "cancer.setting") is None


def test_a_bare_n_behind_a_disease_denies_it():
    record = patient(HEAD + "Other diseases: hypothyroidism. Corneal disease N. Diabetes N. Heart disease N.")
    assert [one["name"] for one in record["conditions"]] == ["hypothyroidism"]


def test_the_box_of_a_yes_or_no_is_read_on_its_own_side():
    assert at(patient(HEAD + "Measurable disease?  [x] Y  [ ] N   CT 21 August"), "cancer.measurable_disease") is True
    assert at(patient(HEAD + "Measurable disease?  Y [x]   N [ ]"), "cancer.measurable_disease") is True


@given(st.text(alphabet="ab 12[]x()☐☑\n\t", max_size=60))
def test_painting_boxes_keeps_every_place(text):
    painted = without_unticked(text, text)
    assert len(painted) == len(text)
    assert [i for i, sign in enumerate(painted) if sign == "\n"] == [i for i, sign in enumerate(text) if sign == "\n"]
    assert all(new in (old, " ") for new, old in zip(painted, text, strict=True))


@pytest.mark.parametrize(
    "found", ["screen detected in October 2025", "screen-detected October 2025", "found on screening"]
)
def test_a_cancer_found_by_screening_is_told_and_not_supposed(found):
    record = patient(HEAD + f"Background: {found}, core biopsy 10/10/2025 IDC grade 2, ER 70%, HER2 3+.")
    assert at(record, "biomarkers.er.percent") == "70"
    assert at(record, "specimens.0.ihc.score") == "3+"


@pytest.mark.parametrize(
    "text",
    [
        "The plan at that time was to offer palbociclib but she had ribociclib with fulvestrant from May 2022.",
        "It had been planned to give palbociclib, but she had ribociclib with fulvestrant from May 2022.",
    ],
)
def test_what_was_once_planned_is_not_planned_now(text):
    assert "planned" not in patient(HEAD + text)


def test_a_drug_that_is_named_as_the_cause_of_a_disease_is_no_course():
    record = patient(HEAD + "Hypothyroidism (pembrolizumab, Sept 2025, on substitution).")
    assert "therapies" not in record


def test_a_blood_pressure_with_a_grade_is_that_of_a_side_effect():
    assert at(patient(HEAD + "Stopped for toxicity (BP 190/105 grade 3)."), "vitals.blood_pressure") is None


def test_nodes_counted_at_an_operation_are_no_site_of_spread():
    record = patient(HEAD + "Axillary clearance 2016, 5 of 18 nodes involved. Liver and bone metastases.")
    assert record["cancer"]["metastatic_sites"] == ["liver", "bone"]


@pytest.mark.parametrize(
    ("said", "left"), [("about half used up, sufficient for a molecular panel", True), ("used up", False)]
)
def test_tissue_that_is_half_used_is_left(said, left):
    record = patient(HEAD + f"Liver biopsy 1 August 2026: HER2 2+. Remaining tissue: {said}.")
    assert at(record, "specimens.0.tissue_available") is left


@pytest.mark.parametrize("said", ["Regular periods.", "Her periods are regular.", "She is still menstruating."])
def test_regular_periods_are_premenopausal(said):
    assert at(patient(HEAD + said), "demographics.menopausal_status") == "premenopausal"


def test_a_discharge_is_dated_by_the_discharge_and_not_by_the_operation():
    assert patient("DOA: 02-10-2026  DOS: 06-10-2026  DOD: 14-10-2026\nBreast cancer.")["as_of"] == "2026-10-14"


@pytest.mark.parametrize("said", ["finishing in March 2024", "completing in March 2024", "finished in March 2024"])
def test_the_month_in_which_a_course_finishes_is_its_end(said):
    (course,) = patient(HEAD + f"She had six cycles of TCH, {said}.")["therapies"]
    assert course["end"] == "2024-03"
    assert "start" not in course


def test_what_happened_while_a_drug_was_taken_is_not_its_start():
    (course,) = patient(HEAD + "She was still taking letrozole when she developed back pain in January 2022.")[
        "therapies"
    ]
    assert "start" not in course


@pytest.mark.parametrize(
    ("aim", "site"),
    [
        ("to the chest wall and supraclavicular fossa", "chest_wall"),
        ("left breast and nodal areas", "breast"),
        ("to axilla", "lymph_node"),
    ],
)
def test_radiotherapy_is_of_what_it_was_aimed_at_first(aim, site):
    record = patient(HEAD + f"Radiotherapy {aim}, 40 Gy, October 2016.")
    assert record["procedures"][0]["site"] == site


def test_a_gene_called_mutated_beside_its_variant_is_no_contradiction():
    record = patient("Clinic 8 September 2026\nColon cancer.\nKRAS   G12D   3.4 %\nA/P: KRAS mutated, no anti-EGFR.")
    assert at(record, "biomarkers.kras") == ["p.G12D"]


@pytest.mark.parametrize("bound", ["<1%", "less than 1%"])
def test_a_bound_of_pd_l1_is_no_value(bound):
    assert at(patient(f"Clinic 8 September 2026\nLung cancer. PD-L1 {bound} (TPS)"), "biomarkers.pd_l1") is None


TABLE = """Clinic 13 October 2026
Breast cancer

Full blood count / chemistry
                     1 Sep     22 Sep    13 Oct     range
Hb         g/L       112       115       109        115-155
WCC        x10^9/L   4.1       3.8       3.6        4.0-11.0
Alb        g/L       39        38        37         35-50
"""


def test_a_table_with_columns_for_the_unit_and_the_range_gives_every_result_its_day():
    labs = patient(TABLE)["labs"]
    assert [(one["value"], one["date"]) for one in labs if one["name"] == "haemoglobin"] == [
        ("112", "2026-09-01"),
        ("115", "2026-09-22"),
        ("109", "2026-10-13"),
    ]
    assert {one["unit"] for one in labs if one["name"] == "wbc"} == {"10*9/L"}
    assert {(one["lln"], one["uln"]) for one in labs if one["name"] == "albumin"} == {("35", "50")}


def test_no_date_crosses_the_columns_of_a_table():
    record = patient(TABLE.replace("13 Oct     range", "13 Oct"))
    assert {one["date"][:4] for one in record["labs"]} == {"2026"}
