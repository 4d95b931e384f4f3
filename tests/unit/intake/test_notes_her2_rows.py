"""Samples of a list under one line, second counts, and results that a note only tells again."""

import pytest

from unit.intake.note_helpers import at, patient

CLINIC = "Oncology clinic 12 November 2026.\nInvasive breast cancer.\n"


def samples(text):
    """Return kind, site, day and score of every sample, in order."""
    found = patient(CLINIC + text).get("specimens", [])
    return [(one.get("kind"), one.get("site"), one.get("collected"), at(one, "ihc.score")) for one in found]


def test_rows_take_kind_and_day_from_the_line_above():
    assert samples(
        "Core biopsies 24 February 2026:\n  UOQ lesion: grade 3, ER 0/8, HER2 3+\n"
        "  LIQ lesion: grade 2, ER 8/8, HER2 1+\n  Left axillary node: metastatic, HER2 3+"
    ) == [
        ("biopsy", "primary", "2026-02-24", "3+"),
        ("biopsy", "primary", "2026-02-24", "1+"),
        ("biopsy", "lymph_node", "2026-02-24", "3+"),
    ]


def test_a_test_on_the_next_line_is_of_the_row_above_it():
    found = patient(
        CLINIC + "Biopsies 24 February 2026\n- right breast 2 o'clock: HER2 2+\n  FISH: not amplified\n"
        "- right breast 9 o'clock: HER2 3+"
    )["specimens"]
    assert [(at(one, "ihc.score"), at(one, "ish.result")) for one in found] == [("2+", "negative"), ("3+", None)]


def test_numbered_lines_are_samples_of_their_own():
    assert samples("#1 R breast CNB 4/27/2026: HER2 IHC 2+\n#2 R breast CNB 4/27/2026: HER2 IHC 3+ (80%)") == [
        ("biopsy", "primary", "2026-04-27", "2+"),
        ("biopsy", "primary", "2026-04-27", "3+"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Left mastectomy 3 March 2026:\n Tumour: 22 mm\n Nodes: 0/3\n Receptors: ER 8, HER2 1+",
        "Liver biopsy 3 March 2026:\n Primary site: breast\n HER2: 1+",
    ],
)
def test_a_line_without_a_sample_is_no_row(text):
    assert [one[2:] for one in samples(text)] == [("2026-03-03", "1+")]


def test_a_course_of_treatment_under_an_operation_is_no_row():
    text = "09/2021 breast conserving surgery\n04/2025 - 05/2026 trastuzumab deruxtecan (HER2-low), 19 cycles"
    assert all(one[2] != "2025-04" for one in samples(text))


def test_letters_in_brackets_open_lines():
    found = patient(
        CLINIC + "(a) mastectomy 5/2017, ILC, ER+ PR+, node negative, HER2 IHC 1+\n"
        "(b) ovary, oophorectomy 2/2025: metastatic ILC, ER 90 PR 10, HER2 IHC 2+; FISH not amplified\n"
        "(c) ascites cell block 11/15/2025: HER2 0"
    )["specimens"]
    assert [(at(one, "ihc.score"), at(one, "ish.result")) for one in found] == [
        ("1+", None), ("2+", "negative"), ("0", None),
    ]  # fmt: skip


def test_a_second_observer_leaves_the_first_count_alone():
    (found,) = patient(
        CLINIC
        + "HER2 FISH\nAverage number of HER2 signals per cell: 6.7\nAverage number of CEP17 signals per cell: 3.9\n"
        "HER2/CEP17 ratio: 1.72\nISH group 3. A second observer, unaware of the count, scored 20 further cells: "
        "HER2 6.5, CEP17 3.8, ratio 1.71. The category did not change."
    )["specimens"]
    assert found["ish"]["her2_cep17_ratio"] == "1.72"
    assert found["ish"]["cep17_copy_number"] == "3.9"
    assert found["ish"]["recount"] == {"cells": 20, "blinded": True, "group": 3}


def test_what_a_summary_repeats_is_no_further_sample():
    found = samples(
        "Core biopsy 3 March 2024: HER2 2+, FISH not amplified.\nLiver biopsy 5 May 2026: HER2 1+.\n"
        "In summary the primary was HER2 2+ and not amplified, the liver metastasis 1+."
    )
    assert [(one[2], one[3]) for one in found] == [("2024-03-03", "2+"), ("2026-05-05", "1+")]


def test_another_result_without_a_day_stays_a_sample():
    found = samples("Core biopsy 3 March 2024: HER2 2+.\nThe liver metastasis was HER2 3+.")
    assert sorted(one[3] for one in found) == ["2+", "3+"]


def test_a_recurrence_is_not_the_operation_before_it():
    found = samples(
        "8/11/2025: Rt lumpectomy, residual IDC, HER2 0.\n8/16/2026: bx: IDC, HER2 3+.\n"
        "Impression: ipsilateral breast recurrence, HER2+."
    )
    assert ("resection", "primary", "2025-08-11", "0") in found


def test_a_failed_test_that_was_repeated_has_the_second_result():
    (found,) = patient(CLINIC + "HER2 2+; FISH failed, repeat FISH: ratio 1.4, not amplified")["specimens"]
    assert found["ish"]["result"] == "negative"


def test_two_scores_of_one_sample_leave_no_percentage_behind():
    found = patient(CLINIC + "Two populations: 70% HER2 3+, 30% HER2 0").get("specimens", [])
    assert all("ihc" not in one for one in found)
