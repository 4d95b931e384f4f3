"""Breast: every golden row of the domain file, entered as a specimen."""

from typing import Any

import pytest

from guidelines.cases import called, codes, golden, interpret, steps

SCORE_OF = {"0_no_staining": "0", "0_faint_le10": "0", "0_unspecified": "0"}
RECOUNTED = {
    "G1": ("2.2", "4.5"),
    "G2": ("2.2", "3.5"),
    "G3": ("1.8", "6.5"),
    "G4": ("1.8", "5.0"),
    "G5": ("1.5", "3.0"),
}


def ihc_of(subscore: str) -> dict[str, Any] | None:
    if subscore == "unknown":
        return None
    zero = {"0_no_staining": "no_staining", "0_faint_le10": "faint_le10"}.get(subscore)
    return {"score": SCORE_OF.get(subscore, subscore), "scoring": "breast"} | ({"zero_subtype": zero} if zero else {})


def ish_of(result: str) -> dict[str, Any] | None:
    if result in RECOUNTED:
        ratio, copies = RECOUNTED[result]
        return {"method": "dual_probe", "her2_cep17_ratio": ratio, "her2_copy_number": copies}
    single = {"SP_ge6": "6.0", "SP_4to6": "5.99", "SP_lt4": "3.99"}
    if result in single:
        return {"method": "single_probe", "her2_copy_number": single[result]}
    words = {
        "failed": "failed",
        "reported_pos": "positive",
        "reported_neg": "negative",
        "reported_equivocal": "equivocal",
    }
    return {"result": words[result]} if result in words else None


@pytest.mark.parametrize("row", golden("breast/ihc"))
def test_scores_ihc_from_its_staining(row: dict[str, str]) -> None:
    ihc = {
        "intensity": row["intensity"],
        "percent_cells": row["pct_cells"],
        "completeness": row["completeness"] or None,
    }
    result = interpret("breast", collected="2025-01-01", ihc=ihc)
    if row["score"] == "OUTSIDE_DEFINITION":
        assert result.ihc == {"1+", "2+", "3+"}
        assert not result.status.final
        assert "ask_pathologist" in steps(result)
    else:
        assert result.ihc == {row["subscore"]}
        assert result.ihc_called == (row["subscore"],)
    assert not row["flag"] or row["flag"] in codes(result)


@pytest.mark.parametrize("row", golden("breast/ish_groups"))
def test_groups_dual_probe_ish(row: dict[str, str]) -> None:
    ish = {
        "method": "dual_probe",
        "her2_cep17_ratio": row["her2_cep17_ratio"],
        "her2_copy_number": row["avg_her2_copies"],
    }
    result = interpret("breast", collected="2025-01-01", ish=ish)
    assert f"G{result.ish_group}" == row["group"]


@pytest.mark.parametrize("row", golden("breast/recount"))
def test_reads_the_blinded_recount(row: dict[str, str]) -> None:
    ish = ish_of(row["initial_group"])
    assert ish is not None
    ish["recount"] = {"group": int(row["recount_group"][1]), "blinded": True, "cells": 20}
    result = interpret("breast", collected="2025-01-01", ihc=ihc_of(row["ihc"]), ish=ish)
    value, final = called(row["final_status"])
    assert (result.status.value, result.status.final) == (value, final)
    assert result.expression.value == called(row["expression_category"])[0]
    assert not row["flag"] or row["flag"] in codes(result)
    assert result.status.rules[0].id == row["id"]


@pytest.mark.parametrize("dated", ["2025-03-01", None])
@pytest.mark.parametrize("row", golden("breast/master"))
def test_master_table(row: dict[str, str], dated: str | None) -> None:
    result = interpret("breast", collected=dated, ihc=ihc_of(row["ihc"]), ish=ish_of(row["ish"]))
    value, final = called(row["asco_cap_status"])
    assert (result.status.value, result.status.final) == (value, final)
    assert result.expression.value == called(row["expression_category"])[0]
    assert result.status.rules[0].id == row["id"]
    assert set(filter(None, row["flag"].split(";"))) <= codes(result)
    assert {step for step in row["action"].split("; ") if step != "none"} <= steps(result)
