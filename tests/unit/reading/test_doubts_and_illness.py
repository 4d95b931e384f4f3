"""Doubts that have a name, whom permissions free, other cancers, metastases of the brain, points run together."""

from functools import lru_cache

import pytest

from her2nav.criteria.outline import Item
from her2nav.criteria.reader import Reader
from her2nav.criteria.structure import outline
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves


@lru_cache(maxsize=1)
def reader() -> Reader:
    return Reader(load_knowledge())


def bare(node: object) -> object:
    """A written tree without its places."""
    if isinstance(node, dict):
        return {key: bare(value) for key, value in node.items() if key not in ("span", "rule")}
    return [bare(one) for one in node] if isinstance(node, list) else node


def read(text: str, section: str) -> list[object]:
    heading = "Inclusion Criteria" if section == "inclusion" else "Exclusion Criteria"
    return [bare(write(one.node)) for one in reader().read(f"{heading}:\n\n* {text}").criteria]


def kinds(text: str, section: str) -> set[str]:
    heading = "Inclusion Criteria" if section == "inclusion" else "Exclusion Criteria"
    return {leaf.kind for one in reader().read(f"{heading}:\n\n* {text}").criteria for leaf in leaves(one.node)}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Uncontrolled illness such as arrhythmia", "it only where it is uncontrolled"),
        ("Clinically active metastases of the brain", "these metastases too"),
        (
            "Uncontrolled hypertension (systolic blood pressure above 155 mmHg)",
            "the illness without the numbers given, too",
        ),
        ("Pericarditis, heart failure, or myocardial infarction within 4 months", "it whenever it was, too"),
    ],
)
def test_a_doubt_says_what_is_open(text: str, topic: str) -> None:
    (tree,) = read(text, "exclusion")
    assert f"whether the trial means {topic}" in str(tree)
    assert "unread" not in kinds(text, "exclusion")


def test_a_doubt_beside_words_that_were_not_read_has_no_name() -> None:
    assert "without the other, too" not in str(read("Blorbing and cirrhosis of the liver", "exclusion"))


@pytest.mark.parametrize(
    "text",
    [
        "Metastatic breast cancer; patients with or without measurable disease are eligible",
        "HER2-positive tumour. Patients may have ER-positive or ER-negative disease.",
    ],
)
def test_a_permission_on_another_matter_widens_nothing(text: str) -> None:
    (tree,) = read(text, "inclusion")
    assert "any_of" not in str(tree).replace("{'her2_status': {'any_of'", "")
    assert "allows" not in str(tree)


def test_a_permission_for_people_may_be_an_exception() -> None:
    (tree,) = read("PD-L1 TPS at least 50 %. Patients who had pembrolizumab are eligible.", "inclusion")
    assert "any_of" in tree


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("Known brain metastases should be excluded because they often cause progressive symptoms", ["none"]),
        ("History of or active brain metastases", ["none"]),
    ],
)
def test_a_reason_or_a_history_narrows_no_metastases(text: str, accepted: list[str]) -> None:
    assert read(text, "exclusion") == [{"cns_metastases": {"accepted": accepted}}]


def test_conditions_below_a_permission_belong_to_it() -> None:
    text = (
        "Exclusion Criteria:\n\n* Active brain metastases. "
        "Patients with treated brain metastases may participate if they:\n"
        "  * have been stable for at least 5 weeks after treatment\n"
        "  * are off corticosteroids for at least 9 days"
    )
    tree = str([bare(write(one.node)) for one in reader().read(text).criteria])
    assert "'min_days_since_local_therapy': 35" in tree or "'min_days_stable': 35" in tree
    assert "'min_days_off_steroids': 9" in tree


MEANT = {"judgement": {"topic": "whether the other cancer is among those meant"}}


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("Second primary malignancy that has not been in remission for more than 4 years", {}),
        ("Any malignancy ≤ 4 years before study entry except the cancer under study", {"within_years": "4"}),
    ],
)
def test_other_cancers_whose_states_no_parameter_holds(text: str, leaf: dict[str, str]) -> None:
    assert read(text, "exclusion") == [{"not": {"all_of": [{"second_malignancy": leaf}, MEANT]}}]


@pytest.mark.parametrize(
    "text",
    [
        "Treatment for the underlying malignancy within 3 weeks",
        "No haematological malignancies (e.g., leukaemia)",
        "No prior treatment for the present breast cancer. No seizures.",
    ],
)
def test_the_own_cancer_is_no_other_one(text: str) -> None:
    assert "second_malignancy" not in kinds(text, "inclusion" if text.startswith("No") else "exclusion")


def test_an_exception_within_a_denial_lets_in() -> None:
    text = "No active hepatic disease (with the exception of patients with Gilbert syndrome or liver metastases)"
    (tree,) = read(text, "inclusion")
    assert {"metastatic_site": {"any_of": ["liver"]}} not in tree["not"].get("any_of", [])
    assert "not" in str(tree["not"]["all_of"])


def test_a_denial_ends_where_another_one_begins() -> None:
    (tree,) = read("No evidence of metastatic disease Not pregnant or lactating", "inclusion")
    assert {"not": {"pregnancy": {}}} in tree["all_of"]


def test_a_comma_parts_the_pregnant_from_those_who_breastfeed() -> None:
    (tree,) = read("Current pregnancy, current breastfeeding, or uncontrolled seizures", "exclusion")
    assert "all_of" not in str(tree)


def test_a_clause_behind_a_comma_narrows_what_stands_before_it() -> None:
    (tree,) = read("Resection of the stomach, that could affect absorption of lapatinib", "exclusion")
    assert set(tree["not"]) == {"all_of"}


def shown(text: str) -> list[object]:
    def one(item: Item) -> list[object]:
        return [text[item.start : item.end].strip(), *map(one, item.children)]

    return [one(item) for item in outline(text).items]


def test_points_that_count_on_are_items() -> None:
    text = "Exclusion Criteria:\n\n* 1\\. Seizures 2. Stroke (grade 3) 3. Pregnancy\n* 4\\. Class 5. Angina"
    assert shown(text) == [["Seizures"], ["Stroke (grade 3)"], ["Pregnancy"], ["Class 5. Angina"]]


def test_a_stray_paragraph_between_points_takes_none_of_them() -> None:
    text = "Exclusion Criteria:\n\n  1. Seizures\n\n     Some words beside it.\n\n  2. Stroke\n\n  3. Pregnancy"
    assert ["Stroke"] in shown(text)
    assert ["Pregnancy"] in shown(text)
