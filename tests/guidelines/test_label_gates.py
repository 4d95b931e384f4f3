"""Label gates: golden rows, each result entered as a specimen of a fitting tumour."""

from typing import Any

import pytest

from guidelines.cases import golden, guideline, interpret
from her2nav.interpret.gates import judge_gate

FOLDER = {
    "tdxd_agnostic_US_EU": ("agnostic", "gastric"),
    "zanidatamab_BTC_US_EU": ("biliary", "gastric"),
    "tdxd_gastric_US": ("gastric", "gastric"),
    "tdxd_breast_positive_US": ("breast", "breast"),
    "tdxd_breast_low_US": ("breast", "breast"),
    "tdxd_HRpos_low_or_ultralow_US": ("breast", "breast"),
}
POSITIVE = {"method": "dual_probe", "her2_cep17_ratio": "2.5", "her2_copy_number": "7.0"}
NEGATIVE = {"method": "dual_probe", "her2_cep17_ratio": "1.2", "her2_copy_number": "2.4"}


def specimens(result: str) -> list[dict[str, Any]]:
    """Every specimen a golden result stands for."""
    if result == "unknown":
        return [{}]
    if result == "NGS_amp_only":
        return [{"ngs": {"matrix": "tissue", "amplification_call": "amplified"}}]
    zeros = {"0_no_staining": {"zero_subtype": "no_staining"}, "0_faint_le10": {"zero_subtype": "faint_le10"}}
    if result.startswith("0_") or result == "0":
        return [{"ihc": {"score": "0", **zeros.get(result, {})}}]
    scores, _, ish = result.partition("_")
    each = {"ISH+": [POSITIVE], "ISH-": [NEGATIVE], "ISH-or-nd": [NEGATIVE, None], "ISH_unknown": [None]}[
        ish or "ISH_unknown"
    ]
    return [
        {"ihc": {"score": score if "+" in score else "0"}, "ish": one} for score in scores.split("/") for one in each
    ]


@pytest.mark.parametrize("row", golden("label_gates/gates"))
def test_gate(row: dict[str, str]) -> None:
    folder, scoring = FOLDER[row["label_gate"]]
    for given in specimens(row["result"]):
        if "ihc" in given:
            given["ihc"]["scoring"] = scoring
        result = interpret(folder, kind="biopsy", collected="2026-01-01", **given)
        answer, next_steps = judge_gate(row["label_gate"].lower(), result, guideline("label_gates"))
        assert answer.outcome.upper() == row["outcome"]
        assert answer.rules[0].id == row["id"] or row["result"] == "NGS_amp_only"
        if row["outcome"] == "DOES_NOT_MEET" and "low" in row["label_gate"] and row["result"].startswith("0_"):
            assert "review_01_reading" in {step.code for step in next_steps}


def test_an_unsettled_result_meets_no_gate() -> None:
    recount = {"method": "dual_probe", "her2_cep17_ratio": "1.8", "her2_copy_number": "5.0"}
    result = interpret("breast", collected="2026-01-01", ihc={"score": "2+", "scoring": "breast"}, ish=recount)
    for gate in ("tdxd_breast_positive_us", "tdxd_breast_low_us"):
        assert judge_gate(gate, result, guideline("label_gates"))[0].value == "unknown"


def test_the_agnostic_gate_reads_the_gastric_score_of_a_serous_tumour() -> None:
    ihc = {"intensity": "intense", "completeness": "complete", "percent_cells": "20"}
    gates = guideline("label_gates")
    described = interpret("endometrial_serous", kind="resection", ihc=ihc)
    assert judge_gate("tdxd_agnostic_us_eu", described, gates)[0].value == "meets"
    scored = interpret("endometrial_serous", kind="resection", ihc={"score": "3+", "scoring": "endometrial_serous"})
    assert judge_gate("tdxd_agnostic_us_eu", scored, gates)[0].value == "unknown"
