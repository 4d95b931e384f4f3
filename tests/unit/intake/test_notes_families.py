"""Families of wordings beside HER2 that were once read wrongly: dates, counts, ventricles, probes, rows of lists."""

import pytest

from unit.intake.note_helpers import at, patient


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Clinic date: Mar-04-2026. Stable.", "2026-03-04"),
        ("Reported: 02/20/2026\nBreast core.\nAddendum 02/27/2026: FISH done.", "2026-02-27"),
        ("D.O.A: 22/06/2026    D.O.D: 24/06/2026\nBreast cancer.", "2026-06-24"),
    ],
)
def test_the_day_of_a_note(text, day):
    assert patient(text)["as_of"] == day


@pytest.mark.parametrize("result", ["NR", "non-reactive", "Neg", "negative"])
def test_a_viral_marker_that_does_not_react_is_negative_and_no_disease(result):
    record = patient(f"Breast cancer.\nViral markers: HIV {result}, HBsAg {result}, Anti-HCV {result}.")
    assert record["serology"] == {"hiv": "negative", "hbsag": "negative", "anti_hcv": "negative"}
    assert "conditions" not in record


def test_a_comma_of_thousands_is_part_of_the_number():
    record = patient("Labs 3 March 2026: ANC 3,100/cumm")
    assert (at(record, "labs.0.value"), at(record, "labs.0.name")) in (("3100", "anc"), ("3.1", "anc"))


@pytest.mark.parametrize("words", ["mild LV impairment", "LV function preserved", "LV ejection fraction 48%"])
def test_the_left_ventricle_is_no_leucovorin(words):
    record = patient(f"Breast cancer, on follow-up.\nEcho 3 March 2026: {words}.")
    assert "therapies" not in record
    assert all(one["name"] != "leucovorin" for one in record.get("medications", []))


@pytest.mark.parametrize(
    "text",
    [
        "Liver biopsy 3/2025: HER2 IHC 3+ (RC48 trial cutoff met).",
        "Biopsy 3/2025: HER2 lost after trastuzumab.",
    ],
)
def test_a_drug_of_a_rule_or_of_a_lost_target_is_no_course(text):
    assert "therapies" not in patient(text)


def test_rows_of_an_indented_list_are_not_joined():
    text = (
        "Treatment to date:\n"
        "   Gemcitabine and cisplatin from 12/01/2026 - 6 cycles - stopped 25/05/2026, PD in liver\n"
        "   Zanidatamab from 15/06/2026 - ongoing\n"
        "Clinic 13/10/2026\n"
    )
    found = {one["drugs"][0]: one for one in patient(text)["therapies"]}
    assert found["zanidatamab"]["ongoing"] is True
    assert "progression_date" not in found["zanidatamab"]
    assert found["gemcitabine"]["reason_stopped"] == "progression"


def test_the_first_day_of_a_course_is_not_its_progression():
    found = patient("Started carboplatin/paclitaxel 4/21/25, PD after 3 cycles.")["therapies"][0]
    assert found.get("progression_date") != "2025-04-21"


def test_a_date_of_other_treatment_before_a_drug():
    found = patient("Then radiotherapy in September 2023 and letrozole since October 2023.")["therapies"][0]
    assert found["start"] == "2023-10"


@pytest.mark.parametrize(
    ("text", "gene", "status"),
    [
        ("FISH for MET positive.", "met", "amplified"),
        ("NGS: MET amplification.", "met", "amplified"),
        ("NGS: no MET amplification, KRAS wild type.", "met", None),
        ("No pathogenic variant: KRAS, NRAS, BRAF", "nras", "wild_type"),
        ("Variants of uncertain significance: ATM R23Q", "atm", None),
        ("MET FISH negative.", "met", None),
    ],
)
def test_genes(text, gene, status):
    assert patient("Lung adenocarcinoma.\n" + text).get("biomarkers", {}).get(gene) == status


def test_microsatellites_are_stable():
    assert at(patient("Colon cancer. Microsatellites: stable."), "biomarkers.msi") == "MSS"


def test_the_microscope_measures_before_the_scan():
    text = "Screening mammogram showed a 17 mm mass. Partial mastectomy on 9 July 2026: 19 mm IDC, grade 3."
    assert at(patient(text), "cancer.tumour_size_mm") == "19"


@pytest.mark.parametrize("words", ["favor bone island", "brain lesions"])
def test_a_finding_of_a_scan_is_no_disease(words):
    assert "conditions" not in patient(f"Breast cancer.\nCT 3 March 2026: {words}, stable.")


def test_preanalytics():
    found = patient("Breast core biopsy.\nHER2 IHC 2+.\nCold ischemic time 25 minutes; fixed in formalin for 18 hours.")
    assert at(found, "specimens.0.preanalytics") == {"fixation_hours": "18", "cold_ischaemia_minutes": "25"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("NGS: ERBB2 p.V777L (AF 35.2%).", "conditions"),
        ("EXCLUSION  Present?\n Active HIV infection\tN\tHIV negative", "conditions"),
        ("Transferred from El Paso TX on 3 March 2026.", "therapies"),
    ],
)
def test_what_only_looks_like_a_disease_or_a_drug(text, key):
    assert key not in patient("Lung adenocarcinoma.\n" + text)


def test_carcinoma_in_a_node_is_no_distant_spread():
    assert at(patient("Breast cancer. Axillary node core: metastatic carcinoma."), "cancer.setting") is None
