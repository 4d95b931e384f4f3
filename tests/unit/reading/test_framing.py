"""Words that change nothing about who may take part are dropped, and words that do are not."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves

_HEADS = {"in": "Inclusion Criteria:\n\n* ", "ex": "Exclusion Criteria:\n\n* "}


def kinds(section: str, entry: str) -> set[str]:
    read = Reader(load_knowledge()).read(_HEADS[section] + entry)
    return {leaf.kind for criterion in read.criteria for leaf in leaves(criterion.node)}


@pytest.mark.parametrize(
    ("section", "entry", "expected"),
    [
        ("ex", "Myocardial infarction within six months of the first dose of pertuzumab", {"cardiac_history"}),
        ("ex", "Known or suspected HIV infection", {"viral_infection"}),
        ("in", "Life expectancy of 16 weeks from the start of treatment", {"life_expectancy"}),
        ("in", "PRE-REGISTRATION: Age of at least 18 years", {"age"}),
        ("ex", "Signs or symptoms of heart failure", {"cardiac_history"}),
        ("ex", "Pregnant or breastfeeding women may not take part in this study", {"pregnancy"}),
        ("in", "Pregnant or breastfeeding women may not take part in this study", {"pregnancy"}),
        ("ex", "You have had a stroke", {"cardiac_history"}),
        ("ex", "Lifetime cumulative dose of doxorubicin above 360 mg/m2 or the equivalent", {"anthracycline_dose"}),
    ],
)  # fmt: skip
def test_framing_words_drop_out(section: str, entry: str, expected: set[str]) -> None:
    assert kinds(section, entry) == expected


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        ("ex", "HIV infection that zorbled"),
        ("in", "Calcium below 2.0"),
        ("in", "ECOG performance status 0-1 on the zorbl unit"),
        ("ex", "Women of childbearing potential"),
    ],
)
def test_words_that_may_matter_stay_unread(section: str, entry: str) -> None:
    assert "unread" in kinds(section, entry)


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("Known catalase deficiency", "catalase deficiency"),
        ("History of mitochondrial disorder", "mitochondrial disorder"),
    ],
)
def test_a_disease_that_no_vocabulary_names_is_asked_in_its_own_words(entry: str, name: str) -> None:
    found = Reader(load_knowledge()).read(_HEADS["ex"] + entry).criteria
    assert [leaf.params.any_of for criterion in found for leaf in leaves(criterion.node)] == [(name,)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "entry",
    [
        "Measurable disease",
        "No residual disease after surgery",
        "Bone disease",
        "A positive test for severe acute respiratory syndrome coronavirus 2",
    ],
)
def test_a_state_of_the_cancer_is_no_other_disease(entry: str) -> None:
    assert "comorbidity" not in kinds("ex", entry)
