"""Treatment that everybody must have had: one of a class, a whole course, a class among the lines told."""

from __future__ import annotations

from typing import Any

import pytest

from her2nav.criteria.reader import reader
from her2nav.criteria.view import attribute_view
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves

READER = reader(load_knowledge())


def read(entry: str, section: str = "Inclusion") -> list[Any]:
    whole = READER.read(f"{section} Criteria:\n\n* {entry}\n", ("breast",))
    return [leaf for one in whole.criteria for leaf in leaves(one.node)]


def required(entry: str) -> Any:
    return attribute_view(READER.read(f"Inclusion Criteria:\n\n* {entry}\n", ("breast",))).get("prior_required")


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        ("Has had at least one taxane", ["taxane"]),
        ("Earlier treatment with at least one (1) approved anti-HER2 agent", ["anti_her2"]),
        ("Progressed on at least one aromatase inhibitor", ["aromatase_inhibitor"]),
        ("Previously recieved an anthracycline", ["anthracycline"]),
        ("Must have completed neoadjuvant chemotherapy", ["chemotherapy"]),
        ("Patients must have completed at least 6 cycles of trastuzumab", ["trastuzumab"]),
        (
            "Prior treatment with lapatinib, and must have stayed on therapy for at least 3 months before progression",
            ["lapatinib"],
        ),
        (
            "At least one line of endocrine therapy for advanced HR+/HER2- breast cancer, including a CDK4/6 inhibitor",
            ["endocrine", "cdk4_6_inhibitor"],
        ),
    ],
)
def test_is_required(entry: str, names: list[str]) -> None:
    assert sorted(required(entry) or []) == sorted(names)


@pytest.mark.parametrize(
    "entry",
    [
        "Must have completed chemotherapy, if it was given",
        "Must have completed all planned chemotherapy",
        "Must have completed chemotherapy at least 3 weeks before enrolment",
        "Must have completed chemotherapy before registration",
        "Up to two lines for advanced HR+/HER2- breast cancer, including a CDK4/6 inhibitor",
    ],
)
def test_is_not_required(entry: str) -> None:
    assert not {"chemotherapy", "cdk4_6_inhibitor"} & set(required(entry) or [])


def test_whether_a_course_is_complete_a_person_says() -> None:
    found = {leaf.kind for leaf in read("Must have completed adjuvant trastuzumab")}
    assert found == {"prior_therapy", "judgement"}


def test_how_long_until_progression_stays_open() -> None:
    (had, long) = read("Prior lapatinib for at least 3 months before disease progression")
    assert (had.kind, had.params.outcome, long.kind) == ("prior_therapy", "any", "judgement")


def test_inhibitors_that_are_known_to_be_strong_are_strong_ones() -> None:
    (taken,) = read("Concomitant use of known strong CYP3A inhibitors (for example itraconazole)", "Exclusion")
    assert taken.params.any_of == ("strong_cyp3a4_inhibitor",)


@pytest.mark.parametrize(
    "entry",
    [
        "Advanced breast cancer that has progressed on standard therapy",
        "Metastatic disease refractory to standard treatment",
        "Failed standard therapy",
    ],
)
def test_progression_under_the_standard_is_progression_and_a_person_says_which(entry: str) -> None:
    assert {"disease_progression", "judgement"} <= {leaf.kind for leaf in read(entry)}


@pytest.mark.parametrize(
    "entry",
    [
        "Has progressed on standard therapy, cannot tolerate it, or refuses standard therapy",
        "Has progressed on standard therapy, has not responded to it, or has no standard therapy left",
    ],
)
def test_one_of_several_alternatives_is_not_asked_of_everybody(entry: str) -> None:
    assert "disease_progression" not in {leaf.kind for leaf in read(entry)}


@pytest.mark.parametrize(
    "entry", ["Metastatic disease that has progressed since the last treatment", "Progression after the last treatment"]
)
def test_progression_since_the_last_treatment(entry: str) -> None:
    (grown,) = [leaf for leaf in read(entry) if leaf.kind == "disease_progression"]
    assert grown.params.after == "last_therapy"


def test_a_disease_that_progressed_on_a_line_is_told_apart_from_its_setting() -> None:
    kinds = {leaf.kind for leaf in read("Metastatic disease that has progressed on at least one prior line of therapy")}
    assert kinds == {"disease_setting", "lines_of_therapy", "disease_progression"}


def test_major_surgery_as_the_investigator_sees_it_has_its_time() -> None:
    (done,) = read("Major surgery in the opinion of the investigator within 3 weeks before enrolment", "Exclusion")
    assert (done.kind, done.params.major, done.params.within_days) == ("procedure", True, 21)


@pytest.mark.parametrize(
    "entry",
    [
        "To be eligible, patients must have received trastuzumab",
        "To be eligible for this trial, participants should have received trastuzumab",
        "In order to be enrolled, a patient must have had trastuzumab",
    ],
)
def test_what_must_be_to_be_eligible_is_demanded(entry: str) -> None:
    assert required(entry) == ["trastuzumab"]


def test_what_must_be_to_be_eligible_for_one_part_binds_that_part_alone() -> None:
    assert not required("To be eligible for phase 2, patients must have received trastuzumab")


def test_progression_on_the_last_treatment_stands_beside_that_on_another() -> None:
    told = [
        (leaf.kind, getattr(leaf.params, "after", None))
        for leaf in read("Disease progression on trastuzumab and disease progression on the last therapy")
    ]
    assert told == [("prior_therapy", None), ("disease_progression", "last_therapy")]


@pytest.mark.parametrize(
    "entry", ["The washout period for prior chemotherapy is 3 weeks", "Washout period for trastuzumab is 4 weeks"]
)
def test_a_washout_that_is_told_asks_nobody_for_the_treatment(entry: str) -> None:
    assert {leaf.kind for leaf in read(entry)} == {"judgement"}


def test_numbers_and_a_half_in_words() -> None:
    (bound,) = read("ALT greater than two and a half times the upper limit of normal", "Exclusion")
    assert (bound.params.op, str(bound.params.value), bound.params.unit) == (">", "2.5", "xULN")


def test_the_function_of_the_heart_is_asked_of_a_person() -> None:
    entry = "Those treated with cardiotoxic drugs need a risk assessment of cardiac function. To be eligible, patients"
    assert {leaf.kind for leaf in read(f"{entry} should be NYHA class 2B or better")} <= {"judgement", "unread"}
