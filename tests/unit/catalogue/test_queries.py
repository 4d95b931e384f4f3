"""Questions to the catalogue without a patient."""

import pytest

from her2nav.app.catalogue import question_of
from her2nav.catalogue.load import load_catalogue
from her2nav.catalogue.queries import Question, counts, excluded_most, find
from her2nav.criteria.comparison import Comparison
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import InputError
from her2nav.model.tree import AllOf, Leaf, Not
from her2nav.model.trial import Criterion, Role


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


@pytest.fixture(scope="module")
def trials(knowledge):
    return load_catalogue(knowledge.bundle)


def leaf(kind, span, **values):
    return Leaf(kind, kinds()[kind].params.model_validate(values), span=span)


def criterion(node, span, role=Role.DECIDES):
    return Criterion("x1", role, "exclusion", "text", node, span)


def test_a_tumour_finds_its_own_its_wider_and_its_narrower_trials(trials, knowledge):
    found = {trial.record.nct_id: trial for trial in find(trials, Question(tumours=("gastric",)), knowledge)}
    assert found
    family = {"gastric", *knowledge.tumours.wider("gastric"), *knowledge.tumours.narrower("gastric")}
    for trial in trials:
        assert (trial.record.nct_id in found) == bool(family & set(trial.record.tumours))


def test_each_field_narrows(trials, knowledge):
    for question in (Question(her2=("low",)), Question(settings=("metastatic",)), Question(open_only=True)):
        found = find(trials, question, knowledge)
        assert 0 < len(found) < len(trials)
    low = find(trials, Question(her2=("low",)), knowledge)
    assert all("low" in trial.record.her2 for trial in low)


def test_a_class_finds_the_regimens_of_its_drugs(trials, knowledge):
    found = find(trials, Question(drugs=("anti_her2",)), knowledge)
    assert any("trastuzumab_deruxtecan" in arm.drugs for trial in found for arm in trial.record.arms)
    assert len(found) < len(trials) or all(trial.record.arms for trial in trials)


def test_counts_add_up(trials):
    found = counts(trials)
    assert sum(found["status"].values()) == len(trials)
    assert found["tumours"]["breast"] == sum("breast" in trial.record.tumours for trial in trials)


def test_exclusions_count_only_what_must_not_hold(trials):
    demands = {(demand.kind, demand.detail): demand for demand in excluded_most(trials)}
    assert ("pregnancy", "pregnant") in demands
    numbers = [len(demand.trials) for demand in demands.values()]
    assert numbers == sorted(numbers, reverse=True)
    assert all(len(set(demand.trials)) == len(demand.trials) for demand in demands.values())


def test_two_trees_are_compared_leaf_by_leaf():
    ours = [
        criterion(Not(leaf("age", (0, 10), min=18)), (0, 10)),
        criterion(AllOf((leaf("sex", (20, 30), any_of="female"), leaf("lvef", (30, 40), percent=50))), (20, 40)),
    ]
    theirs = [
        criterion(leaf("age", (2, 8), min=18), (2, 8)),
        criterion(leaf("lvef", (31, 39), percent=55), (31, 39)),
        criterion(leaf("pregnancy", (50, 60)), (50, 60)),
    ]
    found = Comparison()
    found.add("NCT00000001", ours, theirs)
    age, lvef, total = found.kinds["age"], found.kinds["lvef"], found.totals()
    assert (age.found, age.same_sign, age.same) == (1, 0, 0)
    assert (lvef.found, lvef.same_sign, lvef.same) == (1, 1, 0)
    assert (found.kinds["sex"].curated, found.kinds["sex"].found) == (1, 0)
    assert found.kinds["pregnancy"].extra == 1
    assert (total.curated, total.read) == (3, 3)
    assert sorted(item.what for item in found.differences) == ["extra", "missed", "parameters", "sign"]


def test_a_tree_agrees_with_itself(trials):
    found = Comparison()
    for trial in trials:
        found.add(trial.record.nct_id, trial.criteria, trial.criteria)
    total = found.totals()
    assert total.same == total.curated == total.read > 500
    assert found.differences == []


@pytest.mark.parametrize("asked", [{"tumours": ["nonsense"]}, {"her2": ["nonsense"]}, {"settings": ["first_line"]}])
def test_a_name_that_nothing_has_is_refused(knowledge, asked):
    names = {"tumours": [], "her2": [], "settings": [], "drugs": [], **asked}
    with pytest.raises(InputError, match="unknown"):
        question_of(knowledge, **names, open_only=False)
