"""Which sample a HER2 result belongs to, where the sentence names several or the words stand on either side."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient

HEAD = "Oncology clinic 12 November 2026.\nInvasive breast cancer.\n"


def told(text):
    """Return kind, site, day, score, ISH result and ratio of every sample."""
    return {
        (
            one.get("kind"),
            one.get("site"),
            one.get("collected"),
            one.get("ihc", {}).get("score"),
            one.get("ish", {}).get("result"),
            one.get("ish", {}).get("her2_cep17_ratio"),
        )
        for one in patient(HEAD + text).get("specimens", [])
    }


PAIRS = [
    (
        "Receptors on residual tumour: HER2 0, against HER2 2+ ISH+ at diagnosis.",
        {("resection", "primary", None, "0", None, None), (None, "primary", None, "2+", "positive", None)},
    ),
    (
        "HER2 was 2+ (ISH+) at diagnosis and 0 on the residual tumour.",
        {("resection", "primary", None, "0", None, None), (None, "primary", None, "2+", "positive", None)},
    ),
    (
        "HER2 results: biopsy (Jan 2023) 2+/FISH-; mastectomy (Aug 2023) 1+; chest wall recurrence (May 2025) 0.",
        {
            ("biopsy", "primary", "2023-01", "2+", "negative", None),
            ("resection", "primary", "2023-08", "1+", None, None),
            (None, "local_recurrence", "2025-05", "0", None, None),
        },
    ),
    (
        "On the core biopsy HER2 was 2+, and FISH was amplified (ratio 4.2), and in the residual disease HER2 was 1+.",
        {("biopsy", None, None, "2+", "positive", "4.2"), ("resection", "primary", None, "1+", None, None)},
    ),
    (
        "HER2 was negative on the pre-treatment biopsy (IHC score 1+) and remains so on the resection (IHC score 0).",
        {("biopsy", None, None, "1+", None, None), ("resection", None, None, "0", None, None)},
    ),
    (
        "It is HER2 2+ with FISH amplified, whereas the breast primary removed in 2018 was HER2 negative (1+).",
        {(None, None, None, "2+", "positive", None), (None, "primary", "2018", "1+", None, None)},
    ),
    (
        "HER2 is 0 on both the core biopsy (Jan 2024) and the excision (Mar 2024).",
        {("biopsy", None, "2024-01", "0", None, None), ("resection", None, "2024-03", "0", None, None)},
    ),
    (
        "HER2 (2019): 1+; HER2 (2024): 0.",
        {(None, None, "2019", "1+", None, None), (None, None, "2024", "0", None, None)},
    ),
    (
        "Left breast cancer 2011, HER2 1+. Right breast cancer 2026: HER2 3+.",
        {(None, "primary", "2011", "1+", None, None), (None, "primary", "2026", "3+", None, None)},
    ),
]


@pytest.mark.parametrize(("text", "expected"), PAIRS, ids=[text[:50] for text, _ in PAIRS])
def test_every_result_stands_with_its_sample(text, expected):
    assert told(text) == expected


def test_what_treatment_left_does_not_become_the_core():
    for one in patient(HEAD + "HER2 status: core amplified, residual 1+/FISH neg.").get("specimens", []):
        assert one["kind"] != "biopsy" or not ({"ihc", "ish"} & one.keys())


def test_a_biopsy_further_on_does_not_take_the_result_of_the_first_tumour():
    text = "Her original tumour in 2018 was HER2 1+, and the skin recurrence in 2024 was not tested."
    assert [(one.get("collected"), one.get("site")) for one in patient(HEAD + text)["specimens"]] == [
        ("2018", "primary")
    ]


def test_the_word_for_an_earlier_tumour_is_kept_beside_a_measured_sample():
    text = "Left breast cancer 2011, triple negative. Right breast cancer 2026: HER2 3+."
    found = [(one["collected"], one.get("her2_reported"), one.get("ihc")) for one in patient(HEAD + text)["specimens"]]
    assert sorted(found, key=str) == [("2011", "negative", None), ("2026", None, {"score": "3+"})]


def test_the_disease_called_positive_is_no_sample_of_its_own():
    text = "Metastatic HER2 positive breast cancer, first diagnosed in March 2021. Liver biopsy 6 May 2023: HER2 3+."
    assert [one.get("her2_reported") for one in patient(HEAD + text)["specimens"]] == [None]


def test_an_antibody_stays_with_the_sample_it_is_named_for():
    text = "Gastrectomy 3 December 2025. HER2 (HercepTest): 1+. Biopsy 20 August 2025: HER2 2+."
    found = {one["kind"]: one["ihc"].get("assay") for one in patient(HEAD + text)["specimens"]}
    assert found == {"resection": "HercepTest", "biopsy": None}


def test_the_name_of_a_cell_block_means_the_one_that_was_called_so():
    text = (
        "Pleural tap 12 August 2026, cell block: HER2 IHC 2+, FISH not amplified.\n"
        "Liver core 19 August 2026: HER2 0.\n\nHER2-low (cell block 2+/FISH neg)."
    )
    assert {(one["kind"], one["ihc"]["score"]) for one in patient(HEAD + text)["specimens"]} == {
        ("cytology_block", "2+"),
        ("biopsy", "0"),
    }


def test_a_dual_probe_is_told_by_the_name_of_the_test():
    (one,) = patient(HEAD + "HER2 D-DISH: not amplified.")["specimens"]
    assert one["ish"] == {"result": "negative", "method": "dual_probe"}


def sequenced(text):
    """Return kind, amplification call and ERBB2 variants of every sample."""
    return {
        (
            one.get("kind"),
            one.get("ngs", {}).get("amplification_call"),
            *(variant.get("hgvs") for variant in one.get("ngs", {}).get("variants", []) if isinstance(variant, dict)),
        )
        for one in patient(HEAD + text).get("specimens", [])
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ERBB2 D769H (VAF 30%) on tissue NGS; ctDNA negative for ERBB2 amplification.",
            {(None, None, "p.D769H"), ("blood", "not_amplified")},
        ),
        (
            "ctDNA in January 2026: no ERBB2 alteration; tissue NGS of 2024: ERBB2 amplified.",
            {(None, "amplified"), ("blood", None)},
        ),
        (
            "ERBB2 G778_P780dup detected in tissue, not detected in plasma on sequencing.",
            {(None, None, "p.G778_P780dup")},
        ),
        ("NGS on the resection failed; repeated on the biopsy: ERBB2 V777L 18%.", {("biopsy", None, "p.V777L")}),
        ("ERBB2 S310F lost in the second plasma sample.", set()),
        ("EGFR exon 20 insertion with VAF 12%; ERBB2 not mutated.", set()),
    ],
)
def test_tissue_and_plasma_in_one_sentence_keep_their_own_results(text, expected):
    assert sequenced(text) == expected


def test_a_panel_without_a_sample_does_not_become_the_plasma_of_the_next_sentence():
    text = "Oncomine: ERBB2 V777L, VAF 21%. Plasma cfDNA 3 May 2025: same ERBB2 mutation, VAF 1.4%."
    found = [(one.get("kind"), one["ngs"].get("assay")) for one in patient(HEAD + text)["specimens"]]
    assert set(found) == {(None, "Oncomine"), ("blood", None)}


NUMBERED = "Sample 1: block A2, sigmoid resection, obtained 4 March 2026\nSample 2: whole blood, drawn 9 April 2026\n\n"


def test_the_letter_of_a_block_beside_a_number_is_no_other_sample():
    found = told(NUMBERED + "Staining of Sample 1 (block A2)\nHER2 IHC: 2+")
    assert ("resection", "2+") in {(kind, score) for kind, _, _, score, _, _ in found}
    assert ("blood", "2+") not in {(kind, score) for kind, _, _, score, _, _ in found}


def test_rows_under_tissue_and_plasma_tell_each_sample_its_own_copies():
    rows = (
        "            Tissue          Plasma\nERBB2 amplification    PRESENT, 18 copies     PRESENT, copy number 3.9\n"
    )
    held = patient(HEAD + NUMBERED + "Sequencing panel\nFINDINGS\n" + rows)["specimens"]
    copies = {(one["kind"], one["ngs"]["erbb2_copy_number"]) for one in held}
    assert copies == {("resection", "18"), ("blood", "3.9")}
