"""Samples that are tested later, that an endoscopy before them dates, that relatives led to; and what is left."""

import pytest

from unit.intake.note_helpers import patient

HEAD = "Meeting of 14/05/2026\nMetastatic breast cancer.\n"
RECTAL = "Meeting of 14/05/2026\nRectal cancer.\nRectal biopsies 19/11/2024: adenocarcinoma. KRAS wild type.\n"


def samples(words, head=HEAD):
    return patient(head + words).get("specimens", [])


@pytest.mark.parametrize(
    "words",
    [
        "HER2 was requested by the clinic in April 2026 and done on the same biopsies: IHC 3+.",
        "HER2 was requested by the clinic: IHC 3+.",
        "HER2 done on the same biopsies in April 2026: IHC 3+.",
        "HER2 was ordered in April 2026 and tested on the old biopsies: 3+.",
    ],
)
def test_the_day_of_a_later_test_is_not_the_day_of_the_sample(words):
    (one,) = samples(words, RECTAL)
    assert one["ihc"]["score"] == "3+"
    assert str(one.get("collected", "2024-11-19")) == "2024-11-19"


@pytest.mark.parametrize(
    "words",
    [
        "HER2 was requested in April 2026: pending.",
        "HER2 was requested on the old biopsies, FISH if 2+.",
        "HER2 requested, result expected next week.",
    ],
)
def test_a_request_has_no_result(words):
    assert not any("ihc" in one or "ish" in one for one in samples(words, RECTAL))


def test_the_day_of_a_previous_biopsy_may_stand_in_its_bracket():
    (one,) = samples("Markers performed on previous biopsy (B26-09001, 19/4/2026): HER2 IHC 1+.")
    assert str(one["collected"]) == "2026-04-19"


def test_a_biopsy_has_the_day_of_the_endoscopy_before_it():
    (one,) = samples(
        "Endoscopy was repeated on 2026/05/08. Biopsy of the primary lesion: HER2 IHC 2+.",
        "18/05/2026\nGastric cancer.\n",
    )
    assert str(one["collected"]) == "2026-05-08"


def test_an_endoscopy_that_is_planned_dates_no_biopsy():
    (one,) = samples(
        "Endoscopy is planned for 2026/06/08. Biopsy of the primary: HER2 IHC 2+.", "18/05/2026\nGastric cancer.\n"
    )
    assert "collected" not in one


def test_what_a_family_history_led_to_is_the_patients_own():
    told = patient(
        HEAD + "A strong family history led to a core biopsy of the left breast on 15/12/2025. Grade 3. HER2 3+."
    )
    assert str(told["specimens"][0]["collected"]) == "2025-12-15"


@pytest.mark.parametrize(
    ("words", "site"),
    [
        ("Biopsy left axillary node 18/11/2024: carcinoma, HER2 3+.", "lymph_node"),
        ("Biopsy right supraclavicular node 18/11/2024: carcinoma, HER2 3+.", "lymph_node"),
        ("Core biopsy left breast 18/11/2024: carcinoma, HER2 3+.", "primary"),
    ],
)
def test_the_organ_may_stand_right_behind_the_biopsy(words, site):
    assert samples(words)[0]["site"] == site


def test_blood_is_sent_on_the_day_it_is_drawn():
    (one,) = samples("A Guardant360 sent on 20 February 2026 found ERBB2 p.S310F at an allele fraction of 4.2%.")
    assert str(one["collected"]) == "2026-02-20"
    assert one["ngs"]["variants"][0]["vaf_percent"] == "4.2"


@pytest.mark.parametrize(
    "words",
    [
        "Sufficient tumor remains in block A1 for additional studies.",
        "Material of blocks A4 and B1 is available for further studies.",
        "Block A7 holds plenty of tumour.",
    ],
)
def test_tissue_that_is_left(words):
    assert samples("Liver biopsy 18/11/2024: HER2 3+. " + words)[0]["tissue_available"] is True


def test_handling_of_both_parts():
    told = samples(
        "A. Breast, left, core biopsy 4/5/2026\nB. Lymph node, left axilla, core biopsy 4/5/2026\n\n"
        "Fixation: 10% buffered formalin, 22 hours (A and B).\nNeither specimen was decalcified.\n\n"
        "Part A: HER2 IHC 3+\nPart B: HER2 IHC 2+\n"
    )
    assert [one["preanalytics"] for one in told] == [{"fixation_hours": "22", "decalcification": "none"}] * 2


def test_months_written_with_a_point():
    course = patient(HEAD + "Ribociclib + letrozole 12.2022 - 04.2025.")["therapies"][0]
    assert (str(course["start"]), str(course["end"])) == ("2022-12", "2025-04")


@pytest.mark.parametrize("words", ["Version 12.2022 of the form.", "IRIS score 10.2012."])
def test_other_figures_with_a_point_date_no_course(words):
    assert "start" not in patient(HEAD + "She is on letrozole. " + words)["therapies"][0]


@pytest.mark.parametrize(
    ("words", "site"),
    [
        ("CT: new metastases on the liver capsule.", "liver"),
        ("CT: new metastases on the bowel surface.", "small_bowel"),
    ],
)
def test_what_lies_on_an_organ_is_not_in_it(words, site):
    assert site not in (patient(HEAD + words)["cancer"].get("metastatic_sites") or [])


def test_a_stoma_is_an_operation_and_no_resection():
    told = patient(HEAD + "Defunctioning loop colostomy 28/11/2024.")
    assert told["procedures"][0]["kind"] == "surgery"
    assert not told.get("conditions")


def test_what_was_completely_resected_is_no_staining():
    told = samples("Mastectomy 2/3/2026: HER2 IHC 2+.\nImpression: HER2 positive, completely resected.")
    assert all("completeness" not in one.get("ihc", {}) for one in told)


def test_past_history_tells_of_diseases_that_last():
    told = patient(HEAD + "Past history diabetes type 2 and hypothyroid.")["conditions"]
    assert {one["status"] for one in told} == {"active"}


def test_a_medicine_for_a_headache_did_not_cause_it():
    assert not patient(HEAD + "She has migraine, with sumatriptan when needed.").get("toxicities")


def test_a_treatment_that_others_are_to_decide_is_not_planned():
    assert not patient(HEAD + "Plan\nTamoxifen is for you to decide with ER this low.").get("planned")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Time in 10% NBF 14 hours.", {"fixation_hours": "14"}),
        ("Fixation in 10% NBF 26 hrs according to the form.", {"fixation_hours": "26"}),
        ("Placed in formalin (30 hours in total).", {"fixation_hours": "30"}),
        ("4 cores up to 17 mm.", {"fragments": "4"}),
    ],
)
def test_handling_in_other_words(words, told):
    assert samples("Liver biopsy 18/11/2024: HER2 3+. " + words)[0]["preanalytics"] == told


def test_the_figure_in_the_name_of_the_gene_counts_no_copies():
    (one,) = samples("Lung biopsy 18/11/2024: NGS: ERBB2 p.S310F, VAF 28%, ERBB2 copies not raised.")
    assert "erbb2_copy_number" not in one["ngs"]


def test_a_rule_for_biopsies_is_no_sample():
    told = samples("Stomach, biopsy 18/11/2024: adenocarcinoma. By the biopsy rule this is HER2 3+.", RECTAL)
    assert len([one for one in told if one.get("ihc", {}).get("score") == "3+"]) <= 1
    assert all("collected" in one for one in told)


@pytest.mark.parametrize(
    "words",
    [
        "AMENDMENT. The slide was re-examined. This is score 3+. The score 2+ of version 1 is withdrawn.",
        "ADDENDUM. The score 2+ has been withdrawn.",
    ],
)
def test_a_score_that_a_later_version_withdraws_is_not_written(words):
    head = "Report of 24/07/2025\nGastric cancer. Biopsy 20/06/2025.\nHER2 (4B5): version 1: score 2+. DISH ordered.\n"
    assert all(one.get("ihc", {}).get("score") != "2+" for one in patient(head + words).get("specimens", []))


def test_another_marker_that_is_withdrawn_leaves_the_score():
    head = "Report of 24/07/2025\nGastric cancer. Biopsy 20/06/2025.\nHER2 immunostaining (4B5): score 2+.\n"
    (one,) = patient(head + "The claudin score 2+ is withdrawn.")["specimens"]
    assert one["ihc"]["score"] == "2+"


def test_what_was_scraped_out_is_not_what_was_cut_out_later():
    told = patient(
        "Report of 24/07/2025\nBladder cancer.\n- TURBT 28-03-2022: HER2 2+, no ISH.\n"
        "- Cystectomy 2022: HER2 3+ in 20% of cells.\n"
    )["specimens"]
    assert {(one["ihc"]["score"], str(one["collected"])) for one in told} == {("2+", "2022-03-28"), ("3+", "2022")}
