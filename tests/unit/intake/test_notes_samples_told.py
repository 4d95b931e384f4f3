"""Samples by number, column, letter and story: which result belongs to which, and what is no result of HER2."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient

DAY = "Clinic 8 September 2026\n"
BREAST = DAY + "Breast cancer.\n"


def scores(text, head=BREAST):
    return [
        (one.get("kind"), one.get("collected"), (one.get("ihc") or {}).get("score"))
        for one in patient(head + text).get("specimens", [])
    ]


@pytest.mark.parametrize(
    "row",
    [
        "ROS1 (break-apart FISH) : negative",
        "ALK (FISH) : negative",
        "MET FISH : not amplified",
        "FISH for ROS1 : negative",
    ],
)
def test_the_probe_of_another_gene_in_a_report_of_sequencing_is_no_result_of_her2(row):
    told = "Lung adenocarcinoma. Cell block 2 May 2026.\nNGS of the cell block:\nERBB2 copy number : not amplified\n"
    told += f"{row}\n"
    for one in patient(DAY + told).get("specimens", []):
        assert "ish" not in one


def test_a_score_behind_the_clone_is_read_in_a_report_with_sequencing():
    told = (
        "MOLECULAR PATHOLOGY, NGS REPORT\n"
        "Cytology report : 13-07-2026    Addendum (NGS) : 21-07-2026\nLung adenocarcinoma, pleural fluid.\n\n"
        "ICC on cell block :\n  TTF-1        +ve\n  GATA3        -ve\n"
        "  HER2 (4B5)   2+, moderate incomplete membrane staining in 40% tumour cells\n\n"
        "DNA NGS on above cell block\n  ERBB2   exon 20   p.Gly776delinsValCys   VAF 18%\n"
        "  EGFR, KRAS : no mutation detected\n"
        "RNA panel failed. Fresh sample is advised for RET / NTRK; these are not reported.\n"
        "Note : ERBB2 exon 20 insertion is targetable.\n"
    )
    (one,) = patient(told + DAY)["specimens"]
    assert one["ihc"]["score"] == "2+"
    assert set(one["ngs"]["genes_covered"]) == {"ERBB2", "EGFR", "KRAS"}
    assert [variant["hgvs"] for variant in one["ngs"]["variants"]] == ["p.Gly776delinsValCys"]


NUMBERED = (
    "SAMPLES\n #1  12-Nov-2024  cystectomy, bladder tumour\n #2  03-Mar-2026  core biopsy, right lung nodule\n"
    " #3  15-Sep-2026  blood, cfDNA\n\nHER2 PROTEIN AND GENE\n"
    " #   antibody      score   % cells   staining                FISH ratio   HER2/cell   CEP17/cell   FISH call\n"
    " 1   HercepTest    1+      30        faint, incomplete       -            -           -            not done\n"
    " 2   4B5           3+      80        intense, complete       6.1          14.6        2.4          amplified\n"
    " 3   n/a\n"
)


def test_a_table_by_the_numbers_of_the_samples():
    found = patient(DAY + "Urothelial carcinoma of the bladder.\n\n" + NUMBERED)["specimens"]
    assert [(one["kind"], one["ihc"]["score"], one["ihc"]["assay"]) for one in found] == [
        ("resection", "1+", "HercepTest"),
        ("biopsy", "3+", "4B5"),
    ]
    assert "ish" not in found[0]
    assert found[1]["ish"]["her2_copy_number"] == "14.6"
    assert found[1]["ish"]["result"] == "positive"


def test_columns_by_the_blocks_of_a_list():
    told = (
        "Macroscopic\n1. Uterus, 96 g.\n2. Left pelvic nodes.\n\nDual colour ISH:\n\n"
        "                             1F fundus         2B node\n"
        "   mean HER2 / nucleus          3.6              12.1\n"
        "   mean CEP17 / nucleus         2.4               2.2\n"
        "   HER2 : CEP17                 1.5               5.5\n"
        "   result                 not amplified       amplified\n"
    )
    found = patient(DAY + "Endometrial cancer.\n" + told)["specimens"]
    told = {one["ish"]["her2_copy_number"]: one["ish"] for one in found}
    assert (told["3.6"]["cep17_copy_number"], told["3.6"]["result"]) == ("2.4", "negative")
    assert (told["12.1"]["cep17_copy_number"], told["12.1"]["result"]) == ("2.2", "positive")


def test_counts_written_as_a_pair_and_a_row_of_fixations():
    told = (
        "                      Core, Dec 2025               Mastectomy, May 2026\n"
        "  HER2 IHC            2+, 60%, moderate complete   1+, 20%, faint incomplete\n"
        "  HER2 FISH ratio     2.3                          1.2\n"
        "  HER2 / CEP17        4.4 / 1.9                    2.4 / 2.0\n"
        "  Fixation            9 h                          22 h\n"
    )
    first, second = patient(BREAST + told)["specimens"]
    assert (first["ish"]["her2_copy_number"], first["ish"]["cep17_copy_number"]) == ("4.4", "1.9")
    assert (second["ish"]["her2_copy_number"], second["ish"]["her2_cep17_ratio"]) == ("2.4", "1.2")
    assert "fixation_hours" not in (second.get("preanalytics") or {})


def test_rows_of_the_local_and_the_central_laboratory():
    told = (
        "HER2\n                   Archival (parotidectomy 14-Jun-2023)    Fresh (lung core 01-Aug-2026)\n"
        " Local IHC, 4B5    3+, 90%, intense complete                2+, 50%, moderate complete\n"
        " Local FISH        ratio 7.2, HER2 17.3, CEP17 2.4, AMP     not done\n"
        " Central IHC       pending, shipped 08-Aug                  pending, shipped 08-Aug\n"
    )
    first, second = patient(DAY + "Salivary duct carcinoma.\n" + told)["specimens"]
    assert (first["collected"], first["ihc"]["score"], first["ish"]["her2_cep17_ratio"]) == ("2023-06-14", "3+", "7.2")
    assert (second["collected"], second["ihc"]["score"]) == ("2026-08-01", "2+")
    assert "ish" not in second


def test_foci_in_columns_are_not_the_specimens_of_the_list():
    told = (
        "Specimen 1   : Left breast, 612 g\nSpecimen 2   : Left axilla\n\nMARKERS - BREAST\n"
        "                        Focus 1        Focus 2\n"
        " HER2 4B5, score        1+             3+\n\n"
        "MARKERS - AXILLA\n Block                  : 2C\n HER2 4B5, score        : 2+\n"
    )
    found = patient(BREAST + told)["specimens"]
    nodes = [one["ihc"]["score"] for one in found if one.get("site") == "lymph_node"]
    assert nodes == ["2+"]
    assert sorted(one["ihc"]["score"] for one in found) == ["1+", "2+", "3+"]


def test_the_number_of_a_supplement_is_no_specimen():
    told = (
        "Operation 05/05/2026      Authorised 14/05/2026\nSupplementary no. 1    29/05/2026\n\n"
        "Macroscopic\n1. Uterus, 96 g.\n2. Left pelvic nodes.\n\nHER2 (4B5), fundus 1F: 2+.\n"
    )
    found = patient("Clinic 30/05/2026\nEndometrial cancer.\n" + told)["specimens"]
    assert all(one.get("collected") in (None, "2026-05-05") for one in found)


def test_a_clone_is_no_block():
    told = (
        "1. Left breast, core\n2. Left axilla, node core\n4. Right breast, core\n\n"
        "HER2 (4B5) on specimen 1: 2+. HER2 (4B5) on specimen 2: 3+.\n"
    )
    assert [score for _, _, score in scores(told)] == ["2+", "3+"]


def test_a_story_with_days_and_a_list_with_the_results():
    told = (
        "She underwent mastectomy on 18 March 2025. A liver biopsy was done on 14 July 2026.\n\n"
        "We tested both blocks for HER2, clone 4B5:\n\n(a) Mastectomy specimen: 2+.\n(b) Liver biopsy: 3+.\n"
    )
    assert scores(told) == [("resection", "2025-03-18", "2+"), ("biopsy", "2026-07-14", "3+")]


@pytest.mark.parametrize("joined", ["and sentinel node biopsy", "+ SLNB", "with left sentinel lymph node biopsy"])
def test_the_sentinel_node_of_an_operation_is_not_what_was_stained(joined):
    assert scores(f"Wide local excision {joined} on 10 August 2021: grade 3, HER2 3+.") == [
        ("resection", "2021-08-10", "3+")
    ]


def test_an_endoscopy_that_was_repeated_gives_a_second_sample():
    told = (
        "HER2. The August biopsies were read as 2+ under the gastric scoring system (antibody 4B5). "
        "FISH was tried on that block and failed. You repeated the gastroscopy on 2 September 2026 and sent nine "
        "fragments. Those are 3+ with the same antibody, and the FISH worked: ratio 4.6. Amplified."
    )
    found = patient(DAY + "Gastric cancer.\n" + told)["specimens"]
    told = {one["ihc"]["score"]: one["ish"]["result"] for one in found}
    assert told == {"2+": "failed", "3+": "positive"}


def test_a_pause_in_a_row_of_the_heart_is_no_start():
    told = (
        "Paclitaxel with trastuzumab from 29/1/2026 to 16/4/2026, then trastuzumab every three weeks by itself.\n\n"
        "LVEF so far\n   28/4/2026    echo           57%\n   21/7/2026    echo           47%     trastuzumab held\n"
    )
    assert all(one.get("start") != "2026-07-21" for one in patient(BREAST + told)["therapies"])


def test_the_dose_in_a_bracket_parts_no_days_from_their_regimen():
    told = (
        "Adjuvant doxorubicin and cyclophosphamide between 16/10/2025 and 18/12/2025 (doxorubicin 240 mg/m2 in all), "
        "then weekly paclitaxel with trastuzumab from 29/1/2026 to 16/4/2026."
    )
    first, second = patient(BREAST + told)["therapies"]
    assert (first["start"], first["end"]) == ("2025-10-16", "2025-12-18")
    assert (second["start"], second["end"]) == ("2026-01-29", "2026-04-16")


def test_a_drug_that_is_blamed_is_no_treatment_of_its_own():
    told = "TCHP x6, 8 January to 23 April 2026. Diarrhoea gr 2 put down to pertuzumab, settled in May."
    assert len(patient(BREAST + told)["therapies"]) == 1


def test_a_row_of_two_receptors_gives_each_its_own():
    told = (
        "                      Core, Dec 2025               Mastectomy, May 2026\n"
        "  ER / PR             5% weak / 0%                 0% / 0%\n"
        "  HER2 IHC            2+                           1+\n"
    )
    found = patient(BREAST + told)["biomarkers"]
    assert (found["er"]["percent"], found["pr"]["percent"]) == ("0", "0")
    assert found["er"]["date"] == "2026-05"


def test_headings_as_they_are_dictated():
    told = (
        "HISTORY. Stomach cancer with liver metastases, adenocarcinoma.\n"
        "PAST HISTORY. Basal cell carcinoma of the nose excised in 2019, cured.\n"
        "FAMILY. Father, breast cancer at 71.\n"
    )
    record = patient(DAY + told)
    assert record["cancer"]["tumour_type"] == "gastric"
    assert record["cancer"]["histology"] == "adenocarcinoma"


@pytest.mark.parametrize("lead", ["Chair: Mr Example", "Present: Mr Example, radiology", "Clinician: Mr Example"])
def test_who_leads_a_meeting_is_not_the_patient(lead):
    assert "sex" not in patient(f"{DAY}{lead}\nBreast cancer, 44 yr.\n").get("demographics", {})


def test_heparin_of_low_weight_is_no_brand():
    names = [one["name"] for one in patient(BREAST + "Meds: LMWH, omeprazole.")["medications"]]
    assert names == ["low molecular weight heparin", "omeprazole"]


def test_the_department_in_the_head_gave_no_radiotherapy():
    assert not patient("RADIATION ONCOLOGY     8 September 2026\nBreast cancer.\n").get("procedures")
