"""An exclusion must shut out somebody: exceptions that hold for everybody whom it names are not read as such."""

import pytest

from her2nav.criteria.exceptions import sound_exceptions
from her2nav.criteria.reader import reader
from her2nav.files.places import Document
from her2nav.kinds.forms import TreeReader, write
from her2nav.knowledge.load import load_knowledge

KNOWLEDGE = load_knowledge()
UNREAD = {"unread": {}}
IMMUNE = {"immune": {"any_of": ["autoimmune_disease"]}}


def _sound(tree, section="exclusion"):
    return write(sound_exceptions(TreeReader(Document(tree, "example", {})).read(tree, ()), section))


def test_a_pregnancy_test_is_no_exception_for_the_pregnant():
    tree = {"not": {"all_of": [{"pregnancy": {}}, {"not": {"pregnancy": {"any_of": ["pregnant"]}}}]}}
    assert _sound(tree) == {"not": {"pregnancy": {}}}


def test_cancers_that_are_let_in_become_exceptions_of_the_other_cancer():
    treated = {"all_of": [{"second_malignancy": {}}, {"judgement": {"topic": "treated"}}]}
    skin = {"second_malignancy": {"exceptions": ["non_melanoma_skin"]}}
    tree = {"not": {"all_of": [{"second_malignancy": {}}, {"not": {"any_of": [skin, treated]}}]}}
    assert _sound(tree) == {"not": {"all_of": [skin, {"not": {"any_of": [UNREAD, UNREAD]}}]}}


def test_the_medicine_itself_is_no_exception():
    drug = {"concomitant_medication": {"any_of": ["immunosuppressant"], "within_days": 14}}
    other = {"concomitant_medication": {"any_of": ["inhaled_steroid"]}}
    tree = {"not": {"all_of": [drug, {"not": {"any_of": [drug, other]}}]}}
    assert _sound(tree) == {"not": {"all_of": [drug, {"not": {"any_of": [UNREAD, other]}}]}}


def test_an_infection_in_need_of_treatment_is_not_a_controlled_one():
    known = {"viral_infection": {"virus": "hbv", "state": "known"}}
    tree = {"not": {"all_of": [known, {"not": {"viral_infection": {"virus": "hbv", "state": "uncontrolled"}}}]}}
    assert _sound(tree) == {"not": {"all_of": [known, UNREAD]}}


def test_those_with_an_infection_are_asked_and_not_those_who_control_it():
    controlled = {"not": {"viral_infection": {"virus": "hbv", "state": "uncontrolled"}}}
    tree = {"when": controlled, "then": controlled}
    known = {"viral_infection": {"virus": "hbv", "state": "known"}}
    assert _sound(tree, "inclusion") == {"when": known, "then": controlled}


def test_an_exclusion_asks_for_no_operation():
    tree = {"any_of": [{"procedure": {"kinds": ["surgery"]}}, {"judgement": {"topic": "recovered"}}]}
    assert _sound(tree) == {"any_of": [UNREAD, {"judgement": {"topic": "recovered"}}]}


@pytest.mark.parametrize(
    "tree",
    [
        {
            "when": {"viral_infection": {"virus": "hiv", "state": "known"}},
            "then": {"not": {"viral_infection": {"virus": "hiv", "state": "uncontrolled"}}},
        },
        {"not": {"second_malignancy": {"within_years": "3"}}},
    ],
)
def test_other_trees_stay(tree):
    assert _sound(tree) == tree


@pytest.mark.parametrize(
    "text",
    [
        "Exclusion Criteria:\n\n* Pregnant or nursing (a pregnancy test must be negative)",
        "Inclusion Criteria:\n\n* Participants with chronic hepatitis B may join if they had suppressive treatment",
    ],
)
def test_such_texts_shut_out_whom_they_name(text):
    (criterion,) = [item for item in reader(KNOWLEDGE).read(text).criteria if item.role.value == "decides"]
    tree = str(write(criterion.node))
    assert "'when': {'not'" not in tree
    assert tree.count("'pregnancy'") <= 1


def test_an_excepted_disease_lets_in_no_other_one():
    bowel = {"gastrointestinal": {"any_of": ["inflammatory_bowel_disease"]}}
    vitiligo = {"comorbidity": {"any_of": ["vitiligo"]}}
    tree = {"not": {"all_of": [bowel, {"not": vitiligo}]}}
    doubt = {"unread": {"note": "whether the trial means everything on record by its exception"}}
    assert _sound(tree) == {"not": {"all_of": [bowel, {"not": {"all_of": [vitiligo, doubt]}}]}}


def test_an_excepted_immune_disease_is_one_of_the_immune_disease():
    tree = {"not": {"all_of": [IMMUNE, {"not": {"comorbidity": {"any_of": ["vitiligo"]}}}]}}
    assert _sound(tree) == {"not": {"immune": {"any_of": ["autoimmune_disease"], "exceptions": ["vitiligo"]}}}


def test_each_infection_has_its_own_exceptions():
    hiv, hbv = ({"viral_infection": {"virus": virus, "state": "known"}} for virus in ("hiv", "hbv"))
    held = {"not": {"viral_infection": {"virus": "hiv", "state": "uncontrolled"}}}
    tree = {"not": {"all_of": [{"any_of": [hiv, hbv]}, {"not": held}]}}
    assert _sound(tree) == {"not": {"any_of": [{"all_of": [hiv, {"not": held}]}, hbv]}}
