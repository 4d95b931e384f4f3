"""Long and short names, settings that widen, lost signs and definitions, each in wording of our own."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.criteria.short_names import long_form
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Not, leaves
from her2nav.model.trial import Criterion


def read(section: str, *lines: str) -> Criterion:
    header = {"in": "Inclusion Criteria", "ex": "Exclusion Criteria"}[section]
    (criterion,) = reader(load_knowledge()).read(f"{header}:\n\n* " + "\n".join(lines) + "\n").criteria
    return criterion


def kinds(criterion: Criterion) -> list[str]:
    return [item.kind for item in leaves(criterion.node)]


@pytest.mark.parametrize(
    ("before", "short", "start"),
    [
        ("an absolute neutrophil count", "anc", 3),
        ("eastern cooperative oncology group performance status", "ecog ps", 0),
        ("no other illness", "anc", None),
        ("any non cancer", "anc", None),
        ("count", "c", None),
    ],
)
def test_a_short_form_belongs_to_the_words_that_hold_its_letters(before: str, short: str, start: int | None) -> None:
    assert long_form(before, short) == start


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("in", "Creatinine clearance of at least 50 milliliters per minute (mL/min)"),
        ("in", "Neutrophils above 1,200/microL"),
        ("ex", "Radiotherapy in the 3 weeks before the first dose of \\[90Y\\]Y-ABC123"),
        ("in", "Any toxicity from prior treatment should be grade 1 or less"),
        ("ex", "Allergic to sulfonamides"),
        ("ex", "Allergy to sulfa drugs"),
    ],
)
def test_every_word_is_read(section: str, text: str) -> None:
    assert "unread" not in kinds(read(section, text))


def test_a_raised_mutation_belongs_to_its_gene() -> None:
    found = {item.kind: item.params for item in leaves(read("in", "Metastatic KRAS\\^G12C-mutated NSCLC").node)}
    assert found["gene_status"].variants == ("G12C",)
    assert found["tumour_type"].types == ("nsclc",)


@pytest.mark.parametrize("behind", ["(including adjuvant)", ", including neoadjuvant or adjuvant therapy"])
def test_settings_that_count_too_narrow_nothing(behind: str) -> None:
    criterion = read("in", f"Must have received prior trastuzumab {behind}")
    assert all(not getattr(item.params, "settings", ()) for item in leaves(criterion.node))


def test_below_grade_1_may_have_lost_its_or_equal() -> None:
    criterion = read("in", "Side effects of earlier chemotherapy have resolved to < grade 1")
    grades = {item.params.max_grade for item in leaves(criterion.node) if item.kind == "toxicity_recovery"}
    assert grades == {0, 1}
    assert "judgement" in kinds(criterion)


def test_no_condition_that_precludes_is_denied() -> None:
    criterion = read("in", "No psychiatric illness precluding study treatment")
    assert isinstance(criterion.node, Not)
    assert isinstance(criterion.node.part, Leaf)


def test_who_need_not_prevent_a_pregnancy_is_asked_for_no_menopause() -> None:
    words = "Women must agree to use contraception. Women may stop it after confirmation of post-menopausal status."
    criteria = reader(load_knowledge()).read(f"Inclusion Criteria:\n\n* {words}\n").criteria
    assert all("menopausal_status" not in kinds(criterion) for criterion in criteria)


def test_an_entry_that_opens_the_list_to_other_cancers_opens_all_of_it() -> None:
    criterion = read(
        "in",
        "Metastatic solid tumours with progression on standard therapy, including:",
        "  * Gastric cancer: prior trastuzumab is asked for if HER2-positive",
        "  * Pancreatic cancer",
        "  * Other solid tumours not listed above may be included after approval",
    )
    assert isinstance(criterion.node, AllOf)
    opened = [part for part in criterion.node.parts if isinstance(part, AnyOf)]
    assert any(isinstance(inner, Leaf) and inner.kind == "unread" for part in opened for inner in part.parts)


def test_a_cohort_behind_one_of_the_following_is_one_of_them() -> None:
    text = (
        "Inclusion Criteria:\n\n* One of the following diseases:\n* Metastatic pancreatic cancer\n* Metastatic NSCLC\n"
        "* (Dose escalation part only) Metastatic colorectal cancer\n"
    )
    assert len(reader(load_knowledge()).read(text).criteria) == 1


def test_disease_of_the_central_nervous_system_is_more_than_metastases() -> None:
    assert "unread" in kinds(read("ex", "Disease of the central nervous system (CNS) (e.g., brain metastases, stroke)"))
    assert "unread" not in kinds(read("ex", "Brain metastases on clinical examination"))
