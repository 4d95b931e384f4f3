"""Results written as signs, and what a note says is absent: genes, viral markers, the brain, the lung."""

import pytest

from unit.intake.note_helpers import patient

HEAD = "Clinic letter, 12 March 2026\nDiagnosis: metastatic lung adenocarcinoma.\n"


def test_genes_with_signs_in_brackets():
    read = patient(HEAD + "EGFR (-), ALK (-), ROS1 (−), KRAS (+).")["biomarkers"]
    assert read == {"egfr": "wild_type", "alk": "wild_type", "ros1": "wild_type", "kras": "mutated"}


@pytest.mark.parametrize("words", ["IHC: EGFR (+), p40 (-).", "Stains: CK7 (+), TTF-1 (+), ALK (-)."])
def test_a_sign_in_a_list_of_stains_is_of_the_protein(words):
    assert "egfr" not in patient(HEAD + words).get("biomarkers", {})
    assert "alk" not in patient(HEAD + words).get("biomarkers", {})


def test_viral_markers_with_hyphens_and_whole_words():
    read = patient(
        HEAD
        + "HBs antigen (-), HBs antibody (+), HBc antibody (+), HBV-DNA not detected, HCV-RNA negative, HIV Ab neg."
    )
    assert read["serology"] == {
        "hbsag": "negative",
        "anti_hbc": "positive", "hbv_dna": "undetectable", "hcv_rna": "negative", "hiv": "negative",
    }  # fmt: skip


@pytest.mark.parametrize(
    "words", ["ILD, past or present: none", "No interstitial pneumonia.", "Interstitial pneumonia: no"]
)
def test_no_inflammation_of_the_lung(words):
    assert patient(HEAD + words)["lung"] == {"ild_history": "none"}


@pytest.mark.parametrize(
    "row", ["Brain: no metastases, MRI 28 February 2026", "Brain (contrast MRI 28 Feb 2026): no metastasis"]
)
def test_the_row_of_a_brain_that_is_free(row):
    assert patient(HEAD + row)["cancer"]["cns"] == {"status": "none", "last_imaging": "2026-02-28"}


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Two untreated brain metastases without symptoms.", "untreated_asymptomatic"),
        ("Brain metastases, not yet irradiated, giving her no trouble.", "untreated_asymptomatic"),
        ("Two untreated brain metastases.", None),
        ("Brain metastases, not asymptomatic, untreated.", None),
        ("Two brain metastases without symptoms.", None),
    ],
)
def test_brain_metastases_that_nobody_treated(words, status):
    assert patient(HEAD + words)["cancer"].get("cns", {}).get("status") == status


def test_short_names_of_the_laboratory():
    read = patient(HEAD + "Labs 10 March 2026: WBC 5.2 x10^9/L, Cre 0.7 mg/dL, AP 90 U/L")["labs"]
    assert {one["name"]: one["value"] for one in read} == {
        "wbc": "5.2",
        "creatinine": "0.7",
        "alkaline_phosphatase": "90",
    }
    assert "labs" not in patient(HEAD + "CT AP 2026: stable.")
