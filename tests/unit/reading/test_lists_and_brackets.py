"""Lists that lost their indent or bullets, brackets that let patients in, and words that one of two suffices for."""

from typing import Any

import pytest

from her2nav.criteria.framing import says_nothing
from her2nav.criteria.modals import Force, force
from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.language.dictionary import Dictionary
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role


def read(text: str) -> tuple[Criterion, ...]:
    return tuple(reader(load_knowledge()).read(text).criteria)


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


def tree(section: str, entry: str) -> Any:
    (criterion,) = read(f"{section} Criteria:\n\n* {entry}\n")
    return write(bare(criterion.node))


def test_entries_behind_a_denial_are_denied_even_without_an_indent() -> None:
    text = (
        "PATIENT CHARACTERISTICS:\n  No clinically relevant heart disease, including any of the following:\n"
        "  Congestive heart failure\n  Unstable angina\n  No active infection\n  ECOG 0-1\n"
    )
    first, second, third = read(text)
    assert isinstance(first.node, Not)
    assert {"heart_failure", "unstable_angina"} <= {
        name for item in leaves(first.node) if item.kind == "cardiac_history" for name in item.params.any_of
    }
    assert [item.kind for item in leaves(second.node)] == ["infection"]
    assert [item.kind for item in leaves(third.node)] == ["performance_status"]


def test_the_rest_of_a_list_is_read_where_another_rule_takes_words_within_it() -> None:
    (criterion,) = read(
        "Exclusion Criteria:\n\n* Unstable angina, stroke 6 months prior to start of everolimus, epilepsy\n"
    )
    kinds = {item.kind for item in leaves(criterion.node)}
    assert {"cardiac_history", "comorbidity"} <= kinds


def test_a_disease_behind_a_window_is_not_lost() -> None:
    node = tree("Exclusion", "Myocardial infarction within the last 6 months, cardiac arrhythmia")
    assert {"cardiac_history": {"any_of": ["arrhythmia"]}} in node["not"]["any_of"]


def test_two_events_share_the_time_behind_the_second() -> None:
    node = tree("Exclusion", "Uncontrolled illness including myocardial infarction or stroke within the last 6 months")
    wanted = {"cardiac_history": {"any_of": ["myocardial_infarction", "stroke"], "within_days": 180}}
    assert wanted in node["not"]["any_of"]


def test_one_of_two_words_suffices() -> None:
    node = tree("Exclusion", "Severe or uncontrolled hypertension")["not"]["any_of"]
    assert {"cardiac_history": {"any_of": ["uncontrolled_hypertension"]}} in node
    assert any("all_of" in part for part in node)


def test_a_bracket_lets_in_what_it_names() -> None:
    node = tree(
        "Exclusion", "Clinically significant arrhythmia (patients with controlled atrial fibrillation are eligible)"
    )
    kept, let_in = node["not"]["all_of"]
    assert "not" in let_in
    assert {"judgement": {"topic": "whether it is under control"}} in let_in["not"]["all_of"]
    assert "not" not in kept


def test_entries_that_lost_their_bullets_are_open() -> None:
    (criterion,) = read("Exclusion Criteria:\n\n* LVEF < 50% angina pectoris\n")
    assert any(item.kind == "unread" for item in leaves(criterion.node))


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("no prior chemotherapy for metastatic disease allowed", Force.REQUIRES),
        ("no transfusion is allowed within 7 days", Force.REQUIRES),
        ("no prior cancer is allowed, except for skin cancer", Force.REQUIRES),
        ("no limit on prior chemotherapy is allowed", Force.PERMITS),
    ],
)
def test_nothing_of_a_sort_allowed_is_a_denial(sentence: str, does: Force) -> None:
    assert force(sentence) is does


@pytest.mark.parametrize(
    "sentence",
    [
        "laboratory results (within 14 days prior to randomization):",
        "patients must satisfy the following criteria for prior therapy:",
        "screening for chronic conditions is not required",
        "testing will only be done if clinically indicated",
    ],
)
def test_headers_and_remarks_state_nothing(sentence: str) -> None:
    assert says_nothing(sentence)


@pytest.mark.parametrize("sentence", ["platelets within 14 days: 100", "no transfusion within 14 days"])
def test_values_and_demands_state_something(sentence: str) -> None:
    assert not says_nothing(sentence)


def test_names_with_signs_in_them_are_found_as_written() -> None:
    words = Dictionary([("condition", "lack of enzyme (LE) in blood", "le"), ("drug", "St. John's wort", "sjw")])
    found, _ = words.find("known lack of enzyme (le) in blood, or st. john's wort")
    assert [hit.terms[0].id for hit in found] == ["le", "sjw"]


def test_the_age_is_asked_of_all_whatever_alternatives_follow() -> None:
    (criterion,) = read("Inclusion Criteria:\n\n* Female, 18 years of age, postmenopausal or premenopausal\n")
    assert isinstance(criterion.node, AllOf)
    assert {"age": {"min": 18}} in write(bare(criterion.node))["all_of"]


def test_counts_must_not_be_propped_up() -> None:
    node = tree("Inclusion", "No platelet transfusion is allowed within 7 days before screening")
    assert node == {"not": {"procedure": {"kinds": ["transfusion"], "techniques": ["platelets"], "within_days": 7}}}


def test_an_infection_under_control_is_let_in() -> None:
    node = tree("Exclusion", "HIV infection (patients with controlled HIV are eligible)")
    assert {"viral_infection": {"virus": "hiv", "state": "known"}} in node["not"]["all_of"]
    (criterion,) = read("Exclusion Criteria:\n\n* Known hepatitis C infection (testing not required)\n")
    assert criterion.role is Role.DECIDES
    assert write(bare(criterion.node)) == {"not": {"viral_infection": {"virus": "hcv", "state": "known"}}}
