"""Rules on diseases name diseases that there are."""

from __future__ import annotations

import pytest

from her2nav.knowledge.conditions import ConditionOntology
from her2nav.knowledge.load import load_knowledge

KNOWLEDGE = load_knowledge()
RULES = KNOWLEDGE.conditions.rules
CONDITIONS = tuple(KNOWLEDGE.conditions.conditions.values())


@pytest.mark.parametrize(
    "changed",
    [
        {"treated_for_life": ("no_such_disease",)},
        {"may_last": ("no_such_disease",)},
        {"of_side_effects": {"lung": "no_such_disease"}},
        {"late_stages": (RULES.late_stages[0].model_copy(update={"named": "no_such_disease"}),)},
    ],
)
def test_a_rule_on_a_disease_that_no_vocabulary_holds_is_an_error(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="unknown condition 'no_such_disease'"):
        ConditionOntology(CONDITIONS, RULES.model_copy(update=changed))


def test_the_side_effects_and_groups_of_the_rules_exist() -> None:
    assert all(KNOWLEDGE.toxicities.find(name) == name for name in RULES.of_side_effects)
    groups = {item.group for item in CONDITIONS}
    assert {*RULES.groups_under_control, *RULES.groups_near_heart} <= groups


def test_sites_that_prove_no_distant_spread_are_sites() -> None:
    assert all(KNOWLEDGE.sites.find(site) == site for site in KNOWLEDGE.spread.not_distant)


def test_between_mild_and_severe_a_grade_is_open() -> None:
    grades = RULES.grades
    assert grades.not_severe_up_to < grades.severe_from - 1
    assert grades.untreated_up_to < grades.intravenous_from
