"""Amplification in plasma under the rules of each tumour: never a status, always said, with the next test."""

from typing import Any

import pytest

from guidelines.cases import SCORING, TODAY, all_guidelines, golden, guideline
from her2nav.interpret import interpret_patient
from her2nav.interpret.results import PatientHer2
from her2nav.model.patient import Patient


def read(folder: str, *specimens: dict[str, Any]) -> PatientHer2:
    scoring = SCORING.get(folder, "gastric")
    patient = Patient.model_validate({"specimens": list(specimens)})
    return interpret_patient(patient, scoring=scoring, guideline=guideline(folder), as_of=TODAY)


def plasma(call: str, **more: Any) -> dict[str, Any]:
    ngs = {
        "assay": "Guardant360",
        "matrix": "plasma",
        "amplification_call": call,
        "genes_covered": more.pop("genes", []),
    }
    return {"id": "p1", "kind": "blood", "collected": "2026-10-01", "ngs": ngs, **more}


def tissue(folder: str, result: str) -> dict[str, Any]:
    """Return a biopsy with an IHC score, and with an ISH that shows no amplification where the row says so."""
    score, _, copies = result.partition(" ")
    ihc = {"score": score, "scoring": SCORING.get(folder, "gastric")}
    found = {"id": "t1", "kind": "biopsy", "collected": "2025-01-01", "ihc": ihc}
    if copies == "not_amplified":
        found["ish"] = {"method": "dual_probe", "her2_cep17_ratio": "1.1", "her2_copy_number": "2.2"}
    return found


def codes(items: Any) -> set[str]:
    return {item.code for item in items}


@pytest.mark.parametrize("row", golden("plasma"))
def test_golden_rows(row: dict[str, str]) -> None:
    folder = row["tumour"]
    genes = ["ERBB2"] if row["plasma"] == "failed" else []
    specimens = [plasma(row["plasma"], genes=genes)]
    if row["tissue"] != "none":
        specimens.insert(0, tissue(folder, row["tissue"]))
    result = read(folder, *specimens)
    assert result.overall.status.value == row["status"]
    assert (result.plasma.value == "amplified") == (row["plasma"] == "amplified")
    raised = {code for code in codes(result.flags) if "plasma" in code}
    assert raised == set(row["flags"].split())
    assert not row["next"] or row["next"] in codes(result.next_tests)
    assert row["next"] == "reflex_tissue_ngs" or "reflex_tissue_ngs" not in codes(result.next_tests)


@pytest.mark.parametrize("one", [one for one in all_guidelines() if one.definitions], ids=lambda one: one.id)
def test_every_tumour_with_rules_says_what_plasma_means(one: Any) -> None:
    assert len(one.plasma) == 2


def test_plasma_is_known_as_blood_where_the_record_does_not_say_so() -> None:
    alone = {"ngs": {"matrix": "plasma", "amplification_call": "amplified"}}
    result = read("breast", tissue("breast", "1+"), alone)
    assert result.specimens[1].kind == "blood"
    assert "newer_tissue_untested" not in codes(result.flags)
    assert result.overall.specimen == "/specimens/0"


def test_a_later_clear_plasma_sample_does_not_take_a_finding_back() -> None:
    result = read("gastric", plasma("amplified"), plasma("not_amplified") | {"id": "p2", "collected": "2026-11-01"})
    assert result.plasma.value == "amplified"
    assert result.plasma.specimens == ("/specimens/0",)
    assert "p1, 2026-10-01, Guardant360" in result.plasma.clinical


def test_tissue_sequencing_after_amplification_gives_the_reason_that_holds() -> None:
    result = read("breast", plasma("amplified", genes=["ERBB2"]))
    assert [step.code for step in result.next_tests] == ["order_IHC_after_plasma", "tissue_ngs_for_variant"]


def test_a_tissue_amplified_sample_is_no_plasma_finding() -> None:
    both = tissue("colorectal", "2+") | {"ngs": {"matrix": "tissue", "amplification_call": "amplified"}}
    result = read("colorectal", both)
    assert result.plasma.value == "unknown"
    assert not result.plasma.meaning
