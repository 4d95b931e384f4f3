"""Lists of washouts, in which each treatment has a time of its own, and other ways to say how long ago."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from unit.reading.written import bare

READER = reader(load_knowledge())


def read(section: str, text: str) -> list[object]:
    found = READER.read(f"{section} Criteria:\n\n* {text}\n").criteria
    return [bare(write(one.node)) for one in found]


CHEMOTHERAPY = {"washout": {"drugs": ["chemotherapy"], "days": 21}}
RADIOTHERAPY = {"not": {"procedure": {"kinds": ["radiotherapy"], "within_days": 13}}}


@pytest.mark.parametrize(
    ("section", "text", "expected"),
    [
        (
            "Inclusion",
            "Washout before the first dose of the study drug:\n  * Chemotherapy: 3 weeks\n  * Radiotherapy: 2 weeks",
            [CHEMOTHERAPY, RADIOTHERAPY],
        ),
        (
            "Exclusion",
            "Treatment within the following windows:\n  * Cytotoxic treatment: 21 days\n  * Radiotherapy: <14 days",
            [CHEMOTHERAPY, {"not": {"procedure": {"kinds": ["radiotherapy"], "within_days": 13}}}],
        ),
        (
            "Exclusion",
            "An inadequate washout, defined as follows:\n  * Cytotoxic treatment: <3 weeks\n  * T-DXd: <6 weeks",
            [CHEMOTHERAPY, {"washout": {"drugs": ["trastuzumab_deruxtecan"], "days": 42}}],
        ),
        (
            "Exclusion",
            "Treatment within the following windows:\n  * Fulvestrant (last injection) <42 days before the study",
            [{"washout": {"drugs": ["fulvestrant"], "days": 42}}],
        ),
    ],
)
def test_each_entry_of_a_list_of_washouts_has_its_own_time(section: str, text: str, expected: list[object]) -> None:
    assert read(section, text) == expected


def test_a_lead_that_asks_for_more_is_kept() -> None:
    found = read(
        "Inclusion",
        "Must have recovered from earlier treatment and have washout as follows:\n  * Chemotherapy: 3 weeks",
    )
    assert "recovery" in repr(found)


def test_a_class_that_is_denied_in_a_list_of_washouts_stays_unread() -> None:
    text = "Anticancer treatment within the following windows:\n  * Non-cytotoxic drugs: 21 days"
    assert "washout" not in repr(read("Exclusion", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 3 weeks must elapse between chemotherapy and initiation of the study drug", CHEMOTHERAPY),
        ("2 weeks must elapse from radiotherapy", RADIOTHERAPY),
        ("Patients who received chemotherapy must have stopped it at least 3 weeks before the study", CHEMOTHERAPY),
    ],
)  # fmt: skip
def test_a_wait_is_read(text: str, expected: object) -> None:
    assert read("Inclusion", text) == [expected]


def test_a_wait_between_a_treatment_and_a_relapse_is_none_before_the_study() -> None:
    text = "At least 5 years have elapsed between the operation and the first metastasis"
    assert "within_days" not in repr(read("Inclusion", text))


def test_those_who_had_a_treatment_and_recovered_need_not_have_waited() -> None:
    text = "Patients who had chemotherapy must have recovered at least 3 weeks before the study"
    assert "washout" not in repr(read("Inclusion", text))


def test_a_bracket_may_part_a_time_from_what_it_is_counted_from() -> None:
    text = "Chemotherapy or radiotherapy < 21 days (6 weeks for nitrosoureas) before registration"
    assert repr(read("Exclusion", text)).count("'days': 21") == 1


def test_part_in_a_study_of_a_new_drug_in_which_it_was_given() -> None:
    kept = {"washout": {"drugs": ["investigational_agent"], "days": 28}}
    for text in (
        "Participation within the last 4 weeks in a trial of an experimental drug",
        "Enrolled in another trial in which use of a study drug occurred within 4 weeks",
    ):
        assert read("Exclusion", text) == [kept]


def test_a_group_of_criteria_of_the_whole_trial_ends_the_exclusions() -> None:
    before = "PATIENT CHARACTERISTICS:\n\nExclusion criteria:\n\n* Stroke\n\n"
    text = before + "PRIOR CONCURRENT THERAPY:\n\n* No prior paclitaxel\n* At least 3 weeks since chemotherapy\n"
    found = [bare(write(one.node)) for one in READER.read(text).criteria]
    assert found[1:] == [{"not": {"prior_therapy": {"drugs": ["paclitaxel"]}}}, CHEMOTHERAPY]
