"""Traps in how texts select on HER2: scopes, guards, lists, brackets, polarity."""

import pytest

from her2nav.criteria.reader import ReadText, reader
from her2nav.criteria.view import attribute_view
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves


def read(text: str) -> ReadText:
    return reader(load_knowledge()).read(text)


def view(text: str) -> dict[str, object]:
    return attribute_view(read(text))


def of_kind(node: Node, kind: str) -> list[Leaf]:
    return [leaf for leaf in leaves(node) if leaf.kind == kind]


def definitions(leaf: Leaf) -> list[dict[str, object]]:
    return [item.model_dump(exclude_defaults=True) for item in leaf.params.any_of]


def test_cohorts_on_one_line_are_scopes_of_their_own() -> None:
    criteria = read("Cohort A: HER2 3+. Cohort B: HER2 2+/ISH-. All: ECOG 0-1").criteria
    assert [item.scope for item in criteria] == [("cohort-a",), ("cohort-b",), ()]
    assert definitions(of_kind(criteria[0].node, "her2_status")[0]) == [{"ihc": ("3+",)}]
    assert definitions(of_kind(criteria[1].node, "her2_status")[0]) == [{"ihc": ("2+",), "ish": "negative"}]
    assert of_kind(criteria[2].node, "performance_status")


def test_a_part_named_in_brackets_limits_the_criterion() -> None:
    (criterion,) = read("Patients with RAS-mutant disease are excluded (Part 2 only)").criteria
    assert criterion.scope == ("part-2",)
    assert isinstance(criterion.node, Not)
    assert of_kind(criterion.node, "gene_status")[0].params.status == "mutated"


def test_and_binds_tighter_than_the_list() -> None:
    (criterion,) = read("Any of: (a) IHC 3+ (b) IHC 2+/ISH+ (c) HER2 amplification by NGS AND RAS wild-type").criteria
    assert isinstance(criterion.node, AnyOf)
    first, second, third = criterion.node.parts
    assert isinstance(first, Leaf)
    assert definitions(first) == [{"ihc": ("3+",)}]
    assert isinstance(second, Leaf)
    assert definitions(second) == [{"ihc": ("2+",), "ish": "positive"}]
    assert isinstance(third, AllOf)
    assert {leaf.kind for leaf in leaves(third)} == {"her2_status", "gene_status"}


def test_brackets_define_the_word_before_them() -> None:
    (criterion,) = read("HER2-negative (IHC 0, 1+ or 2+/ISH-) and previously untreated").criteria
    (status,) = of_kind(criterion.node, "her2_status")
    assert definitions(status) == [{"ihc": ("0", "1+")}, {"ihc": ("2+",), "ish": "negative"}]


@pytest.mark.parametrize(
    "text",
    [
        "If HER2-positive, must have received trastuzumab",
        "Patients with HER2-positive tumours must have received trastuzumab",
        "HER2-positive breast cancer: participants must have received trastuzumab",
        "For patients with HER2-positive disease, prior trastuzumab is required",
    ],
)
def test_a_guard_selects_nobody(text: str) -> None:
    (criterion,) = read(text).criteria
    assert isinstance(criterion.node, When)
    assert of_kind(criterion.node.when, "her2_status")
    assert "her2" not in view(text)


@pytest.mark.parametrize(
    "text",
    [
        "HER2 positive or negative",
        "HER2 +/- breast cancer",
        "HER2 status must be known",
        "Any HER2 status",
        "HER2 positivity must be documented by FISH",
        "Prior HER2-directed therapy",
        "Melanoma, lung cancer or HER2-positive breast cancer",
    ],
)
def test_texts_that_do_not_select_on_her2(text: str) -> None:
    assert "her2" not in view(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "HER2-low (IHC 1+, or IHC 2+ and ISH negative) or HER2-positive",
            [{"ihc": ["1+"]}, {"ihc": ["2+"], "ish": "negative"}, {"status": "positive"}],
        ),
        (
            "HER2 negative: IHC 0 or 1+; if IHC is 2+, FISH must be negative",
            [{"ihc": ["0", "1+"]}, {"ihc": ["2+"], "ish": "negative"}],
        ),
        ("HER2-low or HER2-ultralow disease", [{"status": "low"}, {"status": "ultralow"}]),
        ("Activating HER2 mutation in the kinase domain", [{"mutation": "activating"}]),
        ("HER2 exon 20 insertion", [{"mutation": "exon20_insertion"}]),
        ("HER2-altered tumour", [{"mutation": "any"}, {"amplification": True}]),
        ("Triple-negative breast cancer", [{"status": "negative"}]),
        ("Hormone receptor-positive, HER2-negative breast cancer", [{"status": "negative"}]),
        ("* HER2 1-3+ by IHC OR\n* HER2 amplification by NGS", [{"ihc": ["1+", "2+", "3+"]}, {"amplification": True}]),
        (
            "HER2-positive, defined as one of the following:\nIHC 3+\nFISH ratio ≥ 2.0",
            [{"ihc": ["3+"]}, {"ish": "positive"}],
        ),
    ],
)
def test_attribute(text: str, expected: list[dict[str, object]]) -> None:
    assert view(f"Inclusion Criteria:\n\n{text}")["her2"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Exclusion Criteria:\n\n* HER2-positive disease",
        "Inclusion Criteria:\n\n* Patients with HER2-positive disease are not eligible",
        "Inclusion Criteria:\n\n* HER2-positive patients are excluded.",
        "Inclusion Criteria:\n\n* No HER2-positive disease",
    ],
)
def test_exclusion(text: str) -> None:
    found = view(text)
    assert found["her2_excluded"] == [{"status": "positive"}]
    assert "her2" not in found


def test_scores_of_another_marker_are_not_her2s() -> None:
    text = "PD-L1 by IHC 3+ and ER negative by IHC; NECTIN4 gene amplification in HER2-negative cancer"
    found = [leaf for item in read(text).criteria for leaf in of_kind(item.node, "her2_status")]
    assert [definitions(leaf) for leaf in found] == [[{"status": "negative"}]]


def test_receptors_share_a_sign_and_a_cut_off() -> None:
    assert view("ER and/or PR positive (≥ 10 %), HER2-negative")["hormone_receptor"] == "positive"
    (criterion,) = read("ER-positive and/or PR-positive").criteria
    assert isinstance(criterion.node, Leaf)
    assert criterion.node.params.receptor == "er_or_pr"


def test_a_hyphen_that_waits_for_its_second_half_is_no_minus() -> None:
    (criterion,) = read("Estrogen receptor- and/or progesterone receptor-positive tumour").criteria
    (receptor,) = of_kind(criterion.node, "hormone_receptor")
    assert (receptor.params.receptor, receptor.params.status) == ("er_or_pr", "positive")


def test_what_is_not_required_is_not_asked() -> None:
    assert [leaf.kind for item in read("ErbB2 positivity not required").criteria for leaf in leaves(item.node)] != [
        "her2_status"
    ]
