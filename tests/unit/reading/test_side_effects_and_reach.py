"""Side effects let in, metastases beyond a place, mixtures, purposes, names of classes; in words of our own."""

from __future__ import annotations

from typing import Any

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_knowledge())


def bare(value: Any) -> Any:
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key != "span"}
    return [bare(part) for part in value] if isinstance(value, list) else value


def read(reader: Reader, text: str, section: str = "exclusion") -> Any:
    heading = "Exclusion Criteria" if section == "exclusion" else "Inclusion Criteria"
    (found,) = [one for one in reader.read(f"{heading}:\n\n* {text}", ()).criteria if one.role == "decides"]
    return bare(write(found.node))


def recovered(*let_in: dict[str, Any]) -> dict[str, Any]:
    return {"toxicity_recovery": {"max_grade": 1, "exceptions": [*let_in]}}


ALOPECIA = {"name": "alopecia"}
NEUROPATHY = {"name": "peripheral_neuropathy", "max_grade": 2}
MORE = {"unread": {"note": "which other side effects are let in is not read"}}


def test_side_effects_let_in_by_a_sentence_of_their_own(reader: Reader) -> None:
    text = "Side effects of earlier drugs not resolved to grade 1. Exceptions: alopecia and grade 2 neuropathy"
    assert read(reader, text) == recovered(ALOPECIA, NEUROPATHY)


@pytest.mark.parametrize(
    "more",
    ["or stable grade 2 toxicities that the new drug is not known for", "or any other toxicity that is no safety risk"],
)
def test_more_side_effects_that_no_name_tells_leave_the_demand_open(reader: Reader, more: str) -> None:
    text = f"Toxicity of earlier drugs not resolved to grade 1, with the exception of alopecia, {more}"
    assert read(reader, text) == {"any_of": [recovered(ALOPECIA), MORE]}


def test_a_grade_in_front_of_a_name_is_that_of_the_name(reader: Reader) -> None:
    text = "Toxicity of earlier drugs must have resolved to grade 1, except alopecia, grade 2 neuropathy"
    assert read(reader, text, "inclusion") == recovered(ALOPECIA, NEUROPATHY)


def test_what_stands_behind_the_bracket_is_not_let_in(reader: Reader) -> None:
    text = "Toxicity of earlier drugs not resolved to grade 1 (except alopecia) or active infection"
    active = {"infection": {"severity": "any_active"}}
    assert read(reader, text) == {"not": {"any_of": [{"not": recovered(ALOPECIA)}, active]}}


def test_another_grade_behind_the_bracket_is_let_in(reader: Reader) -> None:
    text = "Toxicity of earlier drugs must have resolved to grade 1 (except alopecia), or neuropathy ≤ grade 2"
    assert read(reader, text, "inclusion") == recovered(ALOPECIA, NEUROPATHY)


@pytest.mark.parametrize("beyond", ["not limited to", "outside", "beyond"])
def test_metastases_beyond_a_place_are_not_those_of_the_place_alone(reader: Reader, beyond: str) -> None:
    alone = {"metastatic_site": {"any_of": ["peritoneum"], "only": True}}
    spread = {"disease_setting": {"settings": ["metastatic"]}}
    text = f"Metastatic disease {beyond} the peritoneum"
    assert read(reader, text) == {"not": {"all_of": [spread, {"not": alone}]}}


def test_two_parts_of_a_mixture_are_neither_of_them_alone(reader: Reader) -> None:
    found = read(reader, "Mixed SCLC/NSCLC histology")
    assert found == {"not": {"unread": {"note": "a mixture of histologies"}}}


def test_an_illness_behind_a_purpose_is_a_purpose_too(reader: Reader) -> None:
    taken = {"concomitant_medication": {"any_of": ["bisphosphonate"]}}
    asked = {"judgement": {"topic": "whether it was for osteoporosis or hypercalcaemia"}}
    assert read(reader, "Use of bisphosphonates for osteoporosis or hypercalcaemia") == {
        "not": {"all_of": [taken, asked]}
    }


def test_antibodies_behind_their_targets_are_no_class_of_their_own(reader: Reader) -> None:
    text = "Earlier immune checkpoint inhibitors, including anti-PD-1 and anti-CTLA-4 therapeutic antibodies"
    assert read(reader, text) == {"not": {"prior_therapy": {"drugs": ["immune_checkpoint_inhibitor"]}}}


def test_acute_hepatitis_is_not_one_that_has_lasted_for_years(reader: Reader) -> None:
    (part, asked) = read(reader, "Acute viral hepatitis within 1 month")["not"]["all_of"]
    assert asked == {"judgement": {"topic": "whether it is acute"}}
    assert part == {"infection": {"severity": "any_active", "within_days": 30, "agents": ["viral_hepatitis"]}}


def test_any_cancer_treated_for_good_is_let_in_beside_those_named(reader: Reader) -> None:
    let_in = "treated basal cell skin cancer, any malignancy treated with curative intent"
    text = f"No other prior malignancy is allowed except for the following: {let_in}"
    assert read(reader, text, "inclusion") == {
        "not": {"second_malignancy": {"exceptions": ["basal_cell_skin", "curatively_treated_any"]}}
    }
