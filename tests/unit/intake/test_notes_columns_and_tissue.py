"""Columns of containers and of earlier blood samples, rules named after an organ, new samples, whose tissue is left."""

import pytest

from unit.intake.note_helpers import patient, read

CONTAINERS = """Pathology report, authorised 12 May 2026
Taken: 4 May 2026
MATERIAL
 Container 1   left hemicolectomy
 Container 2   wedge of liver, segment 3
 Container 3   separately sent node

HER2 immunohistochemistry (4B5), colorectal (HERACLES) criteria:
                    Container 1, block 1B          Container 2, block 2A
                    (primary)                      (liver metastasis)
 Score              3+                             2+
 Tumour cells       75 %                           30 %
 Staining           strong, complete               moderate, incomplete
HER2 dual-colour SISH, 60 cells counted in each block:
 HER2 per cell      11.2                           5.1
 CEP17 per cell     2.0                            2.2
 Ratio              5.6                            2.3
 Cells ratio >= 2   82 %                           55 %
 Result             amplified                      amplified
"""
PLASMA = """Report of 20 August 2026: Guardant360 CDx
Collected 11 August 2026
  Gene      Alteration      % cfDNA (11 August 2026)     Previous sample (4 November 2025, same test)
  ERBB2     S310F           5.2                          0.4
  ESR1      D538G           1.3                          not detected
"""
LISTED = """PATHOLOGY 12 August 2026
3.1 Core biopsy of left breast, 15 January 2026 (fixation 18 h)
    HER2 3+, 95% of cells, intense and complete.
3.2 Core biopsy of left axillary lymph node, 15 January 2026
    HER2 2+, 60%, moderate and complete. FISH ratio 4.1, amplified.
3.3 Mastectomy, 4 August 2026 (fixation 30 h)
    Residual invasive carcinoma. HER2 2+, 30%, moderate and complete.
    Paraffin blocks stored, tissue sufficient.
"""


def samples(text):
    return patient(text).get("specimens", [])


def test_a_column_for_each_container_goes_on_under_a_second_test():
    first, second = samples(CONTAINERS)
    assert first["ihc"] == {
        "score": "3+", "percent_cells": "75", "intensity": "intense", "completeness": "complete", "assay": "4B5",
    }  # fmt: skip
    assert (first["ish"]["her2_cep17_ratio"], first["ish"]["cells_counted"], first["ish"]["result"]) == (
        "5.6",
        60,
        "positive",
    )
    assert (second["ihc"]["score"], second["ihc"]["percent_cells"]) == ("2+", "30")
    assert (second["ish"]["her2_copy_number"], second["ish"]["cep17_copy_number"]) == ("5.1", "2.2")


def test_an_earlier_blood_sample_has_a_column_of_its_own():
    found = {one["collected"]: one["ngs"]["variants"] for one in samples(PLASMA)}
    assert {one["hgvs"]: one["vaf_percent"] for one in found["2026-08-11"]} == {"p.S310F": "5.2", "p.D538G": "1.3"}
    assert {one["hgvs"]: one["vaf_percent"] for one in found["2025-11-04"]} == {"p.S310F": "0.4"}


def test_handling_and_tissue_are_those_of_the_sample_under_whose_heading_they_stand():
    core, node, operation = samples(LISTED)
    assert core["preanalytics"] == {"fixation_hours": "18"}
    assert operation["preanalytics"] == {"fixation_hours": "30"}
    assert "preanalytics" not in node
    assert ["tissue_available" in one for one in (core, node, operation)] == [False, False, True]


@pytest.mark.parametrize(
    "rules",
    [
        "gastric scoring",
        "colorectal (HERACLES) criteria",
        "scored as for breast",
        "breast/gastric criteria",
        "ASCO/CAP breast",
    ],
)
def test_rules_named_after_an_organ_are_no_sample(rules):
    first, second = samples(
        "Clinic 8 September 2026\nA. Liver biopsy of the primary tumour, 18 March 2025.\n"
        f"   HER2 ({rules}): 2+, moderate. ISH ratio 2.4, amplified.\n"
        f"B. Peritoneal biopsy, 31 March 2026.\n   HER2 ({rules}): 3+, strong and complete, 85%."
    )
    assert (first["ihc"]["score"], first["collected"]) == ("2+", "2025-03-18")
    assert (second["ihc"]["score"], second["collected"]) == ("3+", "2026-03-31")


@pytest.mark.parametrize(
    "words", ["it is even 3+", "it was only 3+", "it has become 3+", "it is now 3+", "there it came back as 3+"]
)
def test_the_score_of_a_new_sample_is_its_own(words):
    found = samples(f"Clinic 18 June 2026. HER2 was 2+ at first. In the new biopsy {words}.")
    assert [(one.get("kind"), one["ihc"]["score"]) for one in found] == [(None, "2+"), ("biopsy", "3+")]


@pytest.mark.parametrize(
    "later",
    [
        "Then on 4 June 2026 they took a new sample from the omentum.",
        "A further biopsy of the omentum was taken on 4 June 2026.",
    ],
)
def test_a_result_told_before_a_new_sample_is_not_of_it(later):
    (only,) = samples(f"Clinic 18 June 2026. HER2 was 2+, FISH positive. {later}")
    assert only == {"ihc": {"score": "2+"}, "ish": {"result": "positive"}}


def test_the_day_of_a_test_is_not_the_day_of_the_sample():
    found = samples(
        "Clinic 18 June 2026. In February they tested the operated uterus afterwards: HER2 2+, FISH positive."
    )
    assert [one.get("collected") for one in found] == [None]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Tissue is used up.", False),
        ("No further tissue is left.", False),
        ("The tissue is exhausted.", False),
        ("Unstained sections are kept in our hospital.", True),
        ("Block A3 contains enough tumour for further tests.", True),
        ("Outside slides not available for review.", None),
    ],
)
def test_tissue_is_left_of_the_sample_spoken_of(words, left):
    found = samples(
        "Clinic 8 September 2026\nBreast cancer.\n1) Core biopsy of the breast, 3 May 2024: HER2 1+.\n\n"
        f"2) Liver biopsy, 2 August 2026: HER2 2+, FISH negative. {words}\n"
    )
    assert [one.get("tissue_available") for one in found] == [None, left]


def test_both_means_both():
    found = samples(
        "Sigmoid biopsy 17 October 2023 HER2 3+. Liver biopsy 17 December 2025 HER2 3+. Tissue left from both."
    )
    assert [one.get("tissue_available") for one in found] == [True, True]


def test_fragments_are_told_in_words():
    text = (
        "Clinic 8 September 2026. Gastroscopy on 11 June 2026 took only two pieces and HER2 was 1+. "
        "We repeated endoscopy on 25 June 2026 with eight pieces, and HER2 was 3+."
    )
    assert [one["preanalytics"]["fragments"] for one in samples(text)] == ["2", "8"]


def test_what_no_sample_owns_is_still_asked():
    found = read("Clinic 8 September 2026\nA. Liver biopsy, 18 March 2025.\nB. Lung biopsy, 3 May 2026.\nHER2 3+.")
    assert "her2_sample" in {question.code for question in found.questions}
