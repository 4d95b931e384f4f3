"""Reports as forms: labels in a column of their own, copies below a gene, blood as a sample, methods written out."""

import pytest

from unit.intake.note_helpers import patient

HEAD = "Report of 14/05/2026\nMetastatic breast cancer.\n"


def samples(words, head=HEAD):
    return patient(head + words).get("specimens", [])


def test_labels_in_a_column_of_their_own():
    (one,) = samples("Specimen\tLiver biopsy\nCollected\t02/05/2026\nHER2 IHC\t2+\nHER2 FISH\tnot amplified\n")
    assert str(one["collected"]) == "2026-05-02"
    assert one["ihc"]["score"] == "2+"
    assert one["ish"]["result"] == "negative"


@pytest.mark.parametrize("method", ["Silver in situ hybridisation", "Chromogenic in situ hybridization", "Dual ISH"])
def test_methods_written_out(method):
    (one,) = samples(f"Core biopsy of the breast of 02/05/2026: HER2 IHC 2+. {method}: amplified.")
    assert one["ish"]["result"] == "positive"


def test_a_test_that_was_not_done_has_no_result_in_the_next_line():
    (one,) = samples("Liver biopsy of 02/05/2026: HER2 IHC 3+. FISH was not performed.\nPositive.\n")
    assert one["ihc"]["score"] == "3+"
    assert "ish" not in one


@pytest.mark.parametrize(
    ("words", "call"), [("not amplified", "not_amplified"), ("none", "not_amplified"), ("amplified", "amplified")]
)
def test_copies_right_below_the_gene(words, call):
    (one,) = samples(
        f"NGS panel (FoundationOne CDx), lung biopsy of 02/05/2026\nERBB2: p.S310F, VAF 17 %\nCopy number: {words}\n",
        "Report of 14/05/2026\nLung adenocarcinoma.\n",
    )
    assert one["ngs"]["amplification_call"] == call


@pytest.mark.parametrize(
    ("words", "percent"),
    [
        ("ER positive 80 %, PR positive, AR 90 %", None),
        ("ER positive 80 %, PR positive, tumour cellularity 30 %", None),
        ("ER positive 80 %, PR positive 30 %", "30"),
    ],
)
def test_a_share_of_something_else_is_none_of_the_receptor(words, percent):
    record = patient(f"{HEAD}Breast biopsy of 02/05/2026: {words}.")
    assert record["biomarkers"]["pr"].get("percent") == percent


@pytest.mark.parametrize(
    ("words", "tumour"),
    [
        ("PRIMARY: stomach, antrum", "gastric"),
        ("Primary site: bladder", "bladder"),
        ("Primary site: stomach or pancreas", None),
        ("Primary tumour: unknown, ovary suspected", None),
    ],
)
def test_the_row_on_the_primary_names_the_tumour(words, tumour):
    record = patient(f"Meeting of 14/05/2026\n{words}\nStage IV\n")
    assert record.get("cancer", {}).get("tumour_type") == tumour
