"""Sentences that name HER2 and hold no result of the patient; `her2_no_result.txt` is older than the rules for them."""

from pathlib import Path

import pytest

from unit.intake.note_helpers import patient

SENTENCES = (Path(__file__).parent / "her2_no_result.txt").read_text().splitlines()
HEADS = (
    "Pathology report 12 June 2026\nLiver biopsy of 5 June 2026: metastatic breast carcinoma.\n",
    "Oncology clinic 12 June 2026\nMetastatic breast cancer. Liver biopsy 5 June 2026.\n",
)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_result(sentence, head):
    for sample in patient(f"{head}{sentence}\n").get("specimens", ()):
        assert "score" not in sample.get("ihc", {})
        assert sample.get("ish", {}).get("result") in (None, "failed", "indeterminate")
        assert not {"her2_cep17_ratio", "her2_copy_number"} & set(sample.get("ish", {}))
        assert "her2_reported" not in sample
        assert "amplification_call" not in sample.get("ngs", {})


@pytest.mark.parametrize("head", HEADS)
def test_results(head):
    (sample,) = patient(f"{head}HER2 IHC 2+. FISH ratio 2.3, amplified. Controls as expected.\n")["specimens"]
    assert (sample["ihc"]["score"], sample["ish"]["result"], sample["ish"]["her2_cep17_ratio"]) == (
        "2+",
        "positive",
        "2.3",
    )
