"""Parts of treatments that are named again, stopped or go on alone, and results that stand among several samples."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient, read

HEAD = "Clinic 8 September 2026\nBreast cancer.\n"
GASTRIC = "Clinic 8 September 2026\nMetastatic gastric adenocarcinoma.\n"


def courses(text, head=HEAD):
    return [tuple(sorted(one["drugs"])) for one in patient(head + text).get("therapies", [])]


@pytest.mark.parametrize(
    "more",
    [
        "With the very first oxaliplatin he shivered.",
        "Plan: 1. C6 today. Oxaliplatin at 80 %.",
        "Plan: if the nerves are no worse, oxaliplatin stops after C6.",
    ],
)
def test_a_drug_of_a_regimen_with_nothing_of_its_own_is_no_second_treatment(more):
    record = patient(GASTRIC + f"CAPOX from 4 March 2026, 5 cycles to date. {more}")
    assert len(record["therapies"]) == 1
    assert not record.get("planned")


def test_a_step_of_a_treatment_stays_one():
    assert courses("Docetaxel + trastuzumab x6, then trastuzumab.") == [("docetaxel", "trastuzumab"), ("trastuzumab",)]


@pytest.mark.parametrize("who", ["We have stopped", "She has stopped", "We now stopped"])
def test_what_was_stopped_is_not_planned(who):
    record = patient(HEAD + f"{who} tucatinib and capecitabine and she will have no more of them.")
    assert not record.get("planned")


@pytest.mark.parametrize("count", ["planned 14", "plan 14", "planned for 14 cycles"])
def test_how_many_are_planned_makes_no_plan_of_what_has_begun(count):
    record = patient(HEAD + f"Adjuvant T-DM1 from 24/3/26, {count}. C8 put back a week. C9 was given 18/8.")
    assert [one.get("start") for one in record["therapies"]] == ["2026-03-24"]
    assert record["therapies"][0]["cycles"] == 9
    assert not record.get("planned")


def test_what_is_planned_and_begins_later_stays_planned():
    record = patient(HEAD + "T-DM1 from 24/10/26, planned 14.")
    assert [one["drugs"] for one in record["planned"]] == [["trastuzumab emtansine"]]
    assert not record.get("therapies")


def test_stopped_for_an_effect_and_not_for_progression():
    told = "T-DXd 7 October 2025 to 5 May 2026, 11 cycles. PD after T-DXd (stopped for ILD, not for PD)."
    assert patient(HEAD + told)["therapies"][0]["reason_stopped"] == "toxicity"


def test_progression_told_first_is_not_undone_by_an_effect():
    told = "Capecitabine January to May 2026, progressed in liver; capecitabine had been held once for diarrhoea."
    assert patient(HEAD + told)["therapies"][0]["reason_stopped"] == "progression"


@pytest.mark.parametrize("receptors", ["ER neg, PR neg", "ER pos PR pos", "ER 0, PR negative"])
def test_a_receptor_is_no_response(receptors):
    told = f"Trastuzumab 11/06/18 to 04/06/19.\nNov 2021 relapse in the liver, {receptors}, HER2 3+."
    assert "best_response" not in patient(HEAD + told)["therapies"][0]


@pytest.mark.parametrize("words", ["held for 2 doses", "missed two doses", "2 doses", "with 3 cycles omitted"])
def test_doses_left_out_are_not_counted(words):
    told = patient(HEAD + f"Trastuzumab q3w until 27/12/2025, {words}.")["therapies"][0]
    assert told.get("cycles") == (2 if words == "2 doses" else 3 if words.startswith("with") else None)


def test_the_history_is_no_regimen():
    assert courses("ONC HX\nStarted letrozole 2 May 2026.") == [("letrozole",)]
    assert courses("Then HX x 6 from 2 May 2026.") == [("capecitabine", "trastuzumab")]


def test_the_number_of_a_cycle_of_another_regimen_counts_nothing():
    told = "Day unit 8 September 2026. Febrile neutropenia with AC#2. Goserelin since June 2026, tolerated well."
    assert all("cycles" not in one for one in patient(HEAD + told)["therapies"] if one["drugs"] == ["goserelin"])


@pytest.mark.parametrize(
    "told",
    [
        "1st line docetaxel x 6 / Phesgo from 13/12/21, then Phesgo alone to 20/06/23.",
        "Metastatic: docetaxel + Phesgo x 6 from 13/12/21, then just the Phesgo to 20/06/23.",
    ],
)
def test_what_goes_on_alone_in_late_disease_is_maintenance(told):
    first, second = patient(HEAD + told)["therapies"]
    assert (first["cycles"], first["ongoing"]) == (6, False)
    assert (second["setting"], second["end"]) == ("maintenance", "2023-06-20")


def test_a_relative_tells_of_a_treatment_and_its_end():
    told = (
        "So he got Taxotere with Herceptin, six rounds. Then just the Herceptin every 3 weeks. "
        "But the scan on August 19 showed the lung ones growing again, so that was stopped."
    )
    records = {tuple(one["drugs"]): one for one in patient(GASTRIC + told)["therapies"]}
    assert records["docetaxel", "trastuzumab"]["cycles"] == 6
    last = records[("trastuzumab",)]
    assert (last["reason_stopped"], last["progression_date"]) == ("progression", "2026-08-19")


def specimens(text, head=HEAD):
    return [
        (one.get("kind"), one.get("collected"), (one.get("ihc") or {}).get("score"))
        for one in patient(head + text).get("specimens", [])
    ]


@pytest.mark.parametrize("word", ["mat.", "material", "spec.", "Mat"])
def test_a_short_word_names_the_listed_material(word):
    told = (
        "Material\n1. Core biopsies left breast (4 particles)\n2. Left axillary lymph node, cell block\n\n"
        f"Immunohistochemistry\nHER2 (4B5), {word} 1: score 2+ (approx. 20 % of the tumour cells)\n"
        f"HER2-FISH, {word} 1: HER2/CEN17 ratio 1.3. No amplification."
    )
    (one,) = patient(HEAD + told)["specimens"]
    assert (one["kind"], one["ihc"]["score"], one["ish"]["result"]) == ("biopsy", "2+", "negative")


def test_lines_that_go_on_with_the_cells_above_them():
    told = (
        "SPECIMENS\nA. Left breast, core bx\nB. Left axilla, lymph node, core bx\n\n"
        "BIOMARKERS\n"
        "                      A (breast, blk A1)            B (node, blk B1)\n"
        "ER                    5% of nuclei, weak            not done\n"
        "                      = LOW POSITIVE\n"
        "HER2 IHC (4B5)        EQUIVOCAL 2+                  POSITIVE 3+\n"
        "                      complete, weak to moderate    complete, strong\n"
        "                      60% of tumour cells           90% of tumour cells\n"
    )
    first, second = patient(HEAD + told)["specimens"]
    assert (first["ihc"]["score"], first["ihc"]["percent_cells"]) == ("2+", "60")
    assert (second["ihc"]["score"], second["ihc"]["percent_cells"], second["site"]) == ("3+", "90", "lymph_node")
    assert second["ihc"]["completeness"] == "complete"


def test_a_result_behind_a_biopsy_and_an_operation_is_asked_for():
    result = read(HEAD + "Core biopsy 13 January 2026 IDC, mastectomy 14 May 2026. HER2 3+.")
    assert not result.patient.get("specimens")
    assert any("several samples" in one for one in map(str, result.questions))


@pytest.mark.parametrize("word", ["HPE:", "Final histology", "Surgical specimen:", "ypT1 ypN0,"])
def test_histology_of_the_operation_is_of_what_was_taken_out(word):
    told = f"Core biopsy 13 January 2026 IDC, mastectomy 14 May 2026. {word} HER2 3+."
    assert specimens(told) == [("resection", "2026-05-14", "3+")]


def test_a_dated_event_ends_a_sentence_behind_an_abbreviation():
    told = "Presented 08/2024, endometrial Bx serous ca. 21/09/2024: TAH + BSO. IHC: ER 20%, HER2 2+."
    assert specimens(told, "Clinic 8 September 2026\nEndometrial cancer.\n") == [("resection", "2024-09-21", "2+")]


def test_a_class_of_variants_is_not_another_sample_s():
    told = (
        "Lung adenocarcinoma with an ERBB2 exon 20 insertion.\n\nPleural effusion, cytology 3 November 2024. "
        "CT-guided biopsy 4 December 2024: FoundationOne CDx: ERBB2 G778_P780dup (VAF 41%)."
    )
    (one,) = patient("Clinic 8 September 2026\n" + told)["specimens"]
    assert (one["kind"], one["ngs"]["variants"][0]["hgvs"]) == ("biopsy", "p.G778_P780dup")


def test_a_class_of_variants_that_no_variant_shows_stays():
    told = "Lung adenocarcinoma. Biopsy 4 December 2024: ERBB2 exon 20 insertion. Plasma 3 May 2025: ERBB2 S310F."
    found = [one["ngs"]["variants"] for one in patient("Clinic 8 September 2026\n" + told)["specimens"]]
    assert len(found) == 2


@pytest.mark.parametrize(
    "words", ["gastric scoring", "scored as in gastric cancer:", "in analogy to the gastric score"]
)
def test_whose_criteria_were_used_names_no_second_cancer(words):
    record = patient(f"Clinic 8 September 2026\nLung adenocarcinoma. Biopsy 2 May 2026: HER2 {words} 2+ in 20 %.")
    assert record["cancer"]["tumour_type"] == "lung_adenocarcinoma"
    assert record["specimens"][0]["ihc"]["score"] == "2+"
    assert record["specimens"][0]["ihc"]["scoring"] == "gastric"


def test_the_heading_of_a_review_leaves_the_day_to_the_biopsy():
    told = "Pathology review: liver bx 24-Feb-2026 (S26-5530): adenocarcinoma. HER2 IHC 3+."
    assert specimens(told, GASTRIC)[0][1] == "2026-02-24"


def test_an_operation_told_above_takes_no_day_of_another():
    record = patient(HEAD + "PSH: mastectomy as above, lap chole 2009")
    assert not [one for one in record.get("procedures", []) if one.get("site") == "breast"]
