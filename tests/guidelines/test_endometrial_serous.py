"""Endometrial serous carcinoma: golden rows, and the gastric answer beside them."""

import pytest

from guidelines.cases import codes, golden, interpret, steps

ISH = {
    "not_done": None,
    "ratio_ge2": {"her2_cep17_ratio": "2.0", "her2_copy_number": "5.0"},
    "ratio_lt2_cn_ge6": {"her2_cep17_ratio": "1.99", "her2_copy_number": "6.0"},
    "ratio_lt2_cn_lt6": {"her2_cep17_ratio": "1.99", "her2_copy_number": "5.99"},
}
STATUS = {
    "POSITIVE": ("positive", True),
    "NEGATIVE": ("negative", True),
    "EQUIVOCAL": ("equivocal", False),
    "POSITIVE_PROPOSED_ONLY": ("positive", False),
}


@pytest.mark.parametrize("row", golden("endometrial_serous/status"))
def test_status(row: dict[str, str]) -> None:
    ihc = {"score": row["membranous_intensity_score"], "percent_cells": row["pct_cells"]}
    result = interpret("endometrial_serous", kind="resection", ihc=ihc, ish=ISH[row["ish"]])
    assert (result.status.value, result.status.final) == STATUS[row["status"]]
    assert result.extra["serous"].outcome.upper() == row["status"]
    told = codes(result) | steps(result)
    assert row["action"] in told | {"none"}


def test_both_answers_are_kept_where_the_percentages_differ() -> None:
    ihc = {"intensity": "intense", "completeness": "complete", "percent_cells": "20"}
    result = interpret("endometrial_serous", kind="resection", ihc=ihc)
    assert result.ihc_by_scoring == {"endometrial_serous": {"2+"}, "gastric": {"3+"}}
    assert result.extra["serous"].value == "equivocal"
    assert result.extra["gastric"].value == "positive"
    assert "definitions_differ" in codes(result)


def test_a_gastric_score_is_not_a_serous_score() -> None:
    result = interpret("endometrial_serous", kind="resection", ihc={"score": "3+", "scoring": "gastric"})
    assert result.status.value == "unknown"
    assert result.extra["gastric"].value == "positive"
    assert "scored_by_other_rules" in codes(result)
