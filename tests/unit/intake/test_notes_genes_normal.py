"""Genes that are said to be unchanged in words of their own; allergies by name; what drugs did to a gland."""

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Clinic 19 October 2026\nLung adenocarcinoma.\n"


@pytest.mark.parametrize(
    "words",
    [
        "No ALK or ROS1 rearrangement.",
        "ALK and ROS1 rearrangements were not found.",
        "ALK, ROS1 and RET rearrangements: none.",
        "There was no rearrangement of ALK or ROS1.",
        "Without evidence of a fusion of ALK or ROS1.",
    ],
)
def test_no_rearrangement(words):
    told = patient(HEAD + words)
    assert (at(told, "biomarkers.alk"), at(told, "biomarkers.ros1")) == ("wild_type", "wild_type")


@pytest.mark.parametrize(
    "words",
    [
        "ALK rearrangement not excluded.",
        "ALK rearrangement testing was not requested.",
        "ALK fusion detected.",
        "ALK and ROS1 rearrangements are pending.",
        "No result for ALK yet.",
    ],
)
def test_nothing_is_said_against_a_rearrangement(words):
    assert at(patient(HEAD + words), "biomarkers.alk") != "wild_type"


@pytest.mark.parametrize("words", ["Germline BRCA1 and BRCA2 normal.", "BRCA1 and BRCA2 germline testing was normal."])
def test_inherited_genes_that_are_normal(words):
    told = patient(HEAD + words)
    assert (at(told, "biomarkers.brca1"), at(told, "biomarkers.brca2")) == ("wild_type", "wild_type")


@pytest.mark.parametrize("words", ["TP53 expression normal.", "Renal function normal, BRCA1 not tested."])
def test_other_things_that_are_normal(words):
    told = patient(HEAD + words)
    assert (at(told, "biomarkers.tp53"), at(told, "biomarkers.brca1")) != ("wild_type", "wild_type")
    assert at(told, "biomarkers.tp53") is None


@pytest.mark.parametrize(
    ("words", "substances"),
    [
        ("Sulfa allergy. Never smoker.", ["sulfonamide antibiotic"]),
        ("Penicillin allergy.", ["penicillin"]),
        ("Allergy: penicillin listed in the old file - patient denies, has had amoxicillin since.", []),
        ("No latex allergy.", []),
    ],
)
def test_allergies(words, substances):
    assert [one["substance"] for one in patient(HEAD + words).get("allergies") or []] == substances


def test_a_gland_that_a_drug_put_out_of_work_is_both():
    told = patient(HEAD + "Hypothyroidism from pembrolizumab (November 2025), now on thyroxine.")
    assert told["toxicities"][0]["due_to"] == "pembrolizumab"
    assert told["conditions"][0]["name"] == "hypothyroidism"


@pytest.mark.parametrize(
    ("words", "drug"),
    [
        ("Tingling in the toes grade 1 which she has had since the docetaxel.", "docetaxel"),
        ("Hearing loss grade 1, persistent, related to cisplatin.", "cisplatin"),
    ],
)
def test_what_a_side_effect_is_due_to(words, drug):
    assert patient(HEAD + words)["toxicities"][0]["due_to"] == drug
