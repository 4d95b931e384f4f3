"""Conditions that bind a demand to some patients, and lengths of treatment that are no waiting times."""

import pytest

from her2nav.criteria.modals import Force, force
from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, Not, When, leaves


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def tree(reader, sentence, section="Inclusion"):
    read = reader.read(f"{section} Criteria:\n\n* {sentence}\n")
    decided = [item for item in read.criteria if item.role.value == "decides"]
    assert decided, sentence
    return decided[0].node


def conjuncts(node):
    return [inner for part in node.parts for inner in conjuncts(part)] if isinstance(node, AllOf) else [node]


def kinds(node):
    return {item.kind for item in leaves(node)}


@pytest.mark.parametrize(
    "sentence",
    [
        "In absence of liver metastases, ALT and AST ≤ 3 x ULN. If the participant has liver metastases, ALT ≤ 5 x ULN",
        "AST and ALT ≤ 3 x ULN (without liver metastases)",
        "Conjugated bilirubin ≤ 1.5 x ULN and total bilirubin < 3 x ULN in the absence of liver metastases",
        "In the absence of liver metastases, AST / ALT and total bilirubin must not exceed 2 x upper limit of normal",
        "In the presence of liver metastases, AST / ALT must not exceed 3 x upper limit of normal",
    ],
)
def test_a_limit_for_some_asks_nobody_for_metastases_or_for_none(reader, sentence):
    for part in conjuncts(tree(reader, sentence)):
        inner = part.part if isinstance(part, Not) else part
        assert getattr(inner, "kind", "") != "metastatic_site", write(part)


def test_the_limit_itself_is_kept_under_its_condition(reader):
    node = tree(reader, "AST and ALT ≤ 3 x ULN (without liver metastases)")
    bound = [part for part in conjuncts(node) if isinstance(part, When)]
    assert len(bound) == 1
    assert kinds(bound[0].when) == {"metastatic_site"}
    assert kinds(bound[0].then) == {"lab_value"}


def test_metastases_that_are_asked_for_stay_a_demand(reader):
    assert kinds(tree(reader, "Must have liver metastases")) == {"metastatic_site"}


def test_a_second_demand_binds_those_it_names(reader):
    node = tree(
        reader, "HER2 status known and participants with HER2-positive tumors must have received prior trastuzumab"
    )
    guarded = [part for part in conjuncts(node) if isinstance(part, When)]
    assert len(guarded) == 1
    assert kinds(guarded[0].when) == {"her2_status"}
    assert all(item.kind != "prior_therapy" for part in conjuncts(node) if part not in guarded for item in leaves(part))


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("participants must be pd-l1 positive to be enrolled", Force.REQUIRES),
        ("the viral load must be undetectable to be eligible for this trial", Force.REQUIRES),
        ("patients who must take steroids are eligible", Force.PERMITS),
        ("patients with treated metastases are eligible", Force.PERMITS),
    ],
)
def test_what_a_demand_is_for_permits_nothing(sentence, what):
    assert force(sentence) is what


@pytest.mark.parametrize(
    "sentence",
    [
        "Must have received a cetuximab-containing regimen for at least 6 weeks for treatment of metastatic disease",
        "Must be receiving letrozole in the adjuvant setting for a minimum of 6 months",
        "Prior treatment must contain trastuzumab for at least 6 weeks of standard doses",
    ],
)
def test_how_long_a_treatment_lasted_is_no_waiting_time(reader, sentence):
    assert "washout" not in kinds(tree(reader, sentence))


def test_time_off_a_treatment_is_a_waiting_time(reader):
    node = tree(reader, "Must have been off treatment with chemotherapy for at least 14 days before enrollment")
    assert "washout" in kinds(node)


def test_treatment_that_must_be_stopped_is_asked_of_nobody(reader):
    node = tree(reader, "Prior hormonal therapy must be discontinued prior to treatment start")
    assert "prior_therapy" not in kinds(node)


def test_a_setting_behind_an_exception_may_bind_the_whole(reader):
    node = tree(
        reader,
        "Prior systemic anti-cancer therapy other than endocrine therapy for locally recurrent or metastatic disease",
        "Exclusion",
    )
    narrow = [item for item in leaves(node) if item.kind == "prior_therapy" and item.params.except_drugs]
    assert narrow
    assert all(item.params.settings == ("metastatic",) for item in narrow)


def test_a_word_on_some_brain_metastases_lets_in_nobody_without_any(reader):
    node = tree(
        reader,
        "Must have at least one new measurable brain metastasis. Patients with brain metastases that are asymptomatic"
        " are allowed.",
    )
    found = [item for item in leaves(node) if item.kind == "cns_metastases"]
    assert found
    assert all("none" not in item.params.accepted for item in found)


def test_operations_on_the_breast_that_must_have_been_done(reader):
    done = tree(reader, "Patients must have undergone either a total mastectomy or a lumpectomy")
    assert "procedure" in kinds(done)
    for sentence in (
        "Breast surgery (lumpectomy or mastectomy) is planned",
        "Must agree to undergo mastectomy or lumpectomy after neoadjuvant therapy",
        "Patients must not have had mastectomy or lumpectomy",
        "Has had biopsy, and is a candidate for mastectomy or lumpectomy",
    ):
        assert "procedure" not in kinds(tree(reader, sentence)), sentence
