"""Waits behind a label, lists of washouts that lost their indent, and times of radiotherapy for one setting."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from unit.reading.written import bare, every

READER = reader(load_knowledge())


def read(text: str) -> list[object]:
    return [bare(write(one.node)) for one in READER.read(text).criteria]


def wait(*drugs: str, days: int) -> dict[str, object]:
    return {"washout": {"drugs": [*drugs], "days": days}}


@pytest.mark.parametrize(
    ("entry", "tree"),
    [
        ("Endocrine therapy: at least 4 weeks", wait("endocrine", days=28)),
        ("Chemotherapy: ≥ 21 days.", wait("chemotherapy", days=21)),
        (
            "Is receiving investigational therapy or has received such therapy within 30 days",
            wait("investigational_agent", days=30),
        ),
        (
            "Any systemic therapy within 4 weeks or, if known, 5 half-lives, whichever is shorter",
            {"washout": {"days": 28, "half_lives": "5", "whichever": "shorter"}},
        ),
    ],
)
def test_a_wait_among_exclusions_is_asked_for(entry: str, tree: object) -> None:
    assert read(f"Exclusion Criteria:\n\n* {entry}\n") == [tree]


def test_a_label_and_a_time_ask_nobody_for_the_treatment() -> None:
    assert "prior_therapy" not in repr(read("Inclusion Criteria:\n\n* Prior chemotherapy: more than 3 weeks\n"))


@pytest.mark.parametrize("heading", ["", "* Prior therapy:\n"])
def test_entries_behind_a_lead_of_washouts_stand_under_it(heading: str) -> None:
    lead = "* Participants must have a washout before the first dose as follows:\n"
    indent = "  " if heading else ""
    entries = f"{indent}* Immunotherapy: at least 4 weeks\n{indent}* Endocrine therapy: at least 2 weeks\n"
    found = read(f"Inclusion Criteria:\n\n{lead}{heading}{entries}* At least 18 years old\n")
    assert wait("immunotherapy", days=28) in found
    assert wait("endocrine", days=14) in found
    assert {"age": {"min": 18}} in found


def test_radiotherapy_for_one_setting_within_a_time() -> None:
    (tree,) = read("Exclusion Criteria:\n\n* Radiotherapy for metastatic disease within 2 weeks before enrolment\n")
    done = {"procedure": {"kinds": ["radiotherapy"], "within_days": 14}}
    assert tree == {"not": every(done, {"judgement": {"topic": "whether the setting was metastatic"}})}


def test_a_setting_at_the_end_may_be_that_of_one_line() -> None:
    entry = "At least 2 lines of anti-HER2 therapy, which should include at least 1 taxane, for metastatic disease"
    (tree,) = read(f"Inclusion Criteria:\n\n* {entry}\n")
    assert "whether the trial means the setting of one of these lines" in repr(tree)


@pytest.mark.parametrize("joint", ["or", ", or", "or,"])
def test_what_is_taken_now_behind_a_time_stands_by_itself(joint: str) -> None:
    entry = f"Use of an investigational drug within 30 days {joint} concurrent treatment with warfarin"
    (tree,) = read(f"Exclusion Criteria:\n\n* {entry}\n")
    now = {"concomitant_medication": {"any_of": ["warfarin"]}}
    assert tree == {"not": {"any_of": [{"not": wait("investigational_agent", days=30)}, now]}}


def test_a_setting_of_the_first_of_two_treatments_is_not_that_of_the_second() -> None:
    entry = "Prior adjuvant endocrine therapy and a CDK4/6 inhibitor in the early stage or metastatic setting"
    assert "prior_therapy" not in repr(read(f"Inclusion Criteria:\n\n* {entry}\n"))
