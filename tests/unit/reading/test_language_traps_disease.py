"""Language traps of disease criteria: exceptions, double negatives, permissions, cancers of the past."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import reader
from her2nav.files.places import Document
from her2nav.kinds.forms import TreeReader, write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves

_TREATED = {"accepted": ["none", "treated_stable"]}


def bare(node: Node) -> Node:
    """Return the tree without its spans."""
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


def read(section: str, *lines: str) -> list[Node]:
    """Read lines of one section."""
    text = f"{section} Criteria:\n" + "\n".join(f"* {line}" for line in lines)
    return [criterion.node for criterion in reader(load_knowledge()).read(text).criteria]


def forms(nodes: list[Node]) -> list[object]:
    return [write(bare(node)) for node in nodes]


def written(expected: object) -> object:
    return write(bare(TreeReader(Document(expected, "example", {})).read(expected, ())))


@pytest.mark.parametrize(
    ("section", "line", "expected"),
    [
        # LG1: the exception says what is let in.
        (
            "Exclusion",
            "Brain metastases, unless treated and stable for 4 weeks",
            {"cns_metastases": {**_TREATED, "min_days_since_local_therapy": 28}},
        ),
        (
            "Exclusion",
            "Known brain metastases unless treated, stable for at least 4 weeks and off steroids for 2 weeks",
            {"cns_metastases": {**_TREATED, "min_days_since_local_therapy": 28, "min_days_off_steroids": 14}},
        ),
        ("Exclusion", "Symptomatic, untreated, or actively progressing CNS metastases", {"cns_metastases": _TREATED}),
        ("Inclusion", "No known brain metastases", {"cns_metastases": {"accepted": ["none"]}}),
        ("Inclusion", "Patients must not have brain metastases", {"cns_metastases": {"accepted": ["none"]}}),
        # LG4: two negations.
        ("Exclusion", "No measurable disease", {"measurable_disease": {}}),
        ("Exclusion", "Leptomeningeal carcinomatosis", {"not": {"leptomeningeal_disease": {}}}),
        (
            "Exclusion",
            "Known leptomeningeal disease or untreated, progressing brain metastases",
            {"not": {"any_of": [{"leptomeningeal_disease": {}}, {"not": {"cns_metastases": _TREATED}}]}},
        ),
        ("Exclusion", "Evidence of metastatic disease", {"not": {"disease_setting": {"settings": ["metastatic"]}}}),
        ("Inclusion", "No evidence of distant metastases", {"not": {"disease_setting": {"settings": ["metastatic"]}}}),
        (
            "Exclusion",
            "Stage IV breast cancer",
            {"not": {"all_of": [{"tumour_type": {"types": ["breast"]}}, {"disease_setting": {"stages": ["IV"]}}]}},
        ),
        ("Exclusion", "Small cell histology", {"not": {"tumour_type": {"histologies": ["small_cell"]}}}),
    ],
)
def test_states_what_it_says(section: str, line: str, expected: object) -> None:
    assert forms(read(section, line)) == [written(expected)]


def test_a_permission_widens_the_exclusion_before_it() -> None:
    nodes = read(
        "Exclusion",
        "Untreated or symptomatic CNS metastases. Patients with treated brain metastases are eligible if they are "
        "stable for at least 4 weeks and off steroids for at least 14 days.",
    )
    expected = {"cns_metastases": {**_TREATED, "min_days_since_local_therapy": 28, "min_days_off_steroids": 14}}
    assert forms(nodes) == [written(expected)]


@pytest.mark.parametrize(
    "line",
    [
        "Prior history of invasive breast carcinoma",
        "Previous treatment for this breast cancer",
        "Family history of ovarian cancer",
        "Active non-renal malignancy",
        "Advanced or end-stage renal disease",
        "Gastrointestinal disorders",
        "T-cell prolymphocytic leukaemia",
    ],
)
def test_a_cancer_that_is_not_the_own_one_now_is_not_excluded(line: str) -> None:
    kinds = {item.kind for node in read("Exclusion", line) for item in leaves(node)}
    assert not kinds & {"tumour_type", "disease_setting"}


def test_a_reason_for_treatment_is_no_diagnosis() -> None:
    nodes = read("Inclusion", "No prior systemic therapy for metastatic breast cancer")
    kinds = {item.kind for node in nodes for item in leaves(node)}
    assert not kinds & {"tumour_type", "disease_setting"}


def test_cancers_that_exclude_each_other_are_alternatives_in_a_list() -> None:
    (node,) = read("Inclusion", "Non-small cell lung cancer, breast cancer (HER2 positive), and pancreatic cancer")
    assert isinstance(node, AnyOf)


def test_bullets_of_different_cancers_bind_their_own_patients_only() -> None:
    nodes = read("Inclusion", "Metastatic pancreatic cancer", "Metastatic colorectal cancer")
    assert all(any(isinstance(part, When) for part in (node, *getattr(node, "parts", ()))) for node in nodes)
    either = [part for node in nodes for part in getattr(node, "parts", ()) if isinstance(part, AnyOf)]
    types = {name for part in either for item in leaves(part) for name in item.params.types}
    assert types == {"pancreatic", "colorectal"}
