"""Lines that hold several treatments, treatments that must be among those given, and names behind a setting."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.trial import Role
from unit.reading.written import bare, every

READER = reader(load_knowledge())


def read(entry: str, section: str = "Inclusion") -> object:
    (tree,) = (bare(write(one.node)) for one in READER.read(f"{section} Criteria:\n\n* {entry}\n").criteria)
    return tree


def given(*drugs: str, **params: object) -> dict[str, object]:
    return {"prior_therapy": {"drugs": [*drugs], **params}}


SAME = {"judgement": {"topic": "whether they were given in the same line"}}
ONE = {"lines_of_therapy": {"min": 1, "setting": "any"}}
BOTH = every(ONE, given("taxane"), given("trastuzumab"), SAME)


@pytest.mark.parametrize(
    "entry",
    [
        "At least one prior regimen containing a taxane and trastuzumab",
        "At least one prior line of a taxane in combination with trastuzumab",
        "At least 1 prior regimen must have included a taxane and trastuzumab",
    ],
)
def test_a_line_with_one_of_two_treatments_is_not_enough(entry: str) -> None:
    assert read(entry) == BOTH
    assert read(entry.replace("must have included", "with"), "Exclusion") == {"not": BOTH}


@pytest.mark.parametrize(
    ("entry", "tree"),
    [
        (
            "At least one prior regimen containing a taxane or trastuzumab",
            {"lines_of_therapy": {"min": 1, "setting": "any", "of": ["taxane", "trastuzumab"]}},
        ),
        (
            "At least one prior line of endocrine therapy alone or in combination with a CDK4/6 inhibitor",
            {"lines_of_therapy": {"min": 1, "setting": "any", "of": ["endocrine"]}},
        ),
        (
            "At least 2 prior chemotherapy and/or immunotherapy regimens for metastatic disease",
            {"lines_of_therapy": {"min": 2, "of": ["chemotherapy", "immunotherapy"]}},
        ),
        (
            "One or two prior regimens must have included a taxane",
            every({"lines_of_therapy": {"min": 1, "max": 2, "setting": "any"}}, given("taxane")),
        ),
        (
            "At most three prior chemotherapy regimens including those given in the adjuvant setting",
            {"lines_of_therapy": {"max": 3, "setting": "any", "of": ["chemotherapy"]}},
        ),
    ],
)
def test_lines_of_one_sort_or_another(entry: str, tree: object) -> None:
    assert read(entry) == tree


@pytest.mark.parametrize(
    ("entry", "tree"),
    [
        (
            "Prior treatment must have included both an anthracycline and a taxane",
            every(given("anthracycline"), given("taxane")),
        ),
        ("Earlier chemotherapy should have contained a taxane", given("taxane")),
        ("Prior exposure to a taxane in the localised or metastatic setting", given("taxane")),
    ],
)
def test_treatments_that_must_be_among_those_given(entry: str, tree: object) -> None:
    assert read(entry) == tree


def test_what_treatment_may_include_is_asked_of_nobody() -> None:
    found = READER.read("Inclusion Criteria:\n\n* Prior treatment may have included a taxane\n").criteria
    assert not any("prior_therapy" in repr(write(one.node)) for one in found if one.role is Role.DECIDES)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("HER2-positive breast cancer", "her2_status"), ("triple-negative breast cancer", "hormone_receptor")],
)
def test_a_status_behind_the_setting_is_read_by_itself(name: str, kind: str) -> None:
    tree = repr(read(f"At least two prior lines for metastatic {name}"))
    assert "'lines_of_therapy': {'min': 2}" in tree
    assert kind in tree
    assert "unread" not in tree


def test_a_setting_behind_the_status_binds_the_lines() -> None:
    assert "'lines_of_therapy': {'min': 1}" in repr(
        read("At least one line for HER2-positive metastatic breast cancer")
    )


def test_a_demand_behind_examples_is_none_of_them() -> None:
    tree = read("At least 28 days since major surgery such as thoracotomy and must not have wound dehiscence")
    assert "non_healing_wound" in repr(tree)


@pytest.mark.parametrize(
    ("section", "entry", "tree"),
    [
        (
            "Inclusion",
            "One or more lines for metastatic disease as well as prior endocrine therapy",
            every({"lines_of_therapy": {"min": 1}}, given("endocrine")),
        ),
        (
            "Inclusion",
            "At least 2 prior lines for metastatic disease and have received a taxane",
            every({"lines_of_therapy": {"min": 2}}, given("taxane")),
        ),
        (
            "Exclusion",
            "More than 2 prior lines of chemotherapy or prior treatment with an anti-PD-1 antibody",
            {
                "not": {
                    "any_of": [
                        {"lines_of_therapy": {"min": 3, "setting": "any", "of": ["chemotherapy"]}},
                        given("anti_pd1"),
                    ]
                }
            },
        ),
    ],
)
def test_a_treatment_beside_a_number_of_lines_is_no_line_that_is_counted(
    section: str, entry: str, tree: object
) -> None:
    assert read(entry, section) == tree
