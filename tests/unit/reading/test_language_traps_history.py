"""Traps of language in what criteria say about a patient's history, and what must never be read into them."""

from typing import Any

import pytest

from her2nav.criteria.reader import reader
from her2nav.criteria.view import attribute_view
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role


def read(section: str, text: str) -> list[Criterion]:
    header = {"in": "Inclusion Criteria", "ex": "Exclusion Criteria"}[section]
    return list(reader(load_knowledge()).read(f"{header}:\n\n* {text}").criteria)


def bare(node: Node) -> Node:
    match node:
        case Leaf():
            return Leaf(node.kind, node.params)
        case AllOf(parts=parts):
            return AllOf(tuple(map(bare, parts)))
        case AnyOf(parts=parts):
            return AnyOf(tuple(map(bare, parts)))
        case Not(part=part):
            return Not(bare(part))
        case When(when=when, then=then):
            return When(bare(when), bare(then))
    return node


def tree(section: str, text: str) -> Any:
    (criterion,) = read(section, text)
    return write(bare(criterion.node))


def attributes(section: str, text: str) -> dict[str, Any]:
    header = {"in": "Inclusion Criteria", "ex": "Exclusion Criteria"}[section]
    return attribute_view(reader(load_knowledge()).read(f"{header}:\n\n* {text}"))


def kinds(criterion: Criterion) -> set[str]:
    return {item.kind for item in leaves(criterion.node)}


def virus(name: str, state: str, **more: str) -> dict[str, Any]:
    return {"viral_infection": {"virus": name, "state": state, **more}}


def test_lg12_three_viruses_are_alternatives_that_must_be_known() -> None:
    expected = {"not": {"any_of": [virus("hiv", "known"), virus("hbv", "known"), virus("hcv", "known")]}}
    assert tree("ex", "Known to be HIV, HBV or HCV positive") == expected


def test_lg14_ild_without_steroids_is_no_bar() -> None:
    assert tree("in", "No history of ILD that required steroids") == {
        "not": {"ild": {"any_of": ["history_with_steroids", "current"]}}
    }


def test_lg16_contraception_is_confirmed_by_a_person() -> None:
    (criterion,) = read("in", "Female subjects must be postmenopausal, surgically sterile, or using contraception")
    assert criterion.role is Role.CONFIRM
    assert kinds(criterion) == {"contraception"}


def test_lg3_recovery_from_surgery_does_not_become_a_matter_of_opinion() -> None:
    for criterion in read(
        "ex", "Patients who have not recovered from prior surgery in the opinion of the investigator"
    ):
        assert criterion.role is not Role.CONFIRM


@pytest.mark.parametrize(
    ("section", "text", "key", "value"),
    [
        ("in", "HIV-infected patients on effective anti-retroviral therapy with undetectable viral load within 6 months are eligible", "hiv", "controlled_allowed"),  # noqa: E501
        ("in", "For patients with evidence of chronic hepatitis B virus (HBV) infection, the HBV viral load must be undetectable on suppressive therapy, if indicated", "hbv", "controlled_allowed"),  # noqa: E501
        ("in", "Patients with a history of hepatitis C virus (HCV) infection must have been treated and cured", "hcv", "controlled_allowed"),  # noqa: E501
        ("ex", "Known active hepatitis B (HBsAg reactive) or C (RNA detected)", "hbv", "active_excluded"),
        ("ex", "Known active hepatitis B (HBsAg reactive) or C (RNA detected)", "hcv", "active_excluded"),
        ("ex", "Known HIV infection unless on stable antiretroviral therapy with undetectable viral load", "hiv", "controlled_allowed"),  # noqa: E501
        ("ex", "Known history of HIV infection. Note: No HIV testing is required", "hiv", "excluded"),
        ("in", "Seronegative for HIV", "hiv", "excluded"),
        ("ex", "Active infection, HIV infection", "hiv", "excluded"),
        ("ex", "History of ILD that required steroids, current ILD, or suspected ILD that cannot be ruled out by imaging", "ild", "steroid_history_excluded"),  # noqa: E501
        ("ex", "Neuropathy (motor or sensory) > grade 1", "neuropathy_max_grade", 1),
        ("in", "Peripheral neuropathy must be ≤ grade 1", "neuropathy_max_grade", 1),
        ("in", "Life expectancy of at least at 6 months per investigator assessment", "life_expectancy_weeks_min", 24),
    ],
)  # fmt: skip
def test_attribute(section: str, text: str, key: str, value: object) -> None:
    assert attributes(section, text)[key] == value


@pytest.mark.parametrize(
    "text",
    [
        "No concurrent combination antiretroviral therapy for HIV-positive patients",
        "Seronegative for HIV",
        "Participants with HIV are eligible if they meet the following: CD4 count > 350 cells/uL",
        "For patients with chronic HBV, the viral load must be undetectable",
        "Patients with hepatitis C must have been treated and cured",
    ],
)
def test_no_sentence_demands_an_infection(text: str) -> None:
    for criterion in read("in", text):
        node = criterion.node
        parts = node.parts if isinstance(node, AllOf) else (node,)
        assert not any(isinstance(part, Leaf) and part.kind == "viral_infection" for part in parts)


def test_an_exception_in_brackets_does_not_turn_the_exclusion_round() -> None:
    text = "Known HIV, hepatitis B or C (patients treated for C with undetectable viral load are eligible)"
    (criterion,) = read("ex", text)
    assert isinstance(criterion.node, Not)
    assert not any(isinstance(part, Not) for part in _inside(criterion.node.part))


def _inside(node: Node) -> list[Node]:
    if isinstance(node, (AllOf, AnyOf)):
        return [node, *(inner for part in node.parts for inner in _inside(part))]
    return [node]


@pytest.mark.parametrize(
    "text",
    [
        "Ability to understand and the willingness to sign a written informed consent document",
        "Patients must be willing and able to comply with all study visits",
        "Women of childbearing potential must agree to use contraception for 7 months after the last dose",
        "Covered by health insurance",
    ],
)
def test_what_a_person_confirms_is_read_as_a_whole(text: str) -> None:
    (criterion,) = read("in", text)
    assert criterion.role is Role.CONFIRM
    assert "unread" not in kinds(criterion)


@pytest.mark.parametrize(
    "text",
    [
        "Psychiatric illness or social situation that would limit compliance with study requirements",
        "Any condition that, in the opinion of the investigator, would interfere with the study",
    ],
)
def test_an_opinion_is_a_judgement(text: str) -> None:
    (criterion,) = read("ex", text)
    assert kinds(criterion) == {"judgement"}


@pytest.mark.parametrize(
    ("section", "text", "kind"),
    [
        ("in", "At least one measurable lesion as judged by the investigator", "measurable_disease"),
        ("in", "Age ≥ 18 years at the time of signing informed consent", "age"),
        (
            "ex",
            "Uncontrolled diabetes that in the opinion of the investigator would interfere with the study",
            "comorbidity",
        ),
        (
            "in",
            "Women of childbearing potential must have a negative pregnancy test and use contraception",
            "pregnancy",
        ),
    ],
)
def test_a_deciding_criterion_is_not_swallowed(section: str, text: str, kind: str) -> None:
    first, *rest = read(section, text)
    assert kind in kinds(first)
    assert first.role is Role.DECIDES
    assert all(criterion.id == f"{first.id}-confirm" for criterion in rest), "what a person confirms stands apart"


def test_examples_of_uncontrolled_illness_count_too() -> None:
    (criterion,) = read(
        "ex",
        "Uncontrolled intercurrent illness including, but not limited to, ongoing infection, symptomatic congestive heart failure, "  # noqa: E501
        "unstable angina, or psychiatric illness that would limit compliance",
    )
    assert isinstance(criterion.node, Not)
    assert {"comorbidity", "infection", "cardiac_history"} <= kinds(criterion)


def test_clinically_significant_stays_open() -> None:
    (criterion,) = read("ex", "Clinically significant cardiovascular disease")
    assert kinds(criterion) == {"cardiac_history", "judgement"}


def test_a_history_within_a_time_binds_the_list() -> None:
    assert tree("ex", "History of myocardial infarction, stroke or unstable angina within 6 months") == {
        "not": {
            "cardiac_history": {"any_of": ["myocardial_infarction", "stroke", "unstable_angina"], "within_days": 180}
        }
    }


def test_infection_needing_treatment_is_not_lost_beside_pneumonitis() -> None:
    (criterion,) = read(
        "ex", "Has active autoimmune disease, pneumonitis or active infection requiring systemic therapy"
    )
    assert kinds(criterion) == {"immune", "ild", "infection"}
