"""A limit that would shut out everybody who is well was read the wrong way round and stays open."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.criteria.well_person import without_limits_on_the_well
from her2nav.files.places import Document
from her2nav.kinds.forms import TreeReader, write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves

KNOWLEDGE = load_knowledge()
OPEN = "the text can be read in two ways"


def read(tree):
    return TreeReader(Document(tree, "example", {})).read(tree, ())


def _notes(node):
    return {getattr(item.params, "note", None) for item in leaves(node) if item.kind == "unread"}


@pytest.mark.parametrize(
    "tree",
    [
        {"not": {"lvef": {"op": ">", "percent": "50"}}},
        {"not": {"performance_status": {"ecog_max": 1}}},
        {"not": {"performance_status": {"karnofsky_min": 70}}},
        {"not": {"qtc": {"max_ms": "470"}}},
        {"not": {"vital_sign": {"measure": "spo2", "op": ">=", "value": "92"}}},
        {"not": {"lab_value": {"variable": "ast", "op": "<=", "value": "2.5", "unit": "xULN"}}},
        {"not": {"lab_value": {"variable": "creatinine_clearance", "op": ">", "value": "60", "unit": "mL/min"}}},
        {"not": {"lab_value": {"variable": "platelets", "op": ">=", "value": "100", "unit": "10*9/L"}}},
        {"lvef": {"op": "<", "percent": "50"}},
        {"vital_sign": {"measure": "systolic", "op": ">", "value": "150"}},
    ],
)
def test_the_healthy_side_denied_is_open(tree):
    assert OPEN in _notes(without_limits_on_the_well(read(tree), KNOWLEDGE))


@pytest.mark.parametrize(
    "tree",
    [
        {"not": {"lvef": {"op": "<", "percent": "50"}}},
        {"not": {"performance_status": {"ecog_min": 2}}},
        {"not": {"vital_sign": {"measure": "systolic", "op": ">", "value": "160"}}},
        {"not": {"lab_value": {"variable": "bilirubin", "op": ">", "value": "1.5", "unit": "xULN"}}},
        {"not": {"lab_value": {"variable": "haemoglobin", "op": "<", "value": "9", "unit": "g/dL"}}},
        # Trials in anaemia ask for it.
        {"lab_value": {"variable": "haemoglobin", "op": "<=", "value": "11", "unit": "g/dL"}},
        {"lvef": {"op": ">=", "percent": "50"}},
        {"performance_status": {"ecog_max": 0}},
        {"performance_status": {"ecog_min": 2, "ecog_max": 3}},
    ],
)
def test_what_a_trial_can_mean_stays(tree):
    node = read(tree)
    assert without_limits_on_the_well(node, KNOWLEDGE) == node


def test_only_the_part_that_was_turned_round_is_open():
    node = read(
        {"not": {"any_of": [{"lvef": {"op": ">", "percent": "50"}}, {"comorbidity": {"any_of": ["liver_disease"]}}]}}
    )
    opened = without_limits_on_the_well(node, KNOWLEDGE)
    kept, doubtful = write(opened)["all_of"]
    assert kept == {"not": {"any_of": [{"comorbidity": {"any_of": ["liver_disease"]}}]}}
    assert OPEN in str(doubtful)


@pytest.mark.parametrize(
    "text",
    [
        "Exclusion Criteria:\n\n* ECOG performance status of 0 or 1",
        "Exclusion Criteria:\n\n* Creatinine clearance of at least 60 mL/min",
        "Inclusion Criteria:\n\n* No important heart abnormalities:\n  1. Left ventricular ejection fraction above 50%",
    ],
)
def test_such_texts_are_open(text):
    (criterion,) = [item for item in reader(KNOWLEDGE).read(text).criteria if item.role.value == "decides"]
    assert OPEN in _notes(criterion.node)


def test_an_exclusion_with_a_condition_shuts_out_nobody_else():
    text = "Exclusion Criteria:\n\n* If a patient has a single kidney:\n  * Creatinine clearance < 60 mL/min"
    (criterion,) = reader(KNOWLEDGE).read(text).criteria
    parts = write(criterion.node)["not"]["all_of"]
    assert {next(iter(part)) for part in parts} == {"comorbidity", "lab_value"}


@pytest.mark.parametrize(("value", "unit"), [("100", "/uL"), ("0.1", "10*9/L")])
def test_a_limit_that_lost_its_unit_is_open(value, unit):
    tree = {"lab_value": {"variable": "platelets", "op": ">=", "value": value, "unit": unit}}
    assert OPEN in _notes(without_limits_on_the_well(read(tree), KNOWLEDGE))


@pytest.mark.parametrize(
    "text",
    [
        "Bilirubin <= 1.5 x ULN (unless Gilbert syndrome), AST <= 3 x ULN",
        "Total bilirubin <= 1.5 x ULN (except for patients with Gilbert's syndrome), AST <= 3 x ULN",
    ],
)
def test_the_limit_of_the_next_value_is_not_that_of_an_exception(text):
    (criterion,) = reader(KNOWLEDGE).read(f"Inclusion Criteria:\n\n* {text}").criteria
    tree = write(criterion.node)
    limits = {
        (part.params.variable, str(part.params.value)) for part in leaves(criterion.node) if part.kind == "lab_value"
    }
    assert limits == {("bilirubin", "1.5"), ("ast", "3")}, tree
