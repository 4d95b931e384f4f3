"""What binds a part binds the cohorts within it, and a part that no exclusion binds fits nobody for sure."""

from datetime import date

import pytest

from her2nav.criteria.reader import reader, scope_id
from her2nav.criteria.trial import read_trial
from her2nav.knowledge.load import load_knowledge
from her2nav.model.registry_trial import Eligibility, RegistryTrial
from her2nav.model.tree import AnyOf, leaves

NESTED = """Inclusion Criteria:
* Phase 1:
  * Cohort A: HER2-positive breast cancer
* Phase 2:
  * Cohort A: HER2-positive gastric cancer
  * LVEF of at least 50 %
Exclusion Criteria:
* Phase 2:
  * Prior trastuzumab deruxtecan
"""
BESIDE = """Inclusion Criteria:
* Cohort 1: HER2-positive breast cancer
* Cohort 2: HER2-positive gastric cancer
Exclusion Criteria:
* Cohort 1 only: pneumonitis
"""


def read(text):
    knowledge = load_knowledge()
    record = RegistryTrial("NCT00000001", "text", eligibility=Eligibility(text=text))
    return read_trial(record, reader(knowledge), knowledge, date(2026, 1, 5))[0]


def test_criteria_of_a_part_bind_the_cohorts_within_it():
    trial = read(NESTED)
    within = {
        scope for item in trial.criteria for scope in item.scope if scope.endswith("phase-2") and scope != "phase-2"
    }
    assert within
    for item in trial.criteria:
        if "phase-2" in item.scope and item.section != "registry":
            assert within <= set(item.scope), item.text


def test_a_part_that_no_exclusion_binds_stays_open():
    (open_,) = [item for item in read(BESIDE).criteria if item.id == "r_exclusions"]
    assert open_.scope == ("cohort-2",)
    assert open_.node.kind == "unread"


@pytest.mark.parametrize("exclusion", ["* Pneumonitis", "* Cohort 1 only: pneumonitis\n* Active infection"])
def test_exclusions_for_all_bind_every_part(exclusion):
    text = BESIDE.split("Exclusion")[0] + "Exclusion Criteria:\n" + exclusion
    assert not [item for item in read(text).criteria if item.id == "r_exclusions"]


def test_the_id_of_a_part_within_another_ends_with_it():
    assert scope_id("cohort a phase 2") == "cohort-a-phase-2"


def kinds_demanded(text):
    (criterion, *_) = [one for one in read(f"Inclusion Criteria:\n* {text}").criteria if one.section == "inclusion"]
    return criterion.node


def test_a_population_in_front_of_its_looser_limit_is_not_asked_for():
    node = kinds_demanded("Bilirubin <= 1.5 x ULN; patients with liver metastases: <= 3 x ULN")
    assert isinstance(node, AnyOf)
    limit, others = node.parts
    assert (limit.kind, str(limit.params.value)) == ("lab_value", "1.5")
    assert [part.kind for part in others.parts] == ["metastatic_site", "lab_value"]


def test_a_run_of_limits_asks_nobody_for_liver_metastases():
    text = "Albumin >= 3 g/dL Total bilirubin <= 1.5 x ULN Liver metastasis or liver cancer patients: <= 2.5 x ULN"
    node = kinds_demanded(text)
    assert "tumour_type" not in {leaf.kind for leaf in leaves(node)}


def test_a_treatment_of_which_the_times_follow_in_a_list_does_not_count_at_any_time():
    text = "Exclusion Criteria:\n* Any anticancer therapy within: 5 half-lives or 14 days; 4 weeks for nitrosoureas"
    found = [leaf for item in read(text).criteria for leaf in leaves(item.node) if leaf.kind == "prior_therapy"]
    assert not found


def test_a_disease_out_of_check_is_asked_of_nobody():
    node = kinds_demanded("Inadequately controlled hypertension, above 150/100 mmHg on treatment")
    assert "unread" in {part.kind for part in node.parts if hasattr(part, "kind")}
    denied = kinds_demanded("No uncontrolled hypertension")
    assert not any(getattr(part, "kind", "") == "unread" for part in getattr(denied, "parts", ()))


def test_criteria_of_one_cohort_leave_the_others_open():
    node = kinds_demanded("Additional inclusion criterion for the renal cohort a. Clear cell renal cell carcinoma")
    either = next(part for part in node.parts if isinstance(part, AnyOf))
    assert [part.kind for part in either.parts] == ["tumour_type", "unread"]


@pytest.mark.parametrize(
    "text",
    [
        "Generally, lumpectomy should be reserved for tumors less than 5 cm",
        "Mastectomy for large tumors. However, patients with tumors of 5 cm or more are eligible",
    ],
)
def test_what_is_usual_and_who_else_is_taken_shuts_nobody_out(text):
    sizes = [leaf for leaf in leaves(kinds_demanded(text)) if leaf.kind == "disease_setting"]
    tops = kinds_demanded(text)
    alone = [part for part in getattr(tops, "parts", (tops,)) if getattr(part, "kind", "") == "disease_setting"]
    assert isinstance(tops, AnyOf) or not alone, sizes


def test_what_is_only_allowed_is_not_demanded():
    node = kinds_demanded("Prior radiotherapy allowed of less than 25% of the bone marrow")
    assert "procedure" not in {leaf.kind for leaf in leaves(node)}
    demanded = kinds_demanded("Prior radiotherapy is required")
    assert "procedure" in {leaf.kind for leaf in leaves(demanded)}


@pytest.mark.parametrize(
    ("title", "decides"), [("A drug in advanced solid tumors", False), ("A drug in two cancers", True)]
)
def test_conditions_are_examples_where_the_title_names_more(title, decides):
    knowledge = load_knowledge()
    record = RegistryTrial(
        "NCT00000001",
        "text",
        title=title,
        conditions=("Gastric Cancer", "Pancreatic Cancer"),
        eligibility=Eligibility(text="Inclusion Criteria:\n* ECOG 0-1"),
    )
    trial = read_trial(record, reader(knowledge), knowledge, date(2026, 1, 5))[0]
    (conditions,) = [item for item in trial.criteria if item.id == "r_conditions"]
    assert (getattr(conditions.node, "kind", "") == "tumour_type") is decides
