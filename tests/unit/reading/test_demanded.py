"""Whether a text certainly asks for a cancer, and what the record's conditions then ask."""

from __future__ import annotations

from datetime import date

import pytest

from her2nav.criteria.demanded import demands_tumour
from her2nav.criteria.reader import reader
from her2nav.criteria.trial import read_trial
from her2nav.kinds.forms import write
from her2nav.kinds.reading.base import leaf
from her2nav.knowledge.load import load_knowledge
from her2nav.model.registry_trial import Eligibility, RegistryTrial
from her2nav.model.tree import AllOf, AnyOf, Not, When
from her2nav.model.trial import Criterion, Role

BREAST = leaf("tumour_type", types=["breast"])
GASTRIC = leaf("tumour_type", types=["gastric"])
OPEN = leaf("unread")


def criterion(node, *scope, role=Role.DECIDES):
    return Criterion("i1", role, "inclusion", "text", node, scope=scope)


@pytest.mark.parametrize(
    ("node", "asks"),
    [
        (BREAST, True),
        (AllOf((OPEN, BREAST)), True),
        (AnyOf((BREAST, GASTRIC)), True),
        (AnyOf((BREAST, OPEN)), False),
        (Not(BREAST), False),
        (When(BREAST, OPEN), False),
        (leaf("age", min=18), False),
    ],
)
def test_what_asks_for_a_cancer(node, asks):
    assert demands_tumour([criterion(node)], []) is asks


def test_parts_ask_together():
    both = [criterion(BREAST, "cohort_a"), criterion(GASTRIC, "cohort_b")]
    assert demands_tumour(both, ["cohort_a", "cohort_b"])
    assert not demands_tumour(both, ["cohort_a", "cohort_b", "cohort_c"])
    assert not demands_tumour([criterion(BREAST, role=Role.CONFIRM)], [])


def conditions_of(text, *conditions):
    knowledge = load_knowledge()
    trial = RegistryTrial("NCT00000000", "text", conditions=conditions, eligibility=Eligibility(text=text))
    found, _ = read_trial(trial, reader(knowledge), knowledge, date(2026, 1, 1))
    return next((write(one.node) for one in found.criteria if one.id == "r_conditions"), None)


def test_the_conditions_of_the_record_ask_where_the_text_does_not():
    asked = {"tumour_type": {"types": ["breast"]}}
    assert conditions_of("Inclusion Criteria:\n\n* Age at least 18 years", "Breast Cancer") == asked
    assert conditions_of("Inclusion Criteria:\n\n* Breast cancer", "Breast Cancer") is None
    half = conditions_of("Inclusion Criteria:\n\n* No cancer other than breast cancer", "Breast Cancer")
    assert half is None or half == asked or half["any_of"][0] == asked
    unknown = conditions_of("Inclusion Criteria:\n\n* Age at least 18 years", "Breast Cancer", "Happiness")
    assert set(unknown) == {"unread"}


@pytest.mark.parametrize("text", ["Adults", "Any patient who has an endoscopy"])
def test_a_study_that_looks_for_a_disease_asks_nobody_for_it(text):
    knowledge = load_knowledge()
    title = "Screening for breast cancer in villages" if text == "Adults" else "An endoscope"
    eligibility = Eligibility(text=f"Inclusion Criteria:\n\n* {text}")
    trial = RegistryTrial("NCT00000000", "text", title=title, conditions=("Breast Cancer",), eligibility=eligibility)
    found, _ = read_trial(trial, reader(knowledge), knowledge, date(2026, 1, 1))
    (asked,) = [write(one.node) for one in found.criteria if one.id == "r_conditions"]
    assert [next(iter(part)) for part in asked["any_of"]] == ["tumour_type", "unread"]


def test_a_cancer_apart_from_those_of_the_record_is_asked_of_nobody_for_sure():
    knowledge = load_knowledge()
    text = "Inclusion Criteria:\n\n* Prostate cancer\n* Cohort 2: Melanoma"
    trial = RegistryTrial("NCT00000000", "text", conditions=("Breast Cancer",), eligibility=Eligibility(text=text))
    found, _ = read_trial(trial, reader(knowledge), knowledge, date(2026, 1, 1))
    nodes = {one.text: one.node for one in found.criteria}
    assert isinstance(nodes["Prostate cancer"], AnyOf)
    assert nodes["Melanoma"].kind == "tumour_type"
