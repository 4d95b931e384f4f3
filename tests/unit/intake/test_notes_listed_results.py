"""Samples told apart by numbered lines, blocks by number and lettered columns; days that belong to their course."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient

DAY = "Clinic 8 September 2026\n"
BREAST = DAY + "Breast cancer.\n"


def test_numbered_lines_with_their_results():
    told = (
        "HER2, all results to date\n\n"
        "  1. Endometrial biopsy 12 May 2026 (outside).  IHC 2+ per their report.  FISH attempted twice and failed.\n"
        "  2. Uterine tumor 25 June 2026, block A5.  IHC 2+ (4B5): moderate staining, 55% of tumor cells.\n"
        "  3. Left ovary metastasis 25 June 2026, block C2.  IHC 3+ (4B5): strong staining in 40% of tumor cells.\n\n"
        "NEW: dual-probe FISH, block A5, 40 tumor nuclei\n        HER2/CEP17 ratio      2.3\n"
        "        RESULT                POSITIVE (AMPLIFIED)\nBlock C2 was not submitted for FISH.\n"
    )
    found = patient(DAY + "Serous carcinoma of the endometrium.\n" + told)["specimens"]
    assert [(one["ihc"]["score"], (one.get("ish") or {}).get("result")) for one in found] == [
        ("2+", "failed"),
        ("2+", "positive"),
        ("3+", None),
    ]


def test_parts_of_a_review_by_bracketed_numbers():
    told = (
        "(1)  S26-1, LEFT BREAST, NEEDLE CORE, 07/18/2026\n     HER2 IHC, theirs 2+. Agree, 2+.\n\n"
        "(2)  S26-2, LEFT AXILLARY NODE, FNA WITH CELL BLOCK, 07/18/2026\n     HER2 (4B5) 1+, faint.\n\n"
        "(3)  S26-3, LIVER, CORE BIOPSY, 07/29/2026\n     HER2 IHC, theirs 0. Agree: 0, no membrane staining.\n\n"
        "COMMENT\nGroup 2 and IHC 2+: per ASCO/CAP the tumor is reported as negative.\n"
    )
    found = patient("Report 08/27/2026\nBreast cancer.\n" + told)["specimens"]
    assert [(one["collected"], one["ihc"]["score"]) for one in found] == [
        ("2026-07-18", "2+"),
        ("2026-07-18", "1+"),
        ("2026-07-29", "0"),
    ]


def test_letters_in_brackets_over_an_organ_and_its_day():
    told = (
        "PATHOLOGY\n(a) Gallbladder, 20 November 2024. Stained this week on the archived block: HER2 IHC 3+ (4B5).\n"
        "(b) Liver biopsy 9 January 2026. HER2 IHC 2+.\n"
    )
    found = patient(DAY + "Gallbladder cancer.\n" + told)["specimens"]
    assert [(one["collected"], one["ihc"]["score"]) for one in found] == [("2024-11-20", "3+"), ("2026-01-09", "2+")]


def test_blocks_by_their_number():
    told = (
        "HER2 IHC (4B5)\n      Block 8, tumour           SCORE 3+   15% of cells\n"
        "      Block 14, node deposit    SCORE 0    no membranous reactivity at all\n"
        "HER2 dual ISH, block 8 (20 nuclei)\n      HER2 10.1   CEP17 2.3   ratio 4.4   AMPLIFIED\n"
        "      Block 14                  not tested\n"
    )
    found = patient(DAY + "Gastric cancer.\n" + told)["specimens"]
    node = next(one for one in found if one.get("site") == "lymph_node")
    assert node["ihc"]["score"] == "0"
    assert "ish" not in node
    other = next(one for one in found if one is not node)
    assert (other["ihc"]["score"], other["ish"]["result"]) == ("3+", "positive")


def test_a_block_of_one_specimen_is_not_the_specimen_of_that_number():
    told = (
        "1) Colon resection, block B4\n   HER2 IHC: 3+\n2) Liver biopsy, block 1\n   HER2 IHC: 2+\n\n"
        "FoundationOne CDx (liver block 1): ERBB2 amplification - copy number 34\n"
    )
    found = patient(DAY + "Colon cancer.\n" + told)["specimens"]
    assert [one["ihc"]["score"] for one in found if "ngs" in one] == ["2+"]


def test_columns_by_letters_that_the_report_explains():
    told = (
        "NGS REPORT\nMaterial        (T) left adrenal metastasis, CT-guided core biopsy of 2026-07-20, FFPE\n"
        "                (P) EDTA plasma drawn 2026-07-21\n\n"
        "                                                     T (VAF)       P (VAF)\n"
        "   ERBB2   c.2326_2327insTGT   p.(Gly776delinsValCys)   27 %          0.8 %\n"
        "   STK11   c.109C>T            p.(Gln37*)               22 %          not seen\n"
    )
    found = patient(told + DAY + "Lung adenocarcinoma.\n")["specimens"]
    shares = {
        one["kind"]: [(variant["gene"], variant["vaf_percent"]) for variant in one["ngs"]["variants"]] for one in found
    }
    assert shares == {"biopsy": [("ERBB2", "27"), ("STK11", "22")], "blood": [("ERBB2", "0.8")]}


@pytest.mark.parametrize("name", ["G360", "plasma", "Guardant360 plasma"])
def test_amplification_in_blood_is_that_of_sequencing(name):
    (one,) = patient(BREAST + f"{name} 2026-05-01: ERBB2 amp still there, CN 5.1.")["specimens"]
    assert (one["kind"], one["ngs"]["amplification_call"]) == ("blood", "amplified")


def test_a_quiet_time_ends_no_treatment():
    told = (
        "T-DM1 starting on 30 September 2021, and completed all fourteen doses on 7 July 2022.\n\n"
        "All was quiet until she relapsed in the liver in February 2025."
    )
    (one,) = patient(BREAST + told)["therapies"]
    assert (one["end"], one.get("progression_date")) == ("2022-07-07", None)


def test_what_was_given_until_it_failed_ended_then():
    (one,) = patient(BREAST + "Capecitabine from 3 March 2025 until progression in May 2026.")["therapies"]
    assert (one["end"], one["progression_date"]) == ("2026-05", "2026-05")


def test_the_first_cycles_are_not_all_of_them():
    told = "T-DXd since 18 March 2025, with nausea grade 2 in the first two cycles."
    assert "cycles" not in patient(BREAST + told)["therapies"][0]


def test_each_fraction_has_the_method_before_it():
    found = patient(BREAST + "HEART: MUGA 20 February 2025 EF 62%; echo 28 August 2026 EF 56%")["cardiac"]["lvef"]
    assert [(one["percent"], one["method"]) for one in found] == [("62", "muga"), ("56", "echo")]


def test_pneumonitis_under_steroids_is_there():
    told = "Pneumonitis due to trastuzumab deruxtecan, grade 3 - improving, still on steroids."
    assert patient(BREAST + told)["lung"]["ild_history"] == "current"
