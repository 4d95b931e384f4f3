"""Colorectal cancer: HERACLES golden rows, entered as specimens."""

import pytest

from guidelines.cases import called, codes, golden, interpret, steps

ISH = {
    "not_done": None,
    "amp": {"her2_cep17_ratio": "2.8", "her2_copy_number": "7.0", "percent_cells_ratio_ge2": "50"},
    "nonamp": {"her2_cep17_ratio": "1.3", "her2_copy_number": "2.5", "percent_cells_ratio_ge2": "49.9"},
}


@pytest.mark.parametrize("kind", ["biopsy", "resection", None])
@pytest.mark.parametrize("row", golden("colorectal/heracles"))
def test_heracles(row: dict[str, str], kind: str | None) -> None:
    ihc = {"score": row["ihc_intensity_score"], "percent_cells": row["pct_cells"], "scoring": "colorectal"}
    result = interpret("colorectal", kind=kind, ihc=ihc, ish=ISH[row["ish_ratio_ge2_in_ge50pct_cells"]])
    heracles = result.extra["heracles"]
    assert (heracles.value, heracles.final) == called(row["heracles_status"])
    assert result.status.value == heracles.value
    assert {step for step in row["action"].split("; ") if step != "none"} <= steps(result)
    if row["heracles_status"] == "NEGATIVE" and row["ish_ratio_ge2_in_ge50pct_cells"] == "amp":
        assert "ish_amp_other_definitions" in codes(result)
        assert result.extra["ish"].value == "amplified"
        assert result.amplification.value == "amplified"
