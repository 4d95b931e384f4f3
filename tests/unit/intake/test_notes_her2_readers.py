"""Two laboratories, two readers and two counts on one HER2 sample: both are kept, neither is chosen in silence."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import at, patient, read

HEAD = "Oncology clinic 12 November 2026.\nMetastatic breast cancer.\n"
BIOPSY = "Liver biopsy 14 September 2026: "


def scores(text):
    """Return score and laboratory of every sample."""
    samples = patient(HEAD + text).get("specimens", [])
    return [(at(one, "ihc.score"), at(one, "ihc.laboratory")) for one in samples]


LABORATORIES = [
    ("HER2 score 1+ (Ashford lab). Reference laboratory: score 2+, FISH ratio 1.3.", [("1+", None), ("2+", "central")]),
    ("HER2 IHC 1+ by our pathologist; 2+ by the reference centre.", [("1+", None), ("2+", "central")]),
    (
        "HER2 2+ in our laboratory. The block went to the national reference laboratory, which scored it 1+.",
        [("2+", None), ("1+", "central")],
    ),
    ("HER2 IHC: local 1+, central 0.", [("1+", "local"), ("0", "central")]),
    ("HER2 IHC local 1+ and central 2+.", [("1+", "local"), ("2+", "central")]),
    ("HER2 (local): 1+. HER2 (central): 0.", [("1+", "local"), ("0", "central")]),
    ("HER2 2+ (District Hospital). Retested at Central Pathology: 3+.", [("2+", None), ("3+", "central")]),
    ("HER2 IHC 2+. Second opinion (another university): 3+.", [("2+", None), ("3+", None)]),
]


@pytest.mark.parametrize(("text", "wanted"), LABORATORIES)
def test_laboratories_that_differ_stand_beside_each_other(text, wanted):
    assert scores(BIOPSY + text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "HER2 IHC first reader: 1+. Second reader: 2+.",
        "HER2 IHC first reader 1+, second reader 2+.",
        "HER2 2+. Dr Marsh (second pathologist): 1+.",
        "HER2 2+ (20%, moderate).\nRepeat staining at our hospital: 1+",
        "HER2 IHC was read as 1+ by one pathologist and 2+ by another.",
    ],
)
def test_readers_that_differ_are_asked_about(text):
    reading = read(HEAD + BIOPSY + text)
    assert scores(BIOPSY + text) == [(None, None)]
    assert [one.path for one in reading.contradictions] == ["/specimens/ihc/score"]


def test_the_count_stays_where_two_readers_score_one_slide():
    told = patient(HEAD + BIOPSY + "HER2 IHC first reader: 1+. Second reader: 2+. FISH ratio 1.4, not amplified.")
    assert at(told, "specimens.0.ish.result") == "negative"
    assert at(told, "specimens.0.ihc") is None


@pytest.mark.parametrize(
    "text",
    [
        "HER2 2+. Sent to the reference laboratory for FISH. Second reader agreed.",
        "HER2 2+. Pedal pulses on review: 2+. Local oedema 1+.",
        "HER2 2+. Lab review: urine protein 3+. In-house dipstick blood 2+.",
        "HER2 2+. PR on second reading: 1+. Central review of ER: 3+.",
        "HER2 2+. On review by the physiotherapist reflexes 3+. Hospital day 3: ankle oedema 1+.",
    ],
)
def test_other_scores_of_a_review_are_not_those_of_her2(text):
    assert scores(BIOPSY + text) == [("2+", None)]


@pytest.mark.parametrize(
    "text",
    [
        "HER2 IHC local 2+. FISH at the central laboratory: ratio 2.4.",
        "HER2 2+ (local), FISH (central lab) ratio 2.4.",
        "HER2 IHC 2+ in house, FISH at the reference laboratory: ratio 2.4.",
    ],
)
def test_a_test_of_another_kind_is_done_on_the_same_sample(text):
    samples = patient(HEAD + BIOPSY + text)["specimens"]
    assert len(samples) == 1
    assert at(samples[0], "ihc.score") == "2+"
    assert at(samples[0], "ihc.laboratory") in (None, "local")
    assert at(samples[0], "ish.her2_cep17_ratio") == "2.4"


def test_the_label_of_a_line_holds_for_its_further_sentences():
    told = patient(
        HEAD + BIOPSY + "\n  In-house: IHC 0\n  Sent to the reference centre: IHC 1+, 15% of cells. FISH failed."
    )
    first, second = told["specimens"]
    assert (at(first, "ihc.score"), at(first, "ish")) == ("0", None)
    assert (at(second, "ihc.score"), at(second, "ish.result")) == ("1+", "failed")


COUNTS = [
    ("FISH D17Z1 R 1.9, H 5.2, C17 2.7, n=30.", "1.9", "5.2", "2.7", 30),
    ("FISH: H 5.2 / C 2.6 / R 2.0, 40 nuclei.", "2.0", "5.2", "2.6", 40),
    ("FISH R 6.1, HER2 avg 17, CEP17 2.8.", "6.1", "17", "2.8", None),
    ("FISH HER2 signals 84 in 20 nuclei, CEP17 signals 50, ratio 1.68.", "1.68", None, None, 20),
    (
        "FISH, 20 nuclei: HER2 signals 168 (8.4 / nucleus), CEP17 signals 62 (3.1 / nucleus), ratio 2.71.",
        *("2.71", "8.4", "3.1", 20),
    ),
    ("Dual ISH: HER2 14.9, chr 17 centromere 2.6, HER2/CEP17 5.8.", "5.8", "14.9", "2.6", None),
]


@pytest.mark.parametrize(("text", "ratio", "copies", "cep17", "cells"), COUNTS)
def test_counts_in_shorthand_and_sums_of_signals(text, ratio, copies, cep17, cells):
    ish = patient(HEAD + BIOPSY + "HER2 2+. " + text)["specimens"][0]["ish"]
    found = [ish.get(key) for key in ("her2_cep17_ratio", "her2_copy_number", "cep17_copy_number", "cells_counted")]
    assert found == [ratio, copies, cep17, cells]


@pytest.mark.parametrize("words", ["after", "following", "on", "(after", "post"])
def test_the_day_of_a_sample_starts_no_treatment(words):
    close = ")" if words.startswith("(") else ""
    told = patient(HEAD + f"Liver biopsy 14 September 2026 {words} trastuzumab{close}: HER2 1+.")
    assert all("start" not in one for one in told.get("therapies", []))
    assert at(told, "specimens.0.collected") == "2026-09-14"


BLOOD = [
    "Plasma 18 August 2026: ERBB2 amplified, copy number 6.2.",
    "Plasma (send-away) 18 August 2026: ERBB2 amplification detected, plasma copy number 6.2; KRAS not detected.",
    "Liquid biopsy 18 August 2026: ERBB2 amplification, CN 6.2",
]


@pytest.mark.parametrize("text", BLOOD)
def test_what_is_found_in_plasma_was_sequenced(text):
    blood = next(one for one in patient(HEAD + BIOPSY + "HER2 2+.\n" + text)["specimens"] if one.get("kind") == "blood")
    assert (blood["ngs"]["amplification_call"], blood["ngs"]["erbb2_copy_number"]) == ("amplified", "6.2")


def test_the_row_of_the_gene_among_others_is_one_of_sequencing():
    rows = "Sample: FFPE block, liver biopsy, collected 14 September 2026\n"
    rows += " ERBB2   AMPLIFIED, copy number 31, focal\n TP53    p.(Arg248Gln)   VAF 47 %"
    assert at(patient(HEAD + rows), "specimens.0.ngs.erbb2_copy_number") == "31"


def test_a_lone_row_of_the_gene_stays_a_question():
    reading = read(HEAD + "Liver biopsy 14 September 2026\n ERBB2   amplified\n Ki67    30%")
    assert at(reading.patient, "specimens.0.ngs") is None
    assert at(reading.patient, "specimens.0.ish") is None


def test_lower_scores_of_other_areas_do_not_contradict():
    told = patient(HEAD + BIOPSY + "HER2 IHC 2+ in 40%, moderate; adjoining areas 1+ or nil.")
    assert at(told, "specimens.0.ihc.score") == "2+"


@pytest.mark.parametrize(
    "text",
    [
        "AMENDED REPORT - REPLACES REPORT ISSUED 22/10/2026\nLiver biopsy.\nAuthorised  Dr M. Marsh   29/10/2026 16:41",
        "Amended report, supersedes the report of 22/10/2026\nLiver biopsy.\nReported 29/10/2026",
    ],
)
def test_the_day_of_the_replaced_report_is_not_that_of_the_note(text):
    assert patient(text)["as_of"] == "2026-10-29"


@pytest.mark.parametrize(
    "text",
    [
        "HER2 3+ (strong) on parotid. FNA cell block had been HER2 positive outside.",
        "HER2 3+ on the parotid. FNA cell block had been called 'HER2 +' elsewhere, no score.",
        "HER2 3+. The biopsy had been negative.",
    ],
)
def test_what_another_sample_had_been_takes_no_result_from_this_one(text):
    samples = patient("Clinic 12 November 2026.\nSalivary duct carcinoma.\n" + text)["specimens"]
    assert [one.get("kind") for one in samples if at(one, "ihc.score") == "3+"] == [None]


def test_the_score_of_a_later_version_stands_before_the_words_that_withdraw_the_first():
    told = patient(
        "Reported 20 October 2026, amended 2 November 2026\n"
        "Gastric biopsy, collected 14 October 2026. Adenocarcinoma.\n\n"
        "HER2 immunostaining (4B5)\n version 1: score 2+. Weak staining in one piece.\n\n"
        "AMENDMENT 2 November 2026\n The HER2 slide was seen again. A cluster of ten cells shows strong basolateral"
        " membranous reaction. By the rule for biopsies this is score 3+. The score 2+ of version 1 is withdrawn."
    )
    assert at(told, "specimens.0.ihc.score") == "3+"
    assert at(told, "specimens.0.ihc.intensity") == "intense"


RECOUNTS = [
    (
        (
            "FISH 40 nuclei, HER2 4.6, CEP17 2.9, ratio 1.6 (group 4). Second scorer, blinded to the first, counted"
            " another 20 nuclei incl. the 2+ area: still group 4."
        ),
        {"cells": 20, "group": 4, "blinded": True},
    ),
    (
        (
            "FISH: 40 cells, ratio 1.6 (group 4). Repeat count by a second observer without sight of the first"
            " (20 cells) also group 4."
        ),
        {"cells": 20, "group": 4, "blinded": True},
    ),
    ("FISH ratio 1.6, 40 cells, group 4, 2nd reader 20 cells gp 4.", {"cells": 20, "group": 4}),
    (
        (
            "FISH ratio 1.6, 40 cells (group 4). The second count was made here by a reader who didn't know the first"
            " result, 30 cells. It is group 4 again."
        ),
        {"cells": 30, "group": 4, "blinded": True},
    ),
    (
        (
            "FISH ratio 1.6, 40 cells. An additional 20 nuclei were counted by a blinded second observer; the result"
            " was unchanged (group 4)."
        ),
        {"cells": 20, "group": 4, "blinded": True},
    ),
]


@pytest.mark.parametrize(("text", "wanted"), RECOUNTS)
def test_the_count_of_a_second_observer_stands_beside_the_first(text, wanted):
    ish = patient(HEAD + BIOPSY + "HER2 2+. " + text)["specimens"][0]["ish"]
    assert ish["recount"] == wanted
    assert (ish["her2_cep17_ratio"], ish["cells_counted"]) == ("1.6", 40)


@pytest.mark.parametrize(
    "text",
    [
        "HER2 IHC 2+, confirmed by a second pathologist. FISH ratio 1.4, HER2 2.9, 40 cells.",
        "HER2 IHC 2+ (agreed by a second pathologist), FISH ratio 1.4, HER2 2.9, 40 cells.",
        "HER2 IHC 2+; another reader agrees; FISH (group 5): 40 cells counted, ratio 1.4, HER2 2.9.",
    ],
)
def test_a_second_reader_of_the_stain_counts_nothing(text):
    ish = patient(HEAD + BIOPSY + text)["specimens"][0]["ish"]
    assert "recount" not in ish
    assert ish["cells_counted"] == 40


@pytest.mark.parametrize(
    "text",
    [
        "HER2 IHC 1+, not eligible.",
        "HER2 IHC 1+, FISH could not be evaluated.",
        "HER2 IHC 1+ so not suitable for the drug.",
    ],
)
def test_what_is_refused_behind_a_result_takes_nothing_from_it(text):
    sample = patient(HEAD + BIOPSY + text)["specimens"][0]
    assert (sample["kind"], sample["collected"], at(sample, "ihc.score")) == ("biopsy", "2026-09-14", "1+")


@pytest.mark.parametrize(
    "text",
    [
        "If HER2 IHC 1+, FISH could be evaluated.",
        "HER2 IHC 1+ would be eligible.",
        "HER2 IHC 1+ might be enough, the trial says.",
    ],
)
def test_what_is_only_supposed_is_no_result(text):
    assert all("ihc" not in one for one in patient(HEAD + BIOPSY + "carcinoma. " + text).get("specimens", []))


@pytest.mark.parametrize(
    "text",
    [
        "HER2 2+. FISH attempted, hybridization failure x 2.",
        "HER2 2+. FISH could not be evaluated.",
        "HER2 2+. ISH was put up in error: <20 evaluable nuclei, no result issued.",
    ],
)
def test_an_ish_without_a_result_has_failed(text):
    told = patient(HEAD + BIOPSY + text)
    assert (at(told, "specimens.0.ihc.score"), at(told, "specimens.0.ish.result")) == ("2+", "failed")


def test_the_score_that_stands_for_the_shares_before_it_is_taken():
    told = patient(HEAD + "HER2:\n - Mastectomy 2022, our lab: 3+ in 20%, 2+ in 30%, rest 0/1+. So called 3+ (>= 10%).")
    assert at(told, "specimens.0.ihc.score") == "3+"


def test_the_letter_behind_the_name_of_the_test_is_that_of_the_specimen():
    told = patient(
        "Pathology report 12 November 2026\nSpecimen A: left breast core. Specimen B: left breast core, second lump.\n"
        "HER2 IHC A: 3+. HER2 IHC B: 1+."
    )
    assert [at(one, "ihc.score") for one in told["specimens"]] == ["3+", "1+"]
