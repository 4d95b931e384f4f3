"""What a person of the study settles is named as that, stays open, and swallows nothing that a record answers."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import Leaf, Node, Not, leaves
from her2nav.model.trial import Criterion, Role


def _one(text: str, section: str = "Exclusion") -> Criterion:
    (criterion,) = reader(load_knowledge()).read(f"{section} Criteria:\n* {text}").criteria
    return criterion


def _kinds(node: Node) -> set[str]:
    return {item.kind for item in leaves(node)}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Taking any prohibited medication", "medicines that the protocol forbids"),
        ("Use of drugs that are known to prolong the QT interval", "medicines that prolong the QT interval"),
        ("Contraindication to corticosteroids", "contraindication to corticosteroids"),
        (
            "Previously participated in a different observational study",
            "part in another study before",
        ),
    ],
)
def test_a_topic_is_named(text: str, topic: str) -> None:
    found = [item for item in leaves(_one(text).node) if item.kind == "judgement"]
    assert topic in {getattr(item.params, "topic", None) for item in found}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Contraindication to trastuzumab or LVEF < 50%", "lvef"),
        ("Taking strong CYP3A4 inhibitors or with LVEF < 45%", "lvef"),
        ("Need for radiotherapy or an active infection", "infection"),
        ("Wounds not healed after surgery, or uncontrolled hypertension", "cardiac_history"),
    ],
)
def test_what_stands_beside_a_topic_is_still_read(text: str, kept: str) -> None:
    assert kept in _kinds(_one(text).node)


def test_a_word_that_is_not_known_ends_the_stretch() -> None:
    assert "unread" in _kinds(_one("Taking any prohibited medication with blurzled properties").node)


def test_the_state_of_the_patient_decides() -> None:
    assert _one("Contraindication to corticosteroids").role is Role.DECIDES


def test_a_denied_fitness_keeps_its_sign() -> None:
    node = _one("Not a candidate for curative surgery").node
    assert isinstance(node, Leaf)
    assert not isinstance(_one("Candidate for curative surgery").node, Leaf)


def test_a_permission_without_a_condition_asks_nothing() -> None:
    assert _one("Concurrent radiotherapy allowed", "Inclusion").role is Role.PERMITS


def test_a_permission_with_a_condition_stays_open() -> None:
    read = reader(load_knowledge()).read("Inclusion Criteria:\n* Blurzled therapy is allowed if ended 4 weeks before")
    assert any(item.role is Role.DECIDES for item in read.criteria)


def test_a_gilbert_syndrome_frees_from_the_limit_of_bilirubin() -> None:
    node = _one("Total bilirubin ≤ 1.5 x ULN unless due to Gilbert's syndrome", "Inclusion").node
    assert _kinds(node) == {"lab_value", "comorbidity"}


def test_a_lone_score_may_have_lost_its_sign() -> None:
    node = _one("ECOG performance status 2", "Inclusion").node
    assert not isinstance(node, (Leaf, Not))
    assert {getattr(item.params, "ecog_min", None) for item in leaves(node)} >= {None, 2}


def test_a_target_of_an_unknown_drug_is_no_therapy_in_general() -> None:
    assert "prior_therapy" not in _kinds(_one("Prior erbB-4 inhibitor other than trastuzumab").node)
