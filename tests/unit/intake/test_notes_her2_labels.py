"""Several samples in one breath or one list: the words beside each score tell them apart, and nothing is mixed up."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient, read

HEAD = "Oncology clinic 12 November 2026.\nInvasive breast cancer.\n"


def samples(text):
    return [
        (
            one.get("kind"),
            one.get("site"),
            one.get("organ"),
            one.get("collected"),
            one.get("ihc", {}).get("score"),
            one.get("ish", {}).get("result"),
        )
        for one in patient(HEAD + text).get("specimens", [])
    ]


def test_labels_before_the_scores():
    assert samples(
        "Initial biopsy in 2021 showed HER2 2+ with non-amplified FISH; the recurrence in 2024 was HER2 1+ "
        "and the liver biopsy in 2026 was HER2 0."
    ) == [
        ("biopsy", "primary", None, "2021", "2+", "negative"),
        (None, "metastasis", None, "2024", "1+", None),
        ("biopsy", "metastasis", "liver", "2026", "0", None),
    ]


def test_labels_behind_the_scores():
    found = samples("HER2: 1+ (2019, primary), 2+/FISH- (2023, liver).")
    assert [(one[1], one[3], one[4], one[5]) for one in found] == [
        ("primary", "2019", "1+", None),
        ("metastasis", "2023", "2+", "negative"),
    ]


def test_what_stands_in_brackets_stays_with_its_score():
    found = patient(HEAD + "Two foci: focus A is HER2 3+ (90%), focus B is HER2 1+.")["specimens"]
    assert [(one["ihc"]["score"], one["ihc"].get("percent_cells")) for one in found] == [("3+", "90"), ("1+", None)]


def test_ish_that_names_its_sample_goes_to_it():
    found = samples("HER2: core biopsy = 2+, surgical specimen = 1+, FISH on core = 1.2 (negative)")
    assert {(one[0], one[4], one[5]) for one in found} == {("biopsy", "2+", "negative"), ("resection", "1+", None)}


@pytest.mark.parametrize(
    "text",
    [
        "Mass 1: HER2 1+\nMass 2: HER2 3+",
        "HER2 IHC\n- core: 1+\n- excision: 3+",
        "Right breast cancer 2015, HER2 3+. Left breast cancer 2026, HER2 1+.",
        "HER2 status:\nBreast 2019: 1+\nLiver 2024: 3+",
    ],
)
def test_a_list_of_samples(text):
    assert sorted(one[4] for one in samples(text)) == ["1+", "3+"]


def test_a_list_under_a_heading_takes_no_other_stain():
    assert [one[4] for one in samples("HER2 status:\nLiver 2024: 1+\nSwelling: 3+\nER: 3+")] == ["1+"]


@pytest.mark.parametrize(
    "text",
    [
        "Biopsy 2021 HER2 2+; re-read 2026 as 1+.",
        "HER2 1+ reported 3/3/2025, amended to 2+ on 10/3/2025 after review.",
        "HER2 reported as 2+ on 3/3/2025 and as 3+ on 10/6/2025 on the same block.",
    ],
)
def test_two_readings_of_one_sample_are_not_two_samples(text):
    assert len({one[4] for one in samples(text)}) < 2


def test_specimens_that_a_list_numbers():
    found = samples(
        "Specimens:\n S1  Core biopsy of the left breast, 10 Jan 2025\n S2  Mastectomy, 6 Feb 2025\n"
        "HER2:\n S1: 2+\n S2: 0\nFISH was done on S1: not amplified."
    )
    assert found == [
        ("biopsy", "primary", None, "2025-01-10", "2+", "negative"),
        ("resection", "primary", None, "2025-02-06", "0", None),
    ]


def test_a_word_behind_but_is_of_the_next_sample():
    found = samples('My letter says "IHC 2+, FISH not amplified" but the new biopsy from my lung was HER2 positive.')
    assert [(one[4], one[5]) for one in found] == [("2+", "negative")]


def test_shares_of_intensities_are_no_scores():
    record = patient(
        HEAD + "HER2 IHC\nStaining intensity 3+: 15 % of tumour cells\nStaining intensity 2+: 20 % of tumour cells\n"
        "No staining: 65 % of tumour cells\nHER2 IHC score: 3+"
    )
    assert record["specimens"] == [{"ihc": {"score": "3+"}}]


def test_a_central_report_keeps_the_local_result_apart():
    record = patient(
        "CENTRAL LABORATORY REPORT - HER2\nBreast, core biopsy\nHER2 IHC score: 3+\nHER2 status: positive (IHC 3+)\n"
        "Note: the local result was IHC 2+."
    )
    assert {(one["ihc"]["score"], one["ihc"]["laboratory"]) for one in record["specimens"]} == {
        ("3+", "central"),
        ("2+", "local"),
    }


def test_fish_of_another_gene_with_a_ratio_is_not_that_of_her2():
    assert samples("FGFR2 FISH amplified ratio 5.6, HER2 0.") == [(None, None, None, None, "0", None)]


def test_counts_in_columns_are_no_telephone_number():
    reading = read(
        HEAD
        + "HER2 FISH\nAverage HER2 copies per cell   3.4   3.5\nAverage CEP17 copies per cell   1.6   1.6\nRatio 2.13"
    )
    assert reading.patient["specimens"][0]["ish"]["her2_copy_number"] == "3.4"


def test_decalcification_of_a_sample_without_a_result_is_not_given_to_the_one_before():
    record = patient(
        HEAD + "7/20/2018 - Lumpectomy: HER2 1+.\n5/26/2026 - CT-guided bx iliac bone: metastatic carcinoma. "
        "HER2 not performed due to acid decalcification."
    )
    assert all("preanalytics" not in one for one in record["specimens"])
