"""Gastric, junction and oesophageal adenocarcinoma: every golden row, entered as a specimen."""

from typing import Any

import pytest

from guidelines.cases import called, codes, golden, interpret, steps

INTENSITY = {"none": ["none"], "faint": ["faint"], "weak_moderate": ["weak", "moderate"], "strong": ["strong"]}
STATUS = {"0": "negative", "1+": "negative", "2+": "equivocal", "3+": "positive"}
ISH = {
    "not_done": None,
    "AMPLIFIED": {"her2_cep17_ratio": "2.4", "her2_copy_number": "7.1"},
    "NOT_AMPLIFIED": {"her2_cep17_ratio": "1.2", "her2_copy_number": "2.4"},
    "INDETERMINATE": {"her2_cep17_ratio": "1.2", "her2_copy_number": "5.0"},
}


@pytest.mark.parametrize("row", golden("gastric/ihc"))
def test_scores_ihc_from_its_staining(row: dict[str, str]) -> None:
    for intensity in INTENSITY[row["membranous_intensity"]]:
        ihc: dict[str, Any] = {"intensity": intensity}
        ihc |= {"percent_cells": row["pct_cells"]} if row["pct_cells"] else {}
        ihc |= {"cluster_cells": row["cluster_cells"]} if row["cluster_cells"] else {}
        result = interpret("gastric", kind=row["specimen"], ihc=ihc)
        assert {score[0] for score in result.ihc_called} == {row["score"][0]}
        assert not row["flag"] or row["flag"] in codes(result)
        assert result.status.value == STATUS[row["score"]]
        assert result.status.final == (row["score"] in ("0", "1+", "3+") and row["flag"] != "lt5_cells_more_tissue")


@pytest.mark.parametrize("row", golden("gastric/ish"))
def test_reads_ish(row: dict[str, str]) -> None:
    ish = {"her2_cep17_ratio": row["ratio"], "her2_copy_number": row["avg_her2_copies"]}
    result = interpret("gastric", kind="biopsy", ihc={"score": "2+", "scoring": "gastric"}, ish=ish)
    if row["ish_result"].startswith("INDETERMINATE"):
        assert result.ish == {"positive", "negative"}
        assert "count_20_more_or_alt_probe" in steps(result)
        assert result.status.value == "indeterminate"
        assert "unverified" in codes(result)
    else:
        assert result.ish == {"positive" if row["ish_result"] == "AMPLIFIED" else "negative"}


@pytest.mark.parametrize("row", golden("gastric/status"))
def test_final_status(row: dict[str, str]) -> None:
    ihc = None if row["ihc"] == "unknown" else {"score": row["ihc"], "scoring": "gastric"}
    result = interpret("gastric", kind="biopsy", ihc=ihc, ish=ISH[row["ish"]])
    assert (result.status.value, result.status.final) == called(row["status"])
    assert row["id"] in [ref.id for ref in result.status.rules]
    assert not row["flag"] or row["flag"] in codes(result)
    assert {step for step in row["action"].split("; ") if step != "none"} <= steps(result)
