"""HER2 as reports write it, and as they write it where there is no result."""

import pytest

from unit.intake.note_helpers import at, patient, read

SCORES = [
    ("HER2 IHC 3+", "3+"),
    ("HER-2/neu 2+ (equivocal)", "2+"),
    ("HER2: 1+ by immunohistochemistry", "1+"),
    ("c-erbB-2 immunostain: +++", "3+"),
    ("HER2 (IHC): score 0", "0"),
    ("HER2 IHC 0", "0"),
    ("HER2/neu IHC: Positive (Score 3+)", "3+"),
    ("HER-2 / neu   immunostain : 3 +   POSITIVE", "3+"),
    ("HER2 IHC three plus", "3+"),
    ("HER2 IHC 1+ to 2+", ["1+", "2+"]),
    ("ER 3+ (90%), PR 2+, HER2 1+", "1+"),
]


@pytest.mark.parametrize(("text", "score"), SCORES)
def test_scores(text, score):
    assert at(patient(f"Breast core biopsy. {text}."), "specimens.0.ihc.score") == score


NO_RESULT = [
    "HER2 results are awaited.",
    "If HER2 is 3+ she would be a candidate for TCHP.",
    "HER2 IHC was not performed.",
    "HER2 scoring criteria: 0 no staining; 1+ faint; 2+ moderate; 3+ intense complete staining.",
    "Mother had HER2 3+ breast cancer.",
    "Her HER2 2+ neighbour is well.",
    "HER2 IHC score: [ ] 0 [ ] 1+ [ ] 2+ [ ] 3+",
    "HER2: ____",
    "FISH for HER2 has been requested.",
    "Her 2 sons are well.",
    "ER 3+, PR 2+, Ki-67 30%.",
    "The trial requires HER2 IHC 3+ or ISH amplified.",
    "Oedema 2+ to the knees. Reflexes 3+.",
]


@pytest.mark.parametrize("text", NO_RESULT)
def test_no_result_is_invented(text):
    assert "specimens" not in patient(f"Breast cancer clinic.\n\n{text}")


def test_pattern_ratio_copies_and_cells_of_one_sample():
    record = patient(
        "Left breast, core biopsy, collected 10 March 2025.\n"
        "HER2 IHC (4B5): Score 2+, 35% of cells, moderate, complete.\n"
        "HER2 FISH: Amplified. HER2/CEP17 ratio: 2.6. Average HER2 signals per cell: 6.8.\n"
        "Average CEP17 signals per cell: 2.6. Number of cells counted: 40. Carcinoma of the breast."
    )
    assert len(record["specimens"]) == 1
    sample = record["specimens"][0]
    assert sample["collected"] == "2025-03-10"
    assert sample["ihc"] == {
        "score": "2+", "percent_cells": "35", "intensity": "moderate", "completeness": "complete", "assay": "4B5",
    }  # fmt: skip
    assert sample["ish"] == {
        "result": "positive", "her2_cep17_ratio": "2.6", "her2_copy_number": "6.8", "cep17_copy_number": "2.6",
        "cells_counted": 40, "method": "dual_probe",
    }  # fmt: skip


def test_results_stay_with_their_samples():
    record = patient(
        "Metastatic breast cancer. Primary biopsy 12 May 2019: HER2 IHC 0. "
        "Liver biopsy 20 January 2025: HER2 1+, FISH not amplified."
    )
    first, second = record["specimens"]
    assert (first["site"], first["ihc"]["score"], "ish" in first) == ("primary", "0", False)
    assert (second["site"], second["organ"], second["ihc"]["score"]) == ("metastasis", "liver", "1+")
    assert second["ish"]["result"] == "negative"


def test_only_the_ticked_box_counts():
    record = patient(
        "Gastric biopsy\nHER2 IHC score: [ ] 0  [ ] 1+  [x] 2+  [ ] 3+\nHER2 ISH: [x] Negative [ ] Positive"
    )
    assert at(record, "specimens.0.ihc.score") == "2+"
    assert at(record, "specimens.0.ish.result") == "negative"


def test_two_scores_of_one_sample_are_a_contradiction_and_neither_is_kept():
    reading = read(
        "Breast core biopsy 3 March 2025: HER2 IHC 3+. Summary: HER2 IHC 1+ on the core biopsy of 3 March 2025."
    )
    assert at(reading.patient, "specimens.0.ihc.score") is None
    assert {choice.value for choice in reading.contradictions[0].choices} == {"3+", "1+"}


def test_amplified_without_a_method_is_asked_about():
    reading = read("HER2 amplified gastric cancer.")
    assert "specimens" not in reading.patient
    assert "her2_method" in {question.code for question in reading.questions}


def test_amplification_and_overexpression_stay_apart():
    record = patient("Colorectal cancer. NGS of the liver biopsy: ERBB2 amplification, copy number 18, TP53 p.R175H.")
    sample = record["specimens"][0]
    assert sample["ngs"]["amplification_call"] == "amplified"
    assert sample["ngs"]["erbb2_copy_number"] == "18"
    assert "ihc" not in sample
    assert "ish" not in sample


def test_variant_with_share():
    record = patient("Lung adenocarcinoma. NGS panel, tissue: ERBB2 p.Y772_A775dup (VAF 31%). EGFR wild type.")
    assert record["specimens"][0]["ngs"]["variants"] == [
        {"gene": "ERBB2", "hgvs": "p.Y772_A775dup", "vaf_percent": "31"}
    ]
    assert record["biomarkers"]["egfr"] == "wild_type"


def test_a_word_counts_only_where_no_result_is_given():
    assert at(patient("HER2-low breast cancer."), "specimens.0.her2_reported") == "low"
    assert at(patient("HER2+ breast cancer. Biopsy: HER2 IHC 3+."), "specimens.0.her2_reported") is None


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("The tumor was HER2-positive and ER/PR negative.", "specimens.0.her2_reported", "positive"),
        ("HER2-positive and ER negative.", "specimens.0.her2_reported", "positive"),
        ("HER2 IHC 2+ (ISH pending).", "specimens.0.ihc.score", "2+"),
        ("HER2 IHC 2+, FISH neg 1.5.", "specimens.0.ish.result", "negative"),
        ("Her2neu pos by FISH (ratio 4.2).", "specimens.0.ish.result", "positive"),
        ("HER2 equivocal (2+) and amplified by SISH.", "specimens.0.ish.result", "positive"),
        ("It showed 60% 2+ membrane staining for HER2.", "specimens.0.ihc.score", "2+"),
        ("It showed 60% 2+ membrane staining for HER2.", "specimens.0.ihc.percent_cells", "60"),
        ("HER2 IHC 0 with no membrane staining.", "specimens.0.ihc.zero_subtype", "no_staining"),
    ],
)
def test_what_stands_beside_a_result_takes_nothing_from_it(text, path, value):
    assert at(patient(f"Breast cancer. {text}"), path) == value


@pytest.mark.parametrize(
    "text",
    [
        "HER2 IHC 2+, FISH pending. Lymph node biopsy was positive.",
        "HER2 IHC 2+. FISH was sent. Sentinel node positive (2/3).",
        "HER2 IHC 2+. FISH done, sentinel node positive.",
        "HER2 IHC 2+. FISH positive for ALK.",
        "HER2 IHC 2+. FISH for MET was positive.",
        "HER2 IHC 2+. HER2 positive by FISH was not confirmed.",
        "HER2 IHC 2+. FISH was done. The patient is COVID positive.",
    ],
)
def test_a_word_about_something_else_is_no_ish_result(text):
    sample = patient(f"Breast cancer. {text}")["specimens"][0]
    assert sample["ihc"] == {"score": "2+"}
    assert "ish" not in sample


def test_two_ratios_in_one_phrase_are_asked_about():
    reading = read("Breast cancer. Neither sample was amplified by FISH (HER2/CEP17 1.1 and 1.2).")
    assert at(reading.patient, "specimens.0.ish.her2_cep17_ratio") is None
    assert [one.code for one in reading.questions] == ["her2_method"]


@pytest.mark.parametrize(
    "text",
    [
        "HER2 IHC 3+. The HER2 score previously reported as 3+ was issued in error. The correct score is HER2 1+.",
        "HER2 IHC corrected from 3+ to 1+.",
        "HER2 was incorrectly recorded as 3+; the correct score is 1+.",
    ],
)
def test_a_corrected_score_is_the_right_one(text):
    reading = read(f"Breast cancer. {text}")
    assert [one["ihc"]["score"] for one in reading.patient["specimens"]] == ["1+"]
    assert reading.contradictions == ()


def test_a_withdrawn_score_without_another_one_is_asked_about():
    reading = read("Breast cancer. HER2 IHC 3+ was reported in error.")
    assert "specimens" not in reading.patient
    assert [one.code for one in reading.questions] == ["her2_withdrawn"]


def test_local_and_central_results_of_one_block_stand_side_by_side():
    samples = patient(
        "Breast cancer. Core biopsy 9 October 2025\n"
        "  Local laboratory: HER2 IHC 2+, FISH ratio 2.6, amplified\n"
        "  Central laboratory (same block): IHC 3+, 60% of cells"
    )["specimens"]
    assert [one["ihc"] for one in samples] == [
        {"score": "2+", "laboratory": "local"},
        {"score": "3+", "percent_cells": "60", "laboratory": "central"},
    ]
    assert ["ish" in one for one in samples] == [True, False]
    assert samples[0]["ish"]["laboratory"] == "local"


def test_undated_samples_of_one_letter_keep_their_own_results():
    samples = patient(
        "Metastatic breast cancer. Her original breast biopsy was triple negative (HER2 1+ on immunohistochemistry). "
        "She had a mastectomy, and the residual tumour was again HER2 1+. "
        "The biopsy of the skin recurrence was HER2 2+, FISH neg 1.5. The lung biopsy showed HER2 3+."
    )["specimens"]
    assert [(one.get("kind"), one.get("organ"), one["ihc"]["score"]) for one in samples] == [
        ("biopsy", None, "1+"), ("resection", None, "1+"), ("biopsy", "skin", "2+"), ("biopsy", "lung", "3+"),
    ]  # fmt: skip
    assert ["ish" in one for one in samples] == [False, False, True, False]


def test_the_first_score_stays_beside_the_same_score_of_a_later_sample():
    samples = patient(
        "15 September 2026\n1. Right breast IDC, HER2 3+ (IHC), diagnosed February 2024\n"
        "2. Brain metastasis: resection 20 March 2026 (HER2 3+ on the resected metastasis)"
    )["specimens"]
    assert [(one.get("collected"), one["ihc"]["score"]) for one in samples] == [("2026-03-20", "3+"), (None, "3+")]


def test_a_sample_with_a_word_alone_keeps_it_beside_measured_ones():
    samples = patient(
        "Breast cancer. The mastectomy on 20 June 2023 was HER2 1+. "
        "A biopsy from the liver on 4 September 2026 showed HER2 ultralow."
    )["specimens"]
    assert samples[0]["ihc"]["score"] == "1+"
    assert samples[1]["her2_reported"] == "ultralow"
    assert samples[1]["collected"] == "2026-09-04"


def test_a_word_against_every_result_is_asked_about():
    reading = read("Breast cancer. HER2 IHC 3+. The recurrence is HER2-negative.")
    assert [one.code for one in reading.questions] == ["her2_word"]
    assert read("Breast cancer, HER2-positive. HER2 IHC 3+.").questions == ()


def test_a_bare_number_behind_ish_is_asked_about():
    reading = read("HER2 IHC 2+, FISH neg 1.5.")
    assert "her2_cep17_ratio" not in reading.patient["specimens"][0]["ish"]
    assert "her2_copy_number" not in reading.patient["specimens"][0]["ish"]
    assert any("1.5" in (one.origin.quote if one.origin else one.message) for one in reading.questions)
