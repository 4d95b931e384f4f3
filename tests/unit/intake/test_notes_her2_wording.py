"""HER2 in the many ways in which laboratories and clinics word it; every family with words that must give nothing."""

import pytest

from unit.intake.note_helpers import at, patient, read

TITLE = "Diagnosis: invasive ductal carcinoma of the breast.\n\n"


def sample(text, number=0):
    return at(patient(TITLE + text), f"specimens.{number}") or {}


def samples(text):
    return patient(TITLE + text).get("specimens", [])


SCORES = [
    ("HER2 expression: 1+/3+", "1+"),
    ("HER2: ++/3", "2+"),
    ("HER2 score 0/3", "0"),
    ("HER2 IHC3+", "3+"),
    ("HER2 (IHC) 1(+)", "1+"),
    ("HER2 IHC: 0 - Negative", "0"),
    ("HER2 IHC: 2", "2+"),
    ("HER2: 3 (positive)", "3+"),
    ("HER2neg (IHC 0/FISH ratio 1.0)", "0"),
    ("Result: HER2 (clone 4B5) = 0", "0"),
    ("HercepTest: 2+", "2+"),
    ("Hormone receptors absent, Her 2 +++", "3+"),
    ("HER2 had been scored as 0.", "0"),
    ("HER2 uneven. About 20% of the tumour area scores 3+, the rest is 0-1+. Overall score 3+.", "3+"),
    ("HER-2/neu: 3+ by IHC (reference range: 0-1+ negative, 2+ equivocal, 3+ positive)", "3+"),
    ("HER2 corrected to 1+ (previously reported 2+).", "1+"),
    ("HER2 IHC was misreported as 3+; correct result is 1+.", "1+"),
]


@pytest.mark.parametrize(("text", "score"), SCORES)
def test_scores(text, score):
    assert at(sample(text), "ihc.score") == score


def test_a_choice_of_two_scores_stays_a_choice():
    assert at(sample("HER2 IHC 2+/3+"), "ihc.score") == ["2+", "3+"]


NO_RESULT = [
    "Score 3+ requires intense circumferential staining; HER2 is reported by IHC.",
    "HER2 IHC 3+ means intense complete staining.",
    "An average of at least 4.0 and below 6.0 HER2 signals per cell with a ratio below 2.0 is negative when IHC is 2+.",
    "The study enrolled HER2 IHC 1+ or 2+/ISH- patients.",
    "2. HER2 IHC 3+, or IHC 2+ with ISH amplification, by central laboratory   Y",
    "HER2 overexpression was assessed by IHC.",
    "HER2 is a gene on chromosome 17.",
    "HER2 FISH was insufficient for analysis and will be repeated.",
]


@pytest.mark.parametrize("text", NO_RESULT)
def test_rules_and_plans_give_no_result(text):
    assert all("ihc" not in one and one.get("her2_reported") is None for one in samples(text))


ISH = [
    ("HER2 gene amplification by FISH: NOT DETECTED", "negative"),
    ("HER2 amplification was found on FISH", "positive"),
    ("FISH did not show amplification of HER2.", "negative"),
    ("FISH showed no HER2 gene amplification.", "negative"),
    ("FISH was negative for HER2 amplification", "negative"),
    ("FISH confirmed HER2 positivity.", "positive"),
    ("HER2 IHC 2+ with negative ISH", "negative"),
    ("HER2 equivocal by IHC, negative by FISH", "negative"),
    ("IHC2+/FISH- disease", "negative"),
    ("HER2 2+/SISH not amp", "negative"),
    ("HER2: Negative by IHC (1+) and FISH (ratio 1.1)", "negative"),
    ("HER2 1+, not amplified (ratio 1.3)", "negative"),
    ("HER2 IHC negative and FISH positive", "positive"),
    ("HER2 IHC 2+, negative by FISH, ER positive", "negative"),
]


@pytest.mark.parametrize(("text", "result"), ISH)
def test_results_of_ish(text, result):
    assert at(sample(text), "ish.result") == result


@pytest.mark.parametrize(
    "text",
    [
        "Neither sample HER2 amplified by FISH.",
        "ALK negative by FISH; HER2 IHC 2+.",
        "HER2 IHC negative FISH awaited",
        "HER2 amplification by FISH: pending",
    ],
)
def test_no_result_of_ish_is_made_up(text):
    assert all(at(one, "ish.result") is None for one in samples(text))


def test_counts_before_and_behind_the_name_of_the_gene():
    found = sample("HER2 FISH: Ratio 4.6. HER2 copies/cell 12.3; CEP17/cell 2.7. AMPLIFIED.")["ish"]
    assert (found["her2_cep17_ratio"], found["her2_copy_number"], found["cep17_copy_number"]) == ("4.6", "12.3", "2.7")
    found = sample("HER2/D17Z1 ratio of 1.4 with an average of 2.9 HER2 signals per cell")["ish"]
    assert (found["her2_cep17_ratio"], found["her2_copy_number"]) == ("1.4", "2.9")
    found = sample("Dual-probe ISH: non-amplified, ratio 1.08, mean HER2 2.1, mean CEP17 1.9")["ish"]
    assert (found["her2_copy_number"], found["cep17_copy_number"]) == ("2.1", "1.9")
    assert at(sample("HER2/CEN17 ratio 2.4"), "ish.her2_cep17_ratio") == "2.4"


def test_a_number_behind_dual_ish_is_the_ratio_only_where_the_copies_stand_apart():
    assert at(sample("HER2 2+. DDISH 1.4, mean HER2 copies 3.2 - non-amplified"), "ish.her2_cep17_ratio") == "1.4"
    assert at(sample("HER2 2+. FISH neg 1.5"), "ish.her2_cep17_ratio") is None


def test_two_ratios_in_one_phrase_are_asked_about():
    reading = read(TITLE + "HER2 2+. Dual ISH of both negative (ratio 1.1 / 1.2)")
    assert at(reading.patient, "specimens.0.ish.her2_cep17_ratio") is None
    assert any("two ISH ratios" in one.message for one in reading.questions)


def test_a_second_count():
    found = sample("HER2 FISH group 4: ratio 1.6.\nA blinded observer recounted 20 nuclei and confirmed group 4.")
    assert found["ish"]["recount"] == {"cells": 20, "group": 4, "blinded": True}


WORDS = [
    ("HER2 IHC negative", "negative"),
    ("HER2 not overexpressed", "negative"),
    ("HER2 overexpression: absent", "negative"),
    ("HER2 status: negative for overexpression", "negative"),
    ("HER2 overexpression present", "positive"),
    ("Triple negative breast cancer", "negative"),
    ("HER2-ultralow disease", "ultralow"),
]


@pytest.mark.parametrize(("text", "word"), WORDS)
def test_words_without_a_score(text, word):
    assert sample(text).get("her2_reported") == word


def test_ultralow_is_a_score_of_zero_where_its_staining_is_described():
    found = sample("HER2-ultralow, faint incomplete membrane staining in about 5% of cells.")["ihc"]
    assert (found["score"], found["zero_subtype"], found["percent_cells"]) == ("0", "faint_le10", "5")
    assert at(sample("HER2 IHC 0 (ultralow)"), "ihc.zero_subtype") == "faint_le10"
    assert "ihc" not in sample("HER2-ultralow on biopsy")


PATTERNS = [
    ("HER2: complete, intense membrane staining in 90% of cells (3+)", "intense", "complete"),
    ("HER2 (SCORE 2+); moderate, complete membrane staining in 35% of cells", "moderate", "complete"),
    ("HER2 3+ (gastric: complete, basolateral or lateral staining)", None, None),
    ("HER2 2+, weak to moderate complete staining", None, "complete"),
]


@pytest.mark.parametrize(("text", "intensity", "completeness"), PATTERNS)
def test_how_it_stained(text, intensity, completeness):
    found = sample(text)["ihc"]
    assert (found.get("intensity"), found.get("completeness")) == (intensity, completeness)


SEQUENCED = [
    ("NGS: ERBB2 amplification - equivocal", {"amplification_call": "equivocal"}),
    ("Tempus xT: ERBB2 copy number gain (CN 9)", {"erbb2_copy_number": "9"}),
    (
        "ERBB2 amplification (CN = 65.3) detected by Oncomine",
        {"amplification_call": "amplified", "erbb2_copy_number": "65.3"},
    ),
    ("NGS: TP53 R175H; HER2 IHC 2+; no ERBB2 amp", {"amplification_call": "not_amplified"}),
    ("Guardant360: ERBB2 copy number gain not detected", {"amplification_call": "not_amplified"}),
    (
        "The panel was run on the core biopsy. HER2 amplification was not seen on the panel.",
        {"amplification_call": "not_amplified"},
    ),
]


@pytest.mark.parametrize(("text", "values"), SEQUENCED)
def test_sequencing(text, values):
    found = sample(text).get("ngs", {})
    assert {key: found.get(key) for key in values} == values


def test_amplification_that_awaits_sequencing_is_no_result_of_it():
    assert all("ngs" not in one for one in samples("HER2 amplified; NGS has been sent."))


def test_the_share_of_a_variant_right_behind_it():
    assert at(sample("ctDNA: ERBB2 S310F 3.2%"), "ngs.variants.0.vaf_percent") == "3.2"
    found = sample("NGS of the biopsy: ERBB2 p.V777L at 28 per cent allele frequency")
    assert at(found, "ngs.variants.0.vaf_percent") == "28"


def test_a_panel_without_a_brand_is_known_by_its_title():
    record = patient(
        "GENOMIC PANEL REPORT (300 genes)\n"
        "Sample: liver metastasis, core biopsy, taken 3 March 2026\n"
        "Gene     Alteration       Copy number\n"
        "ERBB2    Amplification    est. 22 copies\n"
        "Variants of uncertain significance: ATM R23Q 4%\n"
    )
    assert at(record, "specimens.0.kind") == "biopsy"
    assert at(record, "specimens.0.ngs.amplification_call") == "amplified"
    assert at(record, "specimens.0.ngs.erbb2_copy_number") == "22"
    assert "atm" not in record.get("biomarkers", {})


TWO_SAMPLES = [
    ("HER2 1+ on primary, 2+ (FISH neg) on liver met", [("1+", "primary"), ("2+", "metastasis")]),
    ("Primary: HER2 0. Liver metastasis: HER2 1+.", [("0", "primary"), ("1+", "metastasis")]),
    ("HER2 3+ (previous core), 1+ (excision)", [("3+", None), ("1+", None)]),
    ("HER2 IHC was 2+ in 2021 and 0 in 2024.", [("2+", None), ("0", None)]),
    ("Left breast: HER2 3+; right breast: HER2 0.", [("3+", "primary"), ("0", "primary")]),
    ("Outside core: HER2 3+; reviewed here as 2+.", [("3+", None), ("2+", None)]),
    ("HER2 scored 2+ at the referring centre and 3+ on our review.", [("2+", None), ("3+", None)]),
    ("HER2 by central lab: 1+; local lab: 3+", [("1+", None), ("3+", None)]),
    ("PART A: breast core biopsy. PART B: axillary node core.", []),
]


@pytest.mark.parametrize(("text", "expected"), TWO_SAMPLES)
def test_two_samples_in_one_sentence_are_told_apart(text, expected):
    found = [(at(one, "ihc.score"), one.get("site")) for one in samples(text)]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_the_parts_of_a_report():
    text = (
        "Collected: 03/17/2026\n\nA. LEFT BREAST, CORE BIOPSY: invasive carcinoma\n"
        "B. LEFT AXILLARY LYMPH NODE, CORE BIOPSY: metastatic carcinoma\n\n"
        "Biomarkers, part A\n  HER2 IHC  2+\nBiomarkers, part B\n  HER2 IHC  1+\n\n"
        "Addendum, part A\n  HER2 FISH: not amplified, ratio 1.3\n"
    )
    first, second = patient(text)["specimens"]
    assert (at(first, "ihc.score"), at(first, "ish.result"), first["collected"]) == ("2+", "negative", "2026-03-17")
    assert (at(second, "ihc.score"), second["site"], second["collected"]) == ("1+", "lymph_node", "2026-03-17")


def test_a_review_of_slides_under_its_own_heading():
    text = (
        "Liver, needle biopsy, obtained 30 March 2026.\n\nOutside diagnosis: carcinoma; HER2 1+.\n\n"
        "Stains repeated at this institution:\n  HER2 IHC  2+, complete staining in 25% of cells\n"
        "  HER2 FISH  not amplified, ratio 1.8\n"
    )
    found = {at(one, "ihc.score"): one for one in patient(TITLE + text)["specimens"]}
    assert set(found) == {"1+", "2+"}
    assert at(found["2+"], "ish.result") == "negative"
    assert "ish" not in found["1+"]


def test_a_row_of_another_stain_is_no_score_of_her2():
    found = sample("HER2/Neu (4B5)   IHC   Positive | 3+, 75%\nER   IHC   Negative | 1+, 2%\nPR   IHC   Negative | 0\n")
    assert (at(found, "ihc.score"), at(found, "ihc.percent_cells")) == ("3+", "75")


def test_two_operations_in_one_sentence():
    text = "HER2 testing came back: colectomy specimen IHC 3+ in 60% of cells; liver resection specimen IHC 2+ in 55%."
    found = [
        (at(one, "ihc.score"), at(one, "ihc.percent_cells")) for one in patient("Colon cancer.\n" + text)["specimens"]
    ]
    assert found == [("3+", "60"), ("2+", "55")]


def test_the_same_block_in_two_laboratories():
    text = (
        "Local (9 June 2025 biopsy): HER2 IHC 2+, FISH HER2/CEP17 2.3: amplified\n"
        "Central (same block, result 26 March 2026): IHC 3+, 30% of cells\n"
    )
    found = {at(one, "ihc.score"): one for one in samples(text)}
    assert {one["collected"] for one in found.values()} == {"2025-06-09"}
    assert at(found["3+"], "ihc.laboratory") == "central"
    assert at(found["2+"], "ish.result") == "positive"


def test_the_day_of_a_review_is_not_that_of_the_sample():
    found = samples(
        "Liver core 28 August 2025: HER2 0 locally.\nCentral review of the liver core (10 September 2025): HER2 1+."
    )
    assert {one["collected"] for one in found} == {"2025-08-28"}
    assert {at(one, "ihc.laboratory") for one in found} == {"local", "central"}


@pytest.mark.parametrize(
    "text",
    [
        "Mastectomy 3 March 2024: HER2 2+",
        "Core biopsy on 3 March 2024: invasive lobular carcinoma, HER2 1+",
        "Lt MRM on 3 March 2024: HER2 2+",
    ],
)
def test_a_sample_of_the_organ_where_the_tumour_began(text):
    assert samples(text)[0]["site"] == "primary"


@pytest.mark.parametrize(
    "text",
    [
        "Core biopsy of a lesion on 3 March 2024: HER2 1+",
        "Metastatic carcinoma consistent with a breast primary; HER2 1+",
    ],
)
def test_a_site_that_is_not_said_stays_open(text):
    assert "site" not in samples(text)[0]


def test_plasma_has_no_site():
    found = samples("Guardant360 at relapse (5 May 2026): ERBB2 amplification, plasma copy number 6.8.")
    assert (found[0]["kind"], found[0].get("site")) == ("blood", None)


def test_hebrew_lines_with_their_days_are_samples():
    text = (
        "סיכום ביקור במרפאה\nביופסיה מהשד 20/02/2024: HER2 IHC 2+\n"
        "ביופסיה מהכבד 28/04/2026: HER2 IHC 1+\nלא בוצע FISH\n"
    )
    found = {one["collected"]: at(one, "ihc.score") for one in patient(text)["specimens"]}
    assert found == {"2024-02-20": "2+", "2026-04-28": "1+"}
