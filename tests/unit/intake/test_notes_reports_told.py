"""Reports on tissue as laboratories write them: pairs of cores, parts by number, what is absent, verdicts and days."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import at, patient, read

HEAD = "Clinic 8 September 2026\nBreast cancer.\n"


def stains(text):
    return [(one.get("site"), at(one, "ihc.score"), one.get("collected")) for one in patient(text)["specimens"]]


@pytest.mark.parametrize("mass", ["of the mass", "of the right breast", "from the breast lump"])
@pytest.mark.parametrize("node", ["an axillary node", "an abnormal axillary node", "the right axillary node"])
def test_cores_of_the_mass_and_of_a_node_are_two_samples(mass, node):
    text = f"Core biopsies {mass} and of {node} 1 August 2026. Breast: NST, HER2 IHC 3+. Node: HER2 3+ as well."
    assert stains(HEAD + text) == [("primary", "3+", "2026-08-01"), ("lymph_node", "3+", "2026-08-01")]


def test_blocks_belong_to_the_roman_number_of_their_specimen():
    report = (
        "Report 20-08-2026\nDate of operation 13-08-2026\nBreast cancer.\nSpecimens\nI    Lumpectomy left\n"
        "II   Marked node left axilla\nIII  Sentinel node left axilla\n\nMicroscopy\nI: residual carcinoma NST.\n"
        "II: metastasis of carcinoma, 5 mm.\nIII: no metastasis.\n\nImmunohistochemistry\n"
        "Block 1C (breast): HER2 (4B5) score 1+.\nBlock 2A (marked node): HER2 (4B5) score 2+.\n"
        "HER2 dual ISH on 2A, 20 nuclei: HER2 4.8, chr. 17 2.1, ratio 2.3. Amplified."
    )
    first, second = patient(report)["specimens"]
    assert (at(first, "ihc.score"), first["collected"], first["kind"]) == ("1+", "2026-08-13", "resection")
    assert (second["site"], second["collected"], second["kind"]) == ("lymph_node", "2026-08-13", "resection")
    assert (at(second, "ish.her2_copy_number"), at(second, "ish.cep17_copy_number")) == ("4.8", "2.1")


def test_staining_that_no_cell_shows_is_not_that_of_the_tumour():
    record = patient(
        HEAD + "Core biopsy 1 August 2026.\nHER2 IHC (4B5): score 2+\n  Weak to moderate complete membrane staining, "
        "40% of invasive tumour cells. Intense complete staining: 0%."
    )
    stain = record["specimens"][0]["ihc"]
    assert stain["percent_cells"] == "40"
    assert "intensity" not in stain


@pytest.mark.parametrize(
    ("counts", "result"), [("4.6, CEP17 2.9, ratio 1.59", "negative"), ("9, CEP17 2, ratio 4.5", None)]
)
def test_the_verdict_under_counts_is_theirs_unless_they_speak_against_it(counts, result):
    record = patient(
        HEAD + f"HER2 FISH: HER2 signals/cell {counts}.\nInterpretation of the group with IHC 2+. HER2 NEGATIVE."
    )
    assert at(record, "specimens.0.ish.result") == result


def test_the_pattern_of_what_is_in_situ_is_no_second_histology():
    text = "Core biopsy: invasive ductal carcinoma, grade 2. DCIS, intermediate grade, solid and cribriform."
    assert at(patient(HEAD + text), "cancer.histology") == "invasive ductal carcinoma"


@pytest.mark.parametrize(
    "said",
    [
        "Block A1 has sufficient remaining tumour.",
        "The block still holds tumour.",
        "Residual tumour tissue is present in the block.",
    ],
)
def test_a_block_with_tumour_is_tissue_that_is_left(said):
    assert (
        at(patient(HEAD + f"Core biopsy of the breast 1 August 2026: HER2 2+. {said}"), "specimens.0.tissue_available")
        is True
    )


def test_two_tumours_of_one_operation_that_differ_in_their_share_are_positive_without_a_number():
    reading = read(HEAD + "Mastectomy 1 August 2026\nTumour A: ER 60%, HER2 1+.\nTumour B: ER 50%, HER2 2+.")
    er = reading.patient["biomarkers"]["er"]
    assert er["status"] == "positive"
    assert "percent" not in er
    assert any(one.path == "/biomarkers/er/percent" for one in reading.contradictions)


def test_a_newer_receptor_that_changed_stands_before_the_dated_older_one():
    record = patient(
        HEAD + "Core biopsy 29/01/2026: ER 30%, PR 10%, HER2 3+.\nMastectomy 18/08/2026\n"
        "IHC on residual tumour: ER 40%, PR negative, HER2 2+"
    )
    assert at(record, "biomarkers.pr.status") == "negative"
    assert at(record, "biomarkers.pr.date") == "2026-08-18"


def test_the_rules_for_other_biopsies_name_no_sample():
    text = (
        "Taken: 15 Sept 2026   Reported: 23 Sept 2026\nGallbladder carcinoma at cholecystectomy, February 2025.\n"
        "Liver, core biopsy: metastasis of adenocarcinoma.\nHER2 was scored by the rules used for gastric biopsies. "
        "Strong circumferential staining in 70% of tumour cells, score 3+."
    )
    (sample,) = patient(text)["specimens"]
    assert (sample["organ"], sample["collected"], at(sample, "ihc.score")) == ("liver", "2026-09-15", "3+")


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("To: Trials Unit, attn. Dr. X          November 5, 2026\n\n", "2026-11-05"),
        ("Date of expert panel 2026/05/14      Date of this summary 2026/05/18\n", "2026-05-18"),
        (
            "Collected 09/14/2026 Received 09/14/2026\nDiagnosis 09/16/2026  Biomarkers final 09/22/2026\n",
            "2026-09-22",
        ),
    ],
)
def test_the_day_of_a_report_is_its_last_label(head, day):
    assert patient(head + "Breast cancer, HER2 3+.")["as_of"] == day


def test_a_polite_request_supposes_nothing():
    record = patient(
        "5 November 2026\nI would be grateful if you would evaluate this patient with recurrent high-grade serous "
        "carcinoma of the ovary, HER2 3+."
    )
    assert at(record, "cancer.tumour_type") == "ovarian"
    assert at(record, "specimens.0.ihc.score") == "3+"


def test_a_reflex_is_of_the_listed_part_that_was_scored_equivocal():
    report = (
        "Sampling date: 12/06/2026\nReport 19/06/2026\nMATERIAL\nA) Gastric antrum, lesion. Seven fragments.\n"
        "B) Gastric body, random. Two fragments.\n\nDIAGNOSIS\nA) Gastric adenocarcinoma, poorly differentiated.\n"
        "B) Chronic gastritis.\n\nADDENDUM 26/06/2026\nHER2 on A: SCORE 2+.\n\nADDENDUM 03/07/2026\n"
        "HER2 FISH, dual colour probe, 40 nuclei counted in the 2+ area:\n  HER2 mean 3.1   CEP17 mean 2.2   "
        "HER2/CEP17 = 1.41\n"
        "  Gene NOT AMPLIFIED."
    )
    (sample,) = patient(report)["specimens"]
    assert (at(sample, "ihc.score"), at(sample, "ish.result"), sample["collected"]) == ("2+", "negative", "2026-06-12")


OBSERVERS = """Breast cancer. Core biopsy 28/09/2026: HER2 IHC 2+.
A second observer, who did not know the first result, counted again.
                           Observer 1    Observer 2    Combined
Nuclei scored                  20            20           40
Mean HER2 copies / nucleus    4.90          4.70         4.80
Mean CEN-17 copies/ nucleus   3.05          2.95         3.00
HER2 : CEN-17 ratio           1.61          1.59         1.60
Nuclei with ratio >= 2.0       3             1            4 (10 %)
INTERPRETATION
HER2 NOT AMPLIFIED. On recount the result stayed in the same group.
"""


def test_counts_of_two_observers_are_taken_together():
    (sample,) = patient(OBSERVERS)["specimens"]
    ish = sample["ish"]
    assert (ish["her2_cep17_ratio"], ish["her2_copy_number"], ish["cep17_copy_number"]) == ("1.60", "4.80", "3.00")
    assert (ish["cells_counted"], ish["percent_cells_ratio_ge2"]) == (40, "10")
    assert ish["recount"] == {"cells": 20, "blinded": True}


def test_without_a_combined_count_the_first_one_is_the_samples_and_the_second_its_recount():
    text = OBSERVERS.replace("    Combined", "").replace("         4.80", "").replace("         3.00", "")
    text = text.replace("         1.60", "").replace("           40", "").replace("            4 (10 %)", "")
    (sample,) = patient(text)["specimens"]
    assert (sample["ish"]["her2_cep17_ratio"], sample["ish"]["cells_counted"]) == ("1.61", 20)
    assert sample["ish"]["recount"]["cells"] == 20


def test_today_of_a_report_is_not_the_day_it_was_signed():
    text = (
        "Date of operation: 05/06/26   Reported: 17/06/26\nToday total gastrectomy.\nGastric adenocarcinoma.\n"
        "SUPPLEMENTARY REPORT - 02/07/26\nHER2 on the resection: 3+."
    )
    record = patient(text)
    assert record["specimens"][0]["collected"] == "2026-06-05"
    assert [one["date"] for one in record["procedures"]] == ["2026-06-05"]


def test_a_block_sent_for_another_test_was_not_taken_on_that_day():
    text = (
        "Collected: 07/14/2026   Signed out: 07/20/2026\nA. Sentinel node, right axilla\nC. Right breast, lumpectomy\n"
        "\nC. Invasive ductal carcinoma.\nADDENDUM 07/27/2026\nHER2 was repeated on block C4. IHC: SCORE 0.\n"
        "Oncotype DX: block C4 sent 07/24/2026."
    )
    record = patient(text)
    assert at(record, "specimens.0.collected") == "2026-07-14"
    assert at(record, "cancer.diagnosed") is None


def test_distant_metastasis_not_applicable_is_none():
    record = patient(HEAD + "Distant metastasis ....... Not applicable\npTNM ........ pT2 pN1a(sn)")
    assert at(record, "cancer.setting") is None


def test_the_town_of_a_laboratory_is_not_the_patients():
    record = patient("Department of Pathology\nDuluth, MN\nCollected 07/14/2026\nBreast cancer, HER2 3+.")
    assert at(record, "demographics.location") is None


PLASMA = """LumenDx - circulating tumour DNA report
Collected        29-Jul-2026
Reported         08-Aug-2026
Cholangiocarcinoma, intrahepatic, stage IV. Tissue insufficient for NGS.
| Gene         | Alteration                  | VAF / plasma CN    |
| ERBB2        | Amplification               | 6.1 copies   (++)  |
| ERBB2        | S310F  (c.929C>T)           | 3.7 %              |
Estimated tumour fraction: 17 %
No reportable alteration in: KRAS, NRAS, BRAF.
PRIOR RESULT (collected 06-Nov-2025, before treatment): ERBB2 amplification 3.2 copies (+). Tumour fraction 5 %.
"""


def test_a_plasma_report_is_of_blood_and_its_earlier_result_of_an_earlier_sample():
    earlier, now = sorted(patient(PLASMA)["specimens"], key=lambda one: one["collected"])
    assert (earlier["kind"], earlier["collected"]) == ("blood", "2025-11-06")
    assert (at(earlier, "ngs.erbb2_copy_number"), at(earlier, "ngs.tumour_fraction")) == ("3.2", "0.05")
    assert (now["kind"], now["collected"]) == ("blood", "2026-07-29")
    assert (at(now, "ngs.erbb2_copy_number"), at(now, "ngs.tumour_fraction")) == ("6.1", "0.17")
    assert at(now, "ngs.variants.0.vaf_percent") == "3.7"
    assert "tissue_available" not in now


def test_genes_without_a_reportable_alteration_are_wild_type_behind_a_colon():
    markers = patient(PLASMA)["biomarkers"]
    assert (markers["kras"], markers["nras"], markers["braf"]) == ("wild_type", "wild_type", "wild_type")


def test_esr1_is_the_gene_and_not_the_stain():
    assert at(patient(HEAD + "Plasma: ESR1 not mutated."), "biomarkers.esr1") == "wild_type"


def test_the_age_of_the_menopause_is_not_the_patients():
    record = patient(HEAD + "Menopause: yes (age 51)")
    assert at(record, "demographics.age") is None
    assert at(record, "demographics.menopausal_status") == "postmenopausal"


@pytest.mark.parametrize("said", ["PD-L1 was 5 percent (TPS)", "PD-L1 5% TPS"])
def test_the_scale_behind_a_share_of_pd_l1_counts(said):
    assert at(patient("Clinic 8 September 2026\nLung cancer.\n" + said), "biomarkers.pd_l1.tps") == "5"
