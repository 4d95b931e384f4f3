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
