"""What the flat summary tells of earlier treatment: alternatives, parts of a trial, sorts beside any sort."""

from __future__ import annotations

from her2nav.criteria.reader import reader
from her2nav.criteria.view import attribute_view
from her2nav.knowledge.load import load_knowledge

READER = reader(load_knowledge())


def view(text: str) -> dict[str, object]:
    return attribute_view(READER.read(text))


def test_what_each_alternative_asks_for_is_required() -> None:
    entry = "At least one line of anti-HER2 therapy for metastatic disease, or relapse within 6 months of adjuvant "
    entry += "anti-HER2 therapy"
    assert view(f"Inclusion Criteria:\n\n* {entry}\n")["prior_required"] == ["anti_her2"]


def test_what_one_alternative_asks_for_is_not() -> None:
    found = view("Inclusion Criteria:\n\n* Prior treatment with trastuzumab or newly diagnosed metastatic disease\n")
    assert "prior_required" not in found


def test_what_every_part_asks_for_is_required() -> None:
    one, other = "* Cohort A: Prior trastuzumab is required\n", "* Cohort B: Prior treatment with {} is required\n"
    assert view("Inclusion Criteria:\n\n" + one + other.format("trastuzumab"))["prior_required"] == ["trastuzumab"]
    assert "prior_required" not in view("Inclusion Criteria:\n\n" + one + other.format("lapatinib"))


def test_no_chemotherapy_for_metastases_is_no_line_of_it_and_leaves_that_after_an_operation() -> None:
    found = view("Exclusion Criteria:\n\n* Prior chemotherapy for metastatic disease\n")
    assert found["prior_lines"] == {"max": 0, "of": "chemotherapy", "setting": "metastatic"}
    assert found["prior_excluded"] == ["chemotherapy_for_metastatic"]


def test_sorts_that_stand_beside_any_sort_have_its_time_too() -> None:
    entry = (
        "Chemotherapy, hormonal therapy or any other anticancer drug within 14 days before investigational treatment"
    )
    found = view(f"Exclusion Criteria:\n\n* {entry}\n")
    assert found["washout_days"] == {"any_systemic": 14, "chemotherapy": 14, "endocrine": 14}


PARTS = """Inclusion Criteria:

ECOG 0 or 1

Part B: Melanoma
Must have received pembrolizumab

Part C: Gastric cancer
Must have received a platinum

Part D: Sarcoma
Must have received doxorubicin
"""


def test_a_title_limits_the_lines_below_it_to_its_part() -> None:
    scopes = {one.text: one.scope for one in READER.read(PARTS).criteria}
    assert scopes["ECOG 0 or 1"] == ()
    assert scopes["Melanoma"] == scopes["Must have received pembrolizumab"] == ("part-b-melanoma",)
    assert scopes["Must have received a platinum"] == ("part-c-gastric-cancer",)
    assert "prior_required" not in view(PARTS)


def test_a_list_of_cohorts_titles_nothing() -> None:
    text = "Inclusion Criteria:\n\nPart B: Melanoma\nPart C: Gastric cancer\nPart D: Sarcoma\nECOG 0 or 1\n"
    assert {one.text: one.scope for one in READER.read(text).criteria}["ECOG 0 or 1"] == ()


def test_what_is_excluded_together_with_words_that_no_kind_holds_is_no_limit_of_lines() -> None:
    found = view("Exclusion Criteria:\n\n* Prior systemic therapy that was of uncertain benefit\n")
    assert "prior_lines" not in found
