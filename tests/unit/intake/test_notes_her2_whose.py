"""A test that names no gene is that of HER2 only where nothing else can be meant."""

import pytest

from unit.intake.note_helpers import patient

CLINIC = "Oncology clinic 12 November 2026.\n"


def specimens(text):
    """Return the samples with any HER2 result."""
    found = patient(CLINIC + text).get("specimens", [])
    return [one for one in found if {"ihc", "ish", "her2_reported"} & one.keys()]


@pytest.mark.parametrize(
    "text",
    [
        "Lung adenocarcinoma. ALK IHC 1+. FISH neg.",
        "Lung adenocarcinoma. FISH negative for rearrangement.",
        "Lung adenocarcinoma. EGFR wt. FISH positive, ALK rearranged.",
        "Lung adenocarcinoma. FISH: MET/CEP7 ratio 2.5",
        "Lung adenocarcinoma. MET overexpression. IHC 3+.",
        "Lung adenocarcinoma. IHC score 3+ for c-MET in 60%.",
        "Lung adenocarcinoma. TROP2 IHC 3+",
        "Gastric cancer. FISH neg",
        "Gastric cancer. IHC: 2+",
        "Gastric cancer. Claudin 18.2: IHC 2+ in 80%.",
        "Gastric cancer. IHC 3+ for claudin 18.2.",
        "Colon cancer. IHC 3+ (90%)",
        "Ovarian cancer. FRalpha IHC 2+ 80%",
        "Breast cancer. TOP2A/CEP17 ratio 2.4",
    ],
)
def test_the_test_of_another_marker_gives_nothing(text):
    assert specimens(text) == []


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Gastric cancer. FGFR2b IHC 2+/3+ in 20%. HER2 IHC 1+.", "1+"),
        ("Gastric cancer. HER2 IHC 1+\nFGFR2b IHC 3+ 20%\nEBER neg", "1+"),
        ("Gastric cancer. HER2 IHC 0; XYZ-7 IHC 2+.", "0"),
        ("Breast cancer. HER2 1+. Nectin-4 IHC 3+.", "1+"),
        ("Breast cancer. HER2 1+. LMNOP IHC 3+.", "1+"),
        ("Bladder cancer. HER2 IHC 2+; nectin-4 IHC 3+; PD-L1 CPS 10", "2+"),
        ("Biliary cancer. HER2 IHC 3+. MDM2 amplified by FISH, ratio 5.5.", "3+"),
        ("Lung cancer. HER2 IHC 2+. MET/CEP7 ratio 3.1, MET copies 8.", "2+"),
        ("Lung adenocarcinoma. HER2 IHC 1+. ALK FISH neg. ROS1 FISH pos.", "1+"),
    ],
)
def test_what_is_of_her2_stays_alone(text, score):
    (found,) = specimens(text)
    assert found["ihc"]["score"] == score
    assert "ish" not in found


@pytest.mark.parametrize(
    "text",
    ["Breast cancer. Core: IHC 2+, FISH neg.", "Gastric cancer, HER2 known. Core biopsy IHC 2+.\nFISH neg."],
)
def test_where_her2_is_spoken_of_the_gene_may_be_left_out(text):
    (found,) = specimens(text)
    assert found["ihc"]["score"] == "2+"
    assert found["ish"]["result"] == "negative"
