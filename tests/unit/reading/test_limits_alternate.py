"""Lists with "or" in them: what the last entry is the alternative of, and who is asked for whatever it is."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves

_TABLE = load_knowledge()
_LIVER = "Bilirubin up to 1.5 x ULN, creatinine up to 1.5 x ULN or creatinine clearance above 50 mL/min"
_BLOOD = "Haemoglobin at least 9 g/dL and creatinine up to 1.5 x ULN or creatinine clearance above 60 mL/min"
_COUNTS = "Neutrophils ≥ 1.5 x 10^9/L, platelets ≥ 100 x 10^9/L, INR < 1.5 or aPTT < 1.5 x ULN"
_KIDNEY = "Creatinine ≤ 1.5 mg/dL, creatinine clearance ≥ 60 mL/min or eGFR ≥ 60 mL/min"
_TWICE = "Bilirubin ≤ ULN and AST ≤ 2.5 x ULN and ALP ≤ ULN or AST ≤ ULN and ALP ≤ 5 x ULN"


def asked(entry: str) -> Node:
    (criterion,) = reader(_TABLE).read(f"Inclusion Criteria:\n\n* {entry}\n").criteria
    return criterion.node


def truth(node: Node, fails: set[str]) -> bool | None:
    """Judge a tree of limits for somebody whose values are all good but those named; None: it is open."""
    match node:
        case Leaf(kind="unread"):
            return None
        case Leaf(kind="lab_value"):
            return node.params.variable not in fails
        case Leaf():
            return node.kind not in fails
        case Not():
            inner = truth(node.part, fails)
            return None if inner is None else not inner
        case When():
            return truth(node.then, fails)
        case AllOf() | AnyOf():
            decisive = isinstance(node, AnyOf)
            found = [truth(part, fails) for part in node.parts]
            return decisive if decisive in found else None if None in found else not decisive
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("entry", "fails", "wanted"),
    [
        (_LIVER, {"bilirubin"}, False),
        (_LIVER, {"creatinine"}, True),
        (_BLOOD, {"haemoglobin"}, False),
        (_BLOOD, {"creatinine"}, True),
        (_COUNTS, {"anc"}, False),
        (_COUNTS, {"inr"}, True),
        # all of them stand in for each other
        (_KIDNEY, {"creatinine", "egfr_ckd"}, True),
        # two ways to limit the same values: whether the bilirubin belongs to both is not said
        (_TWICE, {"bilirubin"}, None),
        (_TWICE, {"bilirubin", "ast"}, False),
        # different things: whether the platelets are an alternative of both is not said
        ("Neutrophils ≥ 1.5 x 10^9/L and bilirubin ≤ 1.5 x ULN or platelets ≥ 100 x 10^9/L", {"anc"}, None),
    ],
)  # fmt: skip
def test_an_alternative_limit_frees_from_no_other_value(entry: str, fails: set[str], wanted: bool | None) -> None:
    assert truth(asked(entry), fails) is wanted


@pytest.mark.parametrize(
    ("entry", "everybody"),
    [
        ("Women, 18 years or older, postmenopausal or surgically sterile", {"age"}),
        ("Postmenopausal or surgically sterile, aged 18 years or older", {"age"}),
        ("Women of 18 to 70 years, ECOG 0-2, adjuvant or neoadjuvant chemotherapy completed", {"performance_status"}),
        ("Breast cancer or gastric cancer with progression on trastuzumab, ECOG 0-1", {"performance_status"}),
    ],
)  # fmt: skip
def test_age_sex_and_performance_are_asked_of_all_whatever_alternatives_stand_beside(
    entry: str, everybody: set[str]
) -> None:
    node = asked(entry)
    assert isinstance(node, AllOf)
    alone = {part.kind for part in node.parts if isinstance(part, Leaf)}
    assert everybody <= alone


def test_a_performance_status_may_be_the_alternative_itself() -> None:
    node = asked("ECOG 0-1 or Karnofsky of at least 70")
    assert isinstance(node, AnyOf)
    assert {item.kind for item in leaves(node)} == {"performance_status"}
