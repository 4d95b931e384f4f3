"""Counts of lines of which one must hold a treatment, and counts that stand in another order."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from unit.reading.written import bare

READER = reader(load_knowledge())


def read(section: str, entry: str) -> object:
    (tree,) = (bare(write(one.node)) for one in READER.read(f"{section} Criteria:\n\n* {entry}\n").criteria)
    return tree


HELD = {
    "all_of": [
        {"lines_of_therapy": {"min": 1, "max": 2, "of": ["endocrine"]}},
        {"prior_therapy": {"drugs": ["cdk4_6_inhibitor"]}},
    ]
}


@pytest.mark.parametrize(
    "entry",
    [
        "One or two prior endocrine therapies for metastatic disease, one of which must be a CDK4/6 inhibitor",
        "One or up to two prior endocrine therapies for metastatic disease, one of which was a CDK4/6 inhibitor",
        "One or two prior endocrine therapies for metastatic disease, with one in combination with a CDK4/6 inhibitor",
    ],
)
def test_one_of_the_lines_must_hold_a_treatment(entry: str) -> None:
    assert read("Inclusion", entry) == HELD


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        # the setting is that of one of them
        ("Inclusion", "At least two prior regimens, at least one of which was given for metastatic disease"),
        # only those are excluded of whose lines one held it
        ("Exclusion", "Two or more prior lines, one of which included docetaxel"),
    ],
)
def test_what_is_said_of_one_of_the_lines_is_not_said_of_all(section: str, entry: str) -> None:
    assert "lines_of_therapy" not in repr(read(section, entry))


def test_the_greatest_number_may_stand_in_front() -> None:
    once = "prior lines of chemotherapy for metastatic disease"
    entry = f"Up to 4 {once} and at least 1 {once}"
    assert read("Inclusion", entry) == {
        "all_of": [
            {"lines_of_therapy": {"max": 4, "of": ["chemotherapy"]}},
            {"lines_of_therapy": {"min": 1, "of": ["chemotherapy"]}},
        ]
    }


def test_therapy_that_contains_a_drug_is_treatment_with_it() -> None:
    expected = {"not": {"prior_therapy": {"drugs": ["trastuzumab"]}}}
    assert read("Exclusion", "Prior treatment with any therapy that contains trastuzumab") == expected


@pytest.mark.parametrize(
    ("entry", "asked"),
    [
        ("At least 2 prior lines, which must include trastuzumab", {"lines_of_therapy": {"min": 2, "setting": "any"}}),
        ("At least 2 lines which must include one trastuzumab", {"lines_of_therapy": {"min": 2, "setting": "any"}}),
        ("Prior chemotherapy, which must have included trastuzumab", {"prior_therapy": {"drugs": ["chemotherapy"]}}),
    ],
)  # fmt: skip
def test_what_the_treatment_must_include_is_asked_for(entry: str, asked: object) -> None:
    assert read("Inclusion", entry) == {"all_of": [asked, {"prior_therapy": {"drugs": ["trastuzumab"]}}]}


def test_a_target_with_a_stroke_in_its_name_may_share_a_noun() -> None:
    expected = {"not": {"prior_therapy": {"drugs": ["cdk4_6_inhibitor", "pi3k_inhibitor"]}}}
    assert read("Exclusion", "Has received any CDK4/6 or PI3K inhibitor") == expected
